/** Batches: cut from the identifiers that are in no call yet, or made anew for identifiers that go again. */
import type {
  AccountId,
  BatchId,
  ConnectionId,
  IdentifierId,
  RequestId,
  Timestamp,
} from '../../../../shared/model/ids.ts'
import { all, insert, one, run, type Sql } from '../sql.ts'
import { mayCallNow } from './breaker.ts'
import { identifiersPerCall } from './call-size.ts'
import { moveIdentifiers } from './moves.ts'

/** The oldest open request of the account that has identifiers in no call yet, and may send. */
export function requestWithUnbatched(sql: Sql, accountId: AccountId, at: Timestamp): RequestId | undefined {
  return one<{ id: RequestId }>(
    sql,
    `SELECT r.id FROM connection c
     JOIN request r ON r.connection_id = c.id AND r.phase = 'open' AND r.paused_at IS NULL
     JOIN identifier_count n ON n.request_id = r.id AND n.state = 2 AND n.decided = 0 AND n.count > 0
     WHERE c.account_id = ? AND ${mayCallNow}
       AND NOT EXISTS (SELECT 1 FROM import m WHERE m.request_id = r.id AND m.status = 'running')
       AND EXISTS (SELECT 1 FROM identifier i WHERE i.request_id = r.id AND i.state = 2 AND i.batch_id IS NULL)
     ORDER BY r.sent_at, r.id LIMIT 1`,
    accountId,
    at,
  )?.id
}

/** Cuts the next batch of a request: identifiers of one effective scope, in the order of the file. */
export function formBatch(sql: Sql, requestId: RequestId, now: Timestamp): BatchId {
  const request = one<{ connection_id: ConnectionId; scope_id: number | null }>(
    sql,
    'SELECT connection_id, scope_id FROM request WHERE id = ?',
    requestId,
  )
  if (request === undefined) throw new Error(`No request has the id ${requestId}`)
  const limit = identifiersPerCall(sql, request.connection_id)
  const first = one<{ scope_id: number }>(
    sql,
    `SELECT scope_id FROM identifier WHERE request_id = ? AND state = 2 AND batch_id IS NULL
     ORDER BY scope_id, id LIMIT 1`,
    requestId,
  )
  if (first === undefined) throw new Error('A batch needs identifiers')
  const scopeId = first.scope_id === 0 ? request.scope_id : first.scope_id
  if (scopeId === null) throw new Error('A batch needs a scope')
  const identifiers = unbatched(sql, requestId, scopeId === request.scope_id ? [0, scopeId] : [scopeId], 0, limit)
  return createBatch(sql, { requestId, scopeId, identifiers, now, parent: null })
}

/** Identifiers in no call yet of these scope ids, by id, from after `after` on. */
export function unbatched(
  sql: Sql,
  requestId: RequestId,
  scopeIds: readonly number[],
  after: number,
  limit: number,
): readonly IdentifierId[] {
  return scopeIds
    .flatMap((scopeId) =>
      all<{ id: IdentifierId }>(
        sql,
        `SELECT id FROM identifier WHERE request_id = ? AND scope_id = ? AND state = 2 AND batch_id IS NULL AND id > ?
         ORDER BY id LIMIT ?`,
        requestId,
        scopeId,
        after,
        limit,
      ),
    )
    .map(({ id }) => id)
    .toSorted((a, b) => a - b)
    .slice(0, limit)
}

/**
 * A queued batch of these identifiers with its deliveries, numbered next in its request. Identifiers that come from a
 * parent batch go back to `queued` and belong to the new one from here on; what was looked up for the parent holds for it.
 */
export function createBatch(
  sql: Sql,
  input: Readonly<{
    requestId: RequestId
    scopeId: number
    identifiers: readonly IdentifierId[]
    now: Timestamp
    parent: Readonly<{ id: BatchId; reason: 'split' | 'retry' | 'resend' }> | null
  }>,
): BatchId {
  const numbered = one<{ batch_numbers: number; connection_id: ConnectionId }>(
    sql,
    'UPDATE request SET batch_numbers = batch_numbers + 1 WHERE id = ? RETURNING batch_numbers, connection_id',
    input.requestId,
  )
  if (numbered === undefined) throw new Error(`No request has the id ${input.requestId}`)
  const batchId = insert<BatchId>(
    sql,
    `INSERT INTO batch (request_id, connection_id, number, scope_id, parent_id, reason, status, size, created_at, looked_up)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'queued', ?7, ?8, coalesce((SELECT looked_up FROM batch WHERE id = ?5), 'none'))`,
    input.requestId,
    numbered.connection_id,
    numbered.batch_numbers,
    input.scopeId,
    input.parent?.id ?? null,
    input.parent?.reason ?? null,
    input.identifiers.length,
    input.now,
  )
  for (const [position, identifierId] of input.identifiers.entries()) {
    run(
      sql,
      'INSERT INTO delivery (batch_id, position, identifier_id) VALUES (?, ?, ?)',
      batchId,
      position,
      identifierId,
    )
  }
  moveIdentifiers(
    sql,
    input.identifiers.map((identifierId) => ({ identifierId, state: 'queued', batchId })),
    input.now,
  )
  return batchId
}
