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

/** People whose ids lie between two, or these. */
export type Whom = Readonly<{ from: number; to: number }> | readonly PersonId[]

type Tally = { readonly counts: Map<number, number>; readonly rejectedLines: Set<number> }
/** For each person and connection: how many identifiers stand how, and which lines could not be read. */
type Tallies = Map<PersonId, Map<ConnectionId, Tally>>

/** How people stand at each part of their case that has something of theirs. */
export type Standings = ReadonlyMap<
  PersonId,
  ReadonlyMap<ConnectionId, Readonly<{ parts: readonly PersonPart[]; rejected: number }>>
>

/** Every person of `whom` who has anything in a present part of the case. */
export function standingsOf(sql: Sql, caseId: CaseId, whom: Whom): Standings {
  const parts = presentParts(sql, caseId)
  const tallies: Tallies = new Map()
  addOwn(sql, parts, whom, tallies)
  addThroughRows(sql, caseId, parts, whom, tallies)
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
  return [...counts].flatMap(([standing, count]) =>
    count === 0 ? [] : [{ state: stateFromNumber(standing >> 1), decided: (standing & 1) === 1, isSent, count }],
  )
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

function addTo({ counts }: Tally, standing: number, difference: number): void {
  counts.set(standing, (counts.get(standing) ?? 0) + difference)
}

function among(column: string, whom: Whom): Readonly<{ text: string; values: readonly (string | number)[] }> {
  return 'from' in whom
    ? { text: `${column} BETWEEN ?1 AND ?2`, values: [whom.from, whom.to] }
    : { text: `${column} IN (SELECT value FROM json_each(?1)) AND ?2 IS NULL`, values: [JSON.stringify(whom)] }
}

/** Identifiers of their own rows: counted in an index that holds all that is asked. */
function addOwn(sql: Sql, parts: readonly PresentPart[], whom: Whom, tallies: Tallies): void {
  const connectionOf = new Map(parts.map(({ requestId, connectionId }) => [requestId, connectionId]))
  const { text, values } = among('i.person_id', whom)
  const rows = all<{ person: PersonId; request: RequestId; state: number; decided: number; count: number }>(
    sql,
    `SELECT i.person_id AS person, i.request_id AS request, i.state, i.decided, count(*) AS count
     FROM identifier i INDEXED BY identifier_by_person WHERE i.person_id IS NOT NULL AND ${text}
     GROUP BY i.person_id, i.request_id, i.state, i.decided`,
    ...values,
    ...('from' in whom ? [] : [null]),
  )
  for (const { person, request, state, decided, count } of rows) {
    const connectionId = connectionOf.get(request)
    if (connectionId !== undefined) addTo(tallyOf(tallies, person, connectionId), standingNumber(state, decided), count)
  }
  for (const { requestId, connectionId } of parts) {
    for (const row of leftOut(sql, requestId, whom)) {
      const tally = tallyOf(tallies, row.person, connectionId)
      addTo(tally, standingNumber(row.state, row.decided), -1)
      addTo(tally, standingNumber(row.earlier_state, row.earlier_decided), 1)
    }
  }
}

/**
 * SQL: true of an identifier `i` of a sent request that was left out for what `history_repeat` (`h`) names. Between sending
 * and being cancelled it is held still.
 */
export const isLeftOut = `i.batch_id IS NULL AND (i.state = 11 OR (i.state = 1 AND i.decided = 1))
  AND EXISTS (SELECT 1 FROM request o WHERE o.id = h.request_id AND o.phase <> 'draft' AND o.repeats_decision = 'leave out')`

type LeftOut = Readonly<{
  person: PersonId
  state: number
  decided: number
  earlier_state: number
  earlier_decided: number
}>

function leftOut(sql: Sql, requestId: RequestId, whom: Whom): readonly LeftOut[] {
  const { text, values } = among('i.person_id', whom)
  const select = `SELECT i.person_id AS person, i.state, i.decided, e.state AS earlier_state, e.decided AS earlier_decided`
  return all<LeftOut>(
    sql,
    'from' in whom
      ? `${select} FROM history_repeat h CROSS JOIN identifier i ON i.id = h.identifier_id
         JOIN identifier e ON e.id = h.earlier_id WHERE h.request_id = ?3 AND ${text} AND ${isLeftOut}`
      : `${select} FROM identifier i INDEXED BY identifier_by_person
         JOIN history_repeat h ON h.request_id = i.request_id AND h.identifier_id = i.id
         JOIN identifier e ON e.id = h.earlier_id
         WHERE i.person_id IS NOT NULL AND i.request_id = ?3 AND ${text} AND ${isLeftOut}`,
    ...values,
    ...('from' in whom ? [] : [null]),
    requestId,
  )
}

type ThroughRow = Readonly<{
  person: PersonId
  connection: ConnectionId
  line: number
  id: IdentifierId | null
  owner: PersonId | null
  state: number | null
  decided: number | null
  earlier_state: number | null
  earlier_decided: number | null
}>

/** Rows of theirs that became no identifier of their own: repeats of somebody's, and rejects. */
function addThroughRows(sql: Sql, caseId: CaseId, parts: readonly PresentPart[], whom: Whom, tallies: Tallies): void {
  const present = new Set(parts.map(({ connectionId }) => connectionId))
  // Most readings have no such row, or few: those need not be looked into for every line.
  const readings = all<{ id: number }>(
    sql,
    `SELECT m.id FROM case_reading c JOIN import m ON m.id = c.import_id
     WHERE c.case_id = ? AND m.duplicate_count + m.reject_count > 0`,
    caseId,
  )
  if (readings.length === 0) return
  const { text, values } = among('l.person_id', whom)
  const rows = all<ThroughRow>(
    sql,
    `SELECT l.person_id AS person, c.connection_id AS connection, r.line, i.id, i.person_id AS owner, i.state, i.decided,
       e.state AS earlier_state, e.decided AS earlier_decided
     FROM person_line l CROSS JOIN case_reading c ON c.case_id = l.case_id AND c.case_id = ?3
       AND c.import_id IN (SELECT value FROM json_each(?4))
     CROSS JOIN import_row r ON r.import_id = c.import_id AND r.line = l.line
     LEFT JOIN identifier i ON i.id = r.identifier_id
     LEFT JOIN history_repeat h ON h.request_id = i.request_id AND h.identifier_id = i.id AND ${isLeftOut}
     LEFT JOIN identifier e ON e.id = h.earlier_id
     WHERE ${text}`,
    ...values,
    ...('from' in whom ? [] : [null]),
    caseId,
    JSON.stringify(readings.map(({ id }) => id)),
  )
  const seen = new Set<string>()
  for (const row of rows) {
    if (!present.has(row.connection)) continue
    if (row.id === null) {
      tallyOf(tallies, row.person, row.connection).rejectedLines.add(row.line)
      continue
    }
    // Their own one, or one that another row of theirs repeats as well, counts once.
    const key = `${row.person} ${row.id}`
    if (row.owner === row.person || seen.has(key)) continue
    seen.add(key)
    const tally = tallyOf(tallies, row.person, row.connection)
    addTo(tally, standingNumber(row.earlier_state ?? row.state ?? 0, row.earlier_decided ?? row.decided ?? 0), 1)
  }
}
