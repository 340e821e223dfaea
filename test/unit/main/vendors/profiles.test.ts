/** What holds for every vendor that is registered: its profile can be read by the window, and its functions keep to it. */
import { describe, expect, test } from 'vitest'
import { guessRoles } from '../../../../src/main/core/import/columns.ts'
import { completeSettings } from '../../../../src/main/core/connections/settings.ts'
import type { Vendor } from '../../../../src/main/core/ports.ts'
import { vendors } from '../../../../src/main/vendors/index.ts'
import { connectionSettingsSchema } from '../../../../src/shared/model/connection.ts'
import { identifierRoles } from '../../../../src/shared/model/import.ts'
import { offersScope, vendorProfileSchema } from '../../../../src/shared/model/vendor.ts'

describe.each(Object.entries<Vendor>(vendors))('%s', (id, vendor) => {
  const { profile } = vendor

  test('is registered under the id of its profile, which the window can read', () => {
    expect(profile.id).toBe(id)
    expect(vendorProfileSchema.parse(profile)).toEqual(profile)
  })

  test('can do what its profile says, and nothing else', () => {
    expect(vendor.cancel !== undefined).toBe(profile.capabilities.cancel)
    expect(vendor.lookUp !== undefined).toBe(profile.lookUpWords !== null)
    // Without a mark of the end only a quiet time shows it, and an operator must be able to set that.
    expect(profile.settingsParts.includes('quiet time')).toBe(!profile.capabilities.marksEnd)
    expect(profile.settingsParts.includes('signing')).toBe(vendor.authorization === 'signed token')
  })

  test('takes every one of its hosts, and what a new connection begins with', () => {
    for (const { origin } of profile.origins)
      expect(vendor.checkOrigin(origin)).toEqual({ ok: true, value: { origin, warning: null } })
    const begun = connectionSettingsSchema.parse({ identifiersPerCall: profile.callSize.initial })
    expect(completeSettings(vendor, begun)).toMatchObject({
      ok: true,
      value: { identifiersPerCall: profile.callSize.initial },
    })
  })

  test('has columns that make an import, bots only where rows may name them, and titles for its own columns alone', () => {
    expect(identifierRoles.some((role) => profile.columns.includes(role))).toBe(true)
    expect(profile.columns.includes('bot ids')).toBe(offersScope(profile.scope, { kind: 'all bots' }))
    for (const [role, titles = []] of Object.entries(profile.columnTitles)) {
      expect(profile.columns).toContain(role)
      for (const title of titles) expect(guessRoles([title], [], profile.columnTitles)).toEqual([role])
    }
  })

  test('leads to documentation over https', () => {
    const { protocol, hostname } = new URL(profile.documentation)
    expect(protocol).toBe('https:')
    expect(profile.documentationHosts).toContain(hostname)
  })
})
