/**
 * A batch's look-up: which batch is due one, its place in the journal, and what follows from its end. The batch stays
 * queued all the while, since nothing irreversible is under way.
 */
import { assertNever, succeed, type Result } from '../../../../shared/failure.ts'
import { kindFromNumber, kindNumbers } from '../../../../shared/model/identifier.ts'
import type { BatchId, IdentifierId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import { lookedUpKind, mostUnansweredLookUps, type LookUpState } from '../../../../shared/model/look-up.ts'
import type { AttemptResult, ConnectionForCall, Epoch, LookUpOutcome, ReservedLookUp } from '../../../core/ports.ts'
import type { History } from '../history.ts'
import { all, inTransaction, number, one, run, type Sql } from '../sql.ts'
import { weighUnclear } from './breaker.ts'
import { journalAttempt } from './budget.ts'
import { addEvent } from './events.ts'
import { endAttempt, holdAccount, stopConnection } from './finish-attempt.ts'

/** For a batch `b`: it holds what can be looked up, and was not looked up. Whether its connection wants it is apart. */
export const canBeLookedUp = `b.looked_up = 'none' AND EXISTS (SELECT 1 FROM delivery d
  JOIN identifier i ON i.id = d.identifier_id WHERE d.batch_id = b.id AND i.kind = ${kindNumbers[lookedUpKind]})`

/** For a connection `c`: its settings ask for look-ups. */
export const wantsLookUps = `(c.settings ->> '$.lookUpFirst') IS 1`

/** True where the next call of this queued batch is a look-up. */
export function needsLookUp(sql: Sql, batchId: BatchId, { settings }: ConnectionForCall): boolean {
  if (!settings.lookUpFirst) return false
  return number(sql, `SELECT count(*) AS value FROM batch b WHERE b.id = ? AND ${canBeLookedUp}`, batchId) === 1
}

/** Journals the look-up of a queued batch, within the caller's transaction; `at` as `steadyTime` dates the moment. */
export function reserveLookUp(
  sql: Sql,
  batch: Readonly<{ id: BatchId; requestId: RequestId }>,
  connection: ConnectionForCall,
  { jti, epoch, now, at }: Readonly<{ jti: string; epoch: Epoch; now: Timestamp; at: Timestamp }>,
): ReservedLookUp {
  const { callTimeoutMilliseconds: timeoutMilliseconds } = connection.settings
  const { id: batchId, requestId } = batch
  const attemptId = journalAttempt(sql, {
    jti,
    kind: 'look-up',
    accountId: connection.accountId,
    connectionId: connection.id,
    requestId,
    batchId,
    epoch,
    now,
    spentFrom: at + timeoutMilliseconds,
    timeoutMilliseconds,
  })
  run(sql, 'UPDATE batch SET looking_up = 1 WHERE id = ?', batchId)
  const unanswered = number(sql, 'SELECT look_ups_unanswered AS value FROM batch WHERE id = ?', batchId)
  const identifiers = identifiersToLookUp(sql, batchId)
  return { kind: 'look-up', attemptId, jti, requestId, batchId, connection, identifiers, unanswered }
}

function identifiersToLookUp(sql: Sql, batchId: BatchId): ReservedLookUp['identifiers'] {
  const rows = all<{ identifier_id: IdentifierId; kind: number; value: string | null; channel_id: string | null }>(
    sql,
    `SELECT d.identifier_id, i.kind, i.value, i.channel_id FROM delivery d JOIN identifier i ON i.id = d.identifier_id
     WHERE d.batch_id = ? AND i.kind = ? ORDER BY d.position`,
    batchId,
    kindNumbers[lookedUpKind],
  )
  return rows.map((row) => ({
    identifierId: row.identifier_id,
    kind: kindFromNumber(row.kind),
    value: row.value ?? '',
    channelId: row.channel_id,
  }))
}

type Batch = Readonly<{
  id: BatchId
  request_id: RequestId
  number: number
  status: string
  look_ups_unanswered: number
}>

/** Writes the end of a look-up and all that follows from it, at once. Written twice it changes nothing more. */
export function finishLookUp(history: History, result: AttemptResult, outcome: LookUpOutcome): Result<null> {
  const { sql } = history
  return inTransaction(sql, () => {
    const ended = endAttempt(history, 'look-up', result)
    if (!ended.ok) return ended
    if (ended.value.already) return succeed(null)
    const batch = one<Batch>(
      sql,
      'SELECT id, request_id, number, status, look_ups_unanswered FROM batch WHERE id = ?',
      ended.value.batchId,
    )
    if (batch === undefined) throw new Error('A look-up belongs to a batch')
    run(sql, 'UPDATE batch SET looking_up = 0 WHERE id = ?', batch.id)
    const at = result.endedAt
    switch (outcome.kind) {
      case 'answer':
        takeFound(sql, batch, outcome.found, at)
        break
      case 'again':
        run(sql, 'UPDATE batch SET not_before = ? WHERE id = ?', outcome.notBefore, batch.id)
        holdAccount(sql, ended.value.accountId, outcome.accountHoldUntil, at)
        break
      case 'stop the line':
        run(sql, 'UPDATE batch SET not_before = 0 WHERE id = ?', batch.id)
        stopConnection(sql, ended.value, outcome.cause, at)
        break
      case 'rejected':
        goWithout(sql, batch, at, 'the vendor rejected it')
        break
      case 'no answer':
        takeSilence(sql, batch, outcome.notBefore, at)
        break
      default:
        return assertNever(outcome)
    }
    // An answer to a look-up says nothing of the erase calls; a server error does.
    weighUnclear(sql, ended.value, result)
    return succeed(null)
  })
}

/** What was cancelled while it was looked up has no use for the vendor's ids: none is kept. */
function takeFound(
  sql: Sql,
  batch: Batch,
  found: Extract<LookUpOutcome, { kind: 'answer' }>['found'],
  at: Timestamp,
): void {
  if (batch.status !== 'queued') return
  for (const { identifierId, vendorId } of found) {
    run(
      sql,
      `INSERT INTO identifier_alias (identifier_id, value, source, recorded_at)
       SELECT d.identifier_id, ?1, 'look-up', ?2 FROM delivery d WHERE d.batch_id = ?3 AND d.identifier_id = ?4
         AND NOT EXISTS (SELECT 1 FROM identifier_alias a
                         WHERE a.identifier_id = ?4 AND a.source = 'look-up' AND a.value = ?1)`,
      vendorId,
      at,
      batch.id,
      identifierId,
    )
  }
  const asked = identifiersToLookUp(sql, batch.id).length
  mark(sql, batch, 'answered')
  addEvent(sql, {
    at,
    actor: 'vendor',
    kind: 'looked up',
    words: `Batch ${batch.number} was looked up: the vendor has an id of its own for ${found.length.toLocaleString('en-GB')} of ${emailsInWords(asked)}.`,
    requestId: batch.request_id,
    batchId: batch.id,
    payload: { batch: batch.number, asked, found: found.length },
  })
}

function takeSilence(sql: Sql, batch: Batch, notBefore: Timestamp, at: Timestamp): void {
  const unanswered = batch.look_ups_unanswered + 1
  run(sql, 'UPDATE batch SET look_ups_unanswered = ? WHERE id = ?', unanswered, batch.id)
  if (unanswered >= mostUnansweredLookUps) return goWithout(sql, batch, at, `it got no answer ${unanswered} times`)
  run(sql, 'UPDATE batch SET not_before = ? WHERE id = ?', notBefore, batch.id)
}

function goWithout(sql: Sql, batch: Batch, at: Timestamp, why: string): void {
  if (batch.status !== 'queued') return
  mark(sql, batch, 'without')
  addEvent(sql, {
    at,
    actor: 'app',
    kind: 'not looked up',
    words: `Batch ${batch.number} goes on without its look-up, since ${why}. An email of it that the vendor names by an id of its own will be unconfirmed.`,
    requestId: batch.request_id,
    batchId: batch.id,
    payload: { batch: batch.number },
  })
}

/** Its erase call may be reserved from here on. */
function mark(sql: Sql, batch: Batch, state: LookUpState): void {
  run(sql, 'UPDATE batch SET looked_up = ?, not_before = 0 WHERE id = ?', state, batch.id)
}

function emailsInWords(count: number): string {
  return count === 1 ? '1 email' : `${count.toLocaleString('en-GB')} emails`
}
