import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openDatabase } from '../../../src/main/adapters/database/client.ts'
import { deriveKeys } from '../../../src/main/adapters/database/keys.ts'
import { createCsvReader } from '../../../src/main/adapters/csv/reader.ts'
import { writeWhole } from '../../../src/main/adapters/files/write-whole.ts'
import { createImports } from '../../../src/main/core/import/run.ts'
import type { CsvReader, Database } from '../../../src/main/core/ports.ts'
import { vendors } from '../../../src/main/vendors/index.ts'
import type { ImportId, RequestId } from '../../../src/shared/model/ids.ts'
import type { ColumnRole, FileFormat, FilePreview, ImportSummary } from '../../../src/shared/model/import.ts'
import { caseFactsSchema } from '../../../src/shared/model/request.ts'
import type { Result } from '../../../src/shared/failure.ts'
import { addConnection, key, must, start, temporaryFolder, workerUrl } from '../database/support.ts'
import { csvWorker } from '../../support/threads.ts'

/** The history, the reader and the use cases as the app wires them, and what they told the window. */
export type Desk = Readonly<{
  database: Database
  imports: ReturnType<typeof createImports>
  /** A folder for files; the history is in `history` beside it. */
  folder: string
  history: string
  changed: string[]
  newDraft: () => Promise<RequestId>
  write: (name: string, content: string | Uint8Array) => string
  /** Settles once the window is told of a change of this import that `accepts` takes. */
  until: (importId: ImportId, accepts: (summary: ImportSummary) => boolean) => Promise<ImportSummary>
  /** Settles once the window is told of something and `holds` then. */
  untilTold: (holds: () => boolean) => Promise<void>
  close: () => Promise<void>
}>

export type DeskOptions = Readonly<{
  reader?: (reader: CsvReader) => CsvReader
  /** A folder for the history; files for import stay in a temporary one beside it. */
  place?: string
}>

export async function openDesk(options: DeskOptions = {}): Promise<Desk> {
  const { folder, remove } = temporaryFolder()
  const history = options.place === undefined ? folder : join(options.place, 'history')
  const files = dirname(folder)
  const database = must(await openDatabase({ workerUrl, folder: history, key, now: start }))
  const connection = await addConnection(database)
  const changed: string[] = []
  const listeners = new Set<() => void>()
  const nextChange = async (): Promise<void> =>
    await new Promise((resolve) => {
      const listener = (): void => {
        listeners.delete(listener)
        resolve()
      }
      listeners.add(listener)
    })
  const reader = createCsvReader({ workerUrl: csvWorker, tokenKey: () => deriveKeys(key).token })
  const imports = createImports({
    database: () => database,
    reader: options.reader?.(reader) ?? reader,
    vendors,
    clock: { now: () => start, steady: () => 0, sleep: () => Promise.resolve() },
    notify: (topic, id) => {
      changed.push(id === undefined ? topic : `${topic} ${id}`)
      for (const listener of listeners) listener()
    },
    log: { info: () => {}, problem: () => {} },
    writeFile: writeWhole,
  })

  const until: Desk['until'] = async (importId, accepts) => {
    for (;;) {
      const next = nextChange()
      const summary = must(await database.read('getImport', { importId }, start))
      if (accepts(summary)) return summary
      await next
    }
  }

  return {
    database,
    imports,
    folder: files,
    history,
    changed,
    newDraft: async () =>
      must(
        await database.createDraft({
          connectionId: connection.id,
          name: 'Draft',
          caseFacts: caseFactsSchema.parse({}),
          now: start,
        }),
      ),
    write: (name, content) => {
      const path = join(files, name)
      writeFileSync(path, content)
      return path
    },
    until,
    untilTold: async (holds) => {
      while (!holds()) await nextChange()
    },
    close: async () => {
      await database.close()
      remove()
    },
  }
}

/** Looks at a file and reads it in with the format and the columns that were detected, unless others are given. */
export async function importFile(
  desk: Desk,
  requestId: RequestId,
  path: string,
  chosen: Readonly<{ format?: Partial<FileFormat>; roles?: readonly ColumnRole[] }> = {},
): Promise<Result<ImportSummary>> {
  const preview: Result<Omit<FilePreview, 'token'>> = await desk.imports.inspect(path, chosen.format ?? {})
  if (!preview.ok) return preview
  const { format, roles } = preview.value
  const started = await desk.imports.start({ requestId, path, format, roles: [...(chosen.roles ?? roles)] })
  if (!started.ok) return started
  const ended = await desk.until(started.value.id, ({ status }) => status !== 'running')
  return { ok: true, value: ended }
}
