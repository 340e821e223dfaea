import { assertNever, succeed, type Result } from '../../../../shared/failure.ts'
import type { AttemptId, BatchId, ConnectionId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import {
  identifierStates,
  stateFromNumber,
  stateNumbers,
  type IdentifierState,
} from '../../../../shared/model/state.ts'
import type { AttemptResult, DeliveryChange, PollOutcome } from '../../../core/ports.ts'
import type { History } from '../history.ts'
import { all, inTransaction, one, run, type Sql } from '../sql.ts'
import { weighAnswer } from './breaker.ts'
import { noteNotTakenBack } from './cancel.ts'
import { hasOtherTasks, passOnUnnamed, queueRevoked } from './conflict.ts'
import { readSettings } from './connection-row.ts'
import { isErasedByEarlierWord, stateByEarlierWord } from './earlier-words.ts'
import { addEvent, identifiersInWords } from './events.ts'
import { endAttempt, holdAccount, stopConnection } from './finish-attempt.ts'
import { learn } from './first-ask.ts'
import { identifierNow, moveIdentifiers, type Move } from './moves.ts'
import { refreshPhase } from './phase.ts'
import type { RejectedBatch } from './split.ts'

type Batch = Readonly<{
  id: BatchId
  request_id: RequestId
  connection_id: ConnectionId
  number: number
  size: number
  status: string
  settings: string
  scope_id: number
  origin: 'ours' | 'adopted'
  answer_attempt_id: AttemptId | null
}>
type Answered = Extract<PollOutcome, { kind: 'answer' }>

/** Writes the end of a status call and all that follows from it, at once. Written twice it changes nothing more. */
export function finishPoll(history: History, result: AttemptResult, outcome: PollOutcome): Result<null> {
  const { sql } = history
  return inTransaction(sql, () => {
    const ended = endAttempt(history, 'status', result)
    if (!ended.ok) return ended
    if (ended.value.already) return succeed(null)
    const batch = one<Batch>(
      sql,
      `SELECT b.id, b.request_id, b.connection_id, b.number, b.size, b.status, b.scope_id, b.origin, b.answer_attempt_id,
              c.settings
       FROM batch b JOIN connection c ON c.id = b.connection_id WHERE b.id = ?`,
      ended.value.batchId,
    )
    if (batch === undefined) throw new Error('A status call belongs to a batch')
    run(sql, 'UPDATE batch SET polling = 0 WHERE id = ?', batch.id)
    switch (outcome.kind) {
      case 'answer':
        takeAnswer(sql, batch, result, outcome)
        break
      case 'vanished':
        takeVanished(sql, batch, result, outcome)
        break
      case 'again':
        run(sql, 'UPDATE batch SET next_poll_at = ? WHERE id = ?', outcome.nextPollAt, batch.id)
        holdAccount(sql, ended.value.accountId, outcome.accountHoldUntil, result.endedAt)
        break
      case 'stop the line':
        run(sql, 'UPDATE batch SET next_poll_at = ? WHERE id = ?', outcome.nextPollAt, batch.id)
        stopConnection(sql, ended.value, outcome.cause, result.endedAt)
        break
      default:
        return assertNever(outcome)
    }
    weighAnswer(sql, ended.value, result)
    refreshPhase(sql, batch.request_id, result.endedAt)
    return succeed(null)
  })
}

function takeAnswer(sql: Sql, batch: Batch, result: AttemptResult, answer: Answered): void {
  const at = result.endedAt
  run(sql, 'UPDATE batch SET next_poll_at = ? WHERE id = ?', answer.nextPollAt, batch.id)
  if (isOutdated(batch, result)) return
  const followed = batch.origin === 'adopted' ? adoptedBy(batch) : null
  const named = new Set(answer.named ?? [])
  if (followed !== null) passOnUnnamed(sql, followed, named, at)
  const changes = followed === null ? answer.changes : answer.changes.filter(({ position }) => named.has(position))
  const changed = applyChanges(sql, batch, changes, at)
  noteSaid(sql, batch, answer)
  const finishedNow = answer.finished && batch.status === 'accepted'
  // A task of somebody else's began at another time: it teaches nothing of ours.
  if (batch.status === 'accepted' && followed === null && answer.lesson !== undefined) {
    learn(sql, { id: batch.id, connectionId: batch.connection_id }, readSettings(batch.settings), answer.lesson)
  }
  if (!changed.has('revoked')) {
    noteNotTakenBack(sql, batch, { answered: result.attemptId, lastAnswer: batch.answer_attempt_id }, at)
  }
  noteAnswer(sql, batch, result, answer.digest, answer.quietSince, answer.vendorWords ?? saidOf(sql, batch.id))
  if (finishedNow) finishBatch(sql, batch.id, at)
  // Whom else such a task erases is nobody's business here.
  if (followed === null) replaceStrangers(sql, batch.id, answer)
  noteChanges(sql, batch, changed, at)
  if (finishedNow) noteEnd(sql, batch, answer.ended === true ? 'the vendor says that it has ended' : null, at)
  if (followed !== null) queueRevoked(sql, followed, at)
}

function adoptedBy({ id, request_id, number, scope_id }: Batch): RejectedBatch {
  return { id, requestId: request_id, number, scopeId: scope_id }
}

function takeVanished(
  sql: Sql,
  batch: Batch,
  result: AttemptResult,
  outcome: Extract<PollOutcome, { kind: 'vanished' }>,
): void {
  const at = result.endedAt
  run(sql, 'UPDATE batch SET next_poll_at = ? WHERE id = ?', outcome.nextPollAt, batch.id)
  if (isOutdated(batch, result)) return
  if (batch.origin === 'adopted' && outcome.finished && hasOtherTasks(sql, batch.id)) {
    passOnUnnamed(sql, adoptedBy(batch), new Set(), at)
    noteAnswer(sql, batch, result, outcome.digest, outcome.quietSince, outcome.words)
    return
  }
  const changed = applyChanges(sql, batch, outcome.changes, at)
  const finishedNow = outcome.finished && batch.status === 'accepted'
  noteAnswer(sql, batch, result, outcome.digest, outcome.quietSince, outcome.words)
  if (finishedNow) finishBatch(sql, batch.id, at)
  noteChanges(sql, batch, changed, at)
  if (finishedNow) noteEnd(sql, batch, 'the vendor no longer knows its request', at)
}

/** A later call was answered already: what this one brought says nothing any more. */
function isOutdated(batch: Batch, result: AttemptResult): boolean {
  return batch.answer_attempt_id !== null && result.attemptId < batch.answer_attempt_id
}

function noteAnswer(
  sql: Sql,
  batch: Batch,
  result: AttemptResult,
  digest: string,
  quietSince: Timestamp,
  words: string | null,
): void {
  run(
    sql,
    `UPDATE batch SET answer_digest = ?, answer_at = ?, answer_attempt_id = ?, quiet_since = ?, vendor_words = ?
     WHERE id = ?`,
    digest,
    result.endedAt,
    result.attemptId,
    quietSince,
    words,
    batch.id,
  )
}

function finishBatch(sql: Sql, batchId: BatchId, at: Timestamp): void {
  run(sql, `UPDATE batch SET status = 'finished', finished_at = ?, cancel_asked_at = NULL WHERE id = ?`, at, batchId)
}

/**
 * Notes every result with its basis. The identifier follows while this batch is the one it is in; what is said late
 * about one that went again counts where its later batch has no word (`earlier-words.ts`).
 */
function applyChanges(
  sql: Sql,
  batch: Batch,
  changes: readonly DeliveryChange[],
  at: Timestamp,
): ReadonlyMap<IdentifierState, number> {
  const moves: Move[] = []
  const changed = new Map<IdentifierState, number>()
  let known = 0
  for (const change of changes) {
    const noted = run(
      sql,
      `UPDATE delivery SET result = ?, vendor_words = ?, basis = ?, basis_reason = NULL, result_at = ?
       WHERE batch_id = ? AND position = ? AND identifier_id = ?`,
      stateNumbers[change.state],
      change.vendorWords,
      change.basis,
      at,
      batch.id,
      change.position,
      change.identifierId,
    )
    if (noted !== 1) throw new Error('A result names a delivery that is not in this batch')
    const identifier = identifierNow(sql, change.identifierId)
    if (identifier === undefined || identifier.state === change.state) continue
    const state =
      identifier.batchId === batch.id
        ? stateByItself(sql, batch, change, at)
        : stateByEarlierWord(sql, batch, change, identifier, at)
    if (state === null || state === identifier.state) continue
    moves.push({ identifierId: change.identifierId, state })
    if (state !== change.state && identifier.batchId === batch.id) known += 1
    else changed.set(state, (changed.get(state) ?? 0) + 1)
  }
  moveIdentifiers(sql, moves, at)
  if (known > 0) noteKnown(sql, batch, known, at)
  return changed
}

/** One that ends unnamed is erased all the same where the vendor named it with success in another batch. */
function stateByItself(sql: Sql, batch: Batch, change: DeliveryChange, at: Timestamp): IdentifierState {
  if (change.state !== 'unconfirmed') return change.state
  const place = { batchId: batch.id, identifierId: change.identifierId, at }
  return isErasedByEarlierWord(sql, place) ? 'erased' : 'unconfirmed'
}

function noteKnown(sql: Sql, batch: Batch, known: number, at: Timestamp): void {
  addEvent(sql, {
    at,
    actor: 'app',
    kind: 'erased by an earlier word',
    words: `Of batch ${batch.number}, ${identifiersInWords(known)} not named in it: erased by the vendor’s word for an earlier batch.`,
    requestId: batch.request_id,
    batchId: batch.id,
    payload: { batch: batch.number, identifiers: known },
  })
}

function replaceStrangers(sql: Sql, batchId: BatchId, answer: Answered): void {
  run(sql, 'DELETE FROM named_stranger WHERE batch_id = ?', batchId)
  for (const [position, stranger] of answer.strangers.entries()) {
    run(
      sql,
      'INSERT INTO named_stranger (batch_id, position, value, status, success) VALUES (?, ?, ?, ?, ?)',
      batchId,
      position,
      stranger.value,
      stranger.status,
      Number(stranger.success),
    )
  }
}

/** Keeps the vendor's word for identifiers that it names without settling them. */
function noteSaid(sql: Sql, batch: Batch, answer: Answered): void {
  for (const { position, vendorWords } of answer.said ?? []) {
    run(
      sql,
      'UPDATE delivery SET vendor_words = ? WHERE batch_id = ? AND position = ? AND vendor_words IS NOT ?',
      vendorWords,
      batch.id,
      position,
      vendorWords,
    )
  }
}

/** The different words of the vendor's for the identifiers of a batch, the commonest first; null: none. */
function saidOf(sql: Sql, batchId: BatchId): string | null {
  const words = all<{ words: string }>(
    sql,
    `SELECT vendor_words AS words FROM delivery WHERE batch_id = ? AND vendor_words IS NOT NULL
     GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 10`,
    batchId,
  )
  return words.length === 0
    ? null
    : words
        .map((row) => row.words)
        .join(', ')
        .slice(0, 500)
}

function noteChanges(sql: Sql, batch: Batch, changed: ReadonlyMap<IdentifierState, number>, at: Timestamp): void {
  // What becomes unconfirmed is the app's conclusion, told with the batch's end.
  const said = new Map([...changed].filter(([state]) => state !== 'unconfirmed'))
  if (said.size === 0) return
  addEvent(sql, {
    at,
    actor: 'vendor',
    kind: 'answer',
    words: `The vendor answered for batch ${batch.number}: ${countsInWords(said)}.`,
    requestId: batch.request_id,
    batchId: batch.id,
    payload: { batch: batch.number, ...Object.fromEntries(said) },
  })
}

/** That a batch is finished is this app's conclusion: why it was drawn, and what became of the whole batch. */
function noteEnd(sql: Sql, batch: Batch, cause: string | null, at: Timestamp): void {
  const results = new Map(
    all<{ result: number; count: number }>(
      sql,
      'SELECT result, count(*) AS count FROM delivery WHERE batch_id = ? AND result IS NOT NULL GROUP BY result',
      batch.id,
    ).map(({ result, count }) => [stateFromNumber(result), count] as const),
  )
  const why =
    cause ??
    (results.has('unconfirmed')
      ? `its answer has not changed for ${durationInWords(readSettings(batch.settings).quietMilliseconds)}`
      : batch.size === 1
        ? 'its identifier is named'
        : `all ${batch.size.toLocaleString('en-GB')} identifiers are named`)
  addEvent(sql, {
    at,
    actor: 'app',
    kind: 'finished',
    words: `Batch ${batch.number} is finished, since ${why}: ${countsInWords(results)}.`,
    requestId: batch.request_id,
    batchId: batch.id,
    payload: { batch: batch.number, ...Object.fromEntries(results) },
  })
}

function countsInWords(counts: ReadonlyMap<IdentifierState, number>): string {
  const parts = identifierStates.flatMap((state) => {
    const count = counts.get(state)
    return count === undefined ? [] : [`${count.toLocaleString('en-GB')} ${state}`]
  })
  return parts.length === 0 ? 'nothing new' : parts.join(', ')
}

/** "24 h", "90 min", "2 s". */
function durationInWords(milliseconds: number): string {
  const minutes = milliseconds / 60_000
  if (minutes < 1) return `${Math.round(milliseconds / 1000)} s`
  return minutes >= 60 && minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.round(minutes)} min`
}
