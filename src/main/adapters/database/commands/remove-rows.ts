/** Takes imported rows away in slices, each a transaction of its own; begun again it goes on where it stopped. */
import { succeed } from '../../../../shared/failure.ts'
import type { ImportId, RequestId } from '../../../../shared/model/ids.ts'
import type { History } from '../history.ts'
import { inSlices } from '../slices.ts'
import { all, inTransaction, one, run, type Sql } from '../sql.ts'
import { addToRequest } from './moves.ts'

/** All rows of an import; the row of the import itself stays. */
export async function removeImportRows(history: History, importId: ImportId): Promise<void> {
  const { sql } = history
  const requestId = one<{ request_id: RequestId }>(
    sql,
    'SELECT request_id FROM import WHERE id = ?',
    importId,
  )?.request_id
  if (requestId === undefined) return
  // Each slice goes on behind the last, so that rows of another file are passed over once and not again each time.
  let after = 0
  await inSlices(history, (limit) => {
    const slice = removeIdentifiers(sql, requestId, importId, after, limit)
    after = slice.last
    return slice.rows
  })
  for (const table of ['identifier_alias', 'folded_row', 'import_row'] as const) {
    await inSlices(history, (limit) => removeRows(sql, table, importId, limit))
  }
}

/** A discarded draft with everything in it. */
export async function removeRequestRows(history: History, requestId: RequestId): Promise<void> {
  const { sql } = history
  const imports = all<{ id: ImportId }>(sql, 'SELECT id FROM import WHERE request_id = ?', requestId)
  for (const { id } of imports) await removeImportRows(history, id)
  inTransaction(sql, () => {
    run(sql, 'DELETE FROM request WHERE id = ?', requestId)
    return succeed(null)
  })
}

function removeIdentifiers(
  sql: Sql,
  requestId: RequestId,
  importId: ImportId,
  after: number,
  limit: number,
): Readonly<{ rows: number; last: number }> {
  const { last } = one<{ last: number | null }>(
    sql,
    `SELECT max(id) AS last FROM
       (SELECT id FROM identifier WHERE request_id = ? AND import_id = ? AND id > ? ORDER BY id LIMIT ?)`,
    requestId,
    importId,
    after,
    limit,
  ) ?? { last: null }
  if (last === null) return { rows: 0, last: after }
  const range = [requestId, importId, after, last] as const
  const gone = all<{ state: number; decided: number; count: number }>(
    sql,
    `SELECT state, decided, count(*) AS count FROM identifier
     WHERE request_id = ? AND import_id = ? AND id > ? AND id <= ? GROUP BY state, decided`,
    ...range,
  )
  for (const { state, decided, count } of gone) addToRequest(sql, requestId, state, decided, -count)
  const rows = run(
    sql,
    'DELETE FROM identifier WHERE request_id = ? AND import_id = ? AND id > ? AND id <= ?',
    ...range,
  )
  return { rows, last }
}

function removeRows(
  sql: Sql,
  table: 'identifier_alias' | 'folded_row' | 'import_row',
  importId: ImportId,
  limit: number,
): number {
  const key = table === 'identifier_alias' ? 'id' : 'line'
  return run(
    sql,
    `DELETE FROM ${table} WHERE import_id = ?1 AND ${key} IN (SELECT ${key} FROM ${table} WHERE import_id = ?1 LIMIT ?2)`,
    importId,
    limit,
  )
}
