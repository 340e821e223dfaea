/**
 * How many identifiers a call holds. As many as are set, until the vendor finds a call too large: from then on at most
 * half as many as in the smallest that was, so that not every further call is refused in the same way. Where one alone
 * was too large, that says nothing of their number once the vendor takes a call. A number that the operator sets anew is
 * tried as it is.
 */
import { mostPerCall } from '../../../../shared/model/connection.ts'
import type { BatchId, ConnectionId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import { one, run, type Sql } from '../sql.ts'
import { readSettings } from './connection-row.ts'
import { addEvent, identifiersInWords } from './events.ts'

type Called = Readonly<{ id: BatchId; requestId: RequestId; connectionId: ConnectionId; size: number }>
type Row = Readonly<{ settings: string; too_large: number | null }>

/** Identifiers that a call of the connection formed now holds at most. */
export function identifiersPerCall(sql: Sql, connectionId: ConnectionId): number {
  const { settings, too_large: tooLarge } = sizesOf(sql, connectionId)
  return mostPerCall(readSettings(settings).identifiersPerCall, tooLarge)
}

/** Remembers a call that was too large, within the transaction that writes its end. */
export function noteTooLarge(sql: Sql, { id, requestId, connectionId, size }: Called, at: Timestamp): void {
  const before = identifiersPerCall(sql, connectionId)
  run(sql, 'UPDATE connection SET too_large = min(coalesce(too_large, ?1), ?1) WHERE id = ?2', size, connectionId)
  const most = identifiersPerCall(sql, connectionId)
  if (most === before) return
  addEvent(sql, {
    at,
    actor: 'app',
    kind: 'calls made smaller',
    words: `The vendor found a call of ${identifiersInWords(size)} too large: calls of this connection hold at most ${most.toLocaleString('en-GB')} now.`,
    requestId,
    connectionId,
    batchId: id,
    payload: { tooLarge: size, most },
  })
}

/** Forgets that one identifier alone was too large, now that the vendor took a call. */
export function noteTaken(sql: Sql, { id, requestId, connectionId }: Called, at: Timestamp): void {
  const before = sizesOf(sql, connectionId)
  if (before.too_large !== 1) return
  run(sql, 'UPDATE connection SET too_large = NULL WHERE id = ?', connectionId)
  const most = readSettings(before.settings).identifiersPerCall
  if (most === 1) return
  addEvent(sql, {
    at,
    actor: 'app',
    kind: 'calls made larger',
    words: `The vendor takes calls: what was too large was one identifier, not their number. Calls of this connection hold up to ${most.toLocaleString('en-GB')} again.`,
    requestId,
    connectionId,
    batchId: id,
    payload: { most },
  })
}

function sizesOf(sql: Sql, connectionId: ConnectionId): Row {
  const row = one<Row>(sql, 'SELECT settings, too_large FROM connection WHERE id = ?', connectionId)
  if (row === undefined) throw new Error(`No connection has the id ${connectionId}`)
  return row
}
