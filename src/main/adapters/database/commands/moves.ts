/**
 * The one way in which identifiers change their state or batch. Every move is checked against the table of
 * transitions and counted in `identifier_count`, `batch_count` and `daily_count` in the same transaction.
 */
import {
  isSettled,
  mayBecome,
  stateFromNumber,
  stateNumbers,
  type IdentifierState,
} from '../../../../shared/model/state.ts'
import type { BatchId, IdentifierId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import { number, one, run, type Sql } from '../sql.ts'

export type IdentifierNow = Readonly<{
  id: IdentifierId
  requestId: RequestId
  state: IdentifierState
  decided: boolean
  batchId: BatchId | null
  stateAt: Timestamp
}>

export type Move = Readonly<{
  identifierId: IdentifierId
  state: IdentifierState
  /** Whether a person has decided about it; false unless given. */
  decided?: boolean
  /** The batch it is in from now on; absent: where it is. */
  batchId?: BatchId
}>

/** What moves add up to; written once at the end of the transaction. */
type Tally = Readonly<{
  requests: Map<string, number>
  batches: Map<string, number>
  days: Map<string, number>
  /** 1 for requests of the sandbox, as far as they were asked about. */
  sandboxes: Map<RequestId, number>
}>

/** The identifier as it stands, or undefined. */
export function identifierNow(sql: Sql, identifierId: IdentifierId): IdentifierNow | undefined {
  const row = one<{
    id: IdentifierId
    request_id: RequestId
    state: number
    decided: number
    batch_id: BatchId | null
    state_at: Timestamp
  }>(sql, 'SELECT id, request_id, state, decided, batch_id, state_at FROM identifier WHERE id = ?', identifierId)
  if (row === undefined) return undefined
  return {
    id: row.id,
    requestId: row.request_id,
    state: stateFromNumber(row.state),
    decided: row.decided === 1,
    batchId: row.batch_id,
    stateAt: row.state_at,
  }
}

/** Makes all moves at once, within the caller's transaction. Throws on a move that the table does not allow. */
export function moveIdentifiers(sql: Sql, moves: readonly Move[], at: Timestamp): void {
  const tally: Tally = { requests: new Map(), batches: new Map(), days: new Map(), sandboxes: new Map() }
  for (const move of moves) moveOne(sql, move, at, tally)
  writeTally(sql, tally)
}

function moveOne(sql: Sql, move: Move, at: Timestamp, tally: Tally): void {
  const before = identifierNow(sql, move.identifierId)
  if (before === undefined) throw new Error('An identifier to be moved is not in the history')
  const same = before.state === move.state
  if (!same && !mayBecome(before.state, move.state)) {
    throw new Error(`An identifier can not go from ${before.state} to ${move.state}`)
  }
  const after: IdentifierNow = {
    ...before,
    state: move.state,
    decided: move.decided ?? false,
    batchId: move.batchId ?? before.batchId,
    stateAt: same ? before.stateAt : at,
  }
  run(
    sql,
    'UPDATE identifier SET state = ?, decided = ?, batch_id = ?, state_at = ? WHERE id = ?',
    stateNumbers[after.state],
    Number(after.decided),
    after.batchId,
    after.stateAt,
    after.id,
  )
  add(tally.requests, requestKey(before), -1)
  add(tally.requests, requestKey(after), 1)
  countBatch(tally, before, after)
  if (isSettled(before.state)) add(tally.days, dayKey(sql, tally, before), -1)
  if (isSettled(after.state)) add(tally.days, dayKey(sql, tally, after), 1)
}

function countBatch(tally: Tally, before: IdentifierNow, after: IdentifierNow): void {
  if (before.batchId !== null) add(tally.batches, batchKey(before.batchId, before), -1)
  if (before.batchId !== null && before.batchId !== after.batchId) {
    // It has left: counted there for good, under what it was.
    add(tally.batches, batchKey(before.batchId, { ...before, decided: true }), 1)
  }
  if (after.batchId !== null) add(tally.batches, batchKey(after.batchId, after), 1)
}

function requestKey(identifier: IdentifierNow): string {
  return `${identifier.requestId} ${stateNumbers[identifier.state]} ${Number(identifier.decided)}`
}

function batchKey(batchId: BatchId, identifier: IdentifierNow): string {
  return `${batchId} ${stateNumbers[identifier.state]} ${Number(identifier.decided)} ${identifier.requestId}`
}

function dayKey(
  sql: Sql,
  { sandboxes }: Tally,
  { requestId, state, stateAt }: Pick<IdentifierNow, 'requestId' | 'state' | 'stateAt'>,
): string {
  const sandbox =
    sandboxes.get(requestId) ??
    number(
      sql,
      `SELECT c.environment = 'sandbox' AS value FROM request r JOIN connection c ON c.id = r.connection_id WHERE r.id = ?`,
      requestId,
    )
  sandboxes.set(requestId, sandbox)
  return `${dayOf(stateAt)} ${stateNumbers[state]} ${sandbox}`
}

/** The day of a moment on this machine's calendar, YYYY-MM-DD. */
export function dayOf(at: Timestamp): string {
  const date = new Date(at)
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

function add(counts: Map<string, number>, key: string, difference: number): void {
  counts.set(key, (counts.get(key) ?? 0) + difference)
}

function writeTally(sql: Sql, tally: Tally): void {
  for (const [key, difference] of tally.requests) {
    const [requestId = 0, state = 0, decided = 0] = key.split(' ').map(Number)
    addToRequest(sql, requestId as RequestId, state, decided, difference)
  }
  for (const [key, difference] of tally.batches) {
    const [batchId = 0, state = 0, decided = 0, requestId = 0] = key.split(' ').map(Number)
    if (difference === 0) continue
    run(
      sql,
      `INSERT INTO batch_count (batch_id, state, decided, request_id, count) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (batch_id, state, decided) DO UPDATE SET count = count + excluded.count`,
      batchId,
      state,
      decided,
      requestId,
      difference,
    )
  }
  for (const [key, difference] of tally.days) {
    const [day = '', state = '', sandbox = ''] = key.split(' ')
    if (difference === 0) continue
    run(
      sql,
      `INSERT INTO daily_count (day, state, sandbox, count) VALUES (?, ?, ?, ?)
       ON CONFLICT (day, state, sandbox) DO UPDATE SET count = count + excluded.count`,
      day,
      Number(state),
      Number(sandbox),
      difference,
    )
  }
}

export type LooseMove = Readonly<{
  requestId: RequestId
  identifierIds: readonly IdentifierId[]
  from: IdentifierState
  to: IdentifierState
  /** Whether a decision stands behind the state before, and behind the one after. */
  decided: Readonly<{ before: boolean; after: boolean }>
}>

/**
 * Moves identifiers that are in no call and were in none from one state to another at once, within the caller's
 * transaction; those in any other state stay. Gives how many moved. Throws on a move that the table does not allow.
 */
export function moveLoose(sql: Sql, { requestId, identifierIds, from, to, decided }: LooseMove, at: Timestamp): number {
  if (!mayBecome(from, to)) throw new Error(`An identifier can not go from ${from} to ${to}`)
  if (identifierIds.length === 0) return 0
  const moved = run(
    sql,
    `UPDATE identifier SET state = ?, decided = ?, state_at = ?
     WHERE id IN (SELECT value FROM json_each(?)) AND +request_id = ? AND +state = ? AND +decided = ? AND batch_id IS NULL`,
    stateNumbers[to],
    Number(decided.after),
    at,
    JSON.stringify(identifierIds),
    requestId,
    stateNumbers[from],
    Number(decided.before),
  )
  addToRequest(sql, requestId, stateNumbers[from], Number(decided.before), -moved)
  addToRequest(sql, requestId, stateNumbers[to], Number(decided.after), moved)
  if (isSettled(to)) {
    const tally: Tally = { requests: new Map(), batches: new Map(), days: new Map(), sandboxes: new Map() }
    add(tally.days, dayKey(sql, tally, { requestId, state: to, stateAt: at }), moved)
    writeTally(sql, tally)
  }
  return moved
}

/** Adds to the counter of one state of a request; for rows that come or go rather than move. */
export function addToRequest(sql: Sql, requestId: RequestId, state: number, decided: number, difference: number): void {
  if (difference === 0) return
  run(
    sql,
    `INSERT INTO identifier_count (request_id, state, decided, count) VALUES (?, ?, ?, ?)
     ON CONFLICT (request_id, state, decided) DO UPDATE SET count = count + excluded.count`,
    requestId,
    state,
    decided,
    difference,
  )
}
