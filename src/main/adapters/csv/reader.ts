/** The CSV reader of the app: inspects on the spot, reads whole files in a thread of its own (worker.ts). */
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import { fail, succeed } from '../../../shared/failure.ts'
import type { ColumnRole } from '../../../shared/model/import.ts'
import type { CaseFileReading, CsvReader, FileSample } from '../../core/ports.ts'
import { inspectFile } from './inspect.ts'

export type CsvReaderOptions = Readonly<{
  /** The built or source file of the reading thread (worker.ts). */
  workerUrl: URL
  /** The token key of the history that is open; null: it is in memory and nothing is imported. */
  tokenKey: () => Uint8Array | null
}>

/** What the thread is started with. */
export type ReadingStart = Readonly<{
  path: string
  sample: FileSample
  roles: readonly ColumnRole[]
  reading?: CaseFileReading | undefined
  tokenKey: Uint8Array
  port: MessagePort
}>

/** @example createCsvReader({ workerUrl: new URL('./csv-worker.js', import.meta.url), tokenKey: () => keys.token }) */
export function createCsvReader(options: CsvReaderOptions): CsvReader {
  return {
    inspect: inspectFile,
    read: (input) => {
      const tokenKey = options.tokenKey()
      if (tokenKey === null) {
        return fail('import-off', 'Import is off: nothing is saved in this session, so no identifier may enter it.', {
          next: 'Unlock or install the keychain, then try again.',
        })
      }
      const { port1, port2 } = new MessageChannel()
      const start: ReadingStart = { ...input, tokenKey, port: port1 }
      const worker = new Worker(options.workerUrl, {
        workerData: start,
        transferList: [port1],
        name: 'csv',
        // Rows are short-lived: a larger nursery only lets more of their garbage wait.
        resourceLimits: { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 96 },
      })
      // A thread that dies closes its port, and the database's thread then ends the import with words.
      worker.on('error', () => {})
      return succeed({
        port: port2,
        cancel: () => worker.postMessage('cancel', []),
        close: async () => {
          await worker.terminate()
        },
      })
    },
  }
}
