import { succeed, type Result } from '../../../../shared/failure.ts'
import type { BatchId, ConnectionId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import type { History } from '../history.ts'
import { inTransaction, insert, type Sql } from '../sql.ts'

export type NewEvent = Readonly<{
  at: Timestamp
  actor: 'operator' | 'app' | 'vendor'
  kind: string
  /** One sentence for the operator; counts, batch numbers and names of ours, never an identifier or a vendor's text. */
  words: string
  reason?: string | null
  requestId?: RequestId | null
  connectionId?: ConnectionId | null
  batchId?: BatchId | null
  /** Facts of the event, without any identifier's value. */
  payload?: Readonly<Record<string, string | number | boolean | null>>
}>

/** Adds an event to the log, within the caller's transaction. The payload is JSON with its keys in order. */
export function addEvent(sql: Sql, event: NewEvent): void {
  const facts = Object.entries(event.payload ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1))
  insert(
    sql,
    `INSERT INTO event (at, actor, kind, words, reason, request_id, connection_id, batch_id, payload)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    event.at,
    event.actor,
    event.kind,
    event.words,
    event.reason ?? null,
    event.requestId ?? null,
    event.connectionId ?? null,
    event.batchId ?? null,
    JSON.stringify(Object.fromEntries(facts)),
  )
}

/** Records an event on its own. */
export function recordEvent(history: History, event: NewEvent): Result<null> {
  return inTransaction(history.sql, () => {
    addEvent(history.sql, event)
    return succeed(null)
  })
}

/** "1 identifier", "1,200 identifiers". */
export function identifiersInWords(count: number): string {
  return count === 1 ? '1 identifier' : `${count.toLocaleString('en-GB')} identifiers`
}
