import { succeed, type Result } from '../../../shared/failure.ts'
import type { ConnectionSettings } from '../../../shared/model/connection.ts'
import { mostIdentifiers, ownKeys } from './profile.ts'

/**
 * The settings with how many identifiers a task carries: the cap, or what Mixpanel's maintainers give for the project's
 * data groups, whichever is less; at least one.
 */
export function completeSettings(settings: ConnectionSettings): Result<ConnectionSettings> {
  const dataGroups = Number(settings.own[ownKeys.dataGroups])
  const mostPerTask = Number(settings.own[ownKeys.mostPerTask])
  const identifiersPerCall = Math.min(mostPerTask, Math.floor(mostIdentifiers / (dataGroups + 1)))
  return succeed({ ...settings, identifiersPerCall })
}
