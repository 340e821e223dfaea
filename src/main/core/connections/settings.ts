/** A connection's settings, held against what its vendor's profile says of them. */
import { fail, type Result } from '../../../shared/failure.ts'
import type { ConnectionSettings } from '../../../shared/model/connection.ts'
import type { OwnSetting } from '../../../shared/model/vendor.ts'
import type { Vendor } from '../ports.ts'

const kept = 'Nothing was saved.'

/**
 * The settings as a connection keeps them: of the vendor's own ones exactly those of its profile, each within its bounds
 * and as the profile begins with where it is absent, and with all that follows from them. Fails with `invalid-input`
 * where a value is beyond its bounds, where a call would carry more identifiers than the vendor takes, and as the
 * vendor's folder does.
 */
export function completeSettings(vendor: Vendor, settings: ConnectionSettings): Result<ConnectionSettings> {
  const { profile } = vendor
  const own: Record<string, string | number | boolean> = {}
  for (const setting of profile.ownSettings) {
    const value = Object.hasOwn(settings.own, setting.key) ? settings.own[setting.key] : setting.initial
    if (value === undefined || !isWithin(setting, value)) return beyondBounds(setting)
    own[setting.key] = value
  }
  const complete = vendor.completeSettings({ ...settings, own })
  if (!complete.ok || complete.value.identifiersPerCall <= profile.callSize.most) return complete
  return fail('invalid-input', `${profile.name} takes fewer identifiers in a call.`, {
    kept,
    next: `Enter a number from 1 to ${profile.callSize.most.toLocaleString('en')}.`,
    field: 'settings.identifiersPerCall',
  })
}

function isWithin(setting: OwnSetting, value: string | number | boolean): boolean {
  switch (setting.kind) {
    case 'number':
      return typeof value === 'number' && Number.isInteger(value) && value >= setting.least && value <= setting.most
    case 'choice':
      return setting.choices.some((choice) => choice.value === value)
    case 'switch':
      return typeof value === 'boolean'
  }
}

function beyondBounds(setting: OwnSetting): Result<never> {
  return fail('invalid-input', `“${setting.label}” cannot be what was chosen.`, {
    kept,
    next: nextFor(setting),
    field: 'own',
  })
}

function nextFor(setting: OwnSetting): string {
  switch (setting.kind) {
    case 'number':
      return `Enter a whole number from ${setting.least.toLocaleString('en')} to ${setting.most.toLocaleString('en')}.`
    case 'choice':
      return `Choose ${setting.choices.map(({ label }) => `“${label}”`).join(' or ')}.`
    case 'switch':
      return 'Turn it on or off.'
  }
}
