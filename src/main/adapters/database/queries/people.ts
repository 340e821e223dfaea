/**
 * Whose identifiers stand how. Nothing of it is kept: a person has the identifiers of their own rows, and those that
 * other rows of theirs repeat, be it by the file or by being folded into a scope.
 */
import type { CaseId, ConnectionId, IdentifierId, PersonId, RequestId } from '../../../../shared/model/ids.ts'
import type { PersonRow } from '../../../../shared/model/case.ts'
import { standingOf, type PersonPart, type PersonStanding } from '../../../../shared/model/person.ts'
import { stateFromNumber, stateNumbers } from '../../../../shared/model/state.ts'
import { all, type Sql } from '../sql.ts'
import { countsOf } from './request-rows.ts'

/** A part that was not left out. */
export type PresentPart = Readonly<{ connectionId: ConnectionId; requestId: RequestId; isSent: boolean }>

/** The parts of a case that were not left out, in their order. */
export function presentParts(sql: Sql, caseId: CaseId): readonly PresentPart[] {
  return all<{ connection_id: ConnectionId; request_id: RequestId; sent: number }>(
    sql,
    `SELECT p.connection_id, p.request_id, r.phase <> 'draft' AS sent
     FROM case_part p JOIN request r ON r.id = p.request_id WHERE p.case_id = ? ORDER BY p.position`,
    caseId,
  ).map((row) => ({ connectionId: row.connection_id, requestId: row.request_id, isSent: row.sent === 1 }))
}

type Tally = { readonly counts: Map<number, number>; readonly rejectedLines: Set<number> }
/** For each person and connection: how many identifiers stand how, and which lines could not be read. */
type Tallies = Map<PersonId, Map<ConnectionId, Tally>>

/** How people stand at each part of their case that has something of theirs. */
export type Standings = ReadonlyMap<
  PersonId,
  ReadonlyMap<ConnectionId, Readonly<{ parts: readonly PersonPart[]; rejected: number }>>
>

/** Every one of these people who has anything in a present part of the case. */
export function standingsOf(sql: Sql, caseId: CaseId, whom: readonly PersonId[]): Standings {
  const people = JSON.stringify(whom)
  const parts = presentParts(sql, caseId)
  const tallies: Tallies = new Map()
  addOwn(sql, parts, people, tallies)
  addThroughRows(sql, caseId, parts, people, tallies)
  const sent = new Map(parts.map(({ connectionId, isSent }) => [connectionId, isSent]))
  return new Map(
    [...tallies].map(([personId, connections]) => [
      personId,
      new Map(
        [...connections].map(([connectionId, { counts, rejectedLines }]) => [
          connectionId,
          { parts: partsOfTally(counts, sent.get(connectionId) ?? false), rejected: rejectedLines.size },
        ]),
      ),
    ]),
  )
}

/** How somebody stands over all parts. */
export function overallStanding(connections: ReturnType<Standings['get']>): PersonStanding {
  const found = [...(connections?.values() ?? [])]
  return standingOf(
    found.flatMap(({ parts }) => parts),
    found.reduce((sum, { rejected }) => sum + rejected, 0),
  )
}

/** The cells of a person's row, in the order of the parts. */
export function cellsOf(parts: readonly PresentPart[], connections: ReturnType<Standings['get']>): PersonRow['cells'] {
  return parts.flatMap(({ connectionId }) => {
    const found = connections?.get(connectionId)
    if (found === undefined) return []
    const counted = countsOf(
      found.parts.map(({ state, decided, count }) => ({ state: stateNumbers[state], decided: Number(decided), count })),
    )
    return [
      {
        connectionId,
        standing: standingOf(found.parts, found.rejected),
        ...counted,
        rejected: found.rejected,
      },
    ]
  })
}

function partsOfTally(counts: ReadonlyMap<number, number>, isSent: boolean): readonly PersonPart[] {
  return [...counts].map(([standing, count]) => ({
    state: stateFromNumber(standing >> 1),
    decided: (standing & 1) === 1,
    isSent,
    count,
  }))
}

