/** Whether a connection's secret is still taken by its vendor, as far as its last day tells. */
import { fail, type Failed } from '../../../shared/failure.ts'
import type { ConnectionSettings } from '../../../shared/model/connection.ts'
import type { Timestamp } from '../../../shared/model/ids.ts'
import { endOfDay } from '../../../shared/model/secret-expiry.ts'
import type { VendorProfile } from '../../../shared/model/vendor.ts'
import { lowerFirst } from '../vendors.ts'

/** Null while the secret is good. A last day has passed once it is over everywhere on earth: no call is spent on it then. */
export function expiryFailure(
  profile: VendorProfile,
  { secretExpiresOn }: ConnectionSettings,
  now: Timestamp,
): Failed | null {
  if (!profile.secret.expires || secretExpiresOn === null || now < endOfDay(secretExpiresOn)) return null
  const label = lowerFirst(profile.secret.label)
  return fail('secret-expired', `The ${label} of this connection expired on ${secretExpiresOn}.`, {
    kept: 'Nothing was sent.',
    next: `Make a new one at ${profile.name}, then edit the connection and save it with its new last day.`,
    field: 'secret',
  })
}
