import { fail, succeed, type Result } from '../../../../shared/failure.ts'
import type { StopCause } from '../../../../shared/model/connection.ts'
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
import type { AttemptResult } from '../../../core/ports.ts'
import type { History } from '../history.ts'
import { all, one, run, type Sql } from '../sql.ts'
import { noteSeen, steadyTime } from './clock.ts'
import { addEvent } from './events.ts'
import { checkSender } from './sender.ts'

export type EndedAttempt = Readonly<{
  id: AttemptId
  accountId: AccountId
  connectionId: ConnectionId
  requestId: RequestId | null
  batchId: BatchId | null
  retrievalId: RetrievalId | null
  /** It was written before, word for word: the caller asks again since it did not hear back. */
  already: boolean
}>

type AttemptRow = Readonly<{
  id: AttemptId
  kind: string
  epoch: number
  account_id: AccountId
  connection_id: ConnectionId
  request_id: RequestId | null
  batch_id: BatchId | null
  retrieval_id: RetrievalId | null
  ended_at: Timestamp | null
  ending: string | null
}>

/**
 * Writes how an attempt ended, within the caller's transaction. Its weight on the budget now counts from its end, or
 * not at all where the vendor cannot have counted it.
 */
export function endAttempt(history: History, kind: AttemptKind, result: AttemptResult): Result<EndedAttempt> {
  const { sql } = history
  const sender = checkSender(history, result.epoch)
  if (!sender.ok) return sender
  const attempt = one<AttemptRow>(
    sql,
    `SELECT id, kind, epoch, account_id, connection_id, request_id, batch_id, retrieval_id, ended_at, ending
     FROM attempt WHERE id = ?`,
    result.attemptId,
  )
  if (attempt === undefined || attempt.kind !== kind || attempt.epoch !== result.epoch) {
    throw new Error('This attempt is not one of this sender')
  }
  const ended = {
    id: attempt.id,
    accountId: attempt.account_id,
    connectionId: attempt.connection_id,
    requestId: attempt.request_id,
    batchId: attempt.batch_id,
    retrievalId: attempt.retrieval_id,
  }
  if (attempt.ended_at !== null) {
    const same = attempt.ended_at === result.endedAt && attempt.ending === result.ending
    return same
      ? succeed({ ...ended, already: true })
      : fail('wrong-state', 'The end of this call is recorded already.')
  }
  const spentFrom = steadyTime(sql, { now: result.endedAt, steady: result.steady })
  run(
    sql,
    `UPDATE attempt SET ended_at = ?, stage = ?, ending = ?, http_status = ?, vendor_words = ?, spent_from = ?
     WHERE id = ?`,
    result.endedAt,
    result.stage,
    result.ending,
    result.httpStatus,
    result.vendorWords,
    result.neverCounted ? null : spentFrom,
    result.attemptId,
  )
  noteSeen(sql, result.endedAt)
  return succeed({ ...ended, already: false })
}

/** The longest that refusals in a row make an account wait, unless the vendor asks for more. */
const longestHoldMilliseconds = 3_600_000

/**
 * Lets the account wait after a refusal for too many calls: until `until` after the first, twice as long after every
 * further one in a row, at most for an hour. An earlier hold never shortens a later one. Within the transaction that
 * ended the refused attempt, from `at` on.
 */
export function holdAccount(sql: Sql, accountId: AccountId, until: Timestamp | undefined, at: Timestamp): void {
  if (until === undefined) return
  const asked = until - at
  const grown = Math.min(asked * 2 ** (refusalsInARow(sql, accountId) - 1), longestHoldMilliseconds)
  const hold = at + Math.max(asked, grown)
  run(sql, 'UPDATE account SET hold_until = max(coalesce(hold_until, 0), ?) WHERE id = ?', hold, accountId)
}

/** How often in a row, to its last call, the account was refused for too many calls; calls side by side count once. */
function refusalsInARow(sql: Sql, accountId: AccountId): number {
  const last = all<{ reserved_at: Timestamp; ended_at: Timestamp; ending: string }>(
    sql,
    `SELECT reserved_at, ended_at, ending FROM attempt
     WHERE account_id = ? AND ended_at IS NOT NULL AND ending <> 'not sent' ORDER BY id DESC LIMIT 64`,
    accountId,
  )
  const others = last.findIndex(({ ending }) => ending !== 'rate limited')
  const refusals = others < 0 ? last : last.slice(0, others)
  let inARow = 0
  let begin = Infinity
  for (const { reserved_at: reservedAt, ended_at: endedAt } of refusals) {
    if (endedAt <= begin) inARow += 1
    begin = endedAt <= begin ? reservedAt : Math.min(begin, reservedAt)
  }
  return Math.max(1, inARow)
}

/** Stops a connection's queue with the reason on it; the first reason stays until the operator resumes. */
export function stopConnection(
  sql: Sql,
  attempt: Pick<EndedAttempt, 'connectionId' | 'requestId' | 'batchId'>,
  cause: StopCause,
  at: Timestamp,
): void {
  const stopped = run(
    sql,
    'UPDATE connection SET stopped = ? WHERE id = ? AND stopped IS NULL',
    JSON.stringify(cause),
    attempt.connectionId,
  )
  if (stopped === 0) return
  addEvent(sql, {
    at,
    actor: 'app',
    kind: 'stopped',
    words: `The connection stands still: ${cause.title}`,
    requestId: attempt.requestId,
    connectionId: attempt.connectionId,
    batchId: attempt.batchId,
  })
}