/** One number for a state and whether it is decided. */
function standingNumber(state: number, decided: number): number {
  return state * 2 + decided
}

function tallyOf(tallies: Tallies, personId: PersonId, connectionId: ConnectionId): Tally {
  const connections = tallies.get(personId) ?? new Map<ConnectionId, Tally>()
  tallies.set(personId, connections)
  const tally = connections.get(connectionId) ?? { counts: new Map<number, number>(), rejectedLines: new Set<number>() }
  connections.set(connectionId, tally)
  return tally
}

function addTo({ counts }: Tally, standing: number): void {
  counts.set(standing, (counts.get(standing) ?? 0) + 1)
}

/**
 * SQL: true of an identifier `i` of a sent request that was left out for what `history_repeat` (`h`) names. Between sending
 * and being cancelled it is held still.
 */
export const isLeftOut = `i.batch_id IS NULL AND (i.state = 11 OR (i.state = 1 AND i.decided = 1))
  AND EXISTS (SELECT 1 FROM request o WHERE o.id = h.request_id AND o.phase <> 'draft' AND o.repeats_decision = 'leave out')`

/** Identifiers of their own rows. */
function addOwn(sql: Sql, parts: readonly PresentPart[], people: string, tallies: Tallies): void {
  const connectionOf = new Map(parts.map(({ requestId, connectionId }) => [requestId, connectionId]))
  const rows = all<{ person: PersonId; request: RequestId; state: number; decided: number }>(
    sql,
    `SELECT i.person_id AS person, i.request_id AS request, coalesce(e.state, i.state) AS state,
       coalesce(e.decided, i.decided) AS decided
     FROM json_each(?) p CROSS JOIN identifier i INDEXED BY identifier_by_person ON i.person_id = p.value
     LEFT JOIN history_repeat h ON h.request_id = i.request_id AND h.identifier_id = i.id AND ${isLeftOut}
     LEFT JOIN identifier e ON e.id = h.earlier_id`,
    people,
  )
  for (const { person, request, state, decided } of rows) {
    const connectionId = connectionOf.get(request)
    if (connectionId !== undefined) addTo(tallyOf(tallies, person, connectionId), standingNumber(state, decided))
  }
}

type ThroughRow = Readonly<{
  person: PersonId
  connection: ConnectionId
  line: number
  id: IdentifierId | null
  owner: PersonId | null
  state: number | null
  decided: number | null
}>

/** Rows of theirs that became no identifier of their own: repeats of somebody's, and rejects. */
function addThroughRows(
  sql: Sql,
  caseId: CaseId,
  parts: readonly PresentPart[],
  people: string,
  tallies: Tallies,
): void {
  const present = new Set(parts.map(({ connectionId }) => connectionId))
  const rows = all<ThroughRow>(
    sql,
    `SELECT l.person_id AS person, c.connection_id AS connection, r.line, i.id, i.person_id AS owner,
       coalesce(e.state, i.state) AS state, coalesce(e.decided, i.decided) AS decided
     FROM json_each(?1) p CROSS JOIN person_line l ON l.person_id = p.value
     CROSS JOIN case_reading c ON c.case_id = ?2
     CROSS JOIN import_row r ON r.import_id = c.import_id AND r.line = l.line
     LEFT JOIN identifier i ON i.id = r.identifier_id
     LEFT JOIN history_repeat h ON h.request_id = i.request_id AND h.identifier_id = i.id AND ${isLeftOut}
     LEFT JOIN identifier e ON e.id = h.earlier_id`,
    people,
    caseId,
  )
  const seen = new Set<string>()
  for (const row of rows) {
    if (!present.has(row.connection)) continue
    const tally = tallyOf(tallies, row.person, row.connection)
    if (row.id === null) tally.rejectedLines.add(row.line)
    // Their own one, or one that another row of theirs repeats as well, counts once.
    if (row.id === null || row.owner === row.person || seen.has(`${row.person} ${row.id}`)) continue
    seen.add(`${row.person} ${row.id}`)
    addTo(tally, standingNumber(row.state ?? 0, row.decided ?? 0))
  }
}
