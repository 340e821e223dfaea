/** Journals calls before they leave: which one is next, whether the budget has room, and what moves to `sending`. */
import { fail, succeed, type Result } from '../../../../shared/failure.ts'
import type { AccountId, AttemptId, BatchId, ConnectionId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import { readScope } from '../../../../shared/model/scope.ts'
import type {
  ConnectionForCall,
  Epoch,
  Moment,
  Reservation,
  ReservedErase,
  ReservedLookUp,
  ReservedPoll,
} from '../../../core/ports.ts'
import type { History } from '../history.ts'
import { all, inTransaction, one, run, type Sql } from '../sql.ts'
import { mayCallLater, mayCallNow, nextHeldAt } from './breaker.ts'
import {
  accountBudget,
  isTurnOfPolls,
  isTurnOfRetrievals,
  journalAttempt,
  nextFreeAt,
  pollMayBeginAt,
  weighUnderWay,
} from './budget.ts'
import { noteSeen, steadyTime } from './clock.ts'
import { dueCancel, nextCancelAt, reserveCancel } from './cancel.ts'
import { connectionForCall } from './connection-row.ts'
import { deliveriesOf } from './deliveries.ts'
import { placeOf, reachedStep, stepOf } from './first-ask.ts'
import { formBatch, requestWithUnbatched } from './form-batch.ts'
import { needsLookUp, reserveLookUp } from './look-up.ts'
import { moveIdentifiers } from './moves.ts'
import { dueRetrieval, nextRetrievalAt, reserveRetrieval } from './retrieval-calls.ts'
import { checkSender } from './sender.ts'

type ReserveInput = Moment & Readonly<{ accountId: AccountId; epoch: Epoch; jti: string; allowErase: boolean }>
/** `at`: the moment as `steadyTime` dates it. What is due and what has room is asked of it; what is recorded bears `now`. */
type Due = ReserveInput & Readonly<{ at: Timestamp }>

/** Accounts with anything queued, in flight or to poll. */
export function accountsAtWork(history: History): Result<readonly AccountId[]> {
  const rows = all<{ id: AccountId }>(
    history.sql,
    `SELECT a.id FROM account a WHERE
       EXISTS (SELECT 1 FROM connection c JOIN batch b ON b.connection_id = c.id
               WHERE c.account_id = a.id AND (b.status IN ('queued', 'sending') OR b.next_poll_at IS NOT NULL))
       OR EXISTS (SELECT 1 FROM connection c JOIN retrieval t ON t.connection_id = c.id
                  WHERE c.account_id = a.id AND (t.status = 'queued' OR t.next_poll_at IS NOT NULL))
       OR EXISTS (SELECT 1 FROM connection c JOIN request r ON r.connection_id = c.id AND r.phase = 'open'
                  JOIN identifier_count n ON n.request_id = r.id AND n.state = 2 AND n.count > 0
                  WHERE c.account_id = a.id)
       OR EXISTS (SELECT 1 FROM attempt t WHERE t.account_id = a.id AND t.ended_at IS NULL)
     ORDER BY a.id`,
  )
  return succeed(rows.map(({ id }) => id))
}

/** The port's promise. A call that is due and has room is on disk, with its token id and budget, when this returns. */
export function reserveCall(history: History, given: ReserveInput): Result<Reservation> {
  const { sql } = history
  return inTransaction<Reservation>(sql, () => {
    const sender = checkSender(history, given.epoch)
    if (!sender.ok) return sender
    const input: Due = { ...given, at: steadyTime(sql, given) }
    const budget = accountBudget(sql, input.accountId)
    const queued = input.allowErase ? dueBatch(sql, input) : undefined
    const requestId =
      input.allowErase && queued === undefined ? requestWithUnbatched(sql, input.accountId, input.at) : undefined
    const poll = duePoll(sql, input)
    const eraseIsDue = queued !== undefined || requestId !== undefined
    const pollAt = poll === undefined ? null : pollMayBeginAt(sql, budget, poll.dueAt, eraseIsDue, input.at)
    const pollIsDue = pollAt !== null && pollAt <= input.at
    const cancel = dueCancel(sql, input)
    const retrieval = dueRetrieval(sql, input)
    if (cancel === undefined && !eraseIsDue && !pollIsDue && retrieval === undefined)
      return succeed(nothingDue(sql, input, pollAt))
    weighUnderWay(sql, input.accountId, input.at)
    const free = nextFreeAt(sql, budget, input.at)
    if (free > input.at) return succeed({ kind: 'wait', until: asDate(free, input) })
    // While it may still be taken back every second counts.
    if (cancel !== undefined) {
      return succeed(reserveCancel(sql, cancel, requiredConnection(sql, connectionOf(sql, cancel.id)), input))
    }
    if (!eraseIsDue || isTurnOfPolls(sql, input.accountId)) {
      const pollGoes = poll !== undefined && pollIsDue
      if (retrieval !== undefined && (!pollGoes || isTurnOfRetrievals(sql, input.accountId))) {
        return succeed(reserveRetrieval(sql, retrieval, input))
      }
      if (pollGoes) return succeed(reservePoll(sql, poll.id, input))
    }
    const batchId = queued?.id ?? formBatch(sql, requestId as RequestId, input.now)
    return succeed(reserveNext(sql, batchId, input))
  })
}

type NoteInput = Moment &
  Readonly<{ attemptId: AttemptId; epoch: Epoch; digest: string | null; sentForms: readonly string[] }>

/** Notes what is about to leave; from here on the call may have reached the vendor, or do so until its time-out. */
export function noteCall(history: History, input: NoteInput): Result<null> {
  const { sql } = history
  return inTransaction(sql, () => {
    const sender = checkSender(history, input.epoch)
    if (!sender.ok) return sender
    // A keychain may take a minute to give the secret: what was paused meanwhile does not leave any more.
    const attempt = one<{
      batch_id: BatchId | null
      epoch: number
      ended_at: number | null
      timeout_milliseconds: number
      held_up: number
    }>(
      sql,
      `SELECT a.batch_id, a.epoch, a.ended_at, a.timeout_milliseconds, (r.paused_at IS NOT NULL AND a.kind NOT IN ('cancel', 'retrieval status')) OR c.stopped IS NOT NULL AS held_up
       FROM attempt a JOIN connection c ON c.id = a.connection_id LEFT JOIN request r ON r.id = a.request_id
       WHERE a.id = ?`,
      input.attemptId,
    )
    if (attempt === undefined || attempt.epoch !== input.epoch || attempt.ended_at !== null) {
      throw new Error('A call can be noted only while its attempt is under way')
    }
    if (attempt.held_up === 1) {
      return fail('wrong-state', 'Sending was paused or stopped before this call left.', { kept: 'It was not sent.' })
    }
    const spentFrom = steadyTime(sql, input) + attempt.timeout_milliseconds
    run(sql, 'UPDATE attempt SET digest = ?, spent_from = ? WHERE id = ?', input.digest, spentFrom, input.attemptId)
    noteSeen(sql, input.now)
    if (attempt.batch_id !== null && input.sentForms.length > 0) {
      for (const [position, form] of input.sentForms.entries()) {
        run(
          sql,
          'UPDATE delivery SET sent_form = ? WHERE batch_id = ? AND position = ?',
          form,
          attempt.batch_id,
          position,
        )
      }
    }
    return succeed(null)
  })
}

// Of halves the smallest goes first: the identifier at fault is found before the next ones are halved.
const inTurn = `r.sent_at, r.id, CASE WHEN b.reason = 'split' THEN b.size ELSE 1000000 END, b.number`

function dueBatch(sql: Sql, input: Due): Readonly<{ id: BatchId }> | undefined {
  return one<{ id: BatchId }>(
    sql,
    `SELECT b.id FROM connection c
     JOIN batch b ON b.connection_id = c.id AND b.status = 'queued' AND b.looking_up = 0 AND b.not_before <= ?
     JOIN request r ON r.id = b.request_id AND r.phase = 'open' AND r.paused_at IS NULL
     WHERE c.account_id = ? AND ${mayCallNow} ORDER BY ${inTurn} LIMIT 1`,
    input.at,
    input.accountId,
    input.at,
  )
}

function duePoll(sql: Sql, input: Due): Readonly<{ id: BatchId; dueAt: Timestamp }> | undefined {
  return one<{ id: BatchId; dueAt: Timestamp }>(
    sql,
    `SELECT b.id, b.next_poll_at AS dueAt FROM connection c
     JOIN batch b ON b.connection_id = c.id AND b.next_poll_at <= ? AND b.polling = 0
     JOIN request r ON r.id = b.request_id AND (r.phase = 'closed' OR r.paused_at IS NULL)
     WHERE c.account_id = ? AND ${mayCallNow} ORDER BY b.next_poll_at, b.id LIMIT 1`,
    input.at,
    input.accountId,
    input.at,
  )
}

/** `pollAt`: when a late status call may begin; null: none is late. */
function nothingDue(sql: Sql, input: Due, pollAt: Timestamp | null): Reservation {
  const batch = input.allowErase
    ? earliest(
        sql,
        `SELECT min(max(b.not_before, c.hold_until)) AS at FROM connection c
         JOIN batch b ON b.connection_id = c.id AND b.status = 'queued' AND b.looking_up = 0
         JOIN request r ON r.id = b.request_id AND r.phase = 'open' AND r.paused_at IS NULL
         WHERE c.account_id = ? AND ${mayCallLater}`,
        input.accountId,
      )
    : null
  const poll =
    pollAt ??
    earliest(
      sql,
      `SELECT min(max(b.next_poll_at, c.hold_until)) AS at FROM connection c
       JOIN batch b ON b.connection_id = c.id AND b.next_poll_at IS NOT NULL AND b.polling = 0
       JOIN request r ON r.id = b.request_id AND (r.phase = 'closed' OR r.paused_at IS NULL)
       WHERE c.account_id = ? AND ${mayCallLater}`,
      input.accountId,
    )
  const held = nextHeldAt(sql, input.accountId, input.at)
  const cancel = nextCancelAt(sql, input.accountId)
  // What is due and yet does not go waits for the call under way of its connection, whose end is no date.
  const retrieval = nextRetrievalAt(sql, input.accountId)
  const dates = [batch, poll, held, cancel, retrieval].filter(
    (date) => date !== null && date > input.at,
  ) as readonly Timestamp[]
  const until = dates.length === 0 ? null : asDate(Math.min(...dates), input)
  return until === null || (batch === null && held === null) ? { kind: 'idle', until } : { kind: 'wait', until }
}

function earliest(sql: Sql, query: string, accountId: AccountId): Timestamp | null {
  return one<{ at: Timestamp | null }>(sql, query, accountId)?.at ?? null
}

/** A moment of steady time as the clock will show it. */
function asDate(moment: Timestamp, { now, at }: Due): Timestamp {
  return moment - at + now
}

type BatchToCall = Readonly<{
  request_id: RequestId
  connection_id: ConnectionId
  canonical: string
  vendor_request_id: string | null
  answer_digest: string | null
  quiet_since: Timestamp | null
  ask_step: number
  ask_now: number
  next_poll_at: Timestamp | null
  accepted_at: Timestamp | null
}>

function batchToCall(sql: Sql, batchId: BatchId): BatchToCall {
  const batch = one<BatchToCall>(
    sql,
    `SELECT b.request_id, b.connection_id, s.canonical, b.vendor_request_id, b.answer_digest, b.quiet_since, b.ask_step,
            b.ask_now, b.next_poll_at, b.accepted_at
     FROM batch b JOIN scope s ON s.id = b.scope_id WHERE b.id = ?`,
    batchId,
  )
  if (batch === undefined) throw new Error(`No batch has the id ${batchId}`)
  return batch
}

/** The next call of a queued batch: its look-up, where that is to come first, else its erase call. */
function reserveNext(sql: Sql, batchId: BatchId, input: Due): ReservedErase | ReservedLookUp {
  const batch = batchToCall(sql, batchId)
  const connection = requiredConnection(sql, batch.connection_id)
  return needsLookUp(sql, batchId, connection)
    ? reserveLookUp(sql, { id: batchId, requestId: batch.request_id }, connection, input)
    : reserveErase(sql, batchId, batch, connection, input)
}

function reserveErase(
  sql: Sql,
  batchId: BatchId,
  batch: BatchToCall,
  connection: ConnectionForCall,
  input: Due,
): ReservedErase {
  // Throws on an empty list of bots: a call without a scope can not even be journalled.
  const scope = readScope(batch.canonical)
  const deliveries = deliveriesOf(sql, batchId)
  if (deliveries.length === 0) throw new Error('A batch without identifiers can not be sent')
  const attemptId = journalAttempt(sql, {
    jti: input.jti,
    kind: 'erase',
    accountId: input.accountId,
    connectionId: connection.id,
    requestId: batch.request_id,
    batchId,
    epoch: input.epoch,
    now: input.now,
    spentFrom: input.at + connection.settings.callTimeoutMilliseconds,
    timeoutMilliseconds: connection.settings.callTimeoutMilliseconds,
  })
  run(sql, `UPDATE batch SET status = 'sending', tries = tries + 1 WHERE id = ?`, batchId)
  run(sql, 'UPDATE connection SET first_used_at = coalesce(first_used_at, ?) WHERE id = ?', input.now, connection.id)
  moveIdentifiers(
    sql,
    deliveries.map(({ identifierId }) => ({ identifierId, state: 'sending' })),
    input.now,
  )
  return {
    kind: 'erase',
    attemptId,
    jti: input.jti,
    requestId: batch.request_id,
    batchId,
    connection,
    scope,
    identifiers: deliveries.map(
      ({ state: _state, decided: _decided, sentForm: _sentForm, lookedUp: _lookedUp, ...submitted }) => submitted,
    ),
  }
}

function reservePoll(sql: Sql, batchId: BatchId, input: Due): ReservedPoll {
  const batch = batchToCall(sql, batchId)
  if (batch.vendor_request_id === null) throw new Error('A batch that the vendor did not accept can not be polled')
  const connection = requiredConnection(sql, batch.connection_id)
  const attemptId = journalAttempt(sql, {
    jti: input.jti,
    kind: 'status',
    accountId: input.accountId,
    connectionId: connection.id,
    requestId: batch.request_id,
    batchId,
    epoch: input.epoch,
    now: input.now,
    spentFrom: input.at + connection.settings.callTimeoutMilliseconds,
    timeoutMilliseconds: connection.settings.callTimeoutMilliseconds,
  })
  const lateness = input.at - (batch.next_poll_at ?? input.at)
  // Where the operator asks now, the schedule goes on where it was, and nobody knows how far it has come since.
  const before = stepOf(batch.ask_step) - batch.ask_now
  const reached =
    batch.ask_now === 1 ? { step: before, readyBy: null } : reachedStep(before, lateness, connection.settings)
  run(
    sql,
    'UPDATE batch SET polling = 1, polls = polls + 1, ask_step = ?, ask_now = 0 WHERE id = ?',
    placeOf(reached.step + 1),
    batchId,
  )
  return {
    kind: 'status',
    attemptId,
    jti: input.jti,
    requestId: batch.request_id,
    batchId,
    connection,
    vendorRequestId: batch.vendor_request_id,
    deliveries: deliveriesOf(sql, batchId),
    previous: {
      digest: batch.answer_digest,
      quietSince: batch.quiet_since,
      polls: reached.step,
      readyBy: reached.readyBy,
      acceptedAt: batch.accepted_at ?? input.now,
    },
  }
}

function connectionOf(sql: Sql, batchId: BatchId): ConnectionId {
  return batchToCall(sql, batchId).connection_id
}

function requiredConnection(sql: Sql, connectionId: ConnectionId) {
  const connection = connectionForCall(sql, connectionId)
  if (connection === undefined) throw new Error(`No connection has the id ${connectionId}`)
  return connection
}
