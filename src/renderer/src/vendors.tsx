/** What is known of the vendors: asked for once, before the first screen is drawn, since it never changes while the app runs. */
import { createContext, useContext, type ReactNode } from 'react'
import type { VendorId } from '../../shared/model/connection.ts'
import type { VendorProfile } from '../../shared/model/vendor.ts'
import { useChannel } from './api.ts'
import { FailureNotice } from './ui/index.ts'

const Vendors = createContext<readonly VendorProfile[]>([])

/** Draws nothing until the vendors are known; main answers within a few milliseconds. */
export function VendorsProvider({ children }: { readonly children: ReactNode }) {
  const vendors = useChannel('listVendors', {})
  if (vendors.error !== null) return <FailureNotice failure={vendors.error.failure} />
  if (vendors.data === undefined) return null
  return <Vendors value={vendors.data}>{children}</Vendors>
}

/** Every vendor, in the order in which the app offers them. */
export function useVendors(): readonly VendorProfile[] {
  return useContext(Vendors)
}

/** The vendor of this id; null where the history was made by a version that knows more of them. */
export function useVendor(id: VendorId): VendorProfile | null {
  return useVendors().find((vendor) => vendor.id === id) ?? null
}

/** What a request's or a batch's scope is called as a fact: where it erases, or the vendor's own word for its choice. */
export function termOfScope(vendor: Pick<VendorProfile, 'scope'> | null): string {
  return vendor?.scope.kind === 'choice' ? vendor.scope.label : 'Erased from'
}

/** How a vendor is called, also one that is not known here. */
export function nameOfVendor(vendors: readonly VendorProfile[], id: VendorId): string {
  return vendors.find((vendor) => vendor.id === id)?.name ?? id
}
