/** The scope of a draft, held against what the vendor of its connection has. */
import type { ParsedInput } from '../../../shared/contract.ts'
import { fail, succeed, type Result } from '../../../shared/failure.ts'
import type { ConnectionId, RequestId } from '../../../shared/model/ids.ts'
import { describeScope } from '../../../shared/model/scope.ts'
import { offersScope } from '../../../shared/model/vendor.ts'
import type { Desk } from '../app/desk.ts'
import type { Clock, Vendor, Vendors } from '../ports.ts'
import { findVendor } from '../vendors.ts'

export type Scopes = Readonly<{
  /** The vendor of a request; `vendor-unknown` where this version has it not. */
  vendorOf: (requestId: RequestId) => Promise<Result<Vendor>>
  /** Fails for a scope of another vendor's sort: it would stand in the history and could never be sent. */
  checkScope: (input: ParsedInput<'updateDraft'>) => Promise<Result<null>>
  /** Where the vendor leaves nothing to choose, a draft has its scope from the beginning. */
  giveOnlyScope: (requestId: RequestId) => Promise<Result<null>>
}>

export function createScopes({
  desk,
  vendors,
  clock,
}: Readonly<{ desk: Desk; vendors: Vendors; clock: Clock }>): Scopes {
  const vendorOf = async (requestId: RequestId): Promise<Result<Vendor>> => {
    const found = await desk.database().read('getRequest', { requestId }, clock.now())
    return found.ok ? findVendor(vendors, found.value.vendor) : found
  }

  const vendorAt = async (connectionId: ConnectionId): Promise<Result<Vendor>> => {
    const found = await desk.database().read('getConnection', { connectionId }, clock.now())
    return found.ok ? findVendor(vendors, found.value.vendor) : found
  }

  return {
    vendorOf,
    checkScope: async ({ requestId, connectionId, scope }) => {
      if (scope === undefined) return succeed(null)
      const vendor = connectionId === undefined ? await vendorOf(requestId) : await vendorAt(connectionId)
      if (!vendor.ok) return vendor
      const { name, scope: choice } = vendor.value.profile
      if (offersScope(choice, scope)) return succeed(null)
      return fail('invalid-input', `“${describeScope(scope)}” is no scope that ${name} has.`, {
        kept: 'The draft is as it was.',
        next: 'Choose the scope again.',
      })
    },
    giveOnlyScope: async (requestId) => {
      const vendor = await vendorOf(requestId)
      if (!vendor.ok || vendor.value.profile.scope.kind !== 'everything') return succeed(null)
      return await desk.database().updateDraft({ requestId, scope: { kind: 'everything' }, now: clock.now() })
    },
  }
}
