/** Finding people of a case: by their key or its beginning, or by one of their identifiers. */
import { kindOfUserId } from '../../../../shared/model/identifier.ts'
import type { CaseId, PersonId, RequestId } from '../../../../shared/model/ids.ts'
import { identifierToken } from '../../csv/token.ts'
import type { History } from '../history.ts'
import { all, one } from '../sql.ts'
import { exactly } from './search.ts'

const sliceSize = 20_000

/** Ids of the people that match, in order. Keys are gone through in slices that let other questions in between. */
export async function searchPeople(history: History, caseId: CaseId, search: string): Promise<readonly PersonId[]> {
  const found = new Set([...byKey(history, caseId, search), ...byIdentifier(history, caseId, search)])
  for (const id of await byBeginning(history, caseId, search)) found.add(id)
  return [...found].toSorted((a, b) => a - b)
}

function byKey({ sql, keys }: History, caseId: CaseId, search: string): readonly PersonId[] {
  const token = identifierToken(keys.token, { kind: kindOfUserId(search), value: search, channelId: null })
  return all<{ id: PersonId }>(sql, 'SELECT id FROM person WHERE case_id = ? AND token = ?', caseId, token).map(
    ({ id }) => id,
  )
}

function byIdentifier(history: History, caseId: CaseId, search: string): readonly PersonId[] {
  const { sql } = history
  const requests = all<{ id: RequestId }>(
    sql,
    'SELECT request_id AS id FROM case_part WHERE case_id = ? AND request_id IS NOT NULL',
    caseId,
  )
  const identifiers = requests.flatMap(({ id }) => exactly(history, id, search))
  return all<{ id: PersonId | null }>(
    sql,
    `SELECT i.person_id AS id FROM json_each(?1) e CROSS JOIN identifier i ON i.id = e.value
     UNION
     SELECT l.person_id FROM json_each(?1) e CROSS JOIN import_row r ON r.identifier_id = e.value
       JOIN case_reading c ON c.import_id = r.import_id JOIN person_line l ON l.case_id = c.case_id AND l.line = r.line`,
    JSON.stringify(identifiers),
  ).flatMap(({ id }) => (id === null ? [] : [id]))
}

async function byBeginning(history: History, caseId: CaseId, search: string): Promise<readonly PersonId[]> {
  const { sql } = history
  const pattern = `${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
  const found: PersonId[] = []
  const ends = one<{ first: number | null; last: number | null }>(
    sql,
    'SELECT min(id) AS first, max(id) AS last FROM person WHERE case_id = ?',
    caseId,
  )
  const last = ends?.last ?? 0
  for (let after = (ends?.first ?? 1) - 1; after < last; after += sliceSize) {
    const rows = all<{ id: PersonId }>(
      sql,
      `SELECT id FROM person WHERE id > ? AND id <= ? AND +case_id = ? AND key LIKE ? ESCAPE '\\' ORDER BY id`,
      after,
      after + sliceSize,
      caseId,
      pattern,
    )
    for (const { id } of rows) found.push(id)
    await history.pause()
  }
  return found
}
