/** The frame of an import: its row, its lock, its end. Staging and merging are the work of the import folder. */
import { createHmac } from 'node:crypto'
import { succeed, type Result } from '../../../../shared/failure.ts'
import { draftName, nameFromFile } from '../../../../shared/model/draft-name.ts'
import type { ImportId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import { columnRoleSchema, type ColumnRole } from '../../../../shared/model/import.ts'
import type { Database } from '../../../core/ports.ts'
import { notFound } from '../failures.ts'
import type { History } from '../history.ts'
import { all, inTransaction, insert, number, one, run } from '../sql.ts'
import { caseHolding, partIsOfCase } from './case-rules.ts'
import { importRunning, importRuns, importsOff, requiredDraft } from './drafts.ts'
import { compareWithHistory, forgetComparison } from '../repeats/compare.ts'
import { addEvent } from './events.ts'
import { removeImportRows } from './remove-rows.ts'
import { foldScope } from './scope-fold.ts'

type StartInput = Parameters<Database['startImport']>[0]
type EndInput = Parameters<Database['endImport']>[0]

/** Begins an import into a draft; until it ends, nothing of the draft can be sent. Remembers the columns chosen. */
export function startImport(history: History, input: StartInput): Result<ImportId> {
  const { sql, importLock } = history
  if (importLock === null) return importsOff()
  if (!importLock.take()) return importRunning()
  const started = inTransaction(sql, () => {
    const draft = requiredDraft(sql, input.requestId)
    if (!draft.ok) return draft
    const caseOfRequest = input.reading === undefined ? caseHolding(sql, input.requestId) : null
    if (caseOfRequest !== null) return partIsOfCase(caseOfRequest, 'No other file can be read into it.')
    if (importRuns(sql, input.requestId)) return importRunning()
    const importId = insert<ImportId>(
      sql,
      `INSERT INTO import (request_id, file_name, byte_size, format, roles, status, started_at)
       VALUES (?, ?, ?, ?, ?, 'running', ?)`,
      input.requestId,
      input.fileName,
      input.byteSize,
      JSON.stringify(input.format),
      JSON.stringify(input.roles),
      input.now,
    )
    forgetComparison(sql, input.requestId)
    if (input.reading !== undefined) {
      const { caseId, position } = input.reading
      run(sql, 'UPDATE case_reading SET import_id = ? WHERE case_id = ? AND position = ?', importId, caseId, position)
    } else if (input.format.hasHeader) rememberRoles(history, input.header, input.roles, input.now)
    return succeed(importId)
  })
  if (!started.ok) releaseWhenIdle(history)
  return started
}

/** Ends an import that does not come to its end: nothing of it stays but its row, with the reason. */
export async function endImport(history: History, input: EndInput): Promise<Result<null>> {
  const { sql } = history
  const row = one<{ status: string }>(sql, 'SELECT status FROM import WHERE id = ?', input.importId)
  if (row === undefined) return notFound('import')
  if (row.status !== 'running') return succeed(null)
  await removeImportRows(history, input.importId)
  run(
    sql,
    `UPDATE import SET status = ?, failure = ?, finished_at = ?, identifier_count = 0, duplicate_count = 0, reject_count = 0
     WHERE id = ?`,
    input.status,
    input.failure === null ? null : JSON.stringify(input.failure),
    input.now,
    input.importId,
  )
  releaseWhenIdle(history)
  return succeed(null)
}

/**
 * After a merge: names the draft, folds new rows into the request's scope, notes the end in the log, lets the lock go, and
 * compares the draft with the history.
 */
export async function completeImport(history: History, importId: ImportId, now: Timestamp): Promise<Result<null>> {
  const { sql } = history
  const row = one<{
    request_id: RequestId
    scope_id: number | null
    identifier_count: number
    file_name: string
    name: string
    created_at: Timestamp
  }>(
    sql,
    `SELECT m.request_id, r.scope_id, m.identifier_count, m.file_name, r.name, r.created_at
     FROM import m JOIN request r ON r.id = m.request_id WHERE m.id = ?`,
    importId,
  )
  if (row === undefined) return notFound('import')
  // A draft that still has the name it was born with is called after the first file that is in.
  if (row.name === draftName(row.created_at)) {
    run(sql, 'UPDATE request SET name = ? WHERE id = ?', nameFromFile(row.file_name, row.name), row.request_id)
  }
  if (row.scope_id !== null) {
    run(sql, 'UPDATE request SET scope_folding = 1 WHERE id = ?', row.request_id)
    const folded = await foldScope(history, row.request_id, now)
    if (!folded.ok) return folded
  }
  addEvent(sql, {
    at: now,
    actor: 'operator',
    kind: 'file read in',
    words: 'A file was read into the draft.',
    requestId: row.request_id,
    payload: { import: importId, identifiers: row.identifier_count },
  })
  releaseWhenIdle(history)
  return await compareWithHistory(history, { requestId: row.request_id, now })
}

/** The columns chosen last for this very header, or null. */
export function rememberedRoles(history: History, header: readonly string[]): Result<readonly ColumnRole[] | null> {
  const row = one<{ roles: string }>(
    history.sql,
    'SELECT roles FROM column_memory WHERE header_token = ?',
    headerToken(history, header),
  )
  if (row === undefined) return succeed(null)
  const roles = columnRoleSchema.array().safeParse(JSON.parse(row.roles))
  return succeed(roles.success ? roles.data : null)
}

/** Rejects of an import by line. */
export function rejectsPage(
  history: History,
  input: Readonly<{ importId: ImportId; afterLine: number; limit: number }>,
): Result<readonly Readonly<{ line: number; endLine: number; reason: string; raw: string | null }>[]> {
  return succeed(
    all<{ line: number; endLine: number; reason: string; raw: string | null }>(
      history.sql,
      `SELECT line, end_line AS endLine, reason, raw FROM import_row
       WHERE import_id = ? AND disposition = 'reject' AND line > ? ORDER BY line LIMIT ?`,
      input.importId,
      input.afterLine,
      input.limit,
    ),
  )
}

function rememberRoles(
  history: History,
  header: readonly string[],
  roles: readonly ColumnRole[],
  now: Timestamp,
): void {
  run(
    history.sql,
    `INSERT INTO column_memory (header_token, roles, used_at) VALUES (?, ?, ?)
     ON CONFLICT (header_token) DO UPDATE SET roles = excluded.roles, used_at = excluded.used_at`,
    headerToken(history, header),
    JSON.stringify(roles),
    now,
  )
}

/** The keyed token of a header, or of what else columns are remembered under. */
export function headerToken(history: History, header: unknown): Uint8Array {
  return createHmac('sha256', history.keys.header).update(JSON.stringify(header)).digest()
}

/** Lets other processes take what they find for a left-over, once no file is being read in, nor a case between two readings. */
export function releaseWhenIdle(history: History): void {
  const running = number(
    history.sql,
    `SELECT (SELECT count(*) FROM import WHERE status = 'running')
       + (SELECT count(*) FROM "case" WHERE reading_ended_at IS NULL) AS value`,
  )
  if (running === 0) history.importLock?.release()
}
