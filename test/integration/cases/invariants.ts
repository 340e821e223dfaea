/** What must hold of cases in a history after every command, read by scan from the tables themselves. */
import { expect } from 'vitest'
import { mayHoldIds } from '../../../src/shared/model/import.ts'
import { all, type Sql } from '../../../src/main/adapters/database/sql.ts'

/** Readings add up, and every identifier is the person's whose row it is. */
export function checkPeople(sql: Sql): void {
  expect(
    all(
      sql,
      `SELECT m.id FROM case_reading c JOIN import m ON m.id = c.import_id WHERE m.status = 'done'
         AND (m.row_count <> m.identifier_count + m.duplicate_count + m.reject_count + m.elsewhere_count
           OR m.identifier_count <> (SELECT count(*) FROM identifier i WHERE i.import_id = m.id)
           OR m.duplicate_count + m.reject_count <> (SELECT count(*) FROM import_row r WHERE r.import_id = m.id))`,
    ),
    'a reading adds up',
  ).toEqual([])
  expect(
    all(
      sql,
      `SELECT i.id FROM identifier i LEFT JOIN case_reading c ON c.import_id = i.import_id
       LEFT JOIN person_line l ON l.case_id = c.case_id AND l.line = i.line
       WHERE i.person_id IS NOT l.person_id OR (c.case_id IS NOT NULL AND l.person_id IS NULL)`,
    ),
    'an identifier is the person’s whose row it is',
  ).toEqual([])
  expect(
    all(
      sql,
      `SELECT r.import_id, r.line FROM import_row r JOIN case_reading c ON c.import_id = r.import_id
       LEFT JOIN person_line l ON l.case_id = c.case_id AND l.line = r.line
       WHERE l.person_id IS NULL AND (r.disposition = 'duplicate' OR c.position > (
         SELECT min(f.position) FROM case_reading f
         JOIN case_part p ON p.case_id = f.case_id AND p.connection_id = f.connection_id
         WHERE f.case_id = c.case_id AND p.request_id IS NOT NULL))`,
    ),
    'a row that counts is somebody’s',
  ).toEqual([])
  expect(
    all(
      sql,
      // A broken record with their key may stand before it.
      `SELECT p.id FROM person p WHERE p.line IS NOT (SELECT min(line) FROM person_line l WHERE l.person_id = p.id
           AND NOT EXISTS (SELECT 1 FROM import_row r JOIN case_reading c ON c.import_id = r.import_id
             WHERE c.case_id = l.case_id AND r.line = l.line
               AND r.reason IN (${mayHoldIds.map((reason) => `'${reason}'`).join(', ')})))
       UNION ALL SELECT id FROM (SELECT id, line < lag(line) OVER (PARTITION BY case_id ORDER BY id) AS is_before FROM person)
       WHERE is_before`,
    ),
    'people stand in the order of their first lines',
  ).toEqual([])
}
