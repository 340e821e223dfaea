/**
 * The thread that reads a CSV file: bytes → text → records → rows with tokens, posted to the database's thread in batches.
 * It is a composition root of its own, so it alone of this folder knows the row rules of the core. It stays until the
 * app ends it, so that a cancel reaches the database while rows are being merged.
 */
import { parentPort, workerData } from 'node:worker_threads'
import type { ImportMessage } from '../../core/ports.ts'
import { importCancelled } from './failures.ts'
import type { ReadingStart } from './reader.ts'
import { createBatches, readFile } from './read-file.ts'
import { createFindingCollector } from '../../core/import/findings.ts'
import { createRowReader } from '../../core/import/row.ts'
import { createTokenMaker } from './token.ts'

const { port, ...start } = workerData as ReadingStart
const post = (message: ImportMessage): void => port.postMessage(message)
const batches = createBatches(post)
let isCancelled = false

port.on('message', (answer: Readonly<{ ack: number }>) => batches.acknowledge(answer.ack))
port.on('close', () => {
  isCancelled = true
  batches.giveUp()
})
parentPort?.on('message', () => {
  if (isCancelled) return
  isCancelled = true
  batches.giveUp()
  post({ type: 'failed', failure: importCancelled().failure })
})

const outcome = await readFile({
  ...start,
  batches,
  readRow: createRowReader(start.roles),
  makeToken: createTokenMaker(start.tokenKey),
  findings: createFindingCollector(),
  isCancelled: () => isCancelled,
})
if (!isCancelled) post(outcome.ok ? { type: 'end', ...outcome.value } : { type: 'failed', failure: outcome.failure })
