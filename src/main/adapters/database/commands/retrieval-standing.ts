/** Where copies of people's data stand, for what else depends on it: a new sender, and a draft that is to lose rows. */
import { fail, type Failed } from '../../../../shared/failure.ts'
import type { RequestId, RetrievalId, Timestamp } from '../../../../shared/model/ids.ts'
import type { RetrievalStatus } from '../../../../shared/model/retrieval.ts'
import { all, number, one, run, type Sql } from '../sql.ts'
import { addEvent } from './events.ts'

export type Retrieval = Readonly<{
  id: RetrievalId
  request_id: RequestId
  number: number
  size: number
  status: RetrievalStatus
  vendor_words: string | null
}>

/** The row of a copy; undefined where its draft was discarded. */
export function retrievalRow(sql: Sql, retrievalId: RetrievalId | null): Retrieval | undefined {
  return one<Retrieval>(
    sql,
    'SELECT id, request_id, number, size, status, vendor_words FROM retrieval WHERE id = ?',
    retrievalId,
  )
}

/** Notes that nobody knows whether the vendor was asked for it: a person decides. */
export function markInDoubt(sql: Sql, retrieval: Retrieval, at: Timestamp, note: string): void {
  run(sql, `UPDATE retrieval SET status = 'outcome unknown', note = ? WHERE id = ?`, note, retrieval.id)
  addEvent(sql, {
    at,
    actor: 'app',
    kind: 'copy in doubt',
    words: `Nobody knows whether copy ${retrieval.number} was asked for: the vendor may or may not make it.`,
    requestId: retrieval.request_id,
    payload: { retrieval: retrieval.number },
  })
}

/** What a dead sender left under way: a call that asked for a copy is in doubt, a status call is made again. */
export function recoverRetrieval(sql: Sql, retrievalId: RetrievalId, now: Timestamp): void {
  run(sql, 'UPDATE retrieval SET polling = 0 WHERE id = ?', retrievalId)
  const retrieval = retrievalRow(sql, retrievalId)
  if (retrieval?.status === 'sending')
    markInDoubt(sql, retrieval, now, 'Erasure Desk ended while the call that asked for it was under way.')
}

/** Where an earlier history was put back: what was to be asked for may have been since. */
export function doubtQueuedRetrievals(sql: Sql, now: Timestamp): void {
  const queued = all<Retrieval>(
    sql,
    `SELECT id, request_id, number, size, status, vendor_words FROM retrieval WHERE status = 'queued' ORDER BY id`,
  )
  for (const retrieval of queued)
    markInDoubt(sql, retrieval, now, 'An earlier copy of the history was put back: it may have been asked for since.')
}

/** Copies whose ask was cut off before all of them were written down: none of them was sent. */
export function dropHalfAsked(sql: Sql): void {
  run(sql, `DELETE FROM retrieval WHERE status = 'preparing'`)
}

/** Why rows may not be taken out of a request now; null: no copy that is being made needs them. */
export function heldByRetrievals(sql: Sql, requestId: RequestId): Failed | null {
  const asked = number(
    sql,
    `SELECT count(*) AS value FROM retrieval
     WHERE request_id = ? AND status IN ('preparing', 'queued', 'sending', 'accepted', 'outcome unknown')`,
    requestId,
  )
  if (asked === 0) return null
  return fail('wrong-state', 'Copies of the data of these people are still being made.', {
    kept: 'Nothing was changed.',
    next: 'Wait until they are ready, or leave them first.',
  })
}
