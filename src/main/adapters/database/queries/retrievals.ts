/** The copies of a request, the newest first. */
import type { ParsedInput, Value } from '../../../../shared/contract.ts'
import { succeed, type Result } from '../../../../shared/failure.ts'
import type { RetrievalId, Timestamp } from '../../../../shared/model/ids.ts'
import type { FileUse, RetrievalStatus } from '../../../../shared/model/retrieval.ts'
import { readScope } from '../../../../shared/model/scope.ts'
import type { History } from '../history.ts'
import { all, number } from '../sql.ts'

type Columns = Readonly<{
  id: RetrievalId
  number: number
  again_of: number | null
  status: RetrievalStatus
  canonical: string
  disclosure: string | null
  size: number
  vendor_request_id: string | null
  vendor_words: string | null
  note: string | null
  asked_at: Timestamp
  ready_at: Timestamp | null
  next_poll_at: Timestamp | null
  answer_at: Timestamp | null
  link_expires_at: Timestamp | null
  link_refused_at: Timestamp | null
  used: FileUse | null
  used_at: Timestamp | null
}>

export function listRetrievals(
  history: History,
  input: ParsedInput<'listRetrievals'>,
): Result<Value<'listRetrievals'>> {
  const { sql } = history
  const after = 'after' in input.anchor ? input.anchor.after : Number.MAX_SAFE_INTEGER
  const offset = 'index' in input.anchor ? input.anchor.index : 0
  const count = (since: number): number =>
    number(
      sql,
      `SELECT count(*) AS value FROM retrieval WHERE request_id = ? AND status <> 'preparing' AND id >= ?`,
      input.requestId,
      since,
    )
  const rows = all<Columns>(
    sql,
    `SELECT t.*, s.canonical FROM retrieval t JOIN scope s ON s.id = t.scope_id
     WHERE t.request_id = ? AND t.status <> 'preparing' AND t.id < ? ORDER BY t.id DESC LIMIT ? OFFSET ?`,
    input.requestId,
    after,
    input.limit,
    offset,
  )
  const total = count(0)
  return succeed({
    rows: rows.map((row) => ({
      id: row.id,
      number: row.number,
      againOf: row.again_of,
      status: row.status,
      scope: readScope(row.canonical),
      disclosure: row.disclosure,
      size: row.size,
      vendorRequestId: row.vendor_request_id,
      askedAt: row.asked_at,
      readyAt: row.ready_at,
      lastAnswerAt: row.answer_at,
      nextPollAt: row.next_poll_at,
      vendorWords: row.vendor_words,
      note: row.note,
      linkExpiresAt: row.link_expires_at,
      linkRefusedAt: row.link_refused_at,
      used: row.used === null || row.used_at === null ? null : { how: row.used, at: row.used_at },
      saving: null,
    })),
    start: 'index' in input.anchor ? Math.min(offset, total) : count(after),
    total,
  })
}
