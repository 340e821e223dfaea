/**
 * The calls about copies of people's data: which is due, its place in the journal, and what follows from its end. A copy
 * whose call was cut off is asked for again by a person alone: the vendor would make two.
 */
import { assertNever, fail, succeed, type Result } from '../../../../shared/failure.ts'
import { kindFromNumber } from '../../../../shared/model/identifier.ts'
import type { AccountId, ConnectionId, RequestId, RetrievalId, Timestamp } from '../../../../shared/model/ids.ts'
import type { AttemptEnding } from '../../../../shared/model/request.ts'
import type { RetrievalStatus } from '../../../../shared/model/retrieval.ts'
import { readScope } from '../../../../shared/model/scope.ts'
import type {
  AttemptResult,
  ConnectionForCall,
  Database,
  Epoch,
  ReservedRetrievalStatus,
  ReservedRetrieve,
  RetrievalStatusOutcome,
  RetrieveOutcome,
} from '../../../core/ports.ts'
import { notFound } from '../failures.ts'
import type { History } from '../history.ts'
import { all, inTransaction, one, run, type Sql } from '../sql.ts'
import { mayCallLater, mayCallNow, weighAnswer } from './breaker.ts'
import { accountBudget, journalAttempt, nextFreeAt, weighUnderWay } from './budget.ts'
import { steadyTime } from './clock.ts'
import { connectionForCall } from './connection-row.ts'
import { addEvent, identifiersInWords } from './events.ts'
import { endAttempt, holdAccount, stopConnection, type EndedAttempt } from './finish-attempt.ts'
import { markInDoubt, retrievalRow, type Retrieval } from './retrieval-standing.ts'
import { checkSender } from './sender.ts'

/** For a retrieval `t` and its request `r`: nothing holds its calls back. */
const mayGo = 'r.discarded_at IS NULL AND r.paused_at IS NULL'

type Due = Readonly<{ id: RetrievalId; status: RetrievalStatus }>

/** What is due of an account: copies to be asked for first, then those to be asked about. */
export function dueRetrieval(
  sql: Sql,
  { accountId, at }: Readonly<{ accountId: AccountId; at: Timestamp }>,
): Due | undefined {
  const from = `FROM connection c JOIN retrieval t ON t.connection_id = c.id`
  const may = `JOIN request r ON r.id = t.request_id AND ${mayGo} WHERE c.account_id = ? AND ${mayCallNow}`
  const toSend = one<Due>(
    sql,
    `SELECT t.id, t.status ${from} AND t.status = 'queued' AND t.not_before <= ? ${may}
       AND EXISTS (SELECT 1 FROM retrieval_member m WHERE m.retrieval_id = t.id) ORDER BY t.id LIMIT 1`,
    at,
    accountId,
    at,
  )
  if (toSend !== undefined) return toSend
  return one<Due>(
    sql,
    `SELECT t.id, t.status ${from} AND t.next_poll_at <= ? AND t.polling = 0 ${may} ORDER BY t.next_poll_at, t.id LIMIT 1`,
    at,
    accountId,
    at,
  )
}

/** When the next of an account's copies may be asked for, or about, that now may not; null: none waits. */
export function nextRetrievalAt(sql: Sql, accountId: AccountId): Timestamp | null {
  const row = one<{ at: Timestamp | null }>(
    sql,
    `SELECT min(max(CASE WHEN t.status = 'queued' THEN t.not_before ELSE t.next_poll_at END, c.hold_until)) AS at
     FROM connection c JOIN retrieval t ON t.connection_id = c.id
       AND (t.status = 'queued' OR (t.next_poll_at IS NOT NULL AND t.polling = 0))
     JOIN request r ON r.id = t.request_id AND ${mayGo}
     WHERE c.account_id = ? AND ${mayCallLater}`,
    accountId,
  )
  return row?.at ?? null
}

/** `at` as `steadyTime` dates the moment. */
type Place = Readonly<{ jti: string; epoch: Epoch; now: Timestamp; at: Timestamp }>

type RetrievalToCall = Readonly<{
  id: RetrievalId
  request_id: RequestId
  connection_id: ConnectionId
  canonical: string
  disclosure: string | null
  status: RetrievalStatus
  vendor_request_id: string | null
  polls: number
  polling: number
}>

