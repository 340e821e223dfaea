/** Cases, readings and people in words. Pure. */
import type { CaseDetail, CaseSummary, PersonRow } from '../../../../shared/model/case.ts'
import { readingsOf, type CaseConnection, type PlannedReading } from '../../../../shared/model/case-readings.ts'
import type { CaseColumn } from '../../../../shared/model/case.ts'
import type { ConnectionId } from '../../../../shared/model/ids.ts'
import type { PersonStanding } from '../../../../shared/model/person.ts'
import type { RequestSummary } from '../../../../shared/model/request.ts'
import { identifierStates, type StateCounts } from '../../../../shared/model/state.ts'
import { countOf, formatNumber } from '../../ui/format.ts'

export const standingWords: Readonly<Record<PersonStanding, string>> = {
  erased: 'Erased',
  'under way': 'Under way',
  'not sent': 'Not sent',
  waits: 'Waits for you',
  'not erased': 'Not erased',
}

/** How somebody is called: by their key, else by the first line that names them. */
export function nameOfPerson({ key, line }: Pick<PersonRow, 'key' | 'line'>): string {
  return key ?? `Line ${formatNumber(line)}`
}

/** Why somebody stands as they do, one line a connection: "Kore.ai production: 1 erased, 1 failed". */
export function explainPerson(row: PersonRow, nameOf: (id: ConnectionId) => string): readonly string[] {
  if (row.cells.length === 0) return ['Nothing of theirs is at the connections that are still part of the case.']
  return row.cells.map(({ connectionId, standing, counts, rejected }) => {
    const parts = [
      ...(standing === 'not sent' ? [`${countOf(sumOf(counts), 'identifier')} not sent`] : listStates(counts)),
      ...(rejected === 0 ? [] : [describeRejected(rejected)]),
    ]
    return `${nameOf(connectionId)}: ${parts.length === 0 ? 'nothing' : parts.join(', ')}`
  })
}

/** "1 row that could not be read": it keeps a person from being erased. */
export function describeRejected(rejected: number): string {
  return rejected === 1 ? '1 row that could not be read' : `${formatNumber(rejected)} rows that could not be read`
}

/** "2 erased", "1 failed", in the bar's order. */
export function listStates(counts: StateCounts): readonly string[] {
  return identifierStates.flatMap((state) =>
    (counts[state] ?? 0) > 0 ? [`${formatNumber(counts[state] ?? 0)} ${state}`] : [],
  )
}

function sumOf(counts: StateCounts): number {
  return identifierStates.reduce((sum, state) => sum + (counts[state] ?? 0), 0)
}

/** What the rows of a file are, given what its columns hold: who is one person. */
export function describePeople(columns: readonly CaseColumn[], titles: readonly string[]): string {
  const at = columns.findIndex(({ kind }) => kind === 'person key')
  return at === -1
    ? 'Each row is a person of its own.'
    : `Rows with the same “${titles[at] ?? ''}” are one person; a row without one is a person of its own.`
}

/** One reading by its columns: "email", "channel pair of slack_channel and slack_user", with the column of the bots. */
export function describeReading({ roles }: PlannedReading, titles: readonly string[]): string {
  const titleOf = (...wanted: readonly string[]): string | null => {
    const at = roles.findIndex((role) => wanted.includes(role))
    return at === -1 ? null : (titles[at] ?? `Column ${at + 1}`)
  }
  const channel = titleOf('channel id')
  const id = titleOf('user id', 'distinct id', 'channel user id') ?? ''
  const bots = titleOf('bot ids')
  const named = channel === null ? id : `channel pair of ${channel} and ${id}`
  return bots === null ? named : `${named}, bots of each row from ${bots}`
}

/** What comes of a file's columns for each connection; none while something is wrong with them. */
export function listReadings(
  columns: readonly CaseColumn[],
  connections: readonly CaseConnection[],
  titles: readonly string[],
): ReadonlyMap<ConnectionId, readonly string[]> {
  const readings = readingsOf(columns, connections)
  if (!readings.ok) return new Map()
  return new Map(
    connections.map(({ id }) => [
      id,
      readings.value
        .filter(({ connectionId }) => connectionId === id)
        .map((reading) => describeReading(reading, titles)),
    ]),
  )
}

/** "1 waits for you", "38 wait for you". */
export function describeWaiting(count: number): string {
  return `${formatNumber(count)} ${count === 1 ? 'waits' : 'wait'} for you`
}

/** A reading that was begun, by the titles that main kept: "slack channel + slack user". */
export function nameOfReading({ columns }: { readonly columns: readonly string[] }): string {
  return columns.join(' + ')
}

/** The second line of a case in the table: what keeps it, else what it is read from. */
export function describeCase({ phase, reading, waiting, connections }: CaseSummary): string {
  if (reading === 'running') return 'its file is being read'
  if (reading === 'incomplete') return 'its file was not read to the end'
  const parts = [...(phase === 'draft' ? ['nothing sent'] : []), ...(waiting > 0 ? [describeWaiting(waiting)] : [])]
  return parts.length === 0 ? countOf(connections.length, 'connection') : parts.join(' · ')
}

/** How a part stands that was not sent, and what can be done where there is nothing to send. */
export function describeDraft(
  { total, counts }: Pick<RequestSummary, 'total' | 'counts'>,
  mayLeaveOut: boolean,
): string {
  if (total === 0) {
    const next = mayLeaveOut ? 'Leave this connection out.' : 'Discard the case, and begin it again with other columns.'
    return `The file names nobody here. ${next}`
  }
  const identifiers = countOf(total, 'identifier')
  return counts.held === total
    ? `${identifiers}, nothing left to send: erased or under way in earlier requests. The plan says which.`
    : `${identifiers}, not sent`
}

/** What of the file is sent nowhere, over all readings: whoever it names is not in the case, or not whole. Null: nothing. */
export function describeRejects({ parts }: Pick<CaseDetail, 'parts'>): string | null {
  const rejects = parts
    .flatMap(({ readings }) => readings.map(({ summary }) => summary?.rejects ?? 0))
    .reduce((sum, count) => sum + count, 0)
  return rejects === 0 ? null : `${countOf(rejects, 'reject')}, sent nowhere: see File`
}

/** The parts of a case that were neither sent nor left out. */
export function listUnsent({ parts }: Pick<CaseDetail, 'parts'>): CaseDetail['parts'] {
  return parts.filter(({ request }) => request?.phase === 'draft')
}

/** Parts in the order of what a person has to do: what waits, what is to be sent, what is under way, what was left out. */
export function orderParts(parts: CaseDetail['parts']): CaseDetail['parts'] {
  const rank = ({ request }: CaseDetail['parts'][number]): number =>
    request === null ? 3 : request.waiting > 0 ? 0 : request.phase === 'draft' ? 1 : 2
  return parts.toSorted((one, other) => rank(one) - rank(other))
}
