/** Which identifiers a decision is about, batch by batch; the same for the plan of it and for carrying it out. */
import type { BatchId, IdentifierId, RequestId } from '../../../../shared/model/ids.ts'
import { stateNumbers } from '../../../../shared/model/state.ts'
import type { DecisionSubject } from '../../../core/ports.ts'
import { all, number, type Sql } from '../sql.ts'

/** The identifiers of one batch, or (null) of none, by the scope that their call would carry. */
export type DecisionGroup = Readonly<{ batchId: BatchId | null; scopeId: number; count: number }>

const ofState = 'i.request_id = ? AND i.state = ? AND i.decided = 0'
const joined = `identifier i JOIN batch b ON b.id = i.batch_id
  JOIN delivery d ON d.identifier_id = i.id AND d.batch_id = i.batch_id`

/** Every group as it stands now, in the order of the batches. Empty: nothing waits for the decision. */
export function decisionGroups(sql: Sql, { requestId, target, state }: DecisionSubject): readonly DecisionGroup[] {
  const stateNumber = stateNumbers[state]
  if ('identifierId' in target) {
    return all<DecisionGroup>(
      sql,
      `SELECT i.batch_id AS batchId, coalesce(b.scope_id, nullif(i.scope_id, 0), r.scope_id, 0) AS scopeId, 1 AS count
       FROM identifier i JOIN request r ON r.id = i.request_id LEFT JOIN batch b ON b.id = i.batch_id
       WHERE i.id = ? AND i.request_id = ? AND i.state = ?`,
      target.identifierId,
      requestId,
      stateNumber,
    )
  }
  if ('batchId' in target) return batchesIn(sql, requestId, stateNumber, target.batchId)
  if ('vendorWords' in target) {
    return all<DecisionGroup>(
      sql,
      `SELECT i.batch_id AS batchId, b.scope_id AS scopeId, count(*) AS count FROM ${joined}
       WHERE ${ofState} AND d.vendor_words IS ? GROUP BY i.batch_id ORDER BY b.number`,
      requestId,
      stateNumber,
      target.vendorWords,
    )
  }
  const inBatches = batchesIn(sql, requestId, stateNumber, null)
  return [...inBatches, ...looseGroups(sql, requestId, stateNumber, inBatches)]
}

function batchesIn(sql: Sql, requestId: RequestId, state: number, batchId: BatchId | null): readonly DecisionGroup[] {
  return all<DecisionGroup>(
    sql,
    `SELECT b.id AS batchId, b.scope_id AS scopeId, n.count FROM batch b
     JOIN batch_count n ON n.batch_id = b.id AND n.state = ?2 AND n.decided = 0 AND n.count > 0
     WHERE b.request_id = ?1 AND (?3 IS NULL OR b.id = ?3) ORDER BY b.number`,
    requestId,
    state,
    batchId,
  )
}

/** Those in no batch, by their scope. */
function looseGroups(
  sql: Sql,
  requestId: RequestId,
  state: number,
  inBatches: readonly DecisionGroup[],
): readonly DecisionGroup[] {
  const total = number(
    sql,
    'SELECT count AS value FROM identifier_count WHERE request_id = ? AND state = ? AND decided = 0',
    requestId,
    state,
  )
  if (total === inBatches.reduce((sum, { count }) => sum + count, 0)) return []
  return all<DecisionGroup>(
    sql,
    `SELECT NULL AS batchId, coalesce(nullif(i.scope_id, 0), r.scope_id, 0) AS scopeId, count(*) AS count
     FROM identifier i JOIN request r ON r.id = i.request_id WHERE ${ofState} AND i.batch_id IS NULL GROUP BY 2`,
    requestId,
    state,
  )
}

/** The identifiers of one of the groups, in the order in which they stood in the call; of none, `limit` by id. */
export function identifiersOfGroup(
  sql: Sql,
  { requestId, target, state }: DecisionSubject,
  batchId: BatchId | null,
  limit: number,
): readonly IdentifierId[] {
  if ('identifierId' in target) {
    return all<{ id: IdentifierId }>(
      sql,
      'SELECT id FROM identifier WHERE id = ? AND request_id = ? AND state = ?',
      target.identifierId,
      requestId,
      stateNumbers[state],
    ).map(({ id }) => id)
  }
  if (batchId === null) {
    return all<{ id: IdentifierId }>(
      sql,
      `SELECT i.id FROM identifier i WHERE ${ofState} AND i.batch_id IS NULL ORDER BY i.id LIMIT ?`,
      requestId,
      stateNumbers[state],
      limit,
    ).map(({ id }) => id)
  }
  const words = 'vendorWords' in target ? target.vendorWords : null
  return all<{ id: IdentifierId }>(
    sql,
    `SELECT i.id FROM identifier i JOIN delivery d ON d.identifier_id = i.id AND d.batch_id = i.batch_id
     WHERE i.batch_id = ?1 AND i.request_id = ?2 AND i.state = ?3 AND i.decided = 0
       AND (?4 = 0 OR d.vendor_words IS ?5) ORDER BY d.position`,
    batchId,
    requestId,
    stateNumbers[state],
    'vendorWords' in target ? 1 : 0,
    words,
  ).map(({ id }) => id)
}
