/**
 * Rows that name the request's own scope in their cell mean the same as rows that leave the cell empty. Where both are
 * there for one identifier, the first is folded into the second: a duplicate, until the scope changes again.
 */
import { succeed, type Result } from '../../../../shared/failure.ts'
import type { IdentifierId, ImportId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import { stateNumbers } from '../../../../shared/model/state.ts'
import type { History } from '../history.ts'
import { forgetRepeats } from '../repeats/move.ts'
import { inSlices } from '../slices.ts'
import { all, insert, inTransaction, one, run, type Sql } from '../sql.ts'
import { addToRequest } from './moves.ts'

const reason = "same scope as the request's"
const queued = stateNumbers.queued

/**
 * Brings back what was folded into another scope, folds what names this one, and clears the request's mark. What was
 * kept back as a repeat of the history is let go before: at another scope it may be none.
 */
export async function foldScope(history: History, requestId: RequestId, now: Timestamp): Promise<Result<null>> {
  const { sql } = history
  await forgetRepeats(history, requestId, now)
  const scopeId = one<{ scope_id: number | null }>(
    sql,
    'SELECT scope_id FROM request WHERE id = ?',
    requestId,
  )?.scope_id
  await inSlices(history, (limit) => unfoldSlice(sql, requestId, scopeId ?? 0, limit))
  if (scopeId !== null && scopeId !== undefined) {
    let after = 0
    await inSlices(history, (limit) => {
      const slice = foldSlice(sql, requestId, scopeId, after, limit)
      after = slice.last
      return slice.rows
    })
  }
  return inTransaction(sql, () => {
    run(sql, 'UPDATE request SET scope_folding = 0 WHERE id = ?', requestId)
    return succeed(null)
  })
}

type Folded = Readonly<{
  import_id: ImportId
  line: number
  identifier_id: IdentifierId
  kind: number
  value: string
  channel_id: string | null
  token: Uint8Array
  scope_id: number
  case_reference: string | null
}>

function unfoldSlice(sql: Sql, requestId: RequestId, scopeId: number, limit: number): number {
  const rows = all<Folded>(
    sql,
    `SELECT import_id, line, identifier_id, kind, value, channel_id, token, scope_id, case_reference
     FROM folded_row WHERE request_id = ? AND scope_id <> ? LIMIT ?`,
    requestId,
    scopeId,
    limit,
  )
  let back = 0
  for (const row of rows) {
    const standing = one<{ id: IdentifierId }>(
      sql,
      'SELECT identifier_id AS id FROM identifier_token WHERE token = ? AND request_id = ? AND scope_id = ?',
      row.token,
      requestId,
      row.scope_id,
    )
    if (standing === undefined) {
      run(sql, 'DELETE FROM import_row WHERE import_id = ? AND line = ?', row.import_id, row.line)
      takeBackRepeats(sql, row, restore(sql, requestId, row))
      countMoved(sql, row.import_id, 1)
      back += 1
    } else {
      repeatAnother(sql, row, standing.id)
    }
    run(sql, 'DELETE FROM folded_row WHERE import_id = ? AND line = ?', row.import_id, row.line)
    run(
      sql,
      `DELETE FROM identifier_alias WHERE identifier_id = ? AND import_id = ? AND line = ? AND source = 'other spelling'`,
      row.identifier_id,
      row.import_id,
      row.line,
    )
  }
  addToRequest(sql, requestId, queued, 0, back)
  return rows.length
}

/** Makes a folded row an identifier again. */
function restore(sql: Sql, requestId: RequestId, row: Folded): IdentifierId {
  const id = insert<IdentifierId>(
    sql,
    `INSERT INTO identifier (request_id, person_id, import_id, line, kind, value, channel_id, token, scope_id, state,
       case_reference, state_at)
     VALUES (?, (SELECT l.person_id FROM case_reading c JOIN person_line l ON l.case_id = c.case_id AND l.line = ?
         WHERE c.import_id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT started_at FROM import WHERE id = ?))`,
    requestId,
    row.line,
    row.import_id,
    row.import_id,
    row.line,
    row.kind,
    row.value,
    row.channel_id,
    row.token,
    row.scope_id,
    queued,
    row.case_reference,
    row.import_id,
  )
  run(
    sql,
    'INSERT INTO identifier_token (token, request_id, scope_id, identifier_id) VALUES (?, ?, ?, ?)',
    row.token,
    requestId,
    row.scope_id,
    id,
  )
  return id
}

/** Rows that repeated this one before it was folded, told by the line they name, repeat it again with their spellings. */
function takeBackRepeats(sql: Sql, row: Folded, restored: IdentifierId): void {
  run(
    sql,
    `UPDATE import_row SET identifier_id = ?1 WHERE identifier_id = ?2 AND duplicate_of_line = ?3
     AND EXISTS (SELECT 1 FROM identifier t WHERE t.id = ?2 AND (t.line <> ?3 OR t.import_id = ?4))`,
    restored,
    row.identifier_id,
    row.line,
    row.import_id,
  )
  run(
    sql,
    `UPDATE identifier_alias SET identifier_id = ?1 WHERE identifier_id = ?2
     AND EXISTS (SELECT 1 FROM import_row r WHERE r.import_id = identifier_alias.import_id
                 AND r.line = identifier_alias.line AND r.identifier_id = ?1)`,
    restored,
    row.identifier_id,
  )
}

/** A row of another file with the same identifier and scope came back first: this one repeats that, and so do its repeats. */
function repeatAnother(sql: Sql, row: Folded, standing: IdentifierId): void {
  takeBackRepeats(sql, row, standing)
  run(
    sql,
    `UPDATE import_row SET reason = 'same identifier', (identifier_id, duplicate_of_line) =
       (SELECT id, line FROM identifier WHERE id = ?1)
     WHERE (import_id = ?2 AND line = ?3) OR (identifier_id = ?1 AND duplicate_of_line = ?3)`,
    standing,
    row.import_id,
    row.line,
  )
}

type Explicit = Readonly<{
  id: IdentifierId
  import_id: ImportId
  line: number
  kind: number
  value: string
  channel_id: string | null
  token: Uint8Array
  case_reference: string | null
  twin_id: IdentifierId | null
  twin_line: number | null
  twin_value: string | null
}>

function foldSlice(
  sql: Sql,
  requestId: RequestId,
  scopeId: number,
  after: number,
  limit: number,
): Readonly<{ rows: number; last: number }> {
  const rows = all<Explicit>(
    sql,
    `SELECT i.id, i.import_id, i.line, i.kind, i.value, i.channel_id, i.token, i.case_reference,
       t.id AS twin_id, t.line AS twin_line, t.value AS twin_value
     FROM identifier i
     LEFT JOIN identifier_token k ON k.token = i.token AND k.request_id = i.request_id AND k.scope_id = 0
     LEFT JOIN identifier t ON t.id = k.identifier_id
     WHERE i.request_id = ? AND i.scope_id = ? AND i.state = 2 AND i.batch_id IS NULL AND i.id > ?
     ORDER BY i.id LIMIT ?`,
    requestId,
    scopeId,
    after,
    limit,
  )
  let folded = 0
  for (const row of rows) {
    if (row.twin_id === null) continue
    foldRow(sql, requestId, scopeId, row, row.twin_id)
    folded += 1
  }
  addToRequest(sql, requestId, queued, 0, -folded)
  return { rows: rows.length, last: rows.at(-1)?.id ?? after }
}

function foldRow(sql: Sql, requestId: RequestId, scopeId: number, row: Explicit, twinId: IdentifierId): void {
  run(
    sql,
    `INSERT INTO folded_row (import_id, line, request_id, identifier_id, kind, value, channel_id, token, scope_id, case_reference)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.import_id,
    row.line,
    requestId,
    twinId,
    row.kind,
    row.value,
    row.channel_id,
    row.token,
    scopeId,
    row.case_reference,
  )
  run(
    sql,
    `INSERT INTO import_row (import_id, line, end_line, disposition, reason, identifier_id, duplicate_of_line, raw)
     VALUES (?, ?, ?, 'duplicate', ?, ?, ?, ?)`,
    row.import_id,
    row.line,
    row.line,
    reason,
    twinId,
    row.twin_line,
    row.value,
  )
  if (row.twin_value !== row.value) {
    run(
      sql,
      `INSERT INTO identifier_alias (identifier_id, value, source, import_id, line, recorded_at)
       VALUES (?, ?, 'other spelling', ?, ?, (SELECT started_at FROM import WHERE id = ?))`,
      twinId,
      row.value,
      row.import_id,
      row.line,
      row.import_id,
    )
  }
  // Rows that were counted as duplicates of this one now repeat the one it is folded into.
  run(sql, 'UPDATE identifier_alias SET identifier_id = ? WHERE identifier_id = ?', twinId, row.id)
  run(sql, 'UPDATE import_row SET identifier_id = ? WHERE identifier_id = ?', twinId, row.id)
  run(
    sql,
    'DELETE FROM identifier_token WHERE token = ? AND request_id = ? AND scope_id = ?',
    row.token,
    requestId,
    scopeId,
  )
  run(sql, 'DELETE FROM identifier WHERE id = ?', row.id)
  countMoved(sql, row.import_id, -1)
}

/** Moves rows of an import between identifiers and duplicates; their sum stays. */
function countMoved(sql: Sql, importId: ImportId, identifiers: number): void {
  run(
    sql,
    `UPDATE import SET identifier_count = identifier_count + ?1, duplicate_count = duplicate_count - ?1 WHERE id = ?2`,
    identifiers,
    importId,
  )
}
