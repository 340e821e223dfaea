/** Who may send: the holder of the lock, under the epoch it was given. */
import { succeed, type Result } from '../../../../shared/failure.ts'
import { stateNumbers } from '../../../../shared/model/state.ts'
import type { AttemptId, BatchId, RequestId, RetrievalId, Timestamp } from '../../../../shared/model/ids.ts'
import type { Epoch, Moment } from '../../../core/ports.ts'
import { notTheSender } from '../failures.ts'
import type { History } from '../history.ts'
import { all, inTransaction, number, run, type Sql } from '../sql.ts'
import { noteUptime, startSteadyTime, steadyTime } from './clock.ts'
import { addEvent, identifiersInWords } from './events.ts'
import { giveUpSaving } from './left-secrets.ts'
import { moveIdentifiers, type IdentifierNow } from './moves.ts'
import { refreshPhase } from './phase.ts'
import { dropHalfAsked, recoverRetrieval } from './retrieval-standing.ts'
import { markOf, pauseWhatIsBehind, readMark, writeMark } from './put-back.ts'

/**
 * Takes the sender's lock if it is free and begins a new epoch; null where another process holds it, or where the
 * history is in memory. Erase calls of a dead sender become outcome unknown, its status calls and look-ups are
 * asked again.
 */
export function takeSenderLock(
  history: History,
  moment: Moment,
): Result<Readonly<{ epoch: Epoch; recovered: number }> | null> {
  const lock = history.senderLock
  if (lock === null) return succeed(null)
  if (lock.held()) return succeed({ epoch: currentEpoch(history.sql), recovered: 0 })
  if (!lock.take()) return succeed(null)
  try {
    const taken = inTransaction(history.sql, () => {
      startSteadyTime(history.sql, moment)
      const mark = history.folder === null ? null : readMark(history.folder)
      pauseWhatIsBehind(history.sql, mark, moment.now)
      // Beyond any epoch that was ever given here, so that no sender from before the copy takes this one for its own.
      run(history.sql, 'UPDATE sender SET epoch = max(epoch, ?) + 1, taken_at = ?', mark?.epoch ?? 0, moment.now)
      giveUpSaving(history.sql)
      const recovered = recoverAttempts(history.sql, moment.now)
      return succeed({ epoch: currentEpoch(history.sql), recovered })
    })
    noteMark(history)
    return taken
  } catch (error) {
    lock.release()
    throw error
  }
}

function noteMark({ sql, folder }: History): void {
  if (folder !== null) writeMark(folder, markOf(sql))
}

/** Lets another process send. */
export function releaseSenderLock(history: History): Result<null> {
  if (history.senderLock?.held() === true) noteMark(history)
  history.senderLock?.release()
  return succeed(null)
}

/** Fails with `not-the-sender` where `epoch` is not the present one, or this process no longer holds the lock. */
export function checkSender(history: History, epoch: Epoch): Result<null> {
  const holds = history.senderLock?.held() === true
  return holds && currentEpoch(history.sql) === epoch ? succeed(null) : notTheSender()
}

/** Looks at the clock between two calls, so that the budget is right on screen too. */
export function noticeClock(history: History, input: Moment & Readonly<{ epoch: Epoch }>): Result<null> {
  return inTransaction(history.sql, () => {
    const sender = checkSender(history, input.epoch)
    if (sender.ok) {
      steadyTime(history.sql, input)
      noteUptime(history.sql, input)
    }
    return sender
  })
}

function currentEpoch(sql: Sql): Epoch {
  return number(sql, 'SELECT epoch AS value FROM sender')
}

/** Ends what a dead sender left under way; each call goes on counting as spent until its latest possible arrival. */
function recoverAttempts(sql: Sql, now: Timestamp): number {
  const left = all<{
    id: AttemptId
    kind: string
    request_id: RequestId | null
    batch_id: BatchId | null
    retrieval_id: RetrievalId | null
    number: number | null
  }>(
    sql,
    `SELECT a.id, a.kind, a.request_id, a.batch_id, a.retrieval_id, b.number
     FROM attempt a LEFT JOIN batch b ON b.id = a.batch_id WHERE a.ended_at IS NULL`,
  )
  for (const attempt of left) {
    const isInDoubt = attempt.kind === 'erase' || attempt.kind === 'retrieve'
    const ending = isInDoubt ? 'outcome unknown' : 'no answer'
    run(sql, 'UPDATE attempt SET ended_at = ?, ending = ? WHERE id = ?', now, ending, attempt.id)
    if (attempt.retrieval_id !== null) recoverRetrieval(sql, attempt.retrieval_id, now)
    if (attempt.batch_id === null || attempt.request_id === null) continue
    if (attempt.kind === 'status' || attempt.kind === 'cancel')
      run(sql, 'UPDATE batch SET polling = 0 WHERE id = ?', attempt.batch_id)
    if (attempt.kind === 'look-up') run(sql, 'UPDATE batch SET looking_up = 0 WHERE id = ?', attempt.batch_id)
    if (attempt.kind === 'erase') {
      const count = markOutcomeUnknown(sql, attempt.batch_id, now)
      addEvent(sql, {
        at: now,
        actor: 'app',
        kind: 'outcome unknown',
        words: `Erasure Desk ended while the call of batch ${attempt.number} was under way: ${identifiersInWords(count)} may or may not have arrived.`,
        requestId: attempt.request_id,
        batchId: attempt.batch_id,
      })
      refreshPhase(sql, attempt.request_id, now)
    }
  }
  dropHalfAsked(sql)
  return left.length
}

/** Moves a batch that was under way, and all it sent, to outcome unknown; gives how many identifiers that is. */
export function markOutcomeUnknown(sql: Sql, batchId: BatchId, at: Timestamp): number {
  const identifiers = identifiersOf(sql, batchId)
  moveIdentifiers(
    sql,
    identifiers.map(({ id }) => ({ identifierId: id, state: 'outcome unknown' })),
    at,
  )
  setResults(sql, batchId, 'outcome unknown', null, at)
  run(sql, `UPDATE batch SET status = 'outcome unknown', finished_at = NULL WHERE id = ?`, batchId)
  return identifiers.length
}

/** The identifiers that are in this batch now. */
export function identifiersOf(sql: Sql, batchId: BatchId): readonly Pick<IdentifierNow, 'id'>[] {
  return all<Pick<IdentifierNow, 'id'>>(sql, 'SELECT id FROM identifier WHERE batch_id = ? ORDER BY id', batchId)
}

/** Notes the same result for every delivery of a batch. */
export function setResults(
  sql: Sql,
  batchId: BatchId,
  state: keyof typeof stateNumbers,
  words: string | null,
  at: Timestamp,
): void {
  run(
    sql,
    'UPDATE delivery SET result = ?, vendor_words = coalesce(?, vendor_words), result_at = ? WHERE batch_id = ?',
    stateNumbers[state],
    words,
    at,
    batchId,
  )
}
