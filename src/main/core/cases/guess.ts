/** Guesses what the columns of a case's file hold for its connections, from the words of the header and the cells. */
import type { CaseColumn, ConnectionRole } from '../../../shared/model/case.ts'
import type { ConnectionId } from '../../../shared/model/ids.ts'
import { identifierRoles } from '../../../shared/model/import.ts'
import type { VendorProfile } from '../../../shared/model/vendor.ts'
import { columnByShape, foldTitle, isTitleOf } from '../import/columns.ts'
import type { FileSample } from '../ports.ts'

export type GuessedConnection = Readonly<{
  id: ConnectionId
  name: string
  profile: Pick<VendorProfile, 'id' | 'name' | 'columns' | 'columnTitles'>
}>

/** Titles of a column that ties rows to one person; several also name an id where nothing else does. */
const personKeyTitles = new Set(
  [
    'person',
    'person key',
    'person id',
    'customer',
    'customer id',
    'customer key',
    'customer number',
    'subject',
    'subject id',
    'data subject',
    'data subject id',
    'kunde',
    'kundennummer',
    'kunden id',
    'client',
    'numero client',
    'cliente',
  ].map(foldTitle),
)

/** Titles that say little: taken for ids only where a connection has no better column. */
const vagueTitles = new Set(['id', 'user', 'username', 'login', 'identity', 'identifier'].map(foldTitle))

/** In this order a title is tried: the narrower meaning first, so that `channel user id` is no `user id`. */
const order = ['channel user id', 'channel id', 'distinct id', 'bot ids', 'user id'] as const

const ignored: CaseColumn = { kind: 'ignore' }

/**
 * One entry a column. Numbered titles ("distinct id 2") count like the one without a number; a title that bears the name
 * of a connection or its vendor is for that one; every other goes to the first connection whose vendor has such ids.
 */
export function guessCaseColumns(
  { columns, sample }: Pick<FileSample, 'columns' | 'sample'>,
  connections: readonly GuessedConnection[],
): readonly CaseColumn[] {
  const withKey = guess(columns, sample, connections, true)
  return withKey.some(isIdentifier) ? withKey : guess(columns, sample, connections, false)
}

function guess(
  columns: readonly string[],
  sample: FileSample['sample'],
  connections: readonly GuessedConnection[],
  takesPersonKey: boolean,
): readonly CaseColumn[] {
  const titles = columns.map((title) => foldTitle(title).replace(/\d+$/, ''))
  let guessed: readonly CaseColumn[] = titles.map((title) => meaningOf(title, connections, takesPersonKey))
  for (const connection of connections) {
    if (guessed.some((column) => isIdentifier(column) && isFor(column, connection))) continue
    const place = placeWithoutWords(titles, guessed, sample, connection)
    const role = onlyIdentifierRole(connection) ?? 'user id'
    if (place !== -1) guessed = guessed.with(place, ofConnection(connection, role))
  }
  return withoutExtras(guessed)
}

function meaningOf(title: string, connections: readonly GuessedConnection[], takesPersonKey: boolean): CaseColumn {
  if (title === '') return ignored
  for (const connection of connections) {
    const role = order.find((each) => connection.profile.columnTitles[each]?.some((own) => foldTitle(own) === title))
    if (role !== undefined && connection.profile.columns.includes(role)) return ofConnection(connection, role)
  }
  const named = namedIn(title, connections)
  if (named !== null) return meaningFor(named.rest, named.connection)
  if (takesPersonKey && personKeyTitles.has(title)) return { kind: 'person key' }
  if (!vagueTitles.has(title)) {
    for (const role of order) {
      const connection = connections.find(({ profile }) => profile.columns.includes(role) && isTitleOf(role, title))
      if (connection !== undefined) return ofConnection(connection, role)
    }
  }
  return isTitleOf('case reference', title) ? { kind: 'case reference' } : ignored
}

/** The connection that a title bears the name of at its beginning or end, and what is left of the title. */
function namedIn(
  title: string,
  connections: readonly GuessedConnection[],
): Readonly<{ connection: GuessedConnection; rest: string }> | null {
  const names = connections
    .flatMap((connection) =>
      [connection.name, connection.profile.name, connection.profile.id].map((name) => ({
        connection,
        name: foldTitle(name),
      })),
    )
    .filter(({ name }) => name.length > 1)
    .toSorted((one, other) => other.name.length - one.name.length)
  for (const { connection, name } of names) {
    if (title.startsWith(name)) return { connection, rest: title.slice(name.length) }
    if (title.endsWith(name)) return { connection, rest: title.slice(0, -name.length) }
  }
  return null
}

/** What is left of a title that bears a connection's name says which of its ids; where it has one sort alone, that. */
function meaningFor(rest: string, connection: GuessedConnection): CaseColumn {
  const role = order.find((each) => connection.profile.columns.includes(each) && isTitleOf(each, rest))
  if (role !== undefined) return ofConnection(connection, role)
  const only = onlyIdentifierRole(connection)
  const isId = rest === '' || isTitleOf('user id', rest)
  return only !== null && isId ? ofConnection(connection, only) : ignored
}

function onlyIdentifierRole({ profile }: GuessedConnection): ConnectionRole | null {
  const [only, ...others] = identifierRoles.filter((role) => profile.columns.includes(role))
  return only === undefined || others.length > 0 ? null : only
}

/** For a connection that no title speaks of: a vague one, else the column whose cells look most like emails or ids. */
function placeWithoutWords(
  titles: readonly string[],
  guessed: readonly CaseColumn[],
  sample: FileSample['sample'],
  { profile }: GuessedConnection,
): number {
  if (!profile.columns.includes('user id')) return -1
  const vague = titles.findIndex((title, place) => guessed[place]?.kind === 'ignore' && vagueTitles.has(title))
  if (vague !== -1) return vague
  return columnByShape(
    guessed.map(({ kind }) => (kind === 'ignore' ? 'ignore' : 'user id')),
    sample,
  )
}

/** One column each for what a file has once, and no channel where nothing names who is in it. */
function withoutExtras(guessed: readonly CaseColumn[]): readonly CaseColumn[] {
  return guessed.map((column, place) => {
    const isSame = (other: CaseColumn): boolean => {
      if (column.kind !== 'of connection' || other.kind !== 'of connection') return column.kind === other.kind
      return column.connectionId === other.connectionId && column.role === other.role
    }
    const hasOne =
      column.kind === 'person key' ||
      column.kind === 'case reference' ||
      (column.kind === 'of connection' && column.role === 'bot ids')
    if (hasOne && guessed.findIndex(isSame) < place) return ignored
    if (column.kind === 'of connection' && column.role === 'channel id') {
      const isNamed = guessed.some(
        (other) =>
          other.kind === 'of connection' &&
          other.connectionId === column.connectionId &&
          other.role === 'channel user id',
      )
      return isNamed ? column : ignored
    }
    return column
  })
}

function ofConnection({ id }: GuessedConnection, role: ConnectionRole): CaseColumn {
  return { kind: 'of connection', connectionId: id, role }
}

function isFor(column: CaseColumn, { id }: GuessedConnection): boolean {
  return column.kind === 'of connection' && column.connectionId === id
}

function isIdentifier(column: CaseColumn): boolean {
  return column.kind === 'of connection' && identifierRoles.some((role) => role === column.role)
}
