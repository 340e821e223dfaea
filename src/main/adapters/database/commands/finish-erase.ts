import { assertNever, succeed, type Result } from '../../../../shared/failure.ts'
import type { BatchId, ConnectionId, Timestamp } from '../../../../shared/model/ids.ts'
import type { IdentifierState } from '../../../../shared/model/state.ts'
import type { AttemptResult, EraseOutcome } from '../../../core/ports.ts'
import type { History } from '../history.ts'
import { inTransaction, one, run, type Sql } from '../sql.ts'
import { weighAnswer } from './breaker.ts'
import { doubtAfter, howItEnded } from './call-end.ts'
import { noteTaken, noteTooLarge } from './call-size.ts'
import { followConflict } from './conflict.ts'
import { readSettings } from './connection-row.ts'
import { addEvent, identifiersInWords } from './events.ts'
import { endAttempt, holdAccount, stopConnection, type EndedAttempt } from './finish-attempt.ts'
import { firstAsk, placeOf } from './first-ask.ts'
import { moveIdentifiers } from './moves.ts'
import { refreshPhase } from './phase.ts'
import { pauseWhereNoIdentifierIsAtFault, splitBatch, type RejectedBatch } from './split.ts'
import { identifiersOf, markOutcomeUnknown, setResults } from './sender.ts'

type Batch = RejectedBatch & Readonly<{ connectionId: ConnectionId; settings: string; size: number }>

/** Writes the end of an erase call and all that follows from it, at once. Written twice it changes nothing more. */
export function finishErase(history: History, result: AttemptResult, outcome: EraseOutcome): Result<null> {
  const { sql } = history
  return inTransaction(sql, () => {
    const ended = endAttempt(history, 'erase', result)
    if (!ended.ok) return ended
    if (ended.value.already) return succeed(null)
    const batch = requiredBatch(sql, ended.value)
    follow(sql, batch, ended.value, result, outcome)
    weighAnswer(sql, ended.value, result)
    refreshPhase(sql, batch.requestId, result.endedAt)
    return succeed(null)
  })
}

function requiredBatch(sql: Sql, attempt: EndedAttempt): Batch {
  const row = one<Batch>(
    sql,
    `SELECT b.id, b.request_id AS requestId, b.connection_id AS connectionId, c.settings, b.number, b.size,
       b.scope_id AS scopeId
     FROM batch b JOIN connection c ON c.id = b.connection_id WHERE b.id = ?`,
    attempt.batchId,
  )
  if (row === undefined) throw new Error('An erase call belongs to a batch')
  return row
}

function follow(sql: Sql, batch: Batch, attempt: EndedAttempt, result: AttemptResult, outcome: EraseOutcome): void {
  const at = result.endedAt
  switch (outcome.kind) {
    case 'accepted': {
      moveBatch(sql, batch.id, 'accepted', at)
      const first = firstAsk(sql, batch, readSettings(batch.settings), outcome.nextPollAt)
      run(
        sql,
        `UPDATE batch SET status = 'accepted', vendor_request_id = ?, accepted_at = ?, next_poll_at = ?, ask_step = ?,
           vendor_words = ? WHERE id = ?`,
        outcome.vendorRequestId,
        at,
        first.at,
        placeOf(first.step),
        result.vendorWords,
        batch.id,
      )
      noteTaken(sql, batch, at)
      return note(
        sql,
        batch,
        at,
        'accepted',
        'vendor',
        `was accepted by the vendor: ${identifiersInWords(batch.size)}.`,
      )
    }
    case 'queue again':
      queueAgain(sql, batch.id, outcome.notBefore, result)
      holdAccount(sql, attempt.accountId, outcome.accountHoldUntil, at)
      return
    case 'stop the line':
      queueAgain(sql, batch.id, 0, result)
      stopConnection(sql, attempt, outcome.cause, at)
      return
    case 'refused':
      return refuse(sql, batch, at, outcome.words)
    case 'rejected':
      if (result.ending === 'too large') return tooLarge(sql, batch, at, outcome.words)
      if (batch.size > 1) return splitBatch(sql, batch, at, outcome.words, false)
      // Alone in its call, an identifier is what the vendor rejected.
      return refuse(sql, batch, at, outcome.words)
    case 'conflict':
      return followConflict(sql, batch, at, outcome)
    case 'outcome unknown':
      markOutcomeUnknown(sql, batch.id, at)
      run(sql, 'UPDATE batch SET vendor_words = ? WHERE id = ?', outcome.words, batch.id)
      if (outcome.cause !== undefined) stopConnection(sql, attempt, outcome.cause, at)
      return note(
        sql,
        batch,
        at,
        'outcome unknown',
        'app',
        `${howItEnded(result.stage, result.httpStatus)}: ${identifiersInWords(batch.size)} ${doubtAfter(result.httpStatus)}.`,
      )
    default:
      return assertNever(outcome)
  }
}

function moveBatch(sql: Sql, batchId: BatchId, state: IdentifierState, at: Timestamp): void {
  moveIdentifiers(
    sql,
    identifiersOf(sql, batchId).map(({ id }) => ({ identifierId: id, state })),
    at,
  )
}

function queueAgain(sql: Sql, batchId: BatchId, notBefore: Timestamp, result: AttemptResult): void {
  moveBatch(sql, batchId, 'queued', result.endedAt)
  run(
    sql,
    `UPDATE batch SET status = 'queued', not_before = ?, vendor_words = ? WHERE id = ?`,
    notBefore,
    result.vendorWords,
    batchId,
  )
}

function refuse(sql: Sql, batch: Batch, at: Timestamp, words: string): void {
  moveBatch(sql, batch.id, 'refused', at)
  setResults(sql, batch.id, 'refused', words, at)
  run(sql, `UPDATE delivery SET basis = 'rejected alone in its call' WHERE batch_id = ?`, batch.id)
  run(sql, `UPDATE batch SET status = 'finished', finished_at = ?, vendor_words = ? WHERE id = ?`, at, words, batch.id)
  note(sql, batch, at, 'refused', 'vendor', `was refused by the vendor: ${identifiersInWords(batch.size)}.`)
  pauseWhereNoIdentifierIsAtFault(sql, batch, at, words)
}

/** A call that is too large accuses nobody: not even one that was alone in it. */
function tooLarge(sql: Sql, batch: Batch, at: Timestamp, words: string): void {
  if (batch.size > 1) splitBatch(sql, batch, at, words, true)
  else holdAlone(sql, batch, at, words)
  noteTooLarge(sql, batch, at)
}

function holdAlone(sql: Sql, batch: Batch, at: Timestamp, words: string): void {
  moveBatch(sql, batch.id, 'held', at)
  setResults(sql, batch.id, 'held', words, at)
  run(sql, `UPDATE batch SET status = 'rejected', vendor_words = ? WHERE id = ?`, words, batch.id)
  note(sql, batch, at, 'rejected', 'vendor', 'was too large with 1 identifier alone: it waits for a decision.')
}

function note(sql: Sql, batch: Batch, at: Timestamp, kind: string, actor: 'app' | 'vendor', words: string): void {
  addEvent(sql, {
    at,
    actor,
    kind,
    words: `Batch ${batch.number} ${words}`,
    requestId: batch.requestId,
    batchId: batch.id,
    payload: { batch: batch.number, identifiers: batch.size },
  })
}
