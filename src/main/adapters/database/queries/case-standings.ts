/**
 * How every person of a case stands: gone through slice by slice, so that other questions are answered in between, and
 * remembered for as long as nothing was written since. Who stands how follows from which sorts of identifiers somebody
 * has, not from how many of each, so that a person takes four bytes.
 */
import type { StandingCounts } from '../../../../shared/model/case.ts'
import type { CaseId, ConnectionId, PersonId } from '../../../../shared/model/ids.ts'
import { personStandings, standingOf, type PersonPart, type PersonStanding } from '../../../../shared/model/person.ts'
import { identifierStates, stateNumbers } from '../../../../shared/model/state.ts'
import type { History } from '../history.ts'
import { all, number, one, tuples, type Sql } from '../sql.ts'
import { isLeftOut, presentParts, type PresentPart } from './people.ts'

export type CaseStandings = Readonly<{
  counts: StandingCounts
  /** People with at least one identifier there. */
  peopleAt: ReadonlyMap<ConnectionId, number>
  /** Ids of those who stand so, in order. */
  idsWith: (standing: PersonStanding) => readonly PersonId[]
}>

/** Ids or rows at once. */
const sliceSize = 10_000
/** Cases whose standings are remembered. */
const mostCases = 4

type Memory = Readonly<{ validity: string; found: CaseStandings }>
const memories = new WeakMap<History, Map<CaseId, Memory>>()
/** One after the other: whoever asks while others wait finds what the last has worked out, where that still holds. */
const turns = new WeakMap<History, Promise<unknown>>()

/** Everybody of the case. Not to be called inside a read transaction: it lets others have their turn. */
export async function standingsOfCase(history: History, caseId: CaseId): Promise<CaseStandings> {
  const before = turns.get(history) ?? Promise.resolve()
  const turn = before.then(async () => await remembered(history, caseId))
  turns.set(
    history,
    turn.catch(() => null),
  )
  return await turn
}

async function remembered(history: History, caseId: CaseId): Promise<CaseStandings> {
  const byCase = memories.get(history) ?? new Map<CaseId, Memory>()
  memories.set(history, byCase)
  const validity = changesOf(history.sql)
  const before = byCase.get(caseId)
  byCase.delete(caseId)
  const memory = before?.validity === validity ? before : { validity, found: await workOut(history, caseId) }
  byCase.set(caseId, memory)
  const [oldest] = byCase.keys()
  if (byCase.size > mostCases && oldest !== undefined) byCase.delete(oldest)
  return memory.found
}

/** Changes with everything that this or another connection writes. */
function changesOf(sql: Sql): string {
  const others = String(sql.pragma('data_version', { simple: true }))
  return `${others} ${number(sql, 'SELECT total_changes() AS value')}`
}

/** What people have, by their ids from `first` on: a bit for each sort of identifier (`bitOf`). */
type Marks = Readonly<{ first: number; last: number; marks: Uint32Array; at: ReadonlyMap<ConnectionId, Uint8Array> }>

const unsentBit = 22
const rejectedBit = 23

/** Of a sent request a bit for each state, decided or not; what is not sent yet is all alike. */
function bitOf(state: number, decided: number, isSent: boolean): number {
  return isSent ? state - 1 + decided * 11 : unsentBit
}

async function workOut(history: History, caseId: CaseId): Promise<CaseStandings> {
  const { sql } = history
  const parts = presentParts(sql, caseId)
  const ends = one<{ first: number | null; last: number | null }>(
    sql,
    'SELECT min(id) AS first, max(id) AS last FROM person WHERE case_id = ?',
    caseId,
  )
  const first = ends?.first ?? 1
  const last = ends?.last ?? 0
  const size = last - first + 1
  const found: Marks = {
    first,
    last,
    marks: new Uint32Array(size),
    at: new Map(parts.map(({ connectionId }) => [connectionId, new Uint8Array(size)])),
  }
  await markOwn(history, parts, found)
  for (const part of parts) await markLeftOut(history, part, found)
  await markThroughRows(history, caseId, parts, found)
  return await summed(history, caseId, found)
}

function mark(
  { first, last, marks, at }: Marks,
  personId: number,
  connectionId: ConnectionId | null,
  bit: number,
): void {
  // Another person's, of a case made in between, lies beyond.
  if (personId < first || personId > last) return
  const place = personId - first
  marks[place] = (marks[place] ?? 0) | (1 << bit)
  const there = connectionId === null ? undefined : at.get(connectionId)
  if (there !== undefined) there[place] = 1
}

/** True of a state in which an identifier of a sent request may have been left out for an earlier one. */
function mayBeLeftOut(state: number, decided: number): boolean {
  return state === stateNumbers.cancelled || (state === stateNumbers.held && decided === 1)
}

async function markOwn(history: History, parts: readonly PresentPart[], found: Marks): Promise<void> {
  const byRequest = new Map<number, PresentPart>(parts.map((part) => [part.requestId, part]))
  for (let from = found.first; from <= found.last; from += sliceSize) {
    const rows = tuples<readonly [number, number, number, number]>(
      history.sql,
      `SELECT person_id, request_id, state, decided FROM identifier INDEXED BY identifier_by_person
       WHERE person_id IS NOT NULL AND person_id BETWEEN ? AND ?`,
      from,
      from + sliceSize - 1,
    )
    for (const [personId, requestId, state, decided] of rows) {
      const part = byRequest.get(requestId)
      if (part === undefined || (part.isSent && mayBeLeftOut(state, decided))) continue
      mark(found, personId, part.connectionId, bitOf(state, decided, part.isSent))
    }
    await history.pause()
  }
}

