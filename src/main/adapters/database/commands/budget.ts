/**
 * The account's budget: every call weighs on every window from `spent_from` until the window has passed. It is read
 * from the attempts themselves, so nothing can be spent that the journal does not hold.
 */
import { callsPerPoll, type RateWindow } from '../../../../shared/model/connection.ts'
import type {
  AccountId,
  AttemptId,
  BatchId,
  ConnectionId,
  RequestId,
  RetrievalId,
  Timestamp,
} from '../../../../shared/model/ids.ts'
import type { AttemptKind } from '../../../../shared/model/request.ts'
import { insert, number, one, run, type Sql } from '../sql.ts'
import { noteSeen } from './clock.ts'

export type AccountBudget = Readonly<{
  accountId: AccountId
  windows: readonly RateWindow[]
  margin: number
  holdUntil: Timestamp | null
}>

/** The limits of an account; throws where there is none, since every connection has one. */
export function accountBudget(sql: Sql, accountId: AccountId): AccountBudget {
  const row = one<{ windows: string; margin: number; hold_until: Timestamp | null }>(
    sql,
    'SELECT windows, margin, hold_until FROM account WHERE id = ?',
    accountId,
  )
  if (row === undefined) throw new Error(`No account has the id ${accountId}`)
  return { accountId, windows: JSON.parse(row.windows) as RateWindow[], margin: row.margin, holdUntil: row.hold_until }
}

/** Calls of a window that may be used: the vendor's number less the margin, at least one. */
export function usableCalls(window: RateWindow, margin: number): number {
  return Math.max(1, Math.floor(window.calls * (1 - margin)))
}

/** Calls that weigh on the window now. Those dated in the future count too: they are under way. */
export function usedCalls(sql: Sql, accountId: AccountId, window: RateWindow, now: Timestamp): number {
  return number(
    sql,
    'SELECT count(*) AS value FROM attempt WHERE account_id = ? AND spent_from > ?',
    accountId,
    now - window.milliseconds,
  )
}

/** The earliest moment at which every window has room for one more call and no hold stands; `now` where it is now. */
export function nextFreeAt(sql: Sql, budget: AccountBudget, now: Timestamp): Timestamp {
  const free = budget.windows.map((window) => windowFreeAt(sql, budget, window, now))
  return Math.max(now, budget.holdUntil ?? now, ...free)
}

function windowFreeAt(sql: Sql, budget: AccountBudget, window: RateWindow, now: Timestamp): Timestamp {
  // Room appears when the call that is `usable` places back from the newest no longer weighs.
  const blocking = one<{ spent_from: Timestamp }>(
    sql,
    'SELECT spent_from FROM attempt WHERE account_id = ? AND spent_from > ? ORDER BY spent_from DESC LIMIT 1 OFFSET ?',
    budget.accountId,
    now - window.milliseconds,
    usableCalls(window, budget.margin) - 1,
  )
  return blocking === undefined ? now : blocking.spent_from + window.milliseconds
}

/** A call that is still under way after the last moment at which it should have arrived weighs from now on. */
export function weighUnderWay(sql: Sql, accountId: AccountId, now: Timestamp): void {
  run(
    sql,
    `UPDATE attempt SET spent_from = ?1 WHERE spent_from < ?1 AND account_id = ?2
     AND id IN (SELECT id FROM attempt INDEXED BY attempt_under_way WHERE ended_at IS NULL)`,
    now,
    accountId,
  )
}

/**
 * True where a due status call, or a call about a copy, goes before an erase call: the last nine calls of the account
 * were none. So one call in `callsPerPoll` settles what was sent before, however many wait to be sent and whatever the windows are.
 */
export function isTurnOfPolls(sql: Sql, accountId: AccountId): boolean {
  const others = callsPerPoll - 1
  const withoutPoll = number(
    sql,
    `SELECT count(*) AS value FROM
       (SELECT kind FROM attempt WHERE account_id = ? AND spent_from IS NOT NULL ORDER BY spent_from DESC LIMIT ?)
     WHERE kind NOT IN ('status', 'retrieve', 'retrieval status')`,
    accountId,
    others,
  )
  return withoutPoll === others
}

