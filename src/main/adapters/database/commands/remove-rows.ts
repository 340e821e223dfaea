/** Takes imported rows away in slices, each a transaction of its own; begun again it goes on where it stopped. */
import { succeed } from '../../../../shared/failure.ts'
import type { IdentifierId, ImportId, RequestId } from '../../../../shared/model/ids.ts'
import { stateNumbers } from '../../../../shared/model/state.ts'
import type { History } from '../history.ts'
import { orderOfTokens, tokenBytes, tokensAt } from '../import/token-order.ts'
import { inSlices } from '../slices.ts'
import { all, inTransaction, one, run, type Sql } from '../sql.ts'
import { endsOf } from '../queries/ranks.ts'
import { addToRequest } from './moves.ts'

/** Tokens of so many rows are held in memory and removed in one go through their table. */
const rowsAtOnce = 524_288
const rowsRead = 20_000

/** All rows of an import; the row of the import itself stays. */
export async function removeImportRows(history: History, importId: ImportId): Promise<void> {
  const { sql } = history
  const requestId = one<{ request_id: RequestId }>(
    sql,
    'SELECT request_id FROM import WHERE id = ?',
    importId,
  )?.request_id
  if (requestId === undefined) return
  // Each part goes on behind the last, so that rows of another file are passed over once and not again each time.
  const { lowest, highest } = endsOf(sql, { requestId, states: Object.values(stateNumbers) })
  let after = lowest - 1
  for (;;) {
    const rows = await readRows(history, importId, { after, last: highest })
    const last = rows.ids.at(-1)
    if (last === undefined) break
    await removeTokens(history, requestId, rows)
    await removeIdentifiers(history, requestId, importId, { after, last })
    after = last
  }
  for (const table of ['identifier_alias', 'folded_row', 'import_row'] as const) {
    await inSlices(history, (limit) => removeRows(sql, table, importId, limit))
  }
}

type TokenRows = Readonly<{ ids: readonly IdentifierId[]; scopeIds: readonly number[]; tokens: Uint8Array }>

/** Identifiers behind `after`, up to `last`. */
type Range = Readonly<{ after: number; last: number }>

async function readRows(history: History, importId: ImportId, { after, last }: Range): Promise<TokenRows> {
  const ids: IdentifierId[] = []
  const scopeIds: number[] = []
  const tokens: Uint8Array[] = []
  while (ids.length < rowsAtOnce) {
    const rows = all<{ id: IdentifierId; scope_id: number; token: Uint8Array }>(
      history.sql,
      `SELECT id, scope_id, token FROM identifier WHERE import_id = ? AND id > ? AND id <= ? ORDER BY id LIMIT ?`,
      importId,
      ids.at(-1) ?? after,
      last,
      rowsRead,
    )
    for (const row of rows) {
      ids.push(row.id)
      scopeIds.push(row.scope_id)
    }
    tokens.push(Buffer.concat(rows.map(({ token }) => token)))
    if (rows.length < rowsRead) break
    await history.pause()
  }
  return { ids, scopeIds, tokens: Buffer.concat(tokens) }
}

/** Sorted, as they were entered. The token of a row that was not entered yet belongs to another one, and stays. */
async function removeTokens(
  history: History,
  requestId: RequestId,
  { ids, scopeIds, tokens }: TokenRows,
): Promise<void> {
  const order = orderOfTokens(tokens)
  let done = 0
  await inSlices(history, (limit) => {
    const places = order(done, done + limit)
    const entries = Array.from(places, (place) => `[${ids[place]},${scopeIds[place]}]`)
    run(
      history.sql,
      `DELETE FROM identifier_token WHERE (token, request_id, scope_id, identifier_id) IN
         (SELECT substr(?1, key * ${tokenBytes} + 1, ${tokenBytes}), ?2, value ->> 1, value ->> 0 FROM jsonb_each(?3))`,
      tokensAt(tokens, places),
      requestId,
      `[${entries.join(',')}]`,
    )
    done += places.length
    return places.length
  })
}

async function removeIdentifiers(
  history: History,
  requestId: RequestId,
  importId: ImportId,
  range: Range,
): Promise<void> {
  const { sql } = history
  let after = range.after
  await inSlices(history, (limit) => {
    const found = one<{ rows: number; last: number | null }>(
      sql,
      `SELECT count(*) AS rows, max(id) AS last FROM
         (SELECT id FROM identifier WHERE import_id = ? AND id > ? AND id <= ? ORDER BY id LIMIT ?)`,
      importId,
      after,
      range.last,
      limit,
    )
    if (found === undefined || found.last === null) return 0
    const slice = [importId, after, found.last] as const
    const gone = all<{ state: number; decided: number; count: number }>(
      sql,
      `SELECT state, decided, count(*) AS count FROM identifier
       WHERE import_id = ? AND id > ? AND id <= ? GROUP BY state, decided`,
      ...slice,
    )
    for (const { state, decided, count } of gone) addToRequest(sql, requestId, state, decided, -count)
    run(
      sql,
      `DELETE FROM history_repeat WHERE request_id = ? AND identifier_id IN
         (SELECT id FROM identifier WHERE import_id = ? AND id > ? AND id <= ?)`,
      requestId,
      ...slice,
    )
    run(sql, 'DELETE FROM identifier WHERE import_id = ? AND id > ? AND id <= ?', ...slice)
    after = found.last
    return found.rows
  })
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
