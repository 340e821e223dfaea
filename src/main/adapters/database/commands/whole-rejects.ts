/**
 * Rows of a case's file that are rejected as a whole are rejects of one reading alone, for all. Where its connection leaves
 * the case, they become rejects of a reading that stays, so that no row is without a reading that says what became of it.
 */
import type { CaseId, ImportId, RequestId } from '../../../../shared/model/ids.ts'
import { wholeReasons } from '../../../../shared/model/import.ts'
import type { History } from '../history.ts'
import { inSlices } from '../slices.ts'
import { all, number, one, run, type Sql } from '../sql.ts'

/** Within `r`: a row of the request (?1) that is rejected as a whole. */
const isWholeReject = `r.import_id IN (SELECT m.id FROM import m WHERE m.request_id = ?1) AND r.disposition = 'reject'
  AND r.reason IN (${wholeReasons.map((reason) => `'${reason}'`).join(', ')})`

/** True where rows that are rejected as a whole stand in a reading for this request. */
export function holdsWholeRejects(sql: Sql, requestId: RequestId): boolean {
  return one(sql, `SELECT 1 FROM import_row r WHERE ${isWholeReject} LIMIT 1`, requestId) !== undefined
}

/** Hands them over to the first reading for another connection of the case. The rows of both readings add up at any time. */
export async function handOverWholeRejects(history: History, caseId: CaseId, requestId: RequestId): Promise<void> {
  const { sql } = history
  await inSlices(history, (limit) => {
    const heir = heirOf(sql, caseId, requestId)
    if (heir === null) return 0
    const rows = all<{ import_id: ImportId; line: number }>(
      sql,
      `SELECT r.import_id, r.line FROM import_row r WHERE ${isWholeReject} LIMIT ?2`,
      requestId,
      limit,
    )
    for (const { import_id: importId, line } of rows) {
      run(sql, 'UPDATE import_row SET import_id = ? WHERE import_id = ? AND line = ?', heir, importId, line)
    }
    for (const importId of new Set(rows.map((row) => row.import_id))) {
      addRejects(sql, importId, -rows.filter((row) => row.import_id === importId).length)
    }
    addRejects(sql, heir, rows.length)
    return rows.length
  })
}

function heirOf(sql: Sql, caseId: CaseId, requestId: RequestId): ImportId | null {
  const importId = number(
    sql,
    `SELECT c.import_id AS value FROM case_reading c
     JOIN case_part p ON p.case_id = c.case_id AND p.connection_id = c.connection_id
     WHERE c.case_id = ? AND p.request_id <> ? ORDER BY c.position LIMIT 1`,
    caseId,
    requestId,
  ) as ImportId
  return importId === 0 ? null : importId
}

/** Moves rows of an import between those that hold nothing for it and its rejects; their sum stays. */
function addRejects(sql: Sql, importId: ImportId, difference: number): void {
  run(
    sql,
    'UPDATE import SET reject_count = reject_count + ?1, elsewhere_count = elsewhere_count - ?1 WHERE id = ?2',
    difference,
    importId,
  )
}
