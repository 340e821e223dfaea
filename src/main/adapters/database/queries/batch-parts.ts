/** What one batch, or the batches together, hold beside their rows. */
import type { ParsedInput, Value } from '../../../../shared/contract.ts'
import { succeed, type Result } from '../../../../shared/failure.ts'
import { readScope } from '../../../../shared/model/scope.ts'
import type { History } from '../history.ts'
import { all, number } from '../sql.ts'
import { groupsOfBatch } from './waiting-groups.ts'

const mostScopes = 100

export function listBatchGroups(
  history: History,
  { requestId, batchId }: ParsedInput<'listBatchGroups'>,
): Result<Value<'listBatchGroups'>> {
  return succeed(groupsOfBatch(history.sql, requestId, batchId))
}

/** Places in the answer have no gaps, so a place in the list is a position. */
export function listStrangers(
  { sql }: History,
  { requestId, batchId, anchor, limit }: ParsedInput<'listStrangers'>,
): Result<Value<'listStrangers'>> {
  const ofBatch = 'n.batch_id = (SELECT id FROM batch WHERE id = ? AND request_id = ?)'
  const total = number(sql, `SELECT count(*) AS value FROM named_stranger n WHERE ${ofBatch}`, batchId, requestId)
  const start = Math.min('index' in anchor ? anchor.index : anchor.after + 1, total)
  const rows = all<{ position: number; value: string | null; status: string; success: number }>(
    sql,
    `SELECT position, value, status, success FROM named_stranger n WHERE ${ofBatch} AND position >= ?
     ORDER BY position LIMIT ?`,
    batchId,
    requestId,
    start,
    limit,
  )
  return succeed({ rows: rows.map((row) => ({ ...row, success: row.success === 1 })), start, total })
}

/** By the first batch that each identifier was put in: one sent again is not counted twice. */
export function listScopes({ sql }: History, { requestId }: ParsedInput<'listScopes'>): Result<Value<'listScopes'>> {
  const first = 'FROM batch b WHERE b.request_id = ? AND b.parent_id IS NULL'
  const rows = all<{ canonical: string; identifiers: number; calls: number }>(
    sql,
    `SELECT s.canonical, g.identifiers, g.calls
     FROM (SELECT b.scope_id, sum(b.size) AS identifiers, count(*) AS calls ${first} GROUP BY b.scope_id) g
     JOIN scope s ON s.id = g.scope_id ORDER BY g.identifiers DESC, s.id LIMIT ${mostScopes}`,
    requestId,
  )
  return succeed({
    scopes: rows.map(({ canonical, identifiers, calls }) => ({ scope: readScope(canonical), identifiers, calls })),
    total: number(sql, `SELECT count(DISTINCT b.scope_id) AS value ${first}`, requestId),
  })
}
