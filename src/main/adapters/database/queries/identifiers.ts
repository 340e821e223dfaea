/** Pages of identifiers, by id: the order in which they were imported. Each page is a seek in an index, never a sort. */
import type { Anchor } from '../../../../shared/channel.ts'
import type { ParsedInput, Value } from '../../../../shared/contract.ts'
import { succeed, type Result } from '../../../../shared/failure.ts'
import { kindFromNumber } from '../../../../shared/model/identifier.ts'
import type { BatchId, IdentifierId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import type { IdentifierRow } from '../../../../shared/model/request.ts'
import { readScope } from '../../../../shared/model/scope.ts'
import { stateFromNumber, stateNumbers } from '../../../../shared/model/state.ts'
import { dayOf } from '../commands/moves.ts'
import type { History } from '../history.ts'
import { all, asOfOneMoment, marks, one, type Sql } from '../sql.ts'
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
  const { requestId, anchor, limit } = input
  const searched = search === '' ? null : await searchIdentifiers(history, requestId, states, search)
  if (searched === null && input.within === undefined) {
    return asOfOneMoment(sql, () => {
      const { ids, start, total } = listed(sql, requestId, states, anchor, limit)
      return succeed({ rows: rowsOf(sql, ids), start, total })
    })
  }
  const within = input.within === undefined ? null : idsWithin(sql, requestId, states, input.within)
  const inside = new Set(within)
  const ids = searched === null ? (within ?? []) : searched.filter((id) => within === null || inside.has(id))
  const found = cutPage(ids, anchor, limit)
  return succeed({ rows: rowsOf(sql, found.ids), start: found.start, total: ids.length })
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
  const list = { requestId, states: counts.map(({ state }) => state), isWhole: chosen.length === 0, total }
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
  batch_id: BatchId | null
  number: number | null
  vendor_words: string | null
  basis: string | null
  basis_reason: string | null
  case_reference: string | null
  spellings: number
  looked_up_as: string | null
  left_out_by: string | null
  earlier_state: number | null
  earlier_at: Timestamp | null
}>

/** Why the result is believed; of one left out, the earlier request that has it. */
function basisOf(row: Columns): string | null {
  if (row.left_out_by !== null && row.earlier_state !== null && row.earlier_at !== null) {
    const isErased = stateFromNumber(row.earlier_state) === 'erased'
    return `left out: in “${row.left_out_by}”, ${isErased ? `erased on ${dayOf(row.earlier_at)}` : 'under way'}`
  }
  return row.basis_reason === null ? row.basis : `${row.basis ?? ''}: ${row.basis_reason}`
}

function rowsOf(sql: Sql, ids: readonly number[]): IdentifierRow[] {
  return ids.flatMap((id) => {
    const row = one<Columns>(
      sql,
      `SELECT i.id, i.line, i.kind, i.value, i.channel_id, i.state, i.decided, s.canonical, i.batch_id, b.number, d.vendor_words,
         d.basis, d.basis_reason, i.case_reference,
         (SELECT count(*) FROM identifier_alias a WHERE a.identifier_id = i.id AND a.source = 'other spelling') AS spellings,
         (SELECT a.value FROM identifier_alias a WHERE a.identifier_id = i.id AND a.source = 'look-up' ORDER BY a.id DESC LIMIT 1)
           AS looked_up_as,
         e.name AS left_out_by, h.earlier_state, h.earlier_at
       FROM identifier i LEFT JOIN scope s ON s.id = i.scope_id LEFT JOIN batch b ON b.id = i.batch_id
       LEFT JOIN delivery d ON d.identifier_id = i.id AND d.batch_id = i.batch_id
       LEFT JOIN history_repeat h ON h.request_id = i.request_id AND h.identifier_id = i.id AND i.batch_id IS NULL
         AND i.state = 11 AND (SELECT repeats_decision FROM request WHERE id = i.request_id) = 'leave out'
       LEFT JOIN request e ON e.id = h.earlier_request_id WHERE i.id = ?`,
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
        basis: basisOf(row),
        caseReference: row.case_reference,
        otherSpellings: row.spellings,
        lookedUpAs: row.looked_up_as,
      },
    ]
  })
}
