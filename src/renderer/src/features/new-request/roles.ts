/** The roles of a file's columns, and whether they make an import. Pure. */
import { identifierRoles, type ColumnRole, type FilePreview } from '../../../../shared/model/import.ts'

export const roleWords: Readonly<Record<ColumnRole, { readonly label: string; readonly description: string }>> = {
  'user id': { label: 'User id or email', description: 'an email, a u-… id or your own unique id' },
  'channel id': { label: 'Channel id', description: 'the channel; needs a channel user id beside it' },
  'channel user id': { label: 'Channel user id', description: 'the user’s id within a channel' },
  'distinct id': { label: 'Distinct id', description: 'the id as the vendor has it, taken exactly' },
  'bot ids': { label: 'Bot ids', description: 'the row’s own bots; empty: the request’s' },
  'case reference': { label: 'Case reference', description: 'kept with the identifier' },
  ignore: { label: 'Ignore', description: 'not read' },
}

/** The roles after one column got a role: a role that another column had moves, for each role belongs to one column. */
export function assignRole(roles: readonly ColumnRole[], column: number, role: ColumnRole): ColumnRole[] {
  return roles.map((current, index) => {
    if (index === column) return role
    return role !== 'ignore' && current === role ? 'ignore' : current
  })
}

/**
 * The roles as far as a vendor has them. A column that was taken for an id of another sort is taken for the vendor's own,
 * where none is yet: which sort of id a column holds, its title seldom says.
 */
export function fitRoles(roles: readonly ColumnRole[], columns: readonly ColumnRole[]): ColumnRole[] {
  const ids = (['user id', 'distinct id'] as const).filter((role) => columns.includes(role))
  const [only] = ids
  const isTaken = only === undefined || ids.length > 1 || roles.includes(only)
  let given = isTaken
  return roles.map((role) => {
    if (role === 'ignore' || columns.includes(role)) return role
    if (given || only === undefined || (role !== 'user id' && role !== 'distinct id')) return 'ignore'
    given = true
    return only
  })
}

/** Why these roles cannot be imported, in words; null where they can. */
export function findRoleMistake(roles: readonly ColumnRole[], columns: readonly ColumnRole[]): string | null {
  if (roles.includes('channel id') && !roles.includes('channel user id')) {
    return 'A channel id alone names nobody. Mark the column that holds the channel user id too.'
  }
  const ids = identifierRoles.filter((role) => columns.includes(role))
  if (ids.some((role) => roles.includes(role))) return null
  const named = ids.map((role) => `as ${roleWords[role].label.toLowerCase()}`).join(', or ')
  return `No column holds identifiers yet. Mark one ${named}.`
}

/** A file read in another format, with the roles the operator saw as long as its columns are still the same ones. */
export function keepRoles(before: FilePreview, after: FilePreview): FilePreview {
  const isSame =
    before.columns.length === after.columns.length && before.columns.every((title, at) => title === after.columns[at])
  return isSame ? { ...after, roles: before.roles, rolesFrom: before.rolesFrom } : after
}
