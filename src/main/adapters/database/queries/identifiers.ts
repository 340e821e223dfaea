/** Pages of identifiers, by id: the order of the file. Each page is a seek in an index, never a sort. */
import type { Anchor, ParsedInput, Value } from '../../../../shared/contract.ts'
import { succeed, type Result } from '../../../../shared/failure.ts'
import { kindFromNumber } from '../../../../shared/model/identifier.ts'
import type { BatchId, IdentifierId, RequestId } from '../../../../shared/model/ids.ts'
import type { IdentifierRow } from '../../../../shared/model/request.ts'
import { readScope } from '../../../../shared/model/scope.ts'
import { stateFromNumber, stateNumbers } from '../../../../shared/model/state.ts'
import type { History } from '../history.ts'
import { all, marks, number, one, type Sql, type SqlValue } from '../sql.ts'
import { cutPage } from './page.ts'
import { searchIdentifiers } from './search.ts'

type Found = Readonly<{ ids: readonly number[]; start: number; total: number }>

export async function listIdentifiers(
  history: History,
  input: ParsedInput<'listIdentifiers'>,
): Promise<Result<Value<'listIdentifiers'>>> {
  const states = [...new Set(input.states)].map((state) => stateNumbers[state])
  const search = input.search.trim()
  const { anchor, limit } = input
  const searched = search === '' ? null : await searchIdentifiers(history, input.requestId, states, search)
  if (searched === null && input.within === undefined) {
    const found = listed(history.sql, input.requestId, states, anchor, limit)
    return succeed({ rows: rowsOf(history.sql, found.ids), start: found.start, total: found.total })
  }
  const within = input.within === undefined ? null : idsWithin(history.sql, input.requestId, states, input.within)
  const inside = new Set(within)
  const ids = searched === null ? (within ?? []) : searched.filter((id) => within === null || inside.has(id))
  const found = cutPage(ids, anchor, limit)
  return succeed({ rows: rowsOf(history.sql, found.ids), start: found.start, total: ids.length })
}

/** The identifiers of one batch, or with these words of the vendor's in the batch that each is in now. */
function idsWithin(
  sql: Sql,
  requestId: RequestId,
  states: readonly number[],
  within: NonNullable<ParsedInput<'listIdentifiers'>['within']>,
): readonly number[] {
  const inStates = states.length === 0 ? '' : `AND i.state IN (${marks(states.length)})`
  const rows =
    'batchId' in within
      ? all<{ id: number }>(
          sql,
          `SELECT i.id FROM identifier i WHERE i.batch_id = ? AND i.request_id = ? ${inStates} ORDER BY i.id`,
          within.batchId,
          requestId,
          ...states,
        )
      : all<{ id: number }>(
          sql,
          `SELECT i.id FROM identifier i JOIN delivery d ON d.identifier_id = i.id AND d.batch_id = i.batch_id
           WHERE i.request_id = ? AND d.vendor_words IS ? ${inStates} ORDER BY i.id`,
          requestId,
          within.vendorWords,
          ...states,
        )
  return rows.map(({ id }) => id)
}

function listed(sql: Sql, requestId: RequestId, states: readonly number[], anchor: Anchor, limit: number): Found {
  const total =
    states.length === 0
      ? number(sql, 'SELECT sum(count) AS value FROM identifier_count WHERE request_id = ?', requestId)
      : number(
          sql,
          `SELECT sum(count) AS value FROM identifier_count WHERE request_id = ? AND state IN (${marks(states.length)})`,
          requestId,
          ...states,
        )
  const source = sourceOf(states)
  const values = states.length === 0 ? [requestId] : states.flatMap((state) => [requestId, state])
  if ('after' in anchor) return pageAfter(sql, source, values, anchor.after, limit, total)
  const start = Math.min(anchor.index, total)
  if (start >= total) return { ids: [], start, total }
  const first = idAt(sql, source, values, requestId, states, start, total)
  const page = pageAfter(sql, source, values, first - 1, limit, total, start)
  return page
}

/** The ids of the filter as one ordered stream: a merge of index ranges, one for each state. */
function sourceOf(states: readonly number[]): (condition: string, order: 'ASC' | 'DESC') => string {
  return (condition, order) => {
    const parts =
      states.length === 0
        ? [`SELECT id FROM identifier INDEXED BY identifier_by_request WHERE request_id = ? ${condition}`]
        : states.map(() => `SELECT id FROM identifier WHERE request_id = ? AND state = ? ${condition}`)
    return `${parts.join(' UNION ALL ')} ORDER BY id ${order}`
  }
}

function pageAfter(
  sql: Sql,
  source: ReturnType<typeof sourceOf>,
  values: readonly number[],
  after: number,
  limit: number,
  total: number,
  knownStart?: number,
): Found {
  const width = values.length === 1 ? 1 : 2
  const withAfter: SqlValue[] = []
  for (let index = 0; index < values.length; index += width)
    withAfter.push(...values.slice(index, index + width), after)
  const ids = all<{ id: number }>(sql, `${source('AND id > ?', 'ASC')} LIMIT ?`, ...withAfter, limit).map(
    ({ id }) => id,
  )
  const first = values.length === 1 ? firstOfGapless(sql, values[0], total) : null
  const start =
    knownStart ??
    (first === null
      ? number(sql, `SELECT count(*) AS value FROM (${source('AND id <= ?', 'ASC')})`, ...withAfter)
      : Math.min(Math.max(after - first + 1, 0), total))
  return { ids, start, total }
}

/** The first id of a request whose ids have no gap, as one import leaves them: places are arithmetic there; else null. */
function firstOfGapless(sql: Sql, requestId: number | undefined, total: number): number | null {
  if (requestId === undefined) return null
  const first = number(sql, 'SELECT min(id) AS value FROM identifier WHERE request_id = ?', requestId)
  const last = number(sql, 'SELECT max(id) AS value FROM identifier WHERE request_id = ?', requestId)
  return last - first + 1 === total ? first : null
}

/** The id at a place of the list: by arithmetic where ids have no gap, else counted from the nearer end. */
function idAt(
  sql: Sql,
  source: ReturnType<typeof sourceOf>,
  values: readonly number[],
  requestId: RequestId,
  states: readonly number[],
  index: number,
  total: number,
): number {
  const first = states.length === 0 ? firstOfGapless(sql, requestId, total) : null
  if (first !== null) return first + index
  const fromEnd = index > total / 2
  const row = one<{ id: number }>(
    sql,
    `${source('', fromEnd ? 'DESC' : 'ASC')} LIMIT 1 OFFSET ?`,
    ...values,
    fromEnd ? total - 1 - index : index,
  )
  return row?.id ?? Number.MAX_SAFE_INTEGER
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
  batch_id: BatchId | null
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
      `SELECT i.id, i.line, i.kind, i.value, i.channel_id, i.state, i.decided, s.canonical, i.batch_id, b.number, d.vendor_words,
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
        batchId: row.batch_id,
        batchNumber: row.number,
        vendorWords: row.vendor_words,
        basis: row.basis_reason === null ? row.basis : `${row.basis ?? ''}: ${row.basis_reason}`,
        caseReference: row.case_reference,
        otherSpellings: row.spellings,
      },
    ]
  })
}