/** True where of the calls that let erase calls go first the last one was a status call: those about copies are next. */
export function isTurnOfRetrievals(sql: Sql, accountId: AccountId): boolean {
  const last = one<{ kind: AttemptKind }>(
    sql,
    `SELECT kind FROM attempt WHERE account_id = ? AND spent_from IS NOT NULL
     AND kind IN ('status', 'retrieve', 'retrieval status') ORDER BY spent_from DESC LIMIT 1`,
    accountId,
  )
  return last?.kind === 'status'
}

/** A status call this long after its time is late. */
const lateAfterMilliseconds = 60_000

/**
 * When a status call that was due at `dueAt` may begin: at once, but where it is late and no call could leave when it
 * was due (the machine slept, was offline, the app was closed). Those go one after the other, spread evenly over what
 * they may use: the whole budget, or a fifth of it while erase calls are due. So what has piled up is no burst, and an
 * erase call finds room whenever it comes. What is late because the budget was used needs no such care.
 */
export function pollMayBeginAt(
  sql: Sql,
  budget: AccountBudget,
  dueAt: Timestamp,
  eraseIsDue: boolean,
  now: Timestamp,
): Timestamp {
  if (dueAt > now - lateAfterMilliseconds || wasSpentOrAwake(sql, budget, dueAt)) return now
  const spacings = budget.windows.map(
    (window) => window.milliseconds / Math.max(1, usableCalls(window, budget.margin) / (eraseIsDue ? 5 : 1)),
  )
  const spacing = Math.ceil(Math.max(0, ...spacings))
  // One under way weighs from its latest arrival: the next waits for its end.
  const last = one<{ spent_from: Timestamp }>(
    sql,
    `SELECT spent_from FROM attempt WHERE account_id = ? AND spent_from > ? AND kind = 'status'
     ORDER BY spent_from DESC LIMIT 1`,
    budget.accountId,
    now - spacing,
  )
  return last === undefined ? now : last.spent_from + spacing
}

/** True where a window had no room at this moment, or a call of the account left within a minute of it. */
function wasSpentOrAwake(sql: Sql, budget: AccountBudget, moment: Timestamp): boolean {
  const callsBetween = (after: Timestamp, upTo: Timestamp): number =>
    number(
      sql,
      'SELECT count(*) AS value FROM attempt WHERE account_id = ? AND spent_from > ? AND spent_from <= ?',
      budget.accountId,
      after,
      upTo,
    )
  return (
    callsBetween(moment, moment + lateAfterMilliseconds) > 0 ||
    budget.windows.some(
      (window) => callsBetween(moment - window.milliseconds, moment) >= usableCalls(window, budget.margin),
    )
  )
}

/** Journals a call before it leaves. Until its end is known it counts as arriving at the last possible moment. */
export function journalAttempt(
  sql: Sql,
  attempt: Readonly<{
    jti: string
    kind: AttemptKind
    accountId: AccountId
    connectionId: ConnectionId
    requestId: RequestId | null
    batchId: BatchId | null
    retrievalId?: RetrievalId
    epoch: number
    now: Timestamp
    /** The last moment at which it may arrive, as `steadyTime` dates it. */
    spentFrom: Timestamp
    timeoutMilliseconds: number
  }>,
): AttemptId {
  noteSeen(sql, attempt.now)
  return insert<AttemptId>(
    sql,
    `INSERT INTO attempt
       (jti, kind, account_id, connection_id, request_id, batch_id, epoch, reserved_at, timeout_milliseconds, spent_from,
        retrieval_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    attempt.jti,
    attempt.kind,
    attempt.accountId,
    attempt.connectionId,
    attempt.requestId,
    attempt.batchId,
    attempt.epoch,
    attempt.now,
    attempt.timeoutMilliseconds,
    attempt.spentFrom,
    attempt.retrievalId ?? null,
  )
}
