/** What a decision that sends would come to, read in one go, with a fingerprint of all that shapes its calls. */
import { createHash } from 'node:crypto'
import { succeed, type Result } from '../../../../shared/failure.ts'
import { kindNumbers } from '../../../../shared/model/identifier.ts'
import { lookedUpKind } from '../../../../shared/model/look-up.ts'
import { sendsAgain } from '../../../../shared/model/request.ts'
import { readScope } from '../../../../shared/model/scope.ts'
import { stateNumbers } from '../../../../shared/model/state.ts'
import type { Timestamp } from '../../../../shared/model/ids.ts'
import type { ConnectionForCall, DecisionBasis, DecisionSubject } from '../../../core/ports.ts'
import { accountBudget } from '../commands/budget.ts'
import { connectionForCall } from '../commands/connection-row.ts'
import { checkDecision } from '../commands/decision-rules.ts'
import { decisionGroups, type DecisionGroup } from '../commands/decision-groups.ts'
import { canBeLookedUp } from '../commands/look-up.ts'
import { requestRow } from '../commands/drafts.ts'
import { notFound, nothingWaits } from '../failures.ts'
import type { History } from '../history.ts'
import { number, one, type Sql } from '../sql.ts'
import { paceOf, queuedCalls, spentSince } from './plan.ts'

type ScopeOfCalls = DecisionBasis['scopes'][number]

export function decisionBasis(
  history: History,
  input: DecisionSubject & Readonly<{ now: Timestamp }>,
): Result<DecisionBasis> {
  const { sql } = history
  const request = requestRow(sql, input.requestId)
  const connection = request === undefined ? undefined : connectionForCall(sql, request.connection_id)
  if (connection === undefined) return notFound('request')
  const allowed = checkDecision(input)
  if (!allowed.ok) return allowed
  const groups = decisionGroups(sql, input)
  if (groups.length === 0 || !sendsAgain(input.decision)) return nothingWaits()
  const budget = accountBudget(sql, connection.accountId)
  const longest = Math.max(0, ...budget.windows.map(({ milliseconds }) => milliseconds))
  return succeed({
    connection,
    windows: budget.windows,
    margin: budget.margin,
    spent: spentSince(sql, connection, input.now - longest),
    holdUntil: budget.holdUntil !== null && budget.holdUntil > input.now ? budget.holdUntil : null,
    pace: paceOf(sql, connection, input.now),
    callsAhead: queuedCalls(sql, connection),
    scopes: scopesOf(sql, groups, connection.settings.identifiersPerCall),
    lookUps: lookUpsOf(sql, input, groups, connection.settings),
    groups: groups.map(({ count }) => count),
    fingerprint: decisionFingerprint(sql, input, groups),
  })
}

/** Changes with every identifier, scope and setting that shapes the calls of a decision. */
export function decisionFingerprint(sql: Sql, input: DecisionSubject, groups: readonly DecisionGroup[]): string {
  const request = requestRow(sql, input.requestId)
  const connection = request === undefined ? null : connectionForCall(sql, request.connection_id)
  const { requestId, target, state, decision } = input
  const facts = { requestId, target, state, decision, connection, groups }
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex')
}

/**
 * What goes again from a batch that was looked up keeps that; what was in none, or in one sent without, is looked up,
 * at most as often as it makes calls.
 */
function lookUpsOf(
  sql: Sql,
  subject: DecisionSubject,
  groups: readonly DecisionGroup[],
  { lookUpFirst, identifiersPerCall: perCall }: ConnectionForCall['settings'],
): number {
  if (!lookUpFirst) return 0
  const due = groups.filter(({ batchId }) =>
    batchId === null
      ? hasLooseOfKind(sql, subject)
      : number(sql, `SELECT count(*) AS value FROM batch b WHERE b.id = ? AND ${canBeLookedUp}`, batchId) === 1,
  )
  return due.reduce((sum, { count }) => sum + Math.ceil(count / perCall), 0)
}

/** True where one of those in no batch can be looked up. */
function hasLooseOfKind(sql: Sql, { requestId, state }: DecisionSubject): boolean {
  const query = `SELECT EXISTS (SELECT 1 FROM identifier i
    WHERE i.request_id = ? AND i.state = ? AND i.batch_id IS NULL AND i.kind = ?) AS value`
  return number(sql, query, requestId, stateNumbers[state], kindNumbers[lookedUpKind]) === 1
}

function scopesOf(sql: Sql, groups: readonly DecisionGroup[], perCall: number): readonly ScopeOfCalls[] {
  const found = new Map<number, Readonly<{ identifiers: number; calls: number }>>()
  for (const { scopeId, count } of groups) {
    const before = found.get(scopeId) ?? { identifiers: 0, calls: 0 }
    found.set(scopeId, { identifiers: before.identifiers + count, calls: before.calls + Math.ceil(count / perCall) })
  }
  return [...found]
    .flatMap(([scopeId, sums]) => {
      const row = one<{ canonical: string }>(sql, 'SELECT canonical FROM scope WHERE id = ?', scopeId)
      return row === undefined ? [] : [{ scope: readScope(row.canonical), ...sums }]
    })
    .toSorted((a, b) => b.identifiers - a.identifiers)
}
