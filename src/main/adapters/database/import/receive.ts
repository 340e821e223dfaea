/** Takes a file in from the reading thread: stages its batches, merges them, and ends the import either way. */
import { performance } from 'node:perf_hooks'
import type { MessagePort } from 'node:worker_threads'
import { fail, succeed, type Failed, type Result } from '../../../../shared/failure.ts'
import type { ImportId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import type { Finding } from '../../../../shared/model/import.ts'
import type { ImportMessage, ImportProgress } from '../../../core/ports.ts'
import { completeImport, endImport } from '../commands/imports.ts'
import { failureOf, notFound } from '../failures.ts'
import type { History } from '../history.ts'
import { inTransaction, one, run } from '../sql.ts'
import { mergeStaging, type OtherSpellings } from './merge.ts'
import { createStaging, type Staging } from './staging.ts'

export type ReceiveInput = Readonly<{ importId: ImportId; port: MessagePort; now: Timestamp }>

type ReadToEnd = Readonly<{ rows: number; findings: readonly Finding[] }>
type Receiving = Readonly<{
  /** Settles when the reading thread has posted all rows, has failed, or is gone. */
  read: Promise<Result<ReadToEnd>>
  /** Why the import ends without its rows; also while they are being merged. */
  stopped: () => Failed | null
}>
type Notify = (progress: ImportProgress) => void

/** The reading is told to take this share of the work, the merge the rest. */
const shareOfReading = 0.5
/** A progress no more often than this is written down, which every other thread sees. */
const progressMilliseconds = 150

/** Ports in use, so that closing the history ends what hangs on them. */
const openPorts = new WeakMap<History, Set<MessagePort>>()
/** The merge under way: the next one of the same history waits for it. */
const merges = new WeakMap<History, Promise<unknown>>()

/**
 * Receives one import that `startImport` has begun. Settles once its rows are identifiers, duplicates and rejects of the
 * draft, or once nothing of it is left: then it fails with what the reading thread said, or with words of its own.
 */
export async function receiveImport(history: History, input: ReceiveInput, onProgress: Notify): Promise<Result<null>> {
  const { importId, port, now } = input
  const ports = openPorts.get(history) ?? new Set()
  openPorts.set(history, ports.add(port))
  try {
    const outcome = await stageAndMerge(history, input, onProgress).catch(failureOf)
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

/** Ends every import under way when the history closes; the next start takes back what was merged of them. */
export function stopReceiving(history: History): void {
  for (const port of openPorts.get(history) ?? []) port.close()
}

async function stageAndMerge(history: History, input: ReceiveInput, onProgress: Notify): Promise<Result<null>> {
  const { sql, folder } = history
  const row = one<{ request_id: RequestId; byte_size: number; status: string }>(
    sql,
    'SELECT request_id, byte_size, status FROM import WHERE id = ?',
    input.importId,
  )
  if (row === undefined || row.status !== 'running' || folder === null) return notFound('import')
  const staging = createStaging(folder, row.byte_size)
  const tell = createTeller(history, input.importId, onProgress)
  try {
    const receiving = receive(input.port, staging, tell, history.pause)
    const read = await receiving.read
    if (!read.ok) return read
    const { rows, rejects } = staging.counts()
    if (rows + rejects !== read.value.rows) return rowsLost()
    staging.seal()
    return await afterOthers(history, async () => {
      const merging = { ...input, requestId: row.request_id, path: staging.path, key: staging.key }
      const spellings = await mergeStaging(history, {
        ...merging,
        isStopped: () => receiving.stopped() !== null,
        onSlice: (done) => tell.merged(done, { rows: read.value.rows, rejects }),
      })
      return receiving.stopped() ?? finish(history, merging, read.value, spellings)
    })
  } finally {
    staging.remove()
  }
}

/** Stages and answers each batch as it comes. */
function receive(port: MessagePort, staging: Staging, tell: Teller, pause: History['pause']): Receiving {
  let stopped: Failed | null = null
  const read = new Promise<Result<ReadToEnd>>((settle) => {
    const stop = (failed: Failed): void => {
      stopped ??= failed
      settle(stopped)
    }
    port.on('message', (message: ImportMessage) => {
      if (stopped !== null) return
      try {
        if (message.type === 'failed') stop({ ok: false, failure: message.failure })
        else if (message.type === 'end') settle(succeed({ rows: message.rows, findings: message.findings }))
        else {
          staging.add(message.rows, message.rejects)
          // Asked for only after a turn: batches that come one upon the other would keep every other message waiting.
          void pause().then(() => port.postMessage({ ack: message.sequence }))
          tell.read(message.rowsRead, staging.counts().rejects, message.share)
        }
      } catch (error) {
        stop(failureOf(error))
      }
    })
    port.on('close', () => stop(readerEnded()))
  })
  return { read, stopped: () => stopped }
}

/** The import is done and its draft is marked for the folding in one transaction, so that neither is without the other. */
function finish(
  history: History,
  { importId, requestId, now }: Readonly<{ importId: ImportId; requestId: RequestId; now: Timestamp }>,
  { rows, findings }: ReadToEnd,
  spellings: OtherSpellings,
): Result<null> {
  const { sql } = history
  return inTransaction(sql, () => {
    const merged = one<{ value: number }>(
      sql,
      'SELECT identifier_count + duplicate_count + reject_count AS value FROM import WHERE id = ?',
      importId,
    )
    if (merged?.value !== rows) return rowsLost()
    run(
      sql,
      `UPDATE import SET status = 'done', progress = 1, row_count = ?, findings = ?, finished_at = ? WHERE id = ?`,
      rows,
      JSON.stringify([...findings, ...spellingFindings(spellings)]),
      now,
      importId,
    )
    run(sql, 'UPDATE request SET scope_folding = 1 WHERE id = ? AND scope_id IS NOT NULL', requestId)
    return succeed(null)
  })
}

function spellingFindings({ count, lines }: OtherSpellings): readonly Finding[] {
  if (count === 0) return []
  const words =
    'These rows repeat an email in other letter case. Each is counted as a duplicate; what is sent is the first spelling.'
  return [{ kind: 'other spellings', count, lines: [...lines], words }]
}

type Teller = Readonly<{
  read: (rows: number, rejects: number, share: number) => void
  merged: (done: number, all: Readonly<{ rows: number; rejects: number }>) => void
}>

/** Writes progress down and tells the app of it, a few times a second at most. */
function createTeller(history: History, importId: ImportId, onProgress: Notify): Teller {
  let toldAt = Number.NEGATIVE_INFINITY
  const isDue = (): boolean => {
    if (performance.now() - toldAt < progressMilliseconds) return false
    toldAt = performance.now()
    return true
  }
  const write = (rows: number, share: number): void => {
    run(history.sql, 'UPDATE import SET progress = ?, row_count = ? WHERE id = ?', share, rows, importId)
  }
  return {
    read: (rows, rejects, share) => {
      if (!isDue()) return
      write(rows, share * shareOfReading)
      onProgress({ rows, rejects, share: share * shareOfReading, phase: 'reading' })
    },
    merged: (done, { rows, rejects }) => {
      if (!isDue()) return
      const share = shareOfReading + (1 - shareOfReading) * (done / Math.max(1, rows))
      write(rows, share)
      onProgress({ rows, rejects, share, phase: 'merging' })
    },
  }
}

async function afterOthers<T>(history: History, work: () => Promise<T>): Promise<T> {
  const before = merges.get(history) ?? Promise.resolve()
  const mine = before.then(work, work)
  merges.set(history, mine)
  return await mine
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
