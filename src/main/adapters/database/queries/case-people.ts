/** Pages of the people of a case, in the order in which the file names them, and the identifiers of one of them. */
import type { Anchor } from '../../../../shared/channel.ts'
import type { ParsedInput, Value } from '../../../../shared/contract.ts'
import { succeed, type Result } from '../../../../shared/failure.ts'
import type { PersonIdentifier, PersonRow } from '../../../../shared/model/case.ts'
import { kindFromNumber } from '../../../../shared/model/identifier.ts'
import type { CaseId, ConnectionId, IdentifierId, PersonId, RequestId } from '../../../../shared/model/ids.ts'
import type { PersonStanding } from '../../../../shared/model/person.ts'
import { stateFromNumber } from '../../../../shared/model/state.ts'
import { notFound } from '../failures.ts'
import type { History } from '../history.ts'
import { all, asOfOneMoment, number, one, type Sql } from '../sql.ts'
import { countPeople, standingsOfCase } from './case-standings.ts'
import { cutPage } from './page.ts'
import { cellsOf, isLeftOut, overallStanding, presentParts, standingsOf } from './people.ts'
import { searchPeople } from './search-people.ts'

const mostIdentifiers = 500

export async function listPeople(
  history: History,
  input: ParsedInput<'listPeople'>,
): Promise<Result<Value<'listPeople'>>> {
  const { sql } = history
  const { caseId, standing, anchor, limit } = input
  const search = input.search.trim()
  if (one(sql, 'SELECT 1 FROM "case" WHERE id = ? AND discarded_at IS NULL', caseId) === undefined) {
    return notFound('case')
  }
  const searched = search === '' ? null : await searchPeople(history, caseId, search)
  const everybody = standing !== null && searched === null ? await standingsOfCase(history, caseId) : null
  return asOfOneMoment(sql, () => {
    if (searched === null && standing === null) {
      const { ids, start, total } = pageOfAll(sql, caseId, anchor, limit)
      return succeed({ rows: rowsOf(sql, caseId, ids), start, total })
    }
    const ids =
      standing === null
        ? (searched ?? [])
        : (everybody?.idsWith(standing) ?? among(sql, caseId, standing, searched ?? []))
    const page = cutPage(ids, anchor, limit)
    return succeed({ rows: rowsOf(sql, caseId, page.ids), start: page.start, total: ids.length })
  })
}

/** Ids of a page of everybody: a seek for a place already seen, a walk through the index for a jump. */
function pageOfAll(
  sql: Sql,
  caseId: CaseId,
  anchor: Anchor,
  limit: number,
): Readonly<{ ids: readonly PersonId[]; start: number; total: number }> {
  const total = countPeople(sql, caseId)
  const isJump = 'index' in anchor
  const after = isJump ? 0 : anchor.after
  const start = isJump
    ? Math.min(anchor.index, total)
    : number(sql, 'SELECT count(*) AS value FROM person WHERE case_id = ? AND id <= ?', caseId, after)
  const ids = all<{ id: PersonId }>(
    sql,
    'SELECT id FROM person WHERE case_id = ? AND id > ? ORDER BY id LIMIT ? OFFSET ?',
    caseId,
    after,
    limit,
    isJump ? start : 0,
  ).map(({ id }) => id)
  return { ids, start, total }
}

/** Those of them who stand so. */
function among(sql: Sql, caseId: CaseId, standing: PersonStanding, ids: readonly PersonId[]): readonly PersonId[] {
  const found = standingsOf(sql, caseId, ids)
  return ids.filter((id) => overallStanding(found.get(id)) === standing)
}

function rowsOf(sql: Sql, caseId: CaseId, ids: readonly PersonId[]): PersonRow[] {
  const parts = presentParts(sql, caseId)
  const found = standingsOf(sql, caseId, ids)
  return ids.flatMap((id) => {
    const person = one<{ key: string | null; line: number; lines: number }>(
      sql,
      `SELECT key, line, (SELECT count(*) FROM person_line l WHERE l.person_id = p.id) AS lines FROM person p WHERE id = ?`,
      id,
    )
    if (person === undefined) return []
    const connections = found.get(id)
    return [{ id, ...person, standing: overallStanding(connections), cells: cellsOf(parts, connections) }]
  })
}

