/** The plan of a decision after which identifiers leave again: nothing irreversible without it (product rule 8). */
import { succeed, type Result } from '../../../shared/failure.ts'
import type { VendorId } from '../../../shared/model/connection.ts'
import type { DecisionPlan } from '../../../shared/model/request.ts'
import type { Clock, Database, DecisionSubject, Vendor } from '../ports.ts'
import { estimateSending } from './estimate.ts'
import { splittingOf } from './splitting.ts'

const mostScopes = 20

type DecisionPorts = Readonly<{
  database: () => Database
  clock: Clock
  vendors: Readonly<Record<VendorId, Vendor>>
}>

/** How many would go, from where, in how many calls, until when. Fails where nothing waits for this decision. */
export async function planDecision(
  { database, clock, vendors }: DecisionPorts,
  subject: DecisionSubject,
): Promise<Result<DecisionPlan>> {
  const now = clock.now()
  const basis = await database().decisionBasis({ ...subject, now })
  if (!basis.ok) return basis
  const { connection, windows, margin, spent, holdUntil, pace, callsAhead, scopes, groups, fingerprint } = basis.value
  const { settings } = connection
  const calls = scopes.reduce((sum, scope) => sum + scope.calls, 0)
  const timeOf = (count: number): number =>
    estimateSending({ now, calls: count + callsAhead, windows, margin, spent, holdUntil, pace, settings })
  const sendingMilliseconds = timeOf(calls)
  const splitting = splittingOf(groups, settings.identifiersPerCall)
  return succeed({
    digest: fingerprint,
    identifiers: scopes.reduce((sum, scope) => sum + scope.identifiers, 0),
    calls,
    scopes: scopes.slice(0, mostScopes).map(({ scope, identifiers }) => ({ scope, identifiers })),
    scopeCount: scopes.length,
    sendingMilliseconds,
    splitting: { ...splitting, milliseconds: timeOf(calls + splitting.calls) - sendingMilliseconds },
    vendorTime: vendors[connection.vendor].vendorTime,
    needsTypedCount: scopes.some(({ scope }) => scope.kind === 'all bots'),
  })
}
