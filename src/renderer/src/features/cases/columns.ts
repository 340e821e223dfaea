/** What the columns of a case's file hold, as the window chooses it. Pure. */
import type { CaseColumn, ConnectionRole } from '../../../../shared/model/case.ts'
import { connectionRoleSchema } from '../../../../shared/model/case.ts'
import type { CaseConnection } from '../../../../shared/model/case-readings.ts'
import { connectionIdSchema, type ConnectionId } from '../../../../shared/model/ids.ts'
import type { Option } from '../../ui/field-parts.tsx'

const roleWords: Readonly<Record<ConnectionRole, { readonly label: string; readonly description: string }>> = {
  'user id': { label: 'user id or email', description: 'an email, a u-… id or your own unique id' },
  'channel id': { label: 'channel id', description: 'the channel; goes with a channel user id' },
  'channel user id': { label: 'channel user id', description: 'the user’s id within a channel' },
  'distinct id': { label: 'distinct id', description: 'the id as the vendor has it, taken exactly' },
  'bot ids': { label: 'bot ids', description: 'the row’s own bots; empty: the request’s' },
}

const ofCase: readonly Option<string>[] = [
  { value: 'ignore', words: 'Nothing', hint: 'not read' },
  { value: 'person key', words: 'Person key', hint: 'rows with the same one are one person' },
  { value: 'case reference', words: 'Case reference', hint: 'kept with the identifier' },
]

/** What a column may be chosen to hold: the case's own choices, then each connection's roles. */
export function listColumnOptions(connections: readonly CaseConnection[]): readonly Option<string>[] {
  return [
    ...ofCase,
    ...connections.flatMap(({ id, name, roles }) =>
      connectionRoleSchema.options
        .filter((role) => roles.includes(role))
        .map((role) => ({
          value: writeColumn({ kind: 'of connection', connectionId: id, role }),
          words: `${name}: ${roleWords[role].label}`,
          hint: roleWords[role].description,
        })),
    ),
  ]
}

/** A column as the value of a choice. */
export function writeColumn(column: CaseColumn): string {
  return column.kind === 'of connection' ? `${column.connectionId}/${column.role}` : column.kind
}

/** The column that a choice stands for; what is none of them is not read. */
export function readColumn(choice: string): CaseColumn {
  if (choice === 'person key' || choice === 'case reference') return { kind: choice }
  const slash = choice.indexOf('/')
  const connectionId = connectionIdSchema.safeParse(Number(choice.slice(0, slash)))
  const role = connectionRoleSchema.safeParse(choice.slice(slash + 1))
  return connectionId.success && role.success
    ? { kind: 'of connection', connectionId: connectionId.data, role: role.data }
    : { kind: 'ignore' }
}

/** What the operator chose, with what it was chosen for. */
export type ChosenColumns = Readonly<{
  titles: readonly string[]
  connectionIds: readonly ConnectionId[]
  columns: readonly CaseColumn[]
}>

/**
 * The columns after the file is read in another way or the connections have changed: what was chosen stays while the
 * titles do, what was for a connection that went is not read, and one that came takes what is guessed for it.
 */
export function settleColumns(
  chosen: ChosenColumns | null,
  guessed: readonly CaseColumn[],
  titles: readonly string[],
  connectionIds: readonly ConnectionId[],
): readonly CaseColumn[] {
  const isSame = chosen?.titles.length === titles.length && titles.every((title, at) => chosen.titles[at] === title)
  if (chosen === null || !isSame) return guessed
  const isNew = (column: CaseColumn | undefined): column is CaseColumn =>
    column?.kind === 'of connection' &&
    connectionIds.includes(column.connectionId) &&
    !chosen.connectionIds.includes(column.connectionId)
  return chosen.columns.map((column, at): CaseColumn => {
    if (column.kind === 'of connection' && !connectionIds.includes(column.connectionId)) {
      return isNew(guessed[at]) ? guessed[at] : { kind: 'ignore' }
    }
    return column.kind === 'ignore' && isNew(guessed[at]) ? guessed[at] : column
  })
}
