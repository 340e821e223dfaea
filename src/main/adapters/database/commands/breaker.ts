/**
 * The pace of a connection. A server error slows it down to one call at a time, more of them in a row put waits between
 * its calls, and at last stop it; other connections go on, those of the same account too. Resumed after a stop, whatever
 * caused it, one call is tried before the queue goes on at full speed.
 */
import { serverErrorLimits, stopsTheLine, waitAfterServerErrors } from '../../../../shared/model/server-errors.ts'
import type { StopCause } from '../../../../shared/model/connection.ts'
import type { AccountId, ConnectionId, Timestamp } from '../../../../shared/model/ids.ts'
import { stateNumbers } from '../../../../shared/model/state.ts'
import type { AttemptResult } from '../../../core/ports.ts'
import { number, one, run, type Sql } from '../sql.ts'
import { addEvent } from './events.ts'
import { stopConnection, type EndedAttempt } from './finish-attempt.ts'

/** For a connection `c`: neither stopped nor retired. */
export const mayCallLater = 'c.stopped IS NULL AND c.retired_at IS NULL'

/** For a connection `c`, with the moment as its one value: a call of it may be reserved now. */
export const mayCallNow = `${mayCallLater} AND c.hold_until <= ?
  AND (c.pace = 'full' OR NOT EXISTS (SELECT 1 FROM attempt u INDEXED BY attempt_under_way
    WHERE u.ended_at IS NULL AND u.connection_id = c.id AND u.kind <> 'test'))`

/** When the first connection of the account that waits after server errors may call again; null: none waits. */
export function nextHeldAt(sql: Sql, accountId: AccountId, at: Timestamp): Timestamp | null {
  const row = one<{ at: Timestamp | null }>(
    sql,
    `SELECT min(c.hold_until) AS at FROM connection c WHERE c.account_id = ? AND ${mayCallLater} AND c.hold_until > ?`,
    accountId,
    at,
  )
  return row?.at ?? null
}

/** What the end of an erase or status call says of its connection, within the transaction that writes it. */
export function weighAnswer(sql: Sql, attempt: EndedAttempt, result: AttemptResult): void {
  if (isServerError(result)) return countServerError(sql, attempt, result)
  if (!wentThrough(sql, attempt, result)) return
  run(
    sql,
    `UPDATE connection SET pace = 'full', hold_until = 0, server_errors = 0, server_errors_since = NULL
     WHERE id = ? AND (pace <> 'full' OR server_errors > 0)`,
    attempt.connectionId,
  )
}

/** The same of a call whose answer says nothing of erase calls, unless it is a server error. */
export function weighServerError(sql: Sql, attempt: EndedAttempt, result: AttemptResult): void {
  if (isServerError(result)) countServerError(sql, attempt, result)
}

function isServerError({ httpStatus, ending }: AttemptResult): boolean {
  const saysNothing = ending === 'outcome unknown' || ending === 'no answer'
  return saysNothing && httpStatus !== null && httpStatus >= 500 && httpStatus <= 599
}

/** The vendor took the call in. That it answers status calls says nothing of the erase calls that still wait. */
function wentThrough(sql: Sql, { connectionId }: EndedAttempt, { ending }: AttemptResult): boolean {
  if (ending === 'accepted' || ending === 'rejected' || ending === 'too large') return true
  return ending === 'answered' && !hasUnsent(sql, connectionId)
}

function hasUnsent(sql: Sql, connectionId: ConnectionId): boolean {
  const unsent = `SELECT 1 FROM request r JOIN identifier_count n ON n.request_id = r.id AND n.state = ? AND n.count > 0
    WHERE r.connection_id = ? AND r.phase = 'open'`
  return number(sql, `SELECT EXISTS (${unsent}) AS value`, stateNumbers.queued, connectionId) === 1
}

type Pace = Readonly<{ pace: string; server_errors: number; server_errors_since: Timestamp | null }>

function countServerError(sql: Sql, attempt: EndedAttempt, { endedAt: at, httpStatus }: AttemptResult): void {
  const before = one<Pace>(
    sql,
    'SELECT pace, server_errors, server_errors_since FROM connection WHERE id = ?',
    attempt.connectionId,
  )
  if (before === undefined) throw new Error('An attempt belongs to a connection')
  const inARow = before.server_errors + 1
  const since = before.server_errors_since ?? at
  const wait = waitAfterServerErrors(inARow)
  run(
    sql,
    `UPDATE connection SET server_errors = ?, server_errors_since = ?,
       hold_until = CASE WHEN ? = 0 THEN hold_until ELSE max(hold_until, ?) END,
       pace = CASE WHEN pace = 'full' THEN 'one by one' ELSE pace END
     WHERE id = ?`,
    inARow,
    since,
    wait,
    at + wait,
    attempt.connectionId,
  )
  const isTrial = before.pace === 'trial'
  if (isTrial || stopsTheLine(inARow, at - since)) {
    return stopConnection(sql, attempt, causeOf(isTrial ? null : inARow, httpStatus ?? 500, at), at)
  }
  if (inARow === 2) noteSlowing(sql, attempt, at)
}

/** `inARow` null: it was the one call that was tried after the connection was resumed. */
function causeOf(inARow: number | null, status: number, at: Timestamp): StopCause {
  return {
    at,
    title:
      inARow === null
        ? `The vendor still answers with a server error (${status})`
        : `The vendor answers every call with a server error (${status})`,
    explanation:
      inARow === null
        ? 'The one call that was tried after the connection was resumed was answered so too.'
        : `The last ${inARow} calls in a row, over more than ${serverErrorLimits.overMilliseconds / 1000} s, were answered so. A batch whose erase call was answered so waits for a decision, since it may have taken effect all the same; to go on would only make more of them.`,
    steps: [
      'See whether the vendor, or a proxy on the way, reports an outage, and wait until it is over.',
      'Then resume the connection here: one call is tried first, and the queue goes on once one has gone through.',
    ],
    vendorWords: null,
  }
}

function noteSlowing(sql: Sql, attempt: EndedAttempt, at: Timestamp): void {
  addEvent(sql, {
    at,
    actor: 'app',
    kind: 'slowed down',
    words:
      'The vendor answered calls in a row with server errors: calls leave one at a time, with growing waits between.',
    requestId: attempt.requestId,
    connectionId: attempt.connectionId,
    batchId: attempt.batchId,
  })
}
