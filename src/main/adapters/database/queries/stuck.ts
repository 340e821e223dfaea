/** Batches that the vendor accepted and about which it has said nothing new for long. */
import type { RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import { stuckAfterMilliseconds, type Stuck } from '../../../../shared/model/request.ts'
import { all, one, type Sql } from '../sql.ts'

const isStuck = `b.status = 'accepted' AND coalesce(b.quiet_since, b.accepted_at) < ?1`
const most = 100

/** The open requests that have such batches, the first hundred. */
export function stuckRequests(
  sql: Sql,
  now: Timestamp,
): readonly (Stuck & Readonly<{ requestId: RequestId; requestName: string }>)[] {
  const rows = all<{ id: RequestId; name: string }>(
    sql,
    `SELECT r.id, r.name FROM request r WHERE r.phase = 'open'
       AND EXISTS (SELECT 1 FROM batch b WHERE b.request_id = r.id AND ${isStuck}) ORDER BY r.id LIMIT ${most}`,
    now - stuckAfterMilliseconds,
  )
  return rows.flatMap(({ id, name }) => {
    const stuck = stuckOf(sql, id, now)
    return stuck === null ? [] : [{ requestId: id, requestName: name, ...stuck }]
  })
}

/** Those of one request; null: none. */
export function stuckOf(sql: Sql, requestId: RequestId, now: Timestamp): Stuck | null {
  const before = now - stuckAfterMilliseconds
  const found = one<{ batches: number; since: Timestamp | null }>(
    sql,
    `SELECT count(*) AS batches, min(coalesce(b.quiet_since, b.accepted_at)) AS since FROM batch b
     WHERE b.request_id = ?2 AND ${isStuck}`,
    before,
    requestId,
  )
  if (found === undefined || found.since === null) return null
  const words = one<{ words: string }>(
    sql,
    `SELECT b.vendor_words AS words FROM batch b
     WHERE b.request_id = ?2 AND ${isStuck} AND b.vendor_words IS NOT NULL
     GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`,
    before,
    requestId,
  )
  return { batches: found.batches, since: found.since, vendorWords: words?.words ?? null }
}
