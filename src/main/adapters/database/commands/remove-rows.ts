/** Takes imported rows away in slices, each a transaction of its own; begun again it goes on where it stopped. */
import { succeed } from '../../../../shared/failure.ts'
import type { IdentifierId, ImportId, RequestId } from '../../../../shared/model/ids.ts'
import { sliceRows, type History } from '../history.ts'
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
  await inSlices(history, () => {
    const slice = removeIdentifiers(sql, requestId, importId, after)
    after = slice.last
    return slice.rows
  })
  for (const table of ['identifier_alias', 'folded_row', 'import_row'] as const) {
    await inSlices(history, () => removeRows(sql, table, importId))
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

async function inSlices(history: History, slice: () => number): Promise<void> {
  for (;;) {
    const done = inTransaction(history.sql, () => succeed(slice()))
    if (done.ok && done.value < sliceRows) return
    await history.pause()
  }
}

function removeIdentifiers(
  sql: Sql,
  requestId: RequestId,
  importId: ImportId,
  after: number,
): Readonly<{ rows: number; last: number }> {
  const rows = all<{ id: IdentifierId; state: number; decided: number }>(
    sql,
    'SELECT id, state, decided FROM identifier WHERE request_id = ? AND import_id = ? AND id > ? ORDER BY id LIMIT ?',
    requestId,
    importId,
    after,
    sliceRows,
  )
  const gone = new Map<string, number>()
  for (const row of rows) {
    run(sql, 'DELETE FROM identifier WHERE id = ?', row.id)
    const key = `${row.state} ${row.decided}`
    gone.set(key, (gone.get(key) ?? 0) + 1)
  }
  for (const [key, count] of gone) {
    const [state = 0, decided = 0] = key.split(' ').map(Number)
    addToRequest(sql, requestId, state, decided, -count)
  }
  return { rows: rows.length, last: rows.at(-1)?.id ?? after }
}

function removeRows(sql: Sql, table: 'identifier_alias' | 'folded_row' | 'import_row', importId: ImportId): number {
  const key = table === 'identifier_alias' ? 'id' : 'line'
  return run(
    sql,
    `DELETE FROM ${table} WHERE import_id = ?1 AND ${key} IN (SELECT ${key} FROM ${table} WHERE import_id = ?1 LIMIT ?2)`,
    importId,
    sliceRows,
  )
}
