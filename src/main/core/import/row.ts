/** What one record of a CSV says: an identifier with its scope, or the reason why it is none. Pure, for every file alike. */
import { kindOfUserId, type IdentifierKind } from '../../../shared/model/identifier.ts'
import { mayHoldIds, wholeReasons, type ColumnRole, type RejectReason } from '../../../shared/model/import.ts'
import { canonicalScope, troubleWithBotId } from '../../../shared/model/scope.ts'
import type { CaseFileReading } from '../ports.ts'

/** A record as the CSV reader gives it. `cells` may be empty where `length` is beyond `longestRecord`. */
export type RecordOfFile = Readonly<{
  cells: readonly string[]
  line: number
  endLine: number
  length: number
  raw: string
}>

export type RowOfFile =
  | Readonly<{
      kind: IdentifierKind
      /** Trimmed, otherwise as the file has it: this is what will be sent. */
      value: string
      channelId: string | null
      /** Canonical scope of the row's own bot cell; null: the request's scope. */
      scope: string | null
      caseReference: string | null
    }>
  | RejectReason

/** A row of a case's file that holds nothing for this reading of it. */
export type Elsewhere = 'elsewhere'

/** Characters (UTF-16 units) of a record, and of one id. */
const longestRecord = 65_536
const longestIdentifier = 512
const mostLines = 3
const mostBots = 200
const longestReference = 200
/** Cell texts whose scope is remembered; files name few different sets of bots. */
const rememberedScopes = 5000

type WholeReason = (typeof wholeReasons)[number]

/** True where nothing of the record counts: it names no person of the case. */
export function isRejectedWhole(row: RowOfFile | Elsewhere): row is WholeReason {
  return wholeReasons.some((reason) => reason === row)
}

/**
 * Reads records by the roles of the file's columns (one role per column, in order). What the reader returns is a row, or
 * the reason of its reject as a plain string. One of several readings of a case's file is told of the others: what is no
 * business of its own is `elsewhere`, and what is rejected as a whole is so in the first reading alone.
 * @example createRowReader(['user id', 'bot ids'])({ cells: [' a@b.example ', 'st-1;st-2'], … })
 */
export function createRowReader(
  roles: readonly ColumnRole[],
  reading?: CaseFileReading,
): (record: RecordOfFile) => RowOfFile | Elsewhere {
  const userIdColumn = roles.indexOf('user id')
  const distinctIdColumn = roles.indexOf('distinct id')
  const channelIdColumn = roles.indexOf('channel id')
  const channelUserIdColumn = roles.indexOf('channel user id')
  const botIdsColumn = roles.indexOf('bot ids')
  const referenceColumn = roles.indexOf('case reference')
  const scopes = new Map<string, string | null>()

  function scopeOf(cell: string): string | null | undefined {
    const known = scopes.get(cell)
    if (known !== undefined) return known
    const scope = readBotCell(cell)
    if (scope !== undefined && scopes.size < rememberedScopes) scopes.set(ownText(cell), scope)
    return scope
  }

  function reject(reason: WholeReason): WholeReason | Elsewhere {
    return reading === undefined || reading.isFirst ? reason : 'elsewhere'
  }

  return (record) => {
    const { cells } = record
    // A blank line has a blank first cell: looking there first spares nearly every row the look at its text.
    if ((cells[0] ?? '').trim() === '' && record.length <= 500 && record.raw.trim() === '') return reject('blank line')
    if (record.length > longestRecord || record.endLine - record.line >= mostLines)
      return reject('longer than 3 lines or 64 KB')
    if (cells.length > roles.length) return reject('more cells than the header')
    if (cells.length < roles.length) return reject('fewer cells than the header')
    const userId = cellAt(cells, userIdColumn)
    const distinctId = cellAt(cells, distinctIdColumn)
    const channelId = cellAt(cells, channelIdColumn)
    const channelUserId = cellAt(cells, channelUserIdColumn)
    if (userId === '' && channelUserId === '' && distinctId === '') {
      if (reading !== undefined) return withoutOwn(reading, cells, channelId)
      return channelId === '' ? 'no identifier in this row' : 'channel id without channel user id'
    }
    if (Number(userId !== '') + Number(channelUserId !== '') + Number(distinctId !== '') > 1)
      return 'two identifiers in one row'
    if (channelUserId === '' && channelId !== '') return 'channel id without channel user id'
    const value = userId + channelUserId + distinctId
    const trouble = troubleWith(value) ?? (channelId === '' ? null : troubleWith(channelId))
    if (trouble !== null) return trouble
    const scope = scopeOf(cellAt(cells, botIdsColumn))
    if (scope === undefined) return 'not a usable bot id'
    const reference = cellAt(cells, referenceColumn)
    return {
      kind:
        userId !== ''
          ? kindOfUserId(userId)
          : distinctId !== ''
            ? 'distinct id'
            : channelId === ''
              ? 'channel user id'
              : 'channel pair',
      value,
      channelId: channelId === '' ? null : channelId,
      scope,
      caseReference: reference === '' ? null : reference.slice(0, longestReference),
    }
  }
}

/** True of a broken record that may hold ids all the same: whoever has its key lacks them. */
export function isBrokenWithIds(row: RowOfFile | Elsewhere): boolean {
  return mayHoldIds.some((reason) => reason === row)
}

/** The trimmed key of the person that a record names; empty: it names one by itself. */
export function personKeyOf({ cells }: Pick<RecordOfFile, 'cells'>, { personKeyColumn }: CaseFileReading): string {
  return personKeyColumn === null ? '' : cellAt(cells, personKeyColumn)
}

/** What a record is for a reading of a case's file that finds no id of its own in it. */
function withoutOwn(reading: CaseFileReading, cells: readonly string[], channelId: string): RejectReason | Elsewhere {
  const namesNobody = reading.identifierColumns.every((column) => cellAt(cells, column) === '')
  if (namesNobody) return reading.isFirst ? 'no identifier in this row' : 'elsewhere'
  // A channel that several ids share stands in every row, whichever of them is there.
  return channelId === '' || reading.channelIsShared ? 'elsewhere' : 'channel id without channel user id'
}

/** A text of its own: a cell is a piece of the file's text and would keep thousands of rows in memory. */
function ownText(cell: string): string {
  return Buffer.from(cell).toString()
}

function cellAt(cells: readonly string[], column: number): string {
  return column === -1 ? '' : (cells[column] ?? '').trim()
}

const lineBreak = /[\n\r\u2028\u2029]/
// eslint-disable-next-line no-control-regex
const unusable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

function troubleWith(value: string): RejectReason | null {
  if (value.length > longestIdentifier) return 'longer than 512 characters'
  if (!unusable.test(value)) return null
  return lineBreak.test(value) ? 'line break inside an identifier' : 'control character inside an identifier'
}

/**
 * The canonical scope of a bot cell: ids parted by `;`, `|`, `,` or blanks; null for an empty cell (the request's scope,
 * never all bots); undefined where one of them is no usable bot id.
 */
export function readBotCell(cell: string): string | null | undefined {
  const botIds = cell.split(/[;|,\s]+/).filter((botId) => botId !== '')
  if (botIds.length === 0) return cell.trim() === '' ? null : undefined
  if (botIds.length > mostBots) return undefined
  if (botIds.some((botId) => troubleWithBotId(botId) !== null)) return undefined
  return canonicalScope({ kind: 'bots', botIds })
}
