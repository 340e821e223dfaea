/** Takes a file in from the reading thread, message by message, and ends the import either way. */
import { performance } from 'node:perf_hooks'
import type { MessagePort } from 'node:worker_threads'
import { fail, succeed, type Failed, type Result } from '../../../../shared/failure.ts'
import type { CaseId, ImportId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import type { Finding } from '../../../../shared/model/import.ts'
import type { ImportMessage, ImportProgress } from '../../../core/ports.ts'
import { completeImport, endImport } from '../commands/imports.ts'
import { failureOf, notFound } from '../failures.ts'
import type { History } from '../history.ts'
import { inTransaction, one, run } from '../sql.ts'
import { createIntake, type Intake } from './intake.ts'

export type ReceiveInput = Readonly<{ importId: ImportId; port: MessagePort; now: Timestamp }>

type ReadToEnd = Readonly<{ rows: number; elsewhere: number; findings: readonly Finding[] }>
type Notify = (progress: ImportProgress) => void

/** The share of the work that is done when the last batch of a file has come; entering tokens is the rest. */
const shareOfReading = 0.8
/** A progress no more often than this is written down, which every other thread sees. */
const progressMilliseconds = 150

/** Ports in use, so that closing the history ends what hangs on them. */
const openPorts = new WeakMap<History, Set<MessagePort>>()

/**
 * Receives one import that `startImport` has begun. Settles once its rows are identifiers, duplicates and rejects of the
 * draft, or once nothing of it is left: then it fails with what the reading thread said, or with words of its own.
 */
export async function receiveImport(history: History, input: ReceiveInput, onProgress: Notify): Promise<Result<null>> {
  const { importId, port, now } = input
  const ports = openPorts.get(history) ?? new Set()
  openPorts.set(history, ports.add(port))
  try {
    const outcome = await takeIn(history, input, onProgress).catch(failureOf)
    if (outcome.ok) return await completeImport(history, importId, now)
    const { failure } = outcome
    const status = failure.code === 'cancelled' ? 'cancelled' : 'failed'
    const ended = await endImport(history, { importId, status, failure: status === 'failed' ? failure : null, now })
    return ended.ok ? outcome : ended
  } finally {
    ports.delete(port)
    port.close()
  }
}

/** Ends every import under way when the history closes; the next start takes back what came of them. */
export function stopReceiving(history: History): void {
  for (const port of openPorts.get(history) ?? []) port.close()
}

async function takeIn(history: History, input: ReceiveInput, onProgress: Notify): Promise<Result<null>> {
  const { sql } = history
  const { importId, now } = input
  const row = one<{ request_id: RequestId; status: string; case_id: CaseId | null }>(
    sql,
    `SELECT m.request_id, m.status, c.case_id FROM import m LEFT JOIN case_reading c ON c.import_id = m.id WHERE m.id = ?`,
    importId,
  )
  if (row === undefined || row.status !== 'running') return notFound('import')
  const requestId = row.request_id
  let stopped: Failed | null = null
  const isStopped = (): boolean => stopped !== null
  const intake = createIntake(history, { importId, requestId, caseId: row.case_id, now, isStopped })
  const tell = createTeller(history, importId, onProgress)
  const read = await receive(history, input.port, intake, tell, (failed) => {
    stopped ??= failed
  })
  return stopped ?? (read.ok ? finish(history, { importId, requestId, now }, read.value, intake) : read)
}

/**
 * Takes one message after the other and answers each when it is done with it. Settles when the reading thread has posted
 * all rows and they are taken in, or as soon as it has failed or is gone; `onStopped` hears of that at once.
 */
async function receive(
  history: History,
  port: MessagePort,
  intake: Intake,
  tell: Teller,
  onStopped: (failed: Failed) => void,
): Promise<Result<ReadToEnd>> {
  let isStopped = false
  let settle: (outcome: Result<ReadToEnd>) => void = () => {}
  const settled = new Promise<Result<ReadToEnd>>((resolve) => {
    settle = resolve
  })
  const stop = (failed: Failed): void => {
    isStopped = true
    onStopped(failed)
    settle(failed)
  }
  const take = async (message: ImportMessage): Promise<void> => {
    if (isStopped || message.type === 'failed') return
    if (message.type === 'end') {
      const { rows, elsewhere = 0, findings } = message
      return settle(succeed({ rows, elsewhere, findings }))
    }
    if (message.type === 'batch') {
      intake.addBatch(message)
      tell(message.rowsRead, message.share)
    } else if (message.type === 'run') await intake.enterRun(message)
    else if (message.type === 'people') intake.addPeople(message)
    else intake.addRepeats(message)
    // Asked for more only after a turn: messages that come one upon the other would keep every other command waiting.
    await history.pause()
    port.postMessage({ ack: message.sequence })
  }
  let work = Promise.resolve()
  port.on('message', (message: ImportMessage) => {
    if (message.type === 'failed') stop({ ok: false, failure: message.failure })
    work = work.then(() => take(message)).catch((error: unknown) => stop(failureOf(error)))
  })
  port.on('close', () => stop(readerEnded()))
  const outcome = await settled
  await work
  return outcome
}

/** The import is done and its draft is marked for the folding in one transaction, so that neither is without the other. */
function finish(
  history: History,
  { importId, requestId, now }: Readonly<{ importId: ImportId; requestId: RequestId; now: Timestamp }>,
  { rows, elsewhere, findings }: ReadToEnd,
  intake: Intake,
): Result<null> {
  const { sql } = history
  return inTransaction(sql, () => {
    const taken = one<{ value: number }>(
      sql,
      'SELECT identifier_count + duplicate_count + reject_count AS value FROM import WHERE id = ?',
      importId,
    )
    if ((taken?.value ?? 0) + elsewhere !== rows) return rowsLost()
    run(
      sql,
      `UPDATE import SET status = 'done', progress = 1, row_count = ?, elsewhere_count = ?, findings = ?, finished_at = ?
       WHERE id = ?`,
      rows,
      elsewhere,
      JSON.stringify([...findings, ...intake.findings()]),
      now,
      importId,
    )
    run(sql, 'UPDATE request SET scope_folding = 1 WHERE id = ? AND scope_id IS NOT NULL', requestId)
    return succeed(null)
  })
}

/** Hears of rows read so far and of the share of the file that they are. */
type Teller = (rows: number, share: number) => void

/** Writes progress down and tells the app of it, a few times a second at most. */
function createTeller(history: History, importId: ImportId, onProgress: Notify): Teller {
  let toldAt = Number.NEGATIVE_INFINITY
  return (rows, shareRead) => {
    if (performance.now() - toldAt < progressMilliseconds) return
    toldAt = performance.now()
    const share = shareRead * shareOfReading
    run(history.sql, 'UPDATE import SET progress = ?, row_count = ? WHERE id = ?', share, rows, importId)
    onProgress({ rows, share })
  }
}

function readerEnded(): Failed {
  return stoppedWith('The part of Erasure Desk that reads files has stopped before the end of the file.')
}

function rowsLost(): Failed {
  return stoppedWith('The rows read from the file and the rows that arrived in the history are not equally many.')
}

function stoppedWith(message: string): Failed {
  return fail('internal', message, {
    kept: 'Nothing of this file was imported; everything that was there before is kept.',
    next: 'Import the file again. If it fails again, restart Erasure Desk.',
    retryable: true,
  })
}
