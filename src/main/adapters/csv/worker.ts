/**
 * The thread that reads a CSV file: bytes → text → records → rows with tokens, posted to the database's thread in channel.
 * It is a composition root of its own, so it alone of this folder knows the row rules of the core. It stays until the
 * app ends it, so that a cancel reaches the database while the last rows are being entered.
 */
import { parentPort, workerData } from 'node:worker_threads'
import type { ImportMessage } from '../../core/ports.ts'
import { importCancelled } from './failures.ts'
import type { ReadingStart } from './reader.ts'
import { createChannel, readFile } from './read-file.ts'
import { createFindingCollector } from '../../core/import/findings.ts'
import { createRowReader, isBrokenWithIds, isRejectedWhole, personKeyOf } from '../../core/import/row.ts'
import { createTokenWriter } from './token.ts'

const { port, ...start } = workerData as ReadingStart
const post = (message: ImportMessage, transfer: readonly ArrayBuffer[] = []): void =>
  port.postMessage(message, [...transfer])
const channel = createChannel(post)
let isCancelled = false

port.on('message', (answer: Readonly<{ ack: number }>) => channel.acknowledge(answer.ack))
port.on('close', () => {
  isCancelled = true
  channel.giveUp()
})
parentPort?.on('message', () => {
  if (isCancelled) return
  isCancelled = true
  channel.giveUp()
  post({ type: 'failed', failure: importCancelled().failure })
})

const { reading } = start
const outcome = await readFile({
  ...start,
  channel,
  readRow: createRowReader(start.roles, reading),
  ...(reading?.isFirst === true
    ? {
        personKeyOf: (record, row) => (isRejectedWhole(row) ? null : personKeyOf(record, reading)),
        brokenKeyOf: (record, row) => (isBrokenWithIds(row) ? personKeyOf(record, reading) : ''),
      }
    : {}),
  writeToken: createTokenWriter(start.tokenKey),
  findings: createFindingCollector(),
  isCancelled: () => isCancelled,
})
if (!isCancelled) post(outcome.ok ? { type: 'end', ...outcome.value } : { type: 'failed', failure: outcome.failure })
