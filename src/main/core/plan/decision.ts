/** The plan of a decision after which identifiers leave again: nothing irreversible without it (product rule 8). */
import { succeed, type Result } from '../../../shared/failure.ts'
import type { DecisionPlan } from '../../../shared/model/request.ts'
import type { Clock, Database, DecisionSubject, Vendors } from '../ports.ts'
import { findVendor } from '../vendors.ts'
import { estimateSending } from './estimate.ts'
import { splittingOf } from './splitting.ts'

const mostScopes = 20

type DecisionPorts = Readonly<{
  database: () => Database
  clock: Clock
  vendors: Vendors
}>

/** How many would go, from where, in how many calls, until when. Fails where nothing waits for this decision. */
export async function planDecision(
  { database, clock, vendors }: DecisionPorts,
  subject: DecisionSubject,
): Promise<Result<DecisionPlan>> {
  const now = clock.now()
  const basis = await database().decisionBasis({ ...subject, now })
  if (!basis.ok) return basis
  const { connection, windows, margin, spent, holdUntil, pace, callsAhead, scopes, lookUps, groups, fingerprint } =
    basis.value
  const { settings } = connection
  const vendor = findVendor(vendors, connection.vendor)
  if (!vendor.ok) return vendor
  const calls = scopes.reduce((sum, scope) => sum + scope.calls, 0)
  const timeOf = (count: number): number =>
    estimateSending({
      now,
      calls: count + lookUps + callsAhead,
      lookUps,
      windows,
      margin,
      spent,
      holdUntil,
      pace,
      settings,
    })
  const sendingMilliseconds = timeOf(calls)
  const splitting = splittingOf(groups, settings.identifiersPerCall)
  return succeed({
    digest: fingerprint,
    identifiers: scopes.reduce((sum, scope) => sum + scope.identifiers, 0),
    calls,
    lookUpCalls: lookUps,
    scopes: scopes.slice(0, mostScopes).map(({ scope, identifiers }) => ({ scope, identifiers })),
    scopeCount: scopes.length,
    sendingMilliseconds,
    splitting: { ...splitting, milliseconds: timeOf(calls + splitting.calls) - sendingMilliseconds },
    vendorTime: vendor.value.profile.vendorTime,
    needsTypedCount: scopes.some(({ scope }) => vendor.value.needsTypedCount(scope)),
  })
}