/** Journals the next call of a copy that is due, within the caller's transaction. */
export function reserveRetrieval(sql: Sql, due: Due, place: Place): ReservedRetrieve | ReservedRetrievalStatus {
  const retrieval = retrievalToCall(sql, due.id)
  if (retrieval === undefined) throw new Error(`No retrieval has the id ${due.id}`)
  return due.status === 'queued' ? reserveRetrieve(sql, retrieval, place) : reserveStatus(sql, retrieval, place)
}

function retrievalToCall(sql: Sql, retrievalId: RetrievalId): RetrievalToCall | undefined {
  return one<RetrievalToCall>(
    sql,
    `SELECT t.id, t.request_id, t.connection_id, s.canonical, t.disclosure, t.status, t.vendor_request_id, t.polls,
       t.polling
     FROM retrieval t JOIN scope s ON s.id = t.scope_id WHERE t.id = ?`,
    retrievalId,
  )
}

function reserveRetrieve(sql: Sql, retrieval: RetrievalToCall, place: Place): ReservedRetrieve {
  const connection = requiredConnection(sql, retrieval)
  const identifiers = all<{ kind: number; value: string; channel_id: string | null }>(
    sql,
    `SELECT i.kind, i.value, i.channel_id FROM retrieval_member m JOIN identifier i ON i.id = m.identifier_id
     WHERE m.retrieval_id = ? AND i.value IS NOT NULL ORDER BY m.position`,
    retrieval.id,
  )
  const attemptId = journal(sql, 'retrieve', retrieval, connection, place)
  run(sql, `UPDATE retrieval SET status = 'sending' WHERE id = ?`, retrieval.id)
  run(sql, 'UPDATE connection SET first_used_at = coalesce(first_used_at, ?) WHERE id = ?', place.now, connection.id)
  return {
    kind: 'retrieve',
    attemptId,
    jti: place.jti,
    requestId: retrieval.request_id,
    retrievalId: retrieval.id,
    connection,
    scope: readScope(retrieval.canonical),
    disclosure: retrieval.disclosure,
    identifiers: identifiers.map(({ kind, value, channel_id }) => ({
      kind: kindFromNumber(kind),
      value,
      channelId: channel_id,
    })),
  }
}

function reserveStatus(sql: Sql, retrieval: RetrievalToCall, place: Place): ReservedRetrievalStatus {
  if (retrieval.vendor_request_id === null) throw new Error('A copy that the vendor did not accept is not asked about')
  const connection = requiredConnection(sql, retrieval)
  const attemptId = journal(sql, 'retrieval status', retrieval, connection, place)
  run(sql, 'UPDATE retrieval SET polling = 1, polls = polls + 1 WHERE id = ?', retrieval.id)
  return {
    kind: 'retrieval status',
    attemptId,
    jti: place.jti,
    requestId: retrieval.request_id,
    retrievalId: retrieval.id,
    connection,
    vendorRequestId: retrieval.vendor_request_id,
    polls: retrieval.polls,
  }
}

function requiredConnection(sql: Sql, { connection_id }: RetrievalToCall): ConnectionForCall {
  const connection = connectionForCall(sql, connection_id)
  if (connection === undefined) throw new Error(`No connection has the id ${connection_id}`)
  return connection
}

function journal(
  sql: Sql,
  kind: 'retrieve' | 'retrieval status',
  retrieval: RetrievalToCall,
  connection: ConnectionForCall,
  { jti, epoch, now, at }: Place,
) {
  const { callTimeoutMilliseconds: timeoutMilliseconds } = connection.settings
  return journalAttempt(sql, {
    jti,
    kind,
    accountId: connection.accountId,
    connectionId: connection.id,
    requestId: retrieval.request_id,
    batchId: null,
    retrievalId: retrieval.id,
    epoch,
    now,
    spentFrom: at + timeoutMilliseconds,
    timeoutMilliseconds,
  })
}

/** How long to wait for a call about the same copy that is under way. */
const underWayMilliseconds = 250

