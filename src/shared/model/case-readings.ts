/**
 * What a case's file is read for: one reading for each identifier that a row may hold. Derived from what its columns
 * hold, by the same rule in the window, which shows it, and in main, which reads by it.
 */
import { fail, succeed, type Result } from '../failure.ts'
import type { CaseColumn } from './case.ts'
import type { ConnectionId } from './ids.ts'
import { identifierRoles, type ColumnRole } from './import.ts'

/** A connection of a case, as far as its columns ask for it. `roles`: those that its vendor's profile has. */
export type CaseConnection = Readonly<{ id: ConnectionId; name: string; roles: readonly ColumnRole[] }>

/** One identifier of each row, for one connection. `roles`: one for each column of the file, as an import takes them. */
export type PlannedReading = Readonly<{ connectionId: ConnectionId; roles: readonly ColumnRole[] }>

/** Why columns cannot be read so. `column`: its place in the file; null: the fault is that of a connection as a whole. */
export type ColumnMistake = Readonly<{ column: number | null; connectionId: ConnectionId | null; words: string }>

type Marked = Readonly<{ userIds: number[]; channelIds: number[]; channelUserIds: number[]; botIds: number[] }>

/**
 * The readings of a file with these columns, connections in the order given, identifiers in the order of their columns.
 * Fails with `column-missing` and the first of `findColumnMistakes`; `field` is `columns.3` where a column is at fault.
 * @example readingsOf([{ kind: 'of connection', connectionId, role: 'user id' }], [connection])
 *   // one reading: { connectionId, roles: ['user id'] }
 */
export function readingsOf(
  columns: readonly CaseColumn[],
  connections: readonly CaseConnection[],
): Result<readonly PlannedReading[]> {
  const [mistake] = findColumnMistakes(columns, connections)
  if (mistake !== undefined) {
    const { column, words } = mistake
    return fail('column-missing', column === null ? words : `Column ${column + 1}: ${words}`, {
      kept: 'Nothing was read.',
      next: 'Say anew what the columns hold.',
      field: column === null ? 'columns' : `columns.${column}`,
    })
  }
  return succeed(connections.flatMap(({ id }) => readingsFor(id, columns)))
}

/** Everything that keeps these columns from being read, in words; columns from left to right, then connections. */
export function findColumnMistakes(
  columns: readonly CaseColumn[],
  connections: readonly CaseConnection[],
): readonly ColumnMistake[] {
  const known = new Map(connections.map((connection) => [connection.id, connection]))
  const atColumns = columns.flatMap((column, at) => {
    const words = mistakeAt(columns, column, at, known)
    if (words === null) return []
    return [{ column: at, connectionId: column.kind === 'of connection' ? column.connectionId : null, words }]
  })
  const atConnections = connections.flatMap(({ id, name }) => {
    const isNamed = columns.some(
      (column) => column.kind === 'of connection' && column.connectionId === id && isIdentifierRole(column.role),
    )
    // A channel id that names nobody says the same already, at its own column.
    if (isNamed || atColumns.some(({ connectionId }) => connectionId === id)) return []
    return [{ column: null, connectionId: id, words: `No column holds ids for ${name}. Mark one, or leave it out.` }]
  })
  return [...atColumns, ...atConnections]
}

function mistakeAt(
  columns: readonly CaseColumn[],
  column: CaseColumn,
  at: number,
  connections: ReadonlyMap<ConnectionId, CaseConnection>,
): string | null {
  switch (column.kind) {
    case 'ignore':
      return null
    case 'person key':
      return isFirst(columns, at, ({ kind }) => kind === 'person key')
        ? null
        : 'Another column is the person key already. One column ties the rows of a person together.'
    case 'case reference':
      return isFirst(columns, at, ({ kind }) => kind === 'case reference')
        ? null
        : 'Another column is the case reference already. A case has one.'
    case 'of connection': {
      const connection = connections.get(column.connectionId)
      if (connection === undefined) return 'It is marked for a connection that this case does not have.'
      if (!connection.roles.includes(column.role)) return `${connection.name} has no column of ${plural[column.role]}.`
      return mistakeOfConnection(columnsFor(connection.id, columns), column.role, at, connection.name)
    }
  }
}

function mistakeOfConnection(
  { channelIds, channelUserIds, botIds }: Marked,
  role: ColumnRole,
  at: number,
  name: string,
): string | null {
  if (role === 'bot ids' && botIds[0] !== at) return `Another column holds the bot ids for ${name} already.`
  if (role !== 'channel id' || channelIds[0] !== at) return null
  if (channelUserIds.length === 0) {
    return 'A channel id alone names nobody. Mark the column that holds the channel user id too.'
  }
  if (channelIds.length === 1 || channelIds.length === channelUserIds.length) return null
  return (
    `${name} has ${channelIds.length} columns of channel ids and ${channelUserIds.length} of channel user ids. ` +
    'Mark as many of each, or a single channel id for all.'
  )
}

const plural = {
  'user id': 'user ids',
  'channel id': 'channel ids',
  'channel user id': 'channel user ids',
  'distinct id': 'distinct ids',
  'bot ids': 'bot ids',
} as const

function isFirst(columns: readonly CaseColumn[], at: number, holds: (column: CaseColumn) => boolean): boolean {
  return columns.findIndex(holds) === at
}

function isIdentifierRole(role: ColumnRole): boolean {
  return identifierRoles.some((of) => of === role)
}

function columnsFor(connectionId: ConnectionId, columns: readonly CaseColumn[]): Marked {
  const of = (...roles: readonly ColumnRole[]): number[] =>
    columns.flatMap((column, at) =>
      column.kind === 'of connection' && column.connectionId === connectionId && roles.includes(column.role)
        ? [at]
        : [],
    )
  return {
    userIds: of('user id', 'distinct id'),
    channelIds: of('channel id'),
    channelUserIds: of('channel user id'),
    botIds: of('bot ids'),
  }
}

/** The readings of one connection whose columns hold no mistake. */
function readingsFor(connectionId: ConnectionId, columns: readonly CaseColumn[]): readonly PlannedReading[] {
  const { userIds, channelIds, channelUserIds, botIds } = columnsFor(connectionId, columns)
  const reference = columns.findIndex(({ kind }) => kind === 'case reference')
  const [sharedChannel] = channelIds.length === 1 ? channelIds : []
  return [...userIds, ...channelUserIds]
    .toSorted((one, other) => one - other)
    .map((identifier) => {
      const place = channelUserIds.indexOf(identifier)
      const channel = place === -1 ? undefined : (sharedChannel ?? channelIds[place])
      return {
        connectionId,
        roles: columns.map((column, at): ColumnRole => {
          if (at === reference) return 'case reference'
          const isRead = at === identifier || at === channel || at === botIds[0]
          return isRead && column.kind === 'of connection' ? column.role : 'ignore'
        }),
      }
    })
}
