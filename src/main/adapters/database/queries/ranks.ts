/**
 * Which identifier stands at a place of a long list, and at which place one stands, where their ids have gaps. OFFSET
 * would walk up to half of the list; here the id is estimated between two identifiers whose places are known, only the
 * rows between are counted, and what was counted is known from then on, for as long as the list cannot have changed.
 */
import type { RequestId } from '../../../../shared/model/ids.ts'
import { number, one, type Sql } from '../sql.ts'

/** The identifiers of a request in the order of their ids. */
export type IdentifierList = Readonly<{
  requestId: RequestId
  /** Those that the list holds; every other one is left out. Never empty. */
  states: readonly number[]
  /** True: no other state has any, so that the list stays as it is while identifiers change their states. */
  isWhole: boolean
  /** How many there are. */
  total: number
}>

/** How many of the list have an id of at most `id`. */
type Known = Readonly<{ id: number; rank: number }>
type Memory = { readonly validity: string; known: readonly Known[] }

/** So many rows are walked rather than counted. */
const near = 1000
const estimates = 6
/** Lists whose places a connection to the history remembers. */
const mostLists = 16

const memories = new WeakMap<Sql, Map<string, Memory>>()

/** The id of the row at `rank`, counted from 1. The list must have that many; call it inside one read transaction. */
export function idAtRank(sql: Sql, list: IdentifierList, rank: number): number {
  const memory = memoryOf(sql, list)
  let [below, above] = around(memory, (known) => known.rank < rank)
  for (let turn = 0; ; turn += 1) {
    const ids = above.id - below.id
    const rows = above.rank - below.rank
    if (ids === rows) return below.id + rank - below.rank
    if (rank - below.rank <= near) return walk(sql, list, `id > ?`, 'ASC', below.id, rank - below.rank - 1)
    if (above.rank - rank < near) return walk(sql, list, `id <= ?`, 'DESC', above.id, above.rank - rank)
    // Where estimates do not close in soon, because ids lie in heaps, halving does; it counts more rows.
    const share = turn < estimates || turn % 2 === 0 ? (rank - below.rank) / rows : 0.5
    const id = Math.min(above.id - 1, Math.max(below.id + 1, below.id + Math.round(ids * share)))
    const found = { id, rank: rankBetween(sql, list, id, below, above) }
    remember(memory, found)
    if (found.rank < rank) below = found
    else above = found
  }
}

/** How many rows of the list have an id of at most `id`. Call it inside one read transaction. */
export function rankOfId(sql: Sql, list: IdentifierList, id: number): number {
  if (list.total === 0) return 0
  const memory = memoryOf(sql, list)
  const lowest = memory.known[0]
  const highest = memory.known.at(-1)
  if (lowest === undefined || id <= lowest.id) return 0
  if (highest === undefined || id >= highest.id) return list.total
  const [below, above] = around(memory, (known) => known.id < id)
  if (above.id - below.id === above.rank - below.rank) return below.rank + id - below.id
  const rank = rankBetween(sql, list, id, below, above)
  remember(memory, { id, rank })
  return rank
}

/** The lowest and the highest id of the request in these states; both 0 where it has none. */
export function endsOf(
  sql: Sql,
  { requestId, states }: Pick<IdentifierList, 'requestId' | 'states'>,
): Readonly<{ lowest: number; highest: number }> {
  const ends = (end: 'min' | 'max'): readonly number[] =>
    states
      .map((state) =>
        number(sql, `SELECT ${end}(id) AS value FROM identifier WHERE request_id = ? AND state = ?`, requestId, state),
      )
      .filter((id) => id > 0)
  const lowest = ends('min')
  return lowest.length === 0
    ? { lowest: 0, highest: 0 }
    : { lowest: Math.min(...lowest), highest: Math.max(...ends('max')) }
}

