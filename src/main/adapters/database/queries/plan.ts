/** What a plan is computed from, read in one go, with a fingerprint of all that shapes a call. */
import { createHash } from 'node:crypto'
import { succeed, type Result } from '../../../../shared/failure.ts'
import { kindFromNumber } from '../../../../shared/model/identifier.ts'
import type { ConnectionId, IdentifierId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import type { RepeatDecision } from '../../../../shared/model/request.ts'
import { readScope } from '../../../../shared/model/scope.ts'
import type { ConnectionForCall, Pace, PlanBasis, Submitted } from '../../../core/ports.ts'
import { accountBudget } from '../commands/budget.ts'
import { identifiersPerCall } from '../commands/call-size.ts'
import { connectionForCall, readSettings } from '../commands/connection-row.ts'
import { stepOf } from '../commands/first-ask.ts'
import { unreadCaseOf } from '../commands/case-rules.ts'
import { unbatched } from '../commands/form-batch.ts'
import { notFound } from '../failures.ts'
import type { History } from '../history.ts'
import { sumOf } from '../repeats/sums.ts'
import { all, number, one, type Sql } from '../sql.ts'
import { lookUpsOfGroup, queuedLookUps } from './look-ups.ts'

type Input = Readonly<{ requestId: RequestId; now: Timestamp; samplePerGroup: number }>
type Group = Readonly<{ scopeId: number; count: number; first: number; last: number }>
type RequestRow = Readonly<{
  connection_id: ConnectionId
  phase: 'draft' | 'open' | 'closed'
  scope_id: number | null
  scope_folding: number
  repeats_decision: RepeatDecision
  compared: number
  retired: number
  stopped: number
  secret: number
  settings: string
  too_large: number | null
}>

export function planBasis(history: History, input: Input): Result<PlanBasis> {
  return readPlanBasis(history.sql, input)
}

/** The same in a transaction of the caller's; a sample of 0 skips the values. */
export function readPlanBasis(sql: Sql, input: Input): Result<PlanBasis> {
  const request = one<RequestRow>(
    sql,
    `SELECT r.connection_id, r.phase, r.scope_id, r.scope_folding, r.repeats_decision,
       r.repeats_stamp IS NOT NULL AS compared, c.retired_at IS NOT NULL AS retired,
       c.stopped IS NOT NULL AS stopped, c.secret_saved_at IS NOT NULL AS secret,
       c.settings, c.too_large
     FROM request r JOIN connection c ON c.id = r.connection_id WHERE r.id = ? AND r.discarded_at IS NULL`,
    input.requestId,
  )
  const connection = request === undefined ? undefined : connectionForCall(sql, request.connection_id)
  if (request === undefined || connection === undefined) return notFound('request')
  const budget = accountBudget(sql, connection.accountId)
  const groups = unsentGroups(sql, input.requestId, request.scope_id)
  const imports = all<{ id: number; status: string; identifier_count: number }>(
    sql,
    'SELECT id, status, identifier_count FROM import WHERE request_id = ? ORDER BY id',
    input.requestId,
  )
  const repeats = {
    count: sumOf(sql, input.requestId).count,
    decision: request.repeats_decision,
    compared: request.compared === 1,
  }
  const longest = Math.max(0, ...budget.windows.map(({ milliseconds }) => milliseconds))
  return succeed({
    requestId: input.requestId,
    phase: request.phase,
    connection,
    connectionRetired: request.retired === 1,
    connectionStopped: request.stopped === 1,
    secretSaved: request.secret === 1,
    importRunning: request.scope_folding === 1 || imports.some(({ status }) => status === 'running'),
    unreadCase: unreadCaseOf(sql, input.requestId),
    held: number(
      sql,
      'SELECT sum(count) AS value FROM identifier_count WHERE request_id = ? AND state = 1 AND decided = 0',
      input.requestId,
    ),
    repeats,
    windows: budget.windows,
    margin: budget.margin,
    spent: spentSince(sql, connection, input.now - longest),
    holdUntil: budget.holdUntil !== null && budget.holdUntil > input.now ? budget.holdUntil : null,
    pace: paceOf(sql, connection, input.now),
    groups: groups.map((group) => ({
      scope: scopeOfGroup(sql, group.scopeId, request.scope_id),
      scopeId: group.scopeId,
      identifiers: group.count,
      lookUps: lookUpsOfGroup(
        sql,
        { ...group, requestId: input.requestId, scopeIds: scopeIdsOf(group.scopeId, request.scope_id) },
        connection.settings,
        input.samplePerGroup > 0,
      ),
      first: unsentOf(sql, input.requestId, group.scopeId, request.scope_id, 0, input.samplePerGroup).map(
        ({ identifierId: _identifierId, ...submitted }) => submitted,
      ),
    })),
    callsAhead: callsAhead(sql, input.requestId, connection),
    tooLarge: isSmaller(connection, request) ? request.too_large : null,
    fingerprint: fingerprintOf({
      request: input.requestId,
      connection,
      windows: budget.windows,
      margin: budget.margin,
      scope: scopeOfGroup(sql, 0, request.scope_id),
      groups,
      imports,
      repeats,
    }),
  })
}

/** True where calls hold fewer identifiers than are set. */
function isSmaller({ settings }: ConnectionForCall, row: Pick<RequestRow, 'settings'>): boolean {
  return settings.identifiersPerCall < readSettings(row.settings).identifiersPerCall
}

/** Unsent identifiers of one group (0: the request's own scope) in sending order, by id from after `after` on. */
export function unsentPage(
  history: History,
  input: Readonly<{ requestId: RequestId; scopeId: number; after: number; limit: number }>,
): Result<readonly (Submitted & Readonly<{ identifierId: IdentifierId }>)[]> {
  const own = one<{ scope_id: number | null }>(
    history.sql,
    'SELECT scope_id FROM request WHERE id = ?',
    input.requestId,
  )
  if (own === undefined) return notFound('request')
  return succeed(unsentOf(history.sql, input.requestId, input.scopeId, own.scope_id, input.after, input.limit))
}

/** Rows that name the request's own scope stand in the group of rows that leave it open (scope id 0). */
function unsentGroups(sql: Sql, requestId: RequestId, ownScope: number | null): readonly Group[] {
  const rows = all<{ scope_id: number; count: number; first: number; last: number }>(
    sql,
    `SELECT scope_id, count(*) AS count, min(id) AS first, max(id) AS last FROM identifier
     WHERE request_id = ? AND state = 2 AND batch_id IS NULL GROUP BY scope_id ORDER BY scope_id`,
    requestId,
  )
  const groups = new Map<number, Group>()
  for (const row of rows) {
    const scopeId = row.scope_id === ownScope ? 0 : row.scope_id
    const before = groups.get(scopeId)
    groups.set(scopeId, {
      scopeId,
      count: row.count + (before?.count ?? 0),
      first: Math.min(row.first, before?.first ?? row.first),
      last: Math.max(row.last, before?.last ?? row.last),
    })
  }
  return [...groups.values()].toSorted((a, b) => a.scopeId - b.scopeId)
}

function scopeOfGroup(sql: Sql, scopeId: number, ownScope: number | null) {
  const id = scopeId === 0 ? ownScope : scopeId
  if (id === null) return null
  const row = one<{ canonical: string }>(sql, 'SELECT canonical FROM scope WHERE id = ?', id)
  return row === undefined ? null : readScope(row.canonical)
}

function unsentOf(
  sql: Sql,
  requestId: RequestId,
  scopeId: number,
  ownScope: number | null,
  after: number,
  limit: number,
): readonly (Submitted & Readonly<{ identifierId: IdentifierId }>)[] {
  if (limit === 0) return []
  return unbatched(sql, requestId, scopeIdsOf(scopeId, ownScope), after, limit).flatMap((identifierId) => {
    const row = one<{ kind: number; value: string | null; channel_id: string | null }>(
      sql,
      'SELECT kind, value, channel_id FROM identifier WHERE id = ?',
      identifierId,
    )
    if (row === undefined || row.value === null) return []
    return [{ identifierId, kind: kindFromNumber(row.kind), value: row.value, channelId: row.channel_id }]
  })
}

/** Scope ids whose rows stand in a group. */
function scopeIdsOf(scopeId: number, ownScope: number | null): readonly number[] {
  return scopeId === 0 && ownScope !== null ? [0, ownScope] : [scopeId]
}

/** The moments from which calls of the account weigh on its windows, since `since`. */
export function spentSince(sql: Sql, connection: ConnectionForCall, since: Timestamp): readonly Timestamp[] {
  return all<{ spent_from: Timestamp }>(
    sql,
    'SELECT spent_from FROM attempt WHERE account_id = ? AND spent_from > ? ORDER BY spent_from',
    connection.accountId,
    since,
  ).map(({ spent_from }) => spent_from)
}

/** What the calls of the account and the batches of the connection show so far. */
export function paceOf(sql: Sql, connection: ConnectionForCall, now: Timestamp): Pace {
  const calls = one<{ milliseconds: number | null }>(
    sql,
    // A clock that was set between the two dates says nothing about the call.
    `SELECT avg(ended_at - reserved_at) AS milliseconds FROM
       (SELECT ended_at, reserved_at, timeout_milliseconds FROM attempt
        WHERE account_id = ? AND spent_from IS NOT NULL ORDER BY spent_from DESC LIMIT 20)
     WHERE ended_at - reserved_at BETWEEN 0 AND timeout_milliseconds`,
    connection.accountId,
  )
  const known = one<{ ready_step: number; ready_batch_id: number }>(
    sql,
    'SELECT ready_step, ready_batch_id FROM connection WHERE id = ?',
    connection.id,
  )
  return {
    callMilliseconds: calls?.milliseconds ?? null,
    pollsDue: number(
      sql,
      `SELECT count(*) AS value FROM connection c
       JOIN batch b ON b.connection_id = c.id AND b.next_poll_at <= ? AND b.polling = 0
       WHERE c.account_id = ? AND c.stopped IS NULL`,
      now,
      connection.accountId,
    ),
    readyStep: known === undefined || known.ready_batch_id === 0 ? null : stepOf(known.ready_step),
  }
}

/** Calls that leave before this request's own groups: queued batches, and what other requests have still to send. */
function callsAhead(sql: Sql, requestId: RequestId, connection: ConnectionForCall): number {
  const others = all<{ id: RequestId; scope_id: number | null; connection_id: ConnectionId; settings: string }>(
    sql,
    `SELECT r.id, r.scope_id, r.connection_id, c.settings FROM connection c
     JOIN request r ON r.connection_id = c.id AND r.phase = 'open' AND r.paused_at IS NULL AND r.id <> ?
     JOIN identifier_count n ON n.request_id = r.id AND n.state = 2 AND n.decided = 0 AND n.count > 0
     WHERE c.account_id = ? AND c.stopped IS NULL`,
    requestId,
    connection.accountId,
  )
  return others.reduce(
    (sum, other) => {
      const settings = readSettings(other.settings)
      const perCall = identifiersPerCall(sql, other.connection_id)
      const calls = unsentGroups(sql, other.id, other.scope_id).map((unsent) => {
        const group = { ...unsent, requestId: other.id, scopeIds: scopeIdsOf(unsent.scopeId, other.scope_id) }
        const lookUps = lookUpsOfGroup(sql, group, { ...settings, identifiersPerCall: perCall }, false)
        return Math.ceil(unsent.count / perCall) + lookUps
      })
      return sum + calls.reduce((total, count) => total + count, 0)
    },
    queuedCalls(sql, connection),
  )
}

/** Calls of the account that are cut already and leave before anything new, with the look-ups they still wait for. */
export function queuedCalls(sql: Sql, connection: ConnectionForCall): number {
  const erase = number(
    sql,
    `SELECT count(*) AS value FROM connection c
     JOIN batch b ON b.connection_id = c.id AND b.status = 'queued'
     JOIN request r ON r.id = b.request_id AND r.phase = 'open' AND r.paused_at IS NULL
     WHERE c.account_id = ? AND c.stopped IS NULL`,
    connection.accountId,
  )
  return erase + queuedLookUps(sql, connection)
}

function fingerprintOf(facts: Readonly<Record<string, unknown>>): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex')
}
