import { fail, succeed, type Result } from '../../shared/failure.ts'
import type { VendorId } from '../../shared/model/connection.ts'
import type { Vendor, Vendors } from './ports.ts'

/** The vendor of this id. Fails with `vendor-unknown` where the history names one that this version does not have. */
export function findVendor(vendors: Vendors, id: VendorId): Result<Vendor> {
  const vendor = Object.hasOwn(vendors, id) ? vendors[id] : undefined
  if (vendor !== undefined) return succeed(vendor)
  return fail('vendor-unknown', `This version of Erasure Desk does not know the vendor “${id}”.`, {
    kept: 'Nothing was sent. The history is as it was.',
    next: 'Open the history with the version that made the connection.',
  })
}

/** A label within a sentence: "Client secret" → "client secret"; what begins with two capitals stays ("GDPR token"). */
export function lowerFirst(label: string): string {
  return /^\p{Lu}\p{Lu}/u.test(label) ? label : label.slice(0, 1).toLowerCase() + label.slice(1)
}
