import { fail, succeed, type Result } from '../../../shared/failure.ts'
import type { ConnectionSettings } from '../../../shared/model/connection.ts'
import { mixpanelProfile, mostIdentifiers, ownKeys } from './profile.ts'

/**
 * The settings with both of Mixpanel's own and with how many identifiers a task carries: the cap, or what Mixpanel's
 * maintainers give for the project's data groups, whichever is less; at least one. Fails where one of the two is no whole
 * number within its bounds.
 */
export function completeSettings(settings: ConnectionSettings): Result<ConnectionSettings> {
  const dataGroups = numberOf(settings, ownKeys.dataGroups)
  if (!dataGroups.ok) return dataGroups
  const mostPerTask = numberOf(settings, ownKeys.mostPerTask)
  if (!mostPerTask.ok) return mostPerTask
  return succeed({
    ...settings,
    own: { [ownKeys.dataGroups]: dataGroups.value, [ownKeys.mostPerTask]: mostPerTask.value },
    identifiersPerCall: Math.min(mostPerTask.value, Math.floor(mostIdentifiers / (dataGroups.value + 1))),
  })
}

/** A number among the own settings, or what a new connection begins with. */
function numberOf({ own }: ConnectionSettings, key: string): Result<number> {
  const setting = mixpanelProfile.ownSettings.find((one) => one.key === key)
  if (setting?.kind !== 'number') throw new Error(`Mixpanel has no number among its settings called ${key}`)
  const value = Object.hasOwn(own, key) ? own[key] : setting.initial
  if (typeof value === 'number' && Number.isInteger(value) && value >= setting.least && value <= setting.most)
    return succeed(value)
  return fail('invalid-input', `“${setting.label}” is not a number that Mixpanel’s tasks allow.`, {
    kept: 'Nothing was saved.',
    next: `Enter a whole number from ${setting.least} to ${setting.most.toLocaleString('en')}.`,
    field: 'own',
  })
}
