/** Builds and signs every call of a plan, and sends none. */
import type { Value } from '../../../shared/contract.ts'
import { fail, succeed, type Result } from '../../../shared/failure.ts'
import type { RequestId } from '../../../shared/model/ids.ts'
import { lookedUpKind } from '../../../shared/model/look-up.ts'
import type { ConnectionForCall, Random, SecretStore, Signer, Submitted, Vendor, VendorCall } from '../ports.ts'
import { tokenFor } from '../send/signed-call.ts'
import { findVendor, lowerFirst } from '../vendors.ts'
import { checkNoObstacle, makePlan, type PlanPorts } from './plan.ts'

export type DryRunPorts = PlanPorts & Readonly<{ secrets: SecretStore; signer: Signer; random: Random }>

/**
 * The same as sending with the network off: every identifier is read from the history, every call written and signed
 * with the connection's own secret, look-ups too. Gives calls, identifiers, body bytes in all, of the largest call, and the last call
 * redacted. Fails as the plan would, or where the keychain does not give the secret.
 */
export async function dryRun(ports: DryRunPorts, requestId: RequestId): Promise<Result<Value<'dryRun'>>> {
  const { database, clock, vendors } = ports
  const basis = await database().planBasis({ requestId, now: clock.now(), samplePerGroup: 2000 })
  if (!basis.ok) return basis
  const { connection, groups } = basis.value
  const found = findVendor(vendors, connection.vendor)
  if (!found.ok) return found
  const vendor = found.value
  const plan = await makePlan(basis.value, vendor, clock.now())
  if (!plan.ok) return plan
  const free = checkNoObstacle(plan.value)
  if (!free.ok) return free
  const secret = await ports.secrets.read(connection.secretReference)
  if (!secret.ok) return secret
  if (secret.value === null) return secretMissing(vendor)

  const sums = { calls: 0, lookUpCalls: 0, identifiers: 0, bytes: 0, largestCall: 0 }
  let last: VendorCall | null = null
  for (const { scope, scopeId } of groups) {
    if (scope === null) continue
    let after = 0
    for (;;) {
      const limit = connection.settings.identifiersPerCall
      const page = await database().unsentPage({ requestId, scopeId, after, limit })
      if (!page.ok) return page
      const final = page.value.at(-1)
      if (final === undefined) break
      const call = vendor.eraseCall(connection, page.value, scope)
      if (!call.ok) return call
      const lookUp = lookUpOf(vendor, connection, page.value)
      for (const each of lookUp === null ? [call.value] : [lookUp, call.value]) {
        const token = await tokenFor(ports, vendor, connection, ports.random.uuid(), secret.value)
        if (!token.ok) return token
        const bytes = new TextEncoder().encode(each.body ?? '').length
        sums.bytes += bytes
        sums.largestCall = Math.max(sums.largestCall, bytes)
      }
      sums.calls += 1
      sums.lookUpCalls += lookUp === null ? 0 : 1
      sums.identifiers += page.value.length
      last = call.value
      after = final.identifierId
    }
  }
  if (last === null) return fail('nothing-to-send', 'There is no identifier to send.', { kept: 'Nothing was sent.' })
  return succeed({ ...sums, lastCall: vendor.redact(last) })
}

/** The look-up that goes before a call; null: none does. */
function lookUpOf(vendor: Vendor, connection: ConnectionForCall, identifiers: readonly Submitted[]): VendorCall | null {
  const lookedUp = identifiers.filter(({ kind }) => kind === lookedUpKind)
  if (!connection.settings.lookUpFirst || lookedUp.length === 0) return null
  return vendor.lookUp?.call(connection, lookedUp) ?? null
}

function secretMissing({ profile }: Vendor): Result<never> {
  return fail('secret-missing', `The keychain no longer holds this connection’s ${lowerFirst(profile.secret.label)}.`, {
    kept: 'Nothing was sent.',
    next: 'Enter it again on the connection’s page.',
  })
}
