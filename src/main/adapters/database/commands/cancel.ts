/**
 * Taking an accepted batch back at the vendor, while the vendor still allows it: the operator's wish waits on the batch,
 * the sender makes the call ahead of all others, and only the vendor's yes makes its identifiers revoked. A doubt is
 * cleared by the next status call. What another sender began (an adopted task) is never taken back.
 */
import { assertNever, fail, succeed, type Result } from '../../../../shared/failure.ts'
import type { AttemptId, BatchId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import { stateNumbers } from '../../../../shared/model/state.ts'
import type {
  AttemptResult,
  CancelOutcome,
  ConnectionForCall,
  Database,
  Epoch,
  ReservedCancel,
} from '../../../core/ports.ts'
import { notFound } from '../failures.ts'
import type { History } from '../history.ts'
import { inTransaction, one, run, type Sql } from '../sql.ts'
import { mayCallLater, mayCallNow, weighUnclear } from './breaker.ts'
import { journalAttempt } from './budget.ts'
import { addEvent, identifiersInWords } from './events.ts'
import { endAttempt, holdAccount, stopConnection } from './finish-attempt.ts'
import { moveIdentifiers } from './moves.ts'
import { refreshPhase } from './phase.ts'
import { identifiersOf } from './sender.ts'

/** Notes the operator's wish; the sender carries it out. Fails with `wrong-state` where the batch is not ours to take back. */
export function askToCancel(history: History, input: Parameters<Database['askToCancel']>[0]): Result<null> {
  const { sql } = history
  return inTransaction(sql, () => {
    const batch = one<{ id: BatchId; number: number; status: string; origin: string; cancel_asked_at: number | null }>(
      sql,
      'SELECT id, number, status, origin, cancel_asked_at FROM batch WHERE id = ? AND request_id = ?',
      input.batchId,
      input.requestId,
    )
    if (batch === undefined) return notFound('batch')
    if (batch.status !== 'accepted' || batch.origin !== 'ours') {
      return fail('wrong-state', `Batch ${batch.number} cannot be taken back at the vendor any more.`, {
        kept: 'Nothing was changed.',
        next: 'Look at the batch again: its state has changed.',
      })
    }
    if (batch.cancel_asked_at !== null) return succeed(null)
    run(sql, 'UPDATE batch SET cancel_asked_at = ?, not_before = 0 WHERE id = ?', input.now, batch.id)
    addEvent(sql, {
      at: input.now,
      actor: 'operator',
      kind: 'cancel asked',
      words: `Batch ${batch.number} is to be taken back at the vendor.`,
      reason: input.reason,
      requestId: input.requestId,
      batchId: batch.id,
      payload: { batch: batch.number },
    })
    return succeed(null)
  })
}

/** The batch of an account that is to be taken back next. A pause does not hold it up: it only ever keeps data. */
export function dueCancel(
  sql: Sql,
  { accountId, at }: Readonly<{ accountId: number; at: Timestamp }>,
): Readonly<{ id: BatchId; requestId: RequestId; vendorRequestId: string }> | undefined {
  return one(
    sql,
    `SELECT b.id, b.request_id AS requestId, b.vendor_request_id AS vendorRequestId FROM connection c
     JOIN batch b INDEXED BY batch_to_cancel ON b.connection_id = c.id AND b.cancel_asked_at IS NOT NULL
       AND b.polling = 0 AND b.status = 'accepted' AND b.not_before <= ?
     WHERE c.account_id = ? AND ${mayCallNow} ORDER BY b.cancel_asked_at, b.id LIMIT 1`,
    at,
    accountId,
    at,
  )
}

/** When the next wish may be carried out that now may not; null: none waits. */
export function nextCancelAt(sql: Sql, accountId: number): Timestamp | null {
  const row = one<{ at: Timestamp | null }>(
    sql,
    `SELECT min(max(b.not_before, c.hold_until)) AS at FROM connection c
     JOIN batch b INDEXED BY batch_to_cancel ON b.connection_id = c.id AND b.cancel_asked_at IS NOT NULL
       AND b.polling = 0 AND b.status = 'accepted'
     WHERE c.account_id = ? AND ${mayCallLater}`,
    accountId,
  )
  return row?.at ?? null
}

/** Journals the call, within the caller's transaction; `at` as `steadyTime` dates the moment. No status call runs beside it. */
export function reserveCancel(
  sql: Sql,
  batch: Readonly<{ id: BatchId; requestId: RequestId; vendorRequestId: string }>,
  connection: ConnectionForCall,
  { jti, epoch, now, at }: Readonly<{ jti: string; epoch: Epoch; now: Timestamp; at: Timestamp }>,
): ReservedCancel {
  const { callTimeoutMilliseconds: timeoutMilliseconds } = connection.settings
  const attemptId = journalAttempt(sql, {
    jti,
    kind: 'cancel',
    accountId: connection.accountId,
    connectionId: connection.id,
    requestId: batch.requestId,
    batchId: batch.id,
    epoch,
    now,
    spentFrom: at + timeoutMilliseconds,
    timeoutMilliseconds,
  })
  run(sql, 'UPDATE batch SET polling = 1 WHERE id = ?', batch.id)
  return {
    kind: 'cancel',
    attemptId,
    jti,
    requestId: batch.requestId,
    batchId: batch.id,
    connection,
    vendorRequestId: batch.vendorRequestId,
  }
}

type Batch = Readonly<{ id: BatchId; request_id: RequestId; number: number; size: number; status: string }>

/** Writes the end of such a call and all that follows from it, at once. Written twice it changes nothing more. */
export function finishCancel(history: History, result: AttemptResult, outcome: CancelOutcome): Result<null> {
  const { sql } = history
  return inTransaction(sql, () => {
    const ended = endAttempt(history, 'cancel', result)
    if (!ended.ok) return ended
    if (ended.value.already) return succeed(null)
    const batch = one<Batch>(
      sql,
      'SELECT id, request_id, number, size, status FROM batch WHERE id = ?',
      ended.value.batchId,
    )
    if (batch === undefined) throw new Error('A call that takes a batch back belongs to a batch')
    const at = result.endedAt
    run(sql, 'UPDATE batch SET polling = 0 WHERE id = ?', batch.id)
    switch (outcome.kind) {
      case 'cancelled':
        revoke(sql, batch, outcome.words, at)
        break
      case 'stopped':
        endWish(
          sql,
          batch,
          at,
          'taken back',
          'was taken back at the vendor. What was erased by then the next status call shows.',
        )
        break
      case 'too late':
        // The vendor's own words stand with the call: they may name somebody, and this log is never wiped.
        endWish(
          sql,
          batch,
          at,
          'too late to take back',
          'is not taken back: the vendor says that it is too late. It goes on.',
        )
        break
      case 'no answer':
        endWish(
          sql,
          batch,
          at,
          'taking back in doubt',
          'may or may not have been taken back: the next status call shows it.',
        )
        break
      case 'again':
        run(sql, 'UPDATE batch SET not_before = ? WHERE id = ?', outcome.notBefore, batch.id)
        holdAccount(sql, ended.value.accountId, outcome.accountHoldUntil, at)
        break
      case 'stop the line':
        stopConnection(sql, ended.value, outcome.cause, at)
        break
      default:
        return assertNever(outcome)
    }
    weighUnclear(sql, ended.value, result)
    refreshPhase(sql, batch.request_id, at)
    return succeed(null)
  })
}

function revoke(sql: Sql, batch: Batch, words: string | null, at: Timestamp): void {
  const identifiers = identifiersOf(sql, batch.id)
  moveIdentifiers(
    sql,
    identifiers.map(({ id }) => ({ identifierId: id, state: 'revoked' })),
    at,
  )
  run(
    sql,
    `UPDATE delivery SET result = ?, vendor_words = coalesce(?, vendor_words), basis = 'taken back at the vendor',
       result_at = ? WHERE batch_id = ?`,
    stateNumbers.revoked,
    words,
    at,
    batch.id,
  )
  run(
    sql,
    `UPDATE batch SET status = 'finished', finished_at = ?, next_poll_at = NULL, cancel_asked_at = NULL,
       vendor_words = coalesce(?, vendor_words) WHERE id = ?`,
    at,
    words,
    batch.id,
  )
  addEvent(sql, {
    at,
    actor: 'vendor',
    kind: 'revoked',
    words: `Batch ${batch.number} was taken back at the vendor: ${identifiersInWords(identifiers.length)}. Nothing of it is erased.`,
    requestId: batch.request_id,
    batchId: batch.id,
    payload: { batch: batch.number, identifiers: identifiers.length },
  })
}

/** The wish has had its answer, or needs another: the batch is asked about at once. */
function endWish(sql: Sql, batch: Batch, at: Timestamp, kind: string, words: string): void {
  run(sql, 'UPDATE batch SET cancel_asked_at = NULL, next_poll_at = ? WHERE id = ?', at, batch.id)
  addEvent(sql, {
    at,
    actor: kind === 'taking back in doubt' ? 'app' : 'vendor',
    kind,
    words: `Batch ${batch.number} ${words}`,
    requestId: batch.request_id,
    batchId: batch.id,
    payload: { batch: batch.number },
  })
}

/**
 * Tells the log that a call in doubt did not take the batch back, within the transaction that writes the first answer
 * about it since. `lastAnswer`: the attempt of the answer before; null: there was none.
 */
export function noteNotTakenBack(
  sql: Sql,
  batch: Readonly<{ id: BatchId; request_id: RequestId; number: number }>,
  { answered, lastAnswer }: Readonly<{ answered: AttemptId; lastAnswer: AttemptId | null }>,
  at: Timestamp,
): void {
  const last = one<{ id: AttemptId; ending: string | null }>(
    sql,
    `SELECT id, ending FROM attempt WHERE batch_id = ? AND kind = 'cancel' ORDER BY id DESC LIMIT 1`,
    batch.id,
  )
  if (last?.ending !== 'no answer' || last.id > answered || (lastAnswer !== null && last.id < lastAnswer)) return
  addEvent(sql, {
    at,
    actor: 'vendor',
    kind: 'not taken back',
    words: `Batch ${batch.number} was not taken back, as the vendor’s next answer shows.`,
    requestId: batch.request_id,
    batchId: batch.id,
    payload: { batch: batch.number },
  })
}
