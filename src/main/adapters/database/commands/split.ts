/**
 * The search for the identifier at fault in a call that was rejected as a whole: the batch is halved until it is alone.
 * All of it happens within the transaction that writes the end of the call, so that no parent is without its children.
 */
import { halvesOf, sameWordsInARow } from '../../../../shared/model/bisection.ts'
import type { StopCause } from '../../../../shared/model/connection.ts'
import type { BatchId, IdentifierId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import { stateNumbers } from '../../../../shared/model/state.ts'
import { all, number, run, type Sql } from '../sql.ts'
import { addEvent, identifiersInWords } from './events.ts'
import { createBatch } from './form-batch.ts'
import { moveIdentifiers } from './moves.ts'
import { setResults } from './sender.ts'

export type RejectedBatch = Readonly<{ id: BatchId; requestId: RequestId; number: number; scopeId: number }>

/** Puts the identifiers of a rejected batch into two new ones, in the order in which they stood in the call. */
export function splitBatch(sql: Sql, batch: RejectedBatch, at: Timestamp, words: string, tooLarge: boolean): void {
  const identifiers = all<{ id: IdentifierId }>(
    sql,
    `SELECT i.id FROM delivery d JOIN identifier i ON i.id = d.identifier_id
     WHERE d.batch_id = ?1 AND i.batch_id = ?1 ORDER BY d.position`,
    batch.id,
  ).map(({ id }) => id)
  moveIdentifiers(
    sql,
    identifiers.map((identifierId) => ({ identifierId, state: 'held' })),
    at,
  )
  setResults(sql, batch.id, 'held', words, at)
  run(sql, `UPDATE delivery SET basis = 'sent again in halves' WHERE batch_id = ?`, batch.id)
  run(sql, `UPDATE batch SET status = 'resolved', finished_at = ?, vendor_words = ? WHERE id = ?`, at, words, batch.id)
  const numbers = halvesOf(identifiers).map((half) => {
    const parent = { id: batch.id, reason: 'split' } as const
    const child = { requestId: batch.requestId, scopeId: batch.scopeId, identifiers: half, now: at, parent }
    return numberOf(sql, createBatch(sql, child))
  })
  addEvent(sql, {
    at,
    actor: 'app',
    kind: 'split',
    words: `Batch ${batch.number} was ${tooLarge ? 'too large for the vendor' : 'rejected as a whole'}: its ${identifiersInWords(identifiers.length)} go again in halves, as batches ${numbers.join(' and ')}.`,
    requestId: batch.requestId,
    batchId: batch.id,
    payload: { batch: batch.number, identifiers: identifiers.length, first: numbers[0] ?? 0, second: numbers[1] ?? 0 },
  })
}

function numberOf(sql: Sql, batchId: BatchId): number {
  return number(sql, 'SELECT number AS value FROM batch WHERE id = ?', batchId)
}

/**
 * Pauses the request where the last identifiers that were alone in their calls, so many in a row, were rejected with the
 * same words and no call of this scope was accepted meanwhile: then no identifier is at fault, and splitting on would
 * only spend the budget. A person answers once for these words; resumed, they pause the request no more.
 */
export function pauseWhereNoIdentifierIsAtFault(sql: Sql, batch: RejectedBatch, at: Timestamp, words: string): void {
  const { requestId } = batch
  if (!areRefusedInARow(sql, batch, words) || wasAskedAbout(sql, requestId, words)) return
  const left = number(
    sql,
    'SELECT sum(count) AS value FROM identifier_count WHERE request_id = ? AND state = ?',
    requestId,
    stateNumbers.queued,
  )
  if (left === 0) return
  const cause: StopCause = {
    at,
    title: 'The vendor rejects every identifier with the same words: the rest of this request is held back',
    explanation: `${sameWordsInARow} identifiers in a row, each alone in its call, were rejected with the same words, and no call to these bots was accepted meanwhile. The cause is hardly any one identifier, so calls are not split any further. What is not sent stays queued.`,
    steps: [
      'Compare the vendor’s words with the bots that are named, and with the settings of the connection: how a channel pair is written, for one.',
      'Where the cause is put right, or it is these identifiers after all, resume: these words do not pause this request again. Where the bots are wrong, cancel what is unsent and make a new request.',
      'Those that were refused can be retried once the cause is found.',
    ],
    vendorWords: words,
  }
  const paused = run(
    sql,
    `UPDATE request SET paused_at = ?, paused_cause = ?, asked_about = ?
     WHERE id = ? AND phase = 'open' AND paused_at IS NULL`,
    at,
    JSON.stringify(cause),
    words,
    requestId,
  )
  if (paused === 0) return
  addEvent(sql, {
    at,
    actor: 'app',
    kind: 'paused',
    words: `Paused: ${sameWordsInARow} identifiers in a row, each alone in its call, were rejected with the same words. What is not sent stays queued until the request is resumed.`,
    requestId,
    batchId: batch.id,
    payload: { identifiers: left },
  })
}

/** Calls that say nothing of an identifier (in doubt, never left, rejected with others in them) are passed over. */
function areRefusedInARow(sql: Sql, { requestId, scopeId }: RejectedBatch, words: string): boolean {
  const last = all<{ ending: string; vendor_words: string | null }>(
    sql,
    `SELECT a.ending, a.vendor_words FROM attempt a JOIN batch b ON b.id = a.batch_id
     WHERE a.request_id = ? AND a.kind = 'erase' AND b.scope_id = ?
       AND (a.ending = 'accepted' OR (a.ending = 'rejected' AND b.size = 1))
     ORDER BY a.id DESC LIMIT ?`,
    requestId,
    scopeId,
    sameWordsInARow,
  )
  return last.length === sameWordsInARow && last.every((row) => row.ending === 'rejected' && row.vendor_words === words)
}

function wasAskedAbout(sql: Sql, requestId: RequestId, words: string): boolean {
  return number(sql, 'SELECT asked_about IS ? AS value FROM request WHERE id = ?', words, requestId) === 1
}