/** The port's promise. */
export function reserveRetrievalStatus(
  history: History,
  input: Parameters<Database['reserveRetrievalStatus']>[0],
): Result<ReservedRetrievalStatus | Readonly<{ kind: 'wait'; until: Timestamp }>> {
  const { sql } = history
  return inTransaction<ReservedRetrievalStatus | Readonly<{ kind: 'wait'; until: Timestamp }>>(sql, () => {
    const sender = checkSender(history, input.epoch)
    if (!sender.ok) return sender
    const retrieval = retrievalToCall(sql, input.retrievalId)
    if (retrieval === undefined || retrieval.request_id !== input.requestId) return notFound('copy')
    if (retrieval.vendor_request_id === null)
      return fail('wrong-state', 'The vendor has not accepted this copy, so there is nothing to ask it about.')
    const stands = standsStill(sql, retrieval.connection_id)
    if (!stands.ok) return stands
    if (retrieval.polling === 1) return succeed({ kind: 'wait', until: input.now + underWayMilliseconds })
    const at = steadyTime(sql, input)
    const { accountId } = requiredConnection(sql, retrieval)
    weighUnderWay(sql, accountId, at)
    const free = nextFreeAt(sql, accountBudget(sql, accountId), at)
    if (free > at) return succeed({ kind: 'wait', until: input.now + free - at })
    return succeed(reserveStatus(sql, retrieval, { ...input, at }))
  })
}

function standsStill(sql: Sql, connectionId: ConnectionId): Result<null> {
  const row = one<{ stopped: string | null; retired_at: Timestamp | null }>(
    sql,
    'SELECT stopped, retired_at FROM connection WHERE id = ?',
    connectionId,
  )
  if (row?.retired_at !== null)
    return fail('connection-retired', 'This connection is retired.', { next: 'Restore it first.' })
  if (row.stopped === null) return succeed(null)
  return fail('connection-stopped', 'The connection stands still.', {
    kept: 'Nothing was sent.',
    next: 'Open the connection, see why, and resume it.',
  })
}

/** Writes the end of a call that asks for a copy, and all that follows from it. Written twice it changes nothing more. */
export function finishRetrieve(history: History, result: AttemptResult, outcome: RetrieveOutcome): Result<null> {
  const { sql } = history
  return inTransaction(sql, () => {
    const ended = endAttempt(history, 'retrieve', result)
    if (!ended.ok) return ended
    if (ended.value.already) return succeed(null)
    const retrieval = retrievalRow(sql, ended.value.retrievalId)
    const at = result.endedAt
    if (retrieval !== undefined) takeRetrieve(sql, retrieval, ended.value, outcome, at)
    if (outcome.kind === 'again') holdAccount(sql, ended.value.accountId, outcome.accountHoldUntil, at)
    if ('cause' in outcome && outcome.cause !== undefined) stopConnection(sql, ended.value, outcome.cause, at)
    weighAnswer(sql, ended.value, weighedAsQuestion(result))
    return succeed(null)
  })
}

function takeRetrieve(sql: Sql, retrieval: Retrieval, attempt: EndedAttempt, outcome: RetrieveOutcome, at: Timestamp) {
  const back = `UPDATE retrieval SET status = 'queued', not_before = ? WHERE id = ? AND status = 'sending'`
  switch (outcome.kind) {
    case 'accepted':
      run(
        sql,
        `UPDATE retrieval SET status = 'accepted', vendor_request_id = ?, vendor_words = ?, note = NULL,
           accepted_at = ?, next_poll_at = ? WHERE id = ?`,
        outcome.vendorRequestId,
        outcome.words,
        at,
        outcome.nextPollAt,
        retrieval.id,
      )
      return tell(sql, retrieval, attempt, at, 'copy accepted', `was accepted: ${identifiersInWords(retrieval.size)}.`)
    case 'again':
      return void run(sql, back, outcome.notBefore, retrieval.id)
    case 'stop the line':
      return void run(sql, back, 0, retrieval.id)
    case 'rejected':
      run(sql, `UPDATE retrieval SET status = 'failed', vendor_words = ? WHERE id = ?`, outcome.words, retrieval.id)
      return tell(sql, retrieval, attempt, at, 'copy refused', 'was refused by the vendor.')
    case 'outcome unknown':
      return markInDoubt(sql, retrieval, at, outcome.words)
    default:
      return assertNever(outcome)
  }
}

