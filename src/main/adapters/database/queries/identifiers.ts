/** Pages of identifiers, by id: the order in which they were imported. Each page is a seek in an index, never a sort. */
import type { Anchor, ParsedInput, Value } from '../../../../shared/contract.ts'
import { succeed, type Result } from '../../../../shared/failure.ts'
import { kindFromNumber } from '../../../../shared/model/identifier.ts'
import type { IdentifierId, RequestId } from '../../../../shared/model/ids.ts'
import type { IdentifierRow } from '../../../../shared/model/request.ts'
import { readScope } from '../../../../shared/model/scope.ts'
import { stateFromNumber, stateNumbers } from '../../../../shared/model/state.ts'
import type { History } from '../history.ts'
import { all, asOfOneMoment, one, type Sql } from '../sql.ts'
import { cutPage } from './page.ts'
import { idAtRank, orderedIds, rankOfId } from './ranks.ts'
import { searchIdentifiers } from './search.ts'

export async function listIdentifiers(
  history: History,
  input: ParsedInput<'listIdentifiers'>,
): Promise<Result<Value<'listIdentifiers'>>> {
  const states = [...new Set(input.states)].map((state) => stateNumbers[state])
  const search = input.search.trim()
  const { sql } = history
  if (search === '') {
    return asOfOneMoment(sql, () => {
      const { ids, start, total } = listed(sql, input.requestId, states, input.anchor, input.limit)
      return succeed({ rows: rowsOf(sql, ids), start, total })
    })
  }
  const found = await searched(history, input, states, search)
  return succeed({ rows: rowsOf(sql, found.ids), start: found.start, total: found.total })
}

async function searched(
  history: History,
  input: ParsedInput<'listIdentifiers'>,
  states: readonly number[],
  search: string,
): Promise<Readonly<{ ids: readonly number[]; start: number; total: number }>> {
  const ids = await searchIdentifiers(history, input.requestId, states, search)
  return { ...cutPage(ids, input.anchor, input.limit), total: ids.length }
}

function listed(
  sql: Sql,
  requestId: RequestId,
  chosen: readonly number[],
  anchor: Anchor,
  limit: number,
): Readonly<{ ids: readonly number[]; start: number; total: number }> {
  const counts = all<{ state: number; count: number }>(
    sql,
    'SELECT state, sum(count) AS count FROM identifier_count WHERE request_id = ? GROUP BY state HAVING sum(count) > 0',
    requestId,
  ).filter(({ state }) => chosen.length === 0 || chosen.includes(state))
  const total = counts.reduce((sum, { count }) => sum + count, 0)
  if (total === 0) return { ids: [], start: 0, total }
  const list = { requestId, states: chosen.length === 0 ? [] : counts.map(({ state }) => state), total }
  const start = 'after' in anchor ? rankOfId(sql, list, anchor.after) : Math.min(anchor.index, total)
  if (start >= total) return { ids: [], start, total }
  const after = 'after' in anchor ? anchor.after : idAtRank(sql, list, start + 1) - 1
  const { text, values } = orderedIds(list, 'id > ?', 'ASC', after)
  const ids = all<{ id: number }>(sql, `${text} LIMIT ?`, ...values, limit).map(({ id }) => id)
  return { ids, start, total }
}

type Columns = Readonly<{
  id: IdentifierId
  line: number
  kind: number
  value: string | null
  channel_id: string | null
  state: number
  decided: number
  canonical: string | null
  number: number | null
  vendor_words: string | null
  basis: string | null
  basis_reason: string | null
  case_reference: string | null
  spellings: number
}>

function rowsOf(sql: Sql, ids: readonly number[]): IdentifierRow[] {
  return ids.flatMap((id) => {
    const row = one<Columns>(
      sql,
      `SELECT i.id, i.line, i.kind, i.value, i.channel_id, i.state, i.decided, s.canonical, b.number, d.vendor_words,
         d.basis, d.basis_reason, i.case_reference,
         (SELECT count(*) FROM identifier_alias a WHERE a.identifier_id = i.id AND a.source = 'other spelling') AS spellings
       FROM identifier i LEFT JOIN scope s ON s.id = i.scope_id LEFT JOIN batch b ON b.id = i.batch_id
       LEFT JOIN delivery d ON d.identifier_id = i.id AND d.batch_id = i.batch_id WHERE i.id = ?`,
      id,
    )
    if (row === undefined) return []
    return [
      {
        id: row.id,
        line: row.line,
        kind: kindFromNumber(row.kind),
        value: row.value,
        channelId: row.channel_id,
        state: stateFromNumber(row.state),
        decided: row.decided === 1,
        scope: row.canonical === null ? null : readScope(row.canonical),
        batchNumber: row.number,
        vendorWords: row.vendor_words,
        basis: row.basis_reason === null ? row.basis : `${row.basis ?? ''}: ${row.basis_reason}`,
        caseReference: row.case_reference,
        otherSpellings: row.spellings,
      },
    ]
  })
}
