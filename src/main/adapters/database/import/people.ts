/** Writes down who is named by which record of a case's file. */
import type { CaseId } from '../../../../shared/model/ids.ts'
import type { FilePeople } from '../../../core/ports.ts'
import { number, run, type Sql } from '../sql.ts'

/**
 * Within the caller's transaction. People of one key are one; a record without a key is a person by itself. Ids grow with
 * the line that names a person first.
 */
export function notePeople(sql: Sql, caseId: CaseId, { people, tokens, areBroken }: FilePeople): null {
  if (areBroken === true) return noteBroken(sql, caseId, people, tokens)
  const first = number(sql, 'SELECT max(id) AS value FROM person') + 1
  const values = [caseId, first, tokens, people] as const
  run(
    sql,
    `INSERT INTO person (id, case_id, key, token, line)
     SELECT ?2 + key, ?1, value ->> 1, CASE WHEN value ->> 1 IS NULL THEN NULL ELSE substr(?3, key * 16 + 1, 16) END,
       value ->> 0
     FROM jsonb_each(CAST(?4 AS TEXT)) WHERE true ORDER BY key
     ON CONFLICT DO NOTHING`,
    ...values,
  )
  run(
    sql,
    `INSERT INTO person_line (case_id, line, person_id)
     SELECT ?1, e.value ->> 0, CASE WHEN e.value ->> 1 IS NULL THEN ?2 + e.key
       ELSE (SELECT p.id FROM person p WHERE p.case_id = ?1 AND p.token = substr(?3, e.key * 16 + 1, 16)) END
     FROM jsonb_each(CAST(?4 AS TEXT)) e ORDER BY e.key`,
    ...values,
  )
  return null
}

/** Broken records are rows of the people whose key they have; whoever is named by nothing else is nobody. */
function noteBroken(sql: Sql, caseId: CaseId, people: Uint8Array, tokens: Uint8Array): null {
  run(
    sql,
    `INSERT INTO person_line (case_id, line, person_id)
     SELECT ?1, e.value ->> 0, p.id FROM jsonb_each(CAST(?3 AS TEXT)) e
     CROSS JOIN person p ON p.case_id = ?1 AND p.token = substr(?2, e.key * 16 + 1, 16)`,
    caseId,
    tokens,
    people,
  )
  return null
}