/** Writes the end of a status call about a copy. Written twice it changes nothing more. */
export function finishRetrievalStatus(
  history: History,
  result: AttemptResult,
  outcome: RetrievalStatusOutcome,
): Result<null> {
  const { sql } = history
  return inTransaction(sql, () => {
    const ended = endAttempt(history, 'retrieval status', result)
    if (!ended.ok) return ended
    if (ended.value.already) return succeed(null)
    const retrieval = retrievalRow(sql, ended.value.retrievalId)
    const at = result.endedAt
    if (retrieval !== undefined) {
      run(sql, 'UPDATE retrieval SET polling = 0 WHERE id = ?', retrieval.id)
      if (retrieval.status !== 'left') takeStatus(sql, retrieval, ended.value, outcome, at)
    }
    if (outcome.kind === 'again') holdAccount(sql, ended.value.accountId, outcome.accountHoldUntil, at)
    if (outcome.kind === 'stop the line') stopConnection(sql, ended.value, outcome.cause, at)
    weighAnswer(sql, ended.value, weighedAsQuestion(result))
    return succeed(null)
  })
}

function takeStatus(
  sql: Sql,
  retrieval: Retrieval,
  attempt: EndedAttempt,
  outcome: RetrievalStatusOutcome,
  at: Timestamp,
): void {
  switch (outcome.kind) {
    case 'ready':
      run(
        sql,
        `UPDATE retrieval SET status = 'ready', vendor_words = ?1, answer_at = ?2, ready_at = coalesce(ready_at, ?2),
           next_poll_at = NULL, link_expires_at = ?3, link_refused_at = NULL, note = NULL WHERE id = ?4`,
        outcome.words,
        at,
        outcome.linkExpiresAt,
        retrieval.id,
      )
      if (retrieval.status !== 'ready') tell(sql, retrieval, attempt, at, 'copy ready', 'is ready at the vendor.')
      return
    case 'running':
      return keepAsking(sql, retrieval, outcome, at)
    case 'not found':
      if (retrieval.vendor_words !== outcome.words) return keepAsking(sql, retrieval, outcome, at)
      return endWithout(sql, retrieval, attempt, outcome.words, at)
    case 'failed':
      return endWithout(sql, retrieval, attempt, outcome.words, at)
    case 'again':
    case 'stop the line':
      // One that the operator asked about out of its turn has no next turn.
      run(
        sql,
        `UPDATE retrieval SET next_poll_at = CASE WHEN status = 'accepted' THEN ? END WHERE id = ?`,
        outcome.nextPollAt,
        retrieval.id,
      )
      return
    default:
      return assertNever(outcome)
  }
}

function keepAsking(
  sql: Sql,
  retrieval: Retrieval,
  { words, nextPollAt }: Readonly<{ words: string; nextPollAt: Timestamp }>,
  at: Timestamp,
): void {
  run(
    sql,
    `UPDATE retrieval SET status = 'accepted', vendor_words = ?, answer_at = ?, next_poll_at = ? WHERE id = ?`,
    words,
    at,
    nextPollAt,
    retrieval.id,
  )
}

function endWithout(sql: Sql, retrieval: Retrieval, attempt: EndedAttempt, words: string, at: Timestamp): void {
  run(
    sql,
    `UPDATE retrieval SET status = 'failed', vendor_words = ?, answer_at = ?, next_poll_at = NULL WHERE id = ?`,
    words,
    at,
    retrieval.id,
  )
  if (retrieval.status !== 'failed') tell(sql, retrieval, attempt, at, 'copy failed', 'failed at the vendor.')
}

function tell(
  sql: Sql,
  retrieval: Retrieval,
  { connectionId }: EndedAttempt,
  at: Timestamp,
  kind: string,
  words: string,
): void {
  addEvent(sql, {
    at,
    actor: 'vendor',
    kind,
    words: `Copy ${retrieval.number} ${words}`,
    requestId: retrieval.request_id,
    connectionId,
    payload: { retrieval: retrieval.number, identifiers: retrieval.size },
  })
}

/** What a copy's call says of its connection is what a status call says: nothing of erase calls. */
function weighedAsQuestion(result: AttemptResult): AttemptResult {
  return { ...result, ending: asQuestion[result.ending] ?? result.ending }
}

const asQuestion: Readonly<Partial<Record<AttemptEnding, AttemptEnding>>> = {
  accepted: 'answered',
  rejected: 'answered',
  'too large': 'answered',
  'outcome unknown': 'no answer',
}