type Columns = Readonly<{
  id: IdentifierId
  connection_id: ConnectionId
  request_id: RequestId
  line: number
  kind: number
  value: string | null
  channel_id: string | null
  state: number
  decided: number
  vendor_words: string | null
  people: number
  earlier_request_id: RequestId | null
  earlier_name: string | null
  earlier_state: number | null
}>

/** Identifiers of a person (?1) of a case (?2): of their own rows, and those that their rows repeat; in the order of the file. */
const identifiersOfPerson = `
  SELECT i.id, i.line, i.import_id FROM identifier i INDEXED BY identifier_by_person WHERE i.person_id = ?1
  UNION ALL
  SELECT r.identifier_id, r.line, r.import_id FROM person_line l JOIN case_reading c ON c.case_id = l.case_id
    CROSS JOIN import_row r ON r.import_id = c.import_id AND r.line = l.line
  WHERE l.person_id = ?1 AND r.identifier_id IS NOT NULL`

/** How many people have an identifier `i`: whose row it is, and whoever repeats it. */
const peopleOfIdentifier = `(SELECT count(*) FROM (
  SELECT i.person_id AS id UNION
  SELECT l.person_id FROM import_row r JOIN case_reading c ON c.import_id = r.import_id
    JOIN person_line l ON l.case_id = c.case_id AND l.line = r.line WHERE r.identifier_id = i.id))`

export function listPersonIdentifiers(
  history: History,
  { caseId, personId }: ParsedInput<'listPersonIdentifiers'>,
): Result<Value<'listPersonIdentifiers'>> {
  const { sql } = history
  if (one(sql, 'SELECT 1 FROM person WHERE id = ? AND case_id = ?', personId, caseId) === undefined) {
    return notFound('person')
  }
  const ofParts = `FROM (SELECT id, min(line) AS line, import_id FROM (${identifiersOfPerson}) GROUP BY id) o
     JOIN identifier i ON i.id = o.id JOIN case_part p ON p.case_id = ?2 AND p.request_id = i.request_id`
  const rows = all<Columns>(
    sql,
    `SELECT i.id, p.connection_id, i.request_id, o.line, i.kind, i.value, i.channel_id, i.state, i.decided, d.vendor_words,
       ${peopleOfIdentifier} AS people, h.earlier_request_id, e.name AS earlier_name, f.state AS earlier_state
     ${ofParts}
     LEFT JOIN delivery d ON d.identifier_id = i.id AND d.batch_id = i.batch_id
     LEFT JOIN history_repeat h ON h.request_id = i.request_id AND h.identifier_id = i.id AND ${isLeftOut}
     LEFT JOIN request e ON e.id = h.earlier_request_id LEFT JOIN identifier f ON f.id = h.earlier_id
     ORDER BY p.position, o.line, o.import_id, i.id LIMIT ${mostIdentifiers}`,
    personId,
    caseId,
  )
  const total = number(sql, `SELECT count(*) AS value ${ofParts}`, personId, caseId)
  return succeed({ rows: rows.map(identifierOf), total })
}

function identifierOf(row: Columns): PersonIdentifier {
  return {
    id: row.id,
    connectionId: row.connection_id,
    requestId: row.request_id,
    line: row.line,
    kind: kindFromNumber(row.kind),
    value: row.value,
    channelId: row.channel_id,
    state: stateFromNumber(row.state),
    decided: row.decided === 1,
    vendorWords: row.vendor_words,
    sharedWith: row.people - 1,
    earlier:
      row.earlier_request_id === null || row.earlier_name === null || row.earlier_state === null
        ? null
        : {
            requestId: row.earlier_request_id,
            requestName: row.earlier_name,
            state: stateFromNumber(row.earlier_state),
          },
  }
}
