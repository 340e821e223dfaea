/** The roles of a file's columns, and whether they make an import. Pure. */
import type { ColumnRole, FilePreview } from '../../../../shared/model/import.ts'

export const roleWords: Readonly<Record<ColumnRole, { readonly label: string; readonly description: string }>> = {
  'user id': { label: 'User id or email', description: 'an email, a u-… id or your own unique id' },
  'channel id': { label: 'Channel id', description: 'the channel; needs a channel user id beside it' },
  'channel user id': { label: 'Channel user id', description: 'the user’s id within a channel' },
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

/** Why these roles cannot be imported, in words; null where they can. */
export function findRoleMistake(roles: readonly ColumnRole[]): string | null {
  if (roles.includes('channel id') && !roles.includes('channel user id')) {
    return 'A channel id alone names nobody. Mark the column that holds the channel user id too.'
  }
  if (!roles.includes('user id') && !roles.includes('channel user id')) {
    return 'No column holds identifiers yet. Mark one as user id or email, or as channel user id.'
  }
  return null
}

/** A file read in another format, with the roles the operator saw as long as its columns are still the same ones. */
export function keepRoles(before: FilePreview, after: FilePreview): FilePreview {
  const isSame =
    before.columns.length === after.columns.length && before.columns.every((title, at) => title === after.columns[at])
  return isSame ? { ...after, roles: before.roles, rolesFrom: before.rolesFrom } : after
}
