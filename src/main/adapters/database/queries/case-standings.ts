/**
 * How every person of a case stands, worked out slice by slice and remembered for as long as nothing was written since:
 * one answer's counts and pages ask for it several times.
 */
import type { CaseId, ConnectionId, PersonId } from '../../../../shared/model/ids.ts'
import { personStandings, type PersonStanding } from '../../../../shared/model/person.ts'
import type { StandingCounts } from '../../../../shared/model/case.ts'
import { all, number, type Sql } from '../sql.ts'
import { overallStanding, standingsOf } from './people.ts'

export type CaseStandings = Readonly<{
  /** In order, with how each stands. */
  people: readonly PersonId[]
  standings: readonly PersonStanding[]
  counts: StandingCounts
  /** People with at least one identifier there. */
  peopleAt: ReadonlyMap<ConnectionId, number>
}>

/** People at once: memory stays bounded however many there are. */
const sliceSize = 5000
/** Cases whose standings are remembered. */
const mostCases = 4

type Memory = Readonly<{ validity: string; found: CaseStandings }>
const memories = new WeakMap<Sql, Map<CaseId, Memory>>()

/** Everybody of the case. Call it inside one read transaction. */
export function standingsOfCase(sql: Sql, caseId: CaseId): CaseStandings {
  const byCase = memories.get(sql) ?? new Map<CaseId, Memory>()
  memories.set(sql, byCase)
  const validity = changesOf(sql)
  const before = byCase.get(caseId)
  byCase.delete(caseId)
  const memory = before?.validity === validity ? before : { validity, found: workOut(sql, caseId) }
  byCase.set(caseId, memory)
  const [oldest] = byCase.keys()
  if (byCase.size > mostCases && oldest !== undefined) byCase.delete(oldest)
  return memory.found
}

function workOut(sql: Sql, caseId: CaseId): CaseStandings {
  const people = all<{ id: PersonId }>(sql, 'SELECT id FROM person WHERE case_id = ? ORDER BY id', caseId).map(
    ({ id }) => id,
  )
  const standings: PersonStanding[] = []
  const counts = Object.fromEntries(personStandings.map((standing) => [standing, 0])) as Record<PersonStanding, number>
  const peopleAt = new Map<ConnectionId, number>()
  for (let begin = 0; begin < people.length; begin += sliceSize) {
    const slice = people.slice(begin, begin + sliceSize)
    const found = standingsOf(sql, caseId, { from: slice[0] ?? 0, to: slice.at(-1) ?? 0 })
    for (const personId of slice) {
      const connections = found.get(personId)
      const standing = overallStanding(connections)
      standings.push(standing)
      counts[standing] += 1
      for (const [connectionId, { parts }] of connections ?? []) {
        if (parts.length > 0) peopleAt.set(connectionId, (peopleAt.get(connectionId) ?? 0) + 1)
      }
    }
  }
  return { people, standings, counts, peopleAt }
}

/** Changes with everything that this or another connection writes. */
function changesOf(sql: Sql): string {
  const others = String(sql.pragma('data_version', { simple: true }))
  return `${others} ${number(sql, 'SELECT total_changes() AS value')}`
}

/** How many people a case has. */
export function countPeople(sql: Sql, caseId: CaseId): number {
  return number(sql, 'SELECT count(*) AS value FROM person WHERE case_id = ?', caseId)
}
