/**
 * The pace of a connection. One rule for every call that had left and got no yes or no from the vendor, whether it ran
 * out of time, was cut, or was answered with a server error or something else that says neither: the first slows the
 * connection down to one call at a time, more of them in a row put waits between its calls, and at last stop it. Other
 * connections go on, those of the same account too. Resumed after a stop, whatever caused it, one call is tried before
 * the queue goes on at full speed.
 */
import type { StopCause } from '../../../../shared/model/connection.ts'
import type { AccountId, ConnectionId, Timestamp } from '../../../../shared/model/ids.ts'
import { stateNumbers } from '../../../../shared/model/state.ts'
import { isUnclear, stopsTheLine, unclearLimits, waitAfterUnclear } from '../../../../shared/model/unclear-calls.ts'
import type { AttemptResult } from '../../../core/ports.ts'
import { number, one, run, type Sql } from '../sql.ts'
import { howItEnded } from './call-end.ts'
import { addEvent } from './events.ts'
import { stopConnection, type EndedAttempt } from './finish-attempt.ts'

/** For a connection `c`: neither stopped nor retired. */
export const mayCallLater = 'c.stopped IS NULL AND c.retired_at IS NULL'

/** For a connection `c`, with the moment as its one value: a call of it may be reserved now. */
export const mayCallNow = `${mayCallLater} AND c.hold_until <= ?
  AND (c.pace = 'full' OR NOT EXISTS (SELECT 1 FROM attempt u INDEXED BY attempt_under_way
    WHERE u.ended_at IS NULL AND u.connection_id = c.id AND u.kind <> 'test'))`

/** When the first connection of the account that waits after unclear calls may call again; null: none waits. */
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
  if (isUnclear(result.ending)) return countUnclear(sql, attempt, result)
  if (tookIn(result)) return goFullSpeed(sql, attempt.connectionId)
  if (result.ending !== 'answered') return
  if (hasUnsent(sql, attempt.connectionId)) forgetUnclearPolls(sql, attempt.connectionId)
  else goFullSpeed(sql, attempt.connectionId)
}

/** The vendor took the erase call in, whatever it made of it. */
function tookIn({ ending }: AttemptResult): boolean {
  return ending === 'accepted' || ending === 'rejected' || ending === 'too large'
}

function goFullSpeed(sql: Sql, connectionId: ConnectionId): void {
  run(
    sql,
    `UPDATE connection SET pace = 'full', hold_until = 0, unclear_calls = 0, unclear_erases = 0, unclear_since = NULL
     WHERE id = ? AND (pace <> 'full' OR unclear_calls > 0)`,
    connectionId,
  )
}

/** The same of a call whose answer says nothing of erase calls, unless it got no yes or no. */
export function weighUnclear(sql: Sql, attempt: EndedAttempt, result: AttemptResult): void {
  if (isUnclear(result.ending)) countUnclear(sql, attempt, result)
}

/**
 * That the vendor answers status calls says nothing of the erase calls that still wait: those that got no answer are
 * counted on, and a trial goes on until one goes through.
 */
function forgetUnclearPolls(sql: Sql, connectionId: ConnectionId): void {
  run(
    sql,
    `UPDATE connection SET unclear_calls = unclear_erases,
       unclear_since = CASE WHEN unclear_erases = 0 THEN NULL ELSE unclear_since END,
       hold_until = CASE WHEN unclear_erases = 0 THEN 0 ELSE hold_until END,
       pace = CASE WHEN unclear_erases = 0 AND pace = 'one by one' THEN 'full' ELSE pace END
     WHERE id = ? AND unclear_calls > unclear_erases`,
    connectionId,
  )
}

function hasUnsent(sql: Sql, connectionId: ConnectionId): boolean {
  const unsent = `SELECT 1 FROM request r JOIN identifier_count n ON n.request_id = r.id AND n.state = ? AND n.count > 0
    WHERE r.connection_id = ? AND r.phase = 'open'`
  return number(sql, `SELECT EXISTS (${unsent}) AS value`, stateNumbers.queued, connectionId) === 1
}

type Pace = Readonly<{
  pace: string
  unclear_calls: number
  unclear_erases: number
  unclear_since: Timestamp | null
}>

function countUnclear(sql: Sql, attempt: EndedAttempt, result: AttemptResult): void {
  const { endedAt: at } = result
  const before = one<Pace>(
    sql,
    'SELECT pace, unclear_calls, unclear_erases, unclear_since FROM connection WHERE id = ?',
    attempt.connectionId,
  )
  if (before === undefined) throw new Error('An attempt belongs to a connection')
  const inARow = before.unclear_calls + 1
  const erases = before.unclear_erases + Number(result.ending === 'outcome unknown')
  const since = before.unclear_since ?? at
  const wait = waitAfterUnclear(inARow)
  run(
    sql,
    `UPDATE connection SET unclear_calls = ?, unclear_erases = ?, unclear_since = ?,
       hold_until = CASE WHEN ? = 0 THEN hold_until ELSE max(hold_until, ?) END,
       pace = CASE WHEN pace = 'full' THEN 'one by one' ELSE pace END
     WHERE id = ?`,
    inARow,
    erases,
    since,
    wait,
    at + wait,
    attempt.connectionId,
  )
  if (before.pace === 'trial') return stopConnection(sql, attempt, causeAfterTrial(result), at)
  if (stopsTheLine(inARow, at - since)) {
    return stopConnection(sql, attempt, causeOf(inARow, erases > 0, result), at)
  }
  if (inARow === 2) noteSlowing(sql, attempt, at)
}

function causeOf(inARow: number, withErases: boolean, result: AttemptResult): StopCause {
  const goingOn = withErases
    ? 'An erase call that ends so leaves its batch waiting for a decision, since it may have taken effect all the same; to go on would only make more of them.'
    : 'They asked about batches, which stay accepted; to go on would only spend the limits.'
  return {
    at: result.endedAt,
    title: `${inARow} calls in a row got no yes or no from the vendor`,
    explanation: `They ended so over more than ${unclearLimits.overMilliseconds / 1000} s; the last one ${howItEnded(result.stage, result.httpStatus)}. ${goingOn}`,
    steps: stepsAfter(result),
    vendorWords: null,
  }
}

/** It was the one call that was tried after the connection was resumed. */
function causeAfterTrial(result: AttemptResult): StopCause {
  return {
    at: result.endedAt,
    title: 'The vendor still gives no yes or no to a call',
    explanation: `The one call that was tried after the connection was resumed ${howItEnded(result.stage, result.httpStatus)}.`,
    steps: stepsAfter(result),
    vendorWords: null,
  }
}

function stepsAfter({ stage }: AttemptResult): string[] {
  const slow = 'Where the vendor is only slow, raise the time-out in the connection’s settings.'
  return [
    'See whether the vendor, or a proxy or firewall on the way, has an outage, and wait until it is over.',
    ...(stage === 'body' ? [] : [slow]),
    'Then resume the connection here: one call is tried first, and the queue goes on once one has gone through.',
  ]
}

function noteSlowing(sql: Sql, attempt: EndedAttempt, at: Timestamp): void {
  addEvent(sql, {
    at,
    actor: 'app',
    kind: 'slowed down',
    words:
      'Two calls in a row got no yes or no from the vendor: calls leave one at a time, with growing waits between.',
    requestId: attempt.requestId,
    connectionId: attempt.connectionId,
    batchId: attempt.batchId,
  })
}
