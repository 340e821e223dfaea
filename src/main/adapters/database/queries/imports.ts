import type { ParsedInput, Value } from '../../../../shared/contract.ts'
import { succeed, type Failure, type Result } from '../../../../shared/failure.ts'
import { kindFromNumber } from '../../../../shared/model/identifier.ts'
import type { IdentifierId, ImportId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import type { FileFormat, Finding, ImportRow, ImportSummary } from '../../../../shared/model/import.ts'
import { readScope } from '../../../../shared/model/scope.ts'
import { notFound } from '../failures.ts'
import type { History } from '../history.ts'
import { all, number, one, type Sql } from '../sql.ts'

type Row = Readonly<{
  id: ImportId
  request_id: RequestId
  file_name: string
  byte_size: number
  format: string
  status: ImportSummary['status']
  progress: number
  row_count: number
  identifier_count: number
  duplicate_count: number
  reject_count: number
  elsewhere_count: number
  findings: string
  failure: string | null
  started_at: Timestamp
  finished_at: Timestamp | null
}>

/** Every import of a request, oldest first. */
export function importsOf(sql: Sql, requestId: RequestId): ImportSummary[] {
  return all<Row>(sql, 'SELECT * FROM import WHERE request_id = ? ORDER BY id', requestId).map(summaryOf)
}

export function getImport(history: History, input: Readonly<{ importId: ImportId }>): Result<ImportSummary> {
  const row = one<Row>(history.sql, 'SELECT * FROM import WHERE id = ?', input.importId)
  return row === undefined ? notFound('import') : succeed(summaryOf(row))
}

function summaryOf(row: Row): ImportSummary {
  return {
    id: row.id,
    requestId: row.request_id,
    fileName: row.file_name,
    byteSize: row.byte_size,
    format: JSON.parse(row.format) as FileFormat,
    status: row.status,
    progress: row.progress,
    rows: row.row_count,
    identifiers: row.identifier_count,
    duplicates: row.duplicate_count,
    rejects: row.reject_count,
    elsewhere: row.elsewhere_count,
    findings: JSON.parse(row.findings) as Finding[],
    failure: row.failure === null ? null : (JSON.parse(row.failure) as Failure),
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  }
}

/** Duplicates or rejects of an import by line; `after` is the last line seen. */
export function listImportRows(
  history: History,
  input: ParsedInput<'listImportRows'>,
): Result<Value<'listImportRows'>> {
  const { sql } = history
  const count = (upTo: number): number =>
    number(
      sql,
      'SELECT count(*) AS value FROM import_row WHERE import_id = ? AND disposition = ? AND line <= ?',
      input.importId,
      input.disposition,
      upTo,
    )
  const after = 'after' in input.anchor ? input.anchor.after : 0
  const offset = 'index' in input.anchor ? input.anchor.index : 0
  const total = count(Number.MAX_SAFE_INTEGER)
  const rows = all<{
    line: number
    end_line: number
    disposition: ImportRow['disposition']
    reason: string
    duplicate_of_line: number | null
    other_file: string | null
    first_spelling: string | null
    id: IdentifierId | null
    kind: number | null
    raw: string | null
  }>(
    sql,
    `SELECT r.line, r.end_line, r.disposition, r.reason, r.duplicate_of_line, i.id, i.kind, r.raw,
       CASE WHEN i.import_id <> r.import_id THEN (SELECT file_name FROM import WHERE id = i.import_id) END AS other_file,
       CASE WHEN EXISTS (SELECT 1 FROM identifier_alias a WHERE a.identifier_id = i.id AND a.import_id = r.import_id
                         AND a.line = r.line AND a.source = 'other spelling') THEN i.value END AS first_spelling
     FROM import_row r LEFT JOIN identifier i ON i.id = r.identifier_id
     WHERE r.import_id = ? AND r.disposition = ? AND r.line > ? ORDER BY r.line LIMIT ? OFFSET ?`,
    input.importId,
    input.disposition,
    after,
    input.limit,
    offset,
  )
  return succeed({
    rows: rows.map((row) => ({
      line: row.line,
      endLine: row.end_line,
      disposition: row.disposition,
      reason: row.reason,
      duplicateOfLine: row.duplicate_of_line,
      duplicateOfFile: row.other_file,
      firstSpelling: row.first_spelling,
      identifierId: row.id,
      kind: row.kind === null ? null : kindFromNumber(row.kind),
      raw: row.raw,
    })),
    start: 'index' in input.anchor ? Math.min(offset, total) : after === 0 ? 0 : count(after),
    total,
  })
}

/** Rows of a draft that are held as repeats of the history, by the scope they name; ?1 is the draft. */
const keptBack = `SELECT i.scope_id, count(*) AS count FROM history_repeat h
  JOIN identifier i ON i.id = h.identifier_id AND i.state = 1 WHERE h.request_id = ?1 GROUP BY i.scope_id`

/** Bot ids of the file's own column, and of earlier requests of the connection, most used first. */
export function suggestBots(history: History, input: Readonly<{ requestId: RequestId }>): Result<Value<'suggestBots'>> {
  const { sql } = history
  const inFile = all<{ canonical: string; count: number }>(
    sql,
    `SELECT s.canonical, sum(n.count) AS count FROM (
       SELECT scope_id, count(*) AS count FROM identifier
       WHERE request_id = ?1 AND state = 2 AND batch_id IS NULL GROUP BY scope_id
       UNION ALL SELECT scope_id, count(*) FROM folded_row WHERE request_id = ?1 GROUP BY scope_id
       UNION ALL ${keptBack}
     ) n JOIN scope s ON s.id = n.scope_id GROUP BY s.id ORDER BY count DESC, s.id LIMIT 200`,
    input.requestId,
  )
  const used = all<{ canonical: string }>(
    sql,
    `SELECT s.canonical FROM request o
     JOIN request r ON r.connection_id = o.connection_id AND r.id <> o.id AND r.phase <> 'draft'
     JOIN scope s ON s.id = r.scope_id
     WHERE o.id = ? GROUP BY s.id ORDER BY count(*) DESC, max(r.id) DESC LIMIT 200`,
    input.requestId,
  )
  return succeed({
    inFile: inFile.map(({ canonical, count }) => ({ botIds: botIdsOf(canonical), identifiers: count })),
    withoutOwn: number(
      sql,
      `SELECT count(*) + (SELECT coalesce(sum(count), 0) FROM (${keptBack}) WHERE scope_id = 0) AS value
       FROM identifier WHERE request_id = ?1 AND scope_id = 0 AND state = 2 AND batch_id IS NULL`,
      input.requestId,
    ),
    known: [...new Set(used.flatMap(({ canonical }) => botIdsOf(canonical)))],
  })
}

function botIdsOf(canonical: string): string[] {
  const scope = readScope(canonical)
  return scope.kind === 'bots' ? [...scope.botIds] : []
}