/** The ids of the list as one ordered stream: a merge of index ranges, one for each state. */
export function orderedIds(
  { requestId, states }: IdentifierList,
  condition: 'id > ?' | 'id <= ?',
  order: 'ASC' | 'DESC',
  bound: number,
): Readonly<{ text: string; values: readonly number[] }> {
  const parts = states.map(
    () =>
      `SELECT id FROM identifier INDEXED BY identifier_by_state WHERE request_id = ? AND state = ? AND ${condition}`,
  )
  return {
    text: `${parts.join(' UNION ALL ')} ORDER BY id ${order}`,
    values: states.flatMap((state) => [requestId, state, bound]),
  }
}

function walk(
  sql: Sql,
  list: IdentifierList,
  condition: 'id > ?' | 'id <= ?',
  order: 'ASC' | 'DESC',
  bound: number,
  offset: number,
): number {
  const { text, values } = orderedIds(list, condition, order, bound)
  const row = one<{ id: number }>(sql, `${text} LIMIT 1 OFFSET ?`, ...values, offset)
  if (row === undefined) throw new Error('A list of identifiers is shorter than its count')
  return row.id
}

/** Counts from that of the two known places which is likely to be nearer. */
function rankBetween(sql: Sql, list: IdentifierList, id: number, below: Known, above: Known): number {
  return id - below.id < above.id - id
    ? below.rank + countBetween(sql, list, below.id, id)
    : above.rank - countBetween(sql, list, id, above.id)
}

function countBetween(sql: Sql, { requestId, states }: IdentifierList, after: number, upTo: number): number {
  const counts = states.map((state) =>
    number(
      sql,
      `SELECT count(*) AS value FROM identifier INDEXED BY identifier_by_state
       WHERE request_id = ? AND state = ? AND id > ? AND id <= ?`,
      requestId,
      state,
      after,
      upTo,
    ),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}

/** The last known place for which `isBelow` holds, and the first for which it does not. */
function around({ known }: Memory, isBelow: (known: Known) => boolean): [Known, Known] {
  let low = 0
  let high = known.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    const at = known[middle]
    if (at !== undefined && isBelow(at)) low = middle
    else high = middle
  }
  const below = known[low]
  const above = known[high]
  if (below === undefined || above === undefined) throw new Error('A list of identifiers has no ends')
  return [below, above]
}

function remember(memory: Memory, found: Known): void {
  const place = memory.known.findIndex(({ id }) => id >= found.id)
  if (memory.known[place]?.id === found.id) return
  memory.known = memory.known.toSpliced(place, 0, found)
}

/** What is known of the list, in order; its two ends at least. */
function memoryOf(sql: Sql, list: IdentifierList): Memory {
  const bySql = memories.get(sql) ?? new Map<string, Memory>()
  memories.set(sql, bySql)
  const key = `${list.requestId} ${list.isWhole ? 'whole' : list.states.join(',')}`
  const { lowest, highest } = endsOf(sql, list)
  const validity = `${lowest} ${highest} ${list.total} ${changesOf(sql, list)}`
  const before = bySql.get(key)
  bySql.delete(key)
  const memory =
    before?.validity === validity
      ? before
      : {
          validity,
          known: [
            { id: lowest - 1, rank: 0 },
            { id: highest, rank: list.total },
          ],
        }
  bySql.set(key, memory)
  const [oldest] = bySql.keys()
  if (bySql.size > mostLists && oldest !== undefined) bySql.delete(oldest)
  return memory
}

/** Once a request has been sent, identifiers change their states, but none comes and none goes. */
function changesOf(sql: Sql, { requestId, isWhole }: IdentifierList): string {
  const isDraft = number(sql, `SELECT phase = 'draft' AS value FROM request WHERE id = ?`, requestId) === 1
  if (isWhole && !isDraft) return 'none'
  // The first counts what other connections have written, the second what this one has.
  const others = String(sql.pragma('data_version', { simple: true }))
  return `${others} ${number(sql, 'SELECT total_changes() AS value')}`
}
