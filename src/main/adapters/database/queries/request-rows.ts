/** Requests as the tables show them; every summary is the counts of its identifiers. */
import type { Environment, VendorId } from '../../../../shared/model/connection.ts'
import type { CaseId, ConnectionId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import type { CaseFacts, RequestPhase, RequestSummary } from '../../../../shared/model/request.ts'
import { countAll, stateFromNumber, waitingStates, type StateCounts } from '../../../../shared/model/state.ts'
import { all, number, one, type Sql } from '../sql.ts'

export type RequestColumns = Readonly<{
  id: RequestId
  name: string
  phase: RequestPhase
  connection_id: ConnectionId
  connection_name: string
  environment: Environment
  vendor: VendorId
  reference: string
  answer_due: string | null
  due_on: string | null
  created_at: Timestamp
  sent_at: Timestamp | null
  closed_at: Timestamp | null
  paused_at: Timestamp | null
  regulation: CaseFacts['regulation']
  received_on: string | null
  channel: string
  canonical: string | null
  batch_numbers: number
  stopped: string | null
  retired_at: Timestamp | null
  paused_cause: string | null
  unclear_calls: number
  case_id: CaseId | null
  case_name: string | null
}>

/** One request with its connection, or undefined. */
export function requestColumns(sql: Sql, requestId: number): RequestColumns | undefined {
  return one<RequestColumns>(
    sql,
    `SELECT r.id, r.name, r.phase, r.connection_id, c.name AS connection_name, c.environment, c.vendor, r.reference,
       r.answer_due, r.due_on, r.created_at, r.sent_at, r.closed_at, r.paused_at, r.regulation, r.received_on, r.channel,
       s.canonical, r.batch_numbers, c.stopped, c.retired_at, r.paused_cause, c.unclear_calls,
       r.case_id, k.name AS case_name
     FROM request r JOIN connection c ON c.id = r.connection_id LEFT JOIN scope s ON s.id = r.scope_id
       LEFT JOIN "case" k ON k.id = r.case_id
     WHERE r.id = ? AND r.discarded_at IS NULL`,
    requestId,
  )
}

/** Counts by state, and how many wait for a person. */
export function requestCounts(sql: Sql, requestId: number): Readonly<{ counts: StateCounts; waiting: number }> {
  const rows = all<{ state: number; decided: number; count: number }>(
    sql,
    'SELECT state, decided, count FROM identifier_count WHERE request_id = ? AND count > 0',
    requestId,
  )
  return countsOf(rows)
}

export function countsOf(
  rows: readonly Readonly<{ state: number; decided: number; count: number }>[],
): Readonly<{ counts: StateCounts; waiting: number }> {
  const counts: { -readonly [S in keyof StateCounts]: StateCounts[S] } = {}
  let waiting = 0
  for (const row of rows) {
    const state = stateFromNumber(row.state)
    counts[state] = (counts[state] ?? 0) + row.count
    if (row.decided === 0 && waitingStates.includes(state)) waiting += row.count
  }
  return { counts, waiting }
}

export function summaryOf(sql: Sql, row: RequestColumns): RequestSummary {
  const { counts, waiting } = requestCounts(sql, row.id)
  return {
    id: row.id,
    name: row.name,
    phase: row.phase,
    connectionId: row.connection_id,
    connectionName: row.connection_name,
    environment: row.environment,
    vendor: row.vendor,
    reference: row.reference,
    answerDue: row.due_on,
    counts,
    case: row.case_id === null || row.case_name === null ? null : { id: row.case_id, name: row.case_name },
    waiting,
    copiesInDoubt: number(
      sql,
      `SELECT count(*) AS value FROM retrieval WHERE request_id = ? AND status = 'outcome unknown'`,
      row.id,
    ),
    total: countAll(counts),
    paused: row.paused_at !== null,
    createdAt: row.created_at,
    sentAt: row.sent_at,
    closedAt: row.closed_at,
  }
}