/** What was left out stands as the earlier identifier does; what was cancelled for another reason is that. */
async function markLeftOut(
  history: History,
  { requestId, connectionId, isSent }: PresentPart,
  found: Marks,
): Promise<void> {
  if (!isSent) return
  // What is held becomes cancelled meanwhile, never the other way: in this order it is met at least once.
  for (const state of [stateNumbers.held, stateNumbers.cancelled]) {
    let after = 0
    for (;;) {
      const rows: readonly (readonly [number, number | null, number, number, number])[] = tuples(
        history.sql,
        `SELECT i.id, i.person_id, i.decided, coalesce(e.state, i.state), coalesce(e.decided, i.decided)
         FROM (SELECT id FROM identifier INDEXED BY identifier_by_state
               WHERE request_id = ? AND state = ? AND id > ? ORDER BY id LIMIT ${sliceSize}) o
         CROSS JOIN identifier i ON i.id = o.id
         LEFT JOIN history_repeat h ON h.request_id = i.request_id AND h.identifier_id = i.id AND ${isLeftOut}
         LEFT JOIN identifier e ON e.id = h.earlier_id ORDER BY o.id`,
        requestId,
        state,
        after,
      )
      for (const [, personId, wasDecided, stands, decided] of rows) {
        if (personId !== null && mayBeLeftOut(state, wasDecided))
          mark(found, personId, connectionId, bitOf(stands, decided, true))
      }
      if (rows.length < sliceSize) break
      after = rows.at(-1)?.[0] ?? after
      await history.pause()
    }
  }
}

/** Rows that became no identifier of their own: repeats of somebody's, and rejects. */
async function markThroughRows(
  history: History,
  caseId: CaseId,
  parts: readonly PresentPart[],
  found: Marks,
): Promise<void> {
  const readings = all<{ connection_id: ConnectionId; import_id: number }>(
    history.sql,
    'SELECT connection_id, import_id FROM case_reading WHERE case_id = ? AND import_id IS NOT NULL',
    caseId,
  )
  const sent = new Map(parts.map(({ connectionId, isSent }) => [connectionId, isSent]))
  for (const { connection_id: connectionId, import_id: importId } of readings) {
    const isSent = sent.get(connectionId)
    if (isSent === undefined) continue
    let after = 0
    for (;;) {
      const rows: readonly (readonly [number, number | null, number | null, number | null])[] = tuples(
        history.sql,
        `SELECT r.line, l.person_id, coalesce(e.state, i.state), coalesce(e.decided, i.decided)
         FROM (SELECT line, identifier_id FROM import_row WHERE import_id = ?1 AND line > ?2 ORDER BY line LIMIT ${sliceSize}) r
         LEFT JOIN person_line l ON l.case_id = ?3 AND l.line = r.line
         LEFT JOIN identifier i ON i.id = r.identifier_id
         LEFT JOIN history_repeat h ON h.request_id = i.request_id AND h.identifier_id = i.id AND ${isLeftOut}
         LEFT JOIN identifier e ON e.id = h.earlier_id ORDER BY r.line`,
        importId,
        after,
        caseId,
      )
      for (const [, personId, state, decided] of rows) {
        if (personId === null) continue
        if (state === null) mark(found, personId, null, rejectedBit)
        else mark(found, personId, connectionId, bitOf(state, decided ?? 0, isSent))
      }
      if (rows.length < sliceSize) break
      after = rows.at(-1)?.[0] ?? after
      await history.pause()
    }
  }
}

async function summed(history: History, caseId: CaseId, found: Marks): Promise<CaseStandings> {
  const { first, last, marks, at } = found
  const standings = new Uint8Array(marks.length)
  const none = personStandings.length
  standings.fill(none)
  const byMarks = new Map<number, number>()
  const counts = personStandings.map(() => 0)
  for (let from = first; from <= last; from += sliceSize) {
    const ids = tuples<readonly [number]>(
      history.sql,
      'SELECT id FROM person WHERE id BETWEEN ? AND ? AND +case_id = ?',
      from,
      from + sliceSize - 1,
      caseId,
    )
    for (const [id] of ids) {
      const own = marks[id - first] ?? 0
      const known = byMarks.get(own) ?? personStandings.indexOf(standingOfMarks(own))
      byMarks.set(own, known)
      standings[id - first] = known
      counts[known] = (counts[known] ?? 0) + 1
    }
    await history.pause()
  }
  return {
    counts: Object.fromEntries(personStandings.map((standing, place) => [standing, counts[place] ?? 0])) as Record<
      PersonStanding,
      number
    >,
    peopleAt: new Map([...at].map(([connectionId, there]) => [connectionId, there.reduce((sum, is) => sum + is, 0)])),
    idsWith: (standing) => {
      const wanted = personStandings.indexOf(standing)
      const ids: PersonId[] = []
      for (let place = 0; place < standings.length; place += 1) {
        if (standings[place] === wanted) ids.push((first + place) as PersonId)
      }
      return ids
    },
  }
}

function standingOfMarks(marks: number): PersonStanding {
  const has = (bit: number): boolean => (marks & (1 << bit)) !== 0
  const sent = identifierStates.flatMap((state) =>
    [0, 1].flatMap((decided): readonly PersonPart[] =>
      has(bitOf(stateNumbers[state], decided, true)) ? [{ state, decided: decided === 1, isSent: true, count: 1 }] : [],
    ),
  )
  const unsent: readonly PersonPart[] = has(unsentBit)
    ? [{ state: 'queued', decided: false, isSent: false, count: 1 }]
    : []
  return standingOf([...sent, ...unsent], has(rejectedBit) ? 1 : 0)
}

/** How many people a case has. */
export function countPeople(sql: Sql, caseId: CaseId): number {
  return number(sql, 'SELECT count(*) AS value FROM person WHERE case_id = ?', caseId)
}
