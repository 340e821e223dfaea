/** Finds which identifiers of a draft an earlier request of its account has: a part of the draft at a time, by token. */
import type { IdentifierId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import { stateNumbers, type IdentifierState } from '../../../../shared/model/state.ts'
import type { History } from '../history.ts'
import { orderOfTokens, tokenBytes, tokensAt } from '../import/token-order.ts'
import { inSlices } from '../slices.ts'
import { all, type Sql } from '../sql.ts'
import type { Covers } from './coverage.ts'

/**
 * An identifier there makes one here a repeat: erased, or in a call that has left. One that is only queued does not:
 * its request may still be cancelled, and whoever was left out here would be erased by neither.
 */
const repeatedStates: readonly IdentifierState[] = ['erased', 'sending', 'accepted', 'outcome unknown']
const repeatedNumbers: ReadonlySet<number> = new Set(repeatedStates.map((state) => stateNumbers[state]))
const rowsAtOnce = 100_000
const rowsRead = 5000

/** A row of the draft that may be sent, and what it was found to repeat when it was compared last. */
export type DraftRow = Readonly<{
  id: IdentifierId
  scope_id: number
  token: Uint8Array
  state: number
  known_id: IdentifierId | null
  known_state: number | null
}>

/** What a row repeats. */
export type Repeat = Readonly<{ earlierId: IdentifierId; requestId: RequestId; state: number; at: Timestamp }>

export type Compared = Readonly<{ row: DraftRow; repeat: Repeat | null }>

/** What the rows of a draft are compared with: sent requests by id, each with the scope of rows that name none. */
export type Comparison = Readonly<{
  requestId: RequestId
  ownScope: number
  earlier: ReadonlyMap<RequestId, number>
  covers: Covers
  /** Asked between two slices; true ends the work there. */
  isStopped: () => boolean
}>

/**
 * The next part of the draft behind the identifier `after`: its rows by id, each with what it repeats, and the id to go
 * on behind; null: there is no more.
 */
export async function comparePart(
  history: History,
  comparison: Comparison,
  after: number,
): Promise<Readonly<{ compared: readonly Compared[]; last: number | null }>> {
  const read = await readRows(history, comparison, after)
  // One that is held for another reason than a repeat is nobody's to move here.
  const rows = read.filter(({ state, known_id: known }) => state === stateNumbers.queued || known !== null)
  const pairs = await findPairs(history, comparison, rows)
  const best = await chooseRepeats(history, comparison, pairs)
  await history.pause()
  return {
    compared: rows.map((row, place) => ({ row, repeat: best.get(place) ?? null })),
    last: read.at(-1)?.id ?? null,
  }
}

/** Rows that wait to be sent, and those that are held. */
async function readRows(
  history: History,
  { requestId, isStopped }: Comparison,
  after: number,
): Promise<readonly DraftRow[]> {
  const rows: DraftRow[] = []
  while (rows.length < rowsAtOnce && !isStopped()) {
    const page: readonly DraftRow[] = all<DraftRow>(
      history.sql,
      `SELECT i.id, i.scope_id, i.token, i.state, h.earlier_id AS known_id, h.earlier_state AS known_state
       FROM (SELECT id FROM identifier INDEXED BY identifier_by_state WHERE request_id = ?1 AND state = 2 AND id > ?2
             UNION ALL
             SELECT id FROM identifier INDEXED BY identifier_by_state WHERE request_id = ?1 AND state = 1 AND id > ?2
             ORDER BY id LIMIT ?3) o
       CROSS JOIN identifier i ON i.id = o.id
       LEFT JOIN history_repeat h ON h.request_id = ?1 AND h.identifier_id = o.id
       ORDER BY o.id`,
      requestId,
      rows.at(-1)?.id ?? after,
      rowsRead,
    )
    rows.push(...page)
    if (page.length < rowsRead) break
    await history.pause()
  }
  return rows
}

type Pair = Readonly<{ place: number; earlierId: IdentifierId; requestId: RequestId }>

/** Pairs of a row's place and of an identifier with its token, whose scope covers the row's. */
async function findPairs(
  history: History,
  { ownScope, earlier, covers, isStopped }: Comparison,
  rows: readonly DraftRow[],
): Promise<readonly Pair[]> {
  const tokens = new Uint8Array(rows.length * tokenBytes)
  for (const [place, { token }] of rows.entries()) tokens.set(token, place * tokenBytes)
  const order = orderOfTokens(tokens)
  await history.pause()
  const pairs: Pair[] = []
  let done = 0
  const find = (limit: number): number => {
    const places = order(done, done + limit)
    for (const hit of entriesOf(history.sql, tokensAt(tokens, places), places)) {
      const requestScope = earlier.get(hit.request_id)
      if (requestScope === undefined) continue
      const own = rows[hit.place]?.scope_id ?? 0
      const there = hit.scope_id === 0 ? requestScope : hit.scope_id
      if (!covers(there, own === 0 ? ownScope : own)) continue
      pairs.push({ place: hit.place, earlierId: hit.identifier_id, requestId: hit.request_id })
    }
    done += places.length
    return places.length
  }
  await inSlices(history, find, isStopped)
  return pairs
}

type Entry = Readonly<{ place: number; identifier_id: IdentifierId; request_id: RequestId; scope_id: number }>

function entriesOf(sql: Sql, tokens: Uint8Array, places: Uint32Array): readonly Entry[] {
  return all<Entry>(
    sql,
    `SELECT e.value AS place, t.identifier_id, t.request_id, t.scope_id FROM json_each(?1) e
     CROSS JOIN identifier_token t ON t.token = substr(?2, e.key * ${tokenBytes} + 1, ${tokenBytes})`,
    `[${places.join(',')}]`,
    tokens,
  )
}

/** For each place the identifier that speaks most for leaving it out: one that is erased, of these the latest. */
async function chooseRepeats(
  history: History,
  { isStopped }: Comparison,
  pairs: readonly Pair[],
): Promise<ReadonlyMap<number, Repeat>> {
  const inOrder = pairs.toSorted((a, b) => a.earlierId - b.earlierId)
  await history.pause()
  const best = new Map<number, Repeat>()
  let done = 0
  const choose = (limit: number): number => {
    const slice = inOrder.slice(done, done + limit)
    const states = statesOf(history.sql, slice)
    for (const { place, earlierId, requestId } of slice) {
      const now = states.get(earlierId)
      if (now === undefined || !repeatedNumbers.has(now.state)) continue
      const found: Repeat = { earlierId, requestId, state: now.state, at: now.at }
      const before = best.get(place)
      if (before === undefined || isStronger(found, before)) best.set(place, found)
    }
    done += slice.length
    return slice.length
  }
  await inSlices(history, choose, isStopped)
  return best
}

function statesOf(
  sql: Sql,
  pairs: readonly Pair[],
): ReadonlyMap<IdentifierId, Readonly<{ state: number; at: Timestamp }>> {
  const rows = all<{ id: IdentifierId; state: number; at: Timestamp }>(
    sql,
    `SELECT i.id, i.state, i.state_at AS at FROM json_each(?) e CROSS JOIN identifier i ON i.id = e.value`,
    JSON.stringify(pairs.map(({ earlierId }) => earlierId)),
  )
  return new Map(rows.map((row) => [row.id, row]))
}

function isStronger(one: Repeat, other: Repeat): boolean {
  const isErased = (repeat: Repeat): boolean => repeat.state === stateNumbers.erased
  if (isErased(one) !== isErased(other)) return isErased(one)
  return one.at > other.at
}
