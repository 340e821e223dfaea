import { fail, succeed, type Failed, type Result } from '../../../../shared/failure.ts'
import { answerDueOf } from '../../../../shared/model/deadline.ts'
import type { ConnectionId, ImportId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import type { CaseFacts, RequestPhase } from '../../../../shared/model/request.ts'
import { canonicalScope, describeScope, type Scope } from '../../../../shared/model/scope.ts'
import type { Database } from '../../../core/ports.ts'
import { notFound } from '../failures.ts'
import type { History } from '../history.ts'
import { forgetComparison } from '../repeats/compare.ts'
import { all, inTransaction, insert, number, one, run, type Sql } from '../sql.ts'
import { caseHolding, caseIsRead, partIsOfCase } from './case-rules.ts'
import { addEvent } from './events.ts'
import { removeImportRows, removeRequestRows } from './remove-rows.ts'
import { heldByRetrievals } from './retrieval-standing.ts'
import { foldScope } from './scope-fold.ts'

type Input<K extends 'createDraft' | 'updateDraft' | 'discardDraft'> = Parameters<Database[K]>[0]

export type RequestRow = Readonly<{
  id: RequestId
  connection_id: ConnectionId
  name: string
  phase: RequestPhase
  scope_id: number | null
  scope_folding: number
  paused_at: Timestamp | null
}>

/** The request's own row, or undefined; drafts on their way out count as gone. */
export function requestRow(sql: Sql, requestId: RequestId): RequestRow | undefined {
  return one<RequestRow>(
    sql,
    `SELECT id, connection_id, name, phase, scope_id, scope_folding, paused_at FROM request
     WHERE id = ? AND discarded_at IS NULL`,
    requestId,
  )
}

/** Begins a request that nothing is sent of until it is opened. */
export function createDraft(history: History, input: Input<'createDraft'>): Result<RequestId> {
  const { sql } = history
  return inTransaction(sql, () => {
    const made = insertDraft(sql, input)
    if (!made.ok) return made
    addEvent(sql, {
      at: input.now,
      actor: 'operator',
      kind: 'draft made',
      words: 'Draft made.',
      requestId: made.value,
    })
    return made
  })
}

/** The row of a new draft, within the caller's transaction; fails where the connection cannot be used. */
export function insertDraft(sql: Sql, input: Input<'createDraft'>): Result<RequestId> {
  const usable = checkConnection(sql, input.connectionId)
  if (!usable.ok) return usable
  const facts = input.caseFacts
  return succeed(
    insert<RequestId>(
      sql,
      `INSERT INTO request (connection_id, name, phase, regulation, received_on, answer_due, due_on, channel, reference,
         created_at)
       VALUES (?, ?, 'draft', ?, ?, ?, ?, ?, ?, ?)`,
      input.connectionId,
      input.name,
      facts.regulation,
      facts.receivedOn,
      facts.answerDue,
      answerDueOf(facts),
      facts.channel,
      facts.reference,
      input.now,
    ),
  )
}

/** Changes a draft. A changed scope also folds or brings back the rows that name this very scope, slice by slice. */
export async function updateDraft(history: History, input: Input<'updateDraft'>): Promise<Result<null>> {
  const { sql } = history
  const changed = inTransaction(sql, () => changeDraft(sql, input))
  if (!changed.ok || !changed.value) return changed.ok ? succeed(null) : changed
  return await foldScope(history, input.requestId, input.now)
}

/** Gives whether the scope is another one now. */
function changeDraft(sql: Sql, input: Input<'updateDraft'>): Result<boolean> {
  const request = requiredDraft(sql, input.requestId)
  if (!request.ok) return request
  if (input.name !== undefined) run(sql, 'UPDATE request SET name = ? WHERE id = ?', input.name, input.requestId)
  if (input.connectionId !== undefined && input.connectionId !== request.value.connection_id) {
    const caseOfRequest = caseHolding(sql, input.requestId)
    if (caseOfRequest !== null)
      return partIsOfCase(caseOfRequest, 'Its connection stays the one the file was read for.')
    const usable = checkConnection(sql, input.connectionId)
    if (!usable.ok) return usable
    const moved = leaveVendor(sql, input.requestId, request.value.connection_id, input.connectionId)
    if (!moved.ok) return moved
    run(sql, 'UPDATE request SET connection_id = ? WHERE id = ?', input.connectionId, input.requestId)
    forgetComparison(sql, input.requestId)
  }
  if (input.caseFacts !== undefined) {
    writeFacts(sql, input.requestId, input.caseFacts)
  }
  run(sql, 'UPDATE request SET revision = revision + 1 WHERE id = ?', input.requestId)
  if (input.scope === undefined) return succeed(false)
  const scopeId = scopeIdOf(sql, input.scope)
  if (scopeId === request.value.scope_id) return succeed(false)
  if (importRuns(sql, input.requestId) || caseIsRead(sql, input.requestId)) return importRunning()
  run(sql, 'UPDATE request SET scope_id = ?, scope_folding = 1 WHERE id = ?', scopeId, input.requestId)
  forgetComparison(sql, input.requestId)
  addEvent(sql, {
    at: input.now,
    actor: 'operator',
    kind: 'scope set',
    words: `Scope set: ${describeScope(input.scope)}.`,
    requestId: input.requestId,
    payload: { scope: canonicalScope(input.scope) },
  })
  return succeed(true)
}

/** Gives a draft its facts, within the caller's transaction. */
export function writeFacts(sql: Sql, requestId: RequestId, facts: CaseFacts): void {
  run(
    sql,
    `UPDATE request SET regulation = ?, received_on = ?, answer_due = ?, due_on = ?, channel = ?, reference = ?
     WHERE id = ?`,
    facts.regulation,
    facts.receivedOn,
    facts.answerDue,
    answerDueOf(facts),
    facts.channel,
    facts.reference,
    requestId,
  )
}

/** At another vendor the scope is another one, and so are the identifiers: files that are in already were read for it. */
function leaveVendor(sql: Sql, requestId: RequestId, from: ConnectionId, to: ConnectionId): Result<null> {
  const vendors = number(sql, 'SELECT count(DISTINCT vendor) AS value FROM connection WHERE id IN (?, ?)', from, to)
  if (vendors < 2) return succeed(null)
  if (number(sql, 'SELECT count(*) AS value FROM import WHERE request_id = ?', requestId) > 0) {
    return fail('wrong-state', 'The files of this draft were read in for another vendor.', {
      kept: 'The draft is as it was.',
      next: 'Take the files out first, or begin another request for that vendor.',
    })
  }
  run(sql, 'UPDATE request SET scope_id = NULL WHERE id = ?', requestId)
  return succeed(null)
}

/** The id of a scope, written down on first use. */
export function scopeIdOf(sql: Sql, scope: Scope): number {
  const canonical = canonicalScope(scope)
  run(sql, 'INSERT INTO scope (canonical) VALUES (?) ON CONFLICT (canonical) DO NOTHING', canonical)
  const row = one<{ id: number }>(sql, 'SELECT id FROM scope WHERE canonical = ?', canonical)
  if (row === undefined) throw new Error('A scope that was just written is not there')
  return row.id
}

/** Takes a draft away with all that was imported into it. It is out of sight at once; its rows go in slices. */
export async function discardDraft(history: History, input: Input<'discardDraft'>): Promise<Result<null>> {
  const { sql } = history
  const marked = inTransaction(sql, () => {
    const request = requiredDraft(sql, input.requestId)
    if (!request.ok) return request
    const caseOfRequest = caseHolding(sql, input.requestId)
    if (caseOfRequest !== null) return partIsOfCase(caseOfRequest, 'It is not discarded alone.')
    if (importRuns(sql, input.requestId)) return importRunning()
    const held = heldByRetrievals(sql, input.requestId)
    if (held !== null) return held
    run(sql, 'UPDATE request SET discarded_at = ? WHERE id = ?', input.now, input.requestId)
    forgetComparison(sql, input.requestId)
    addEvent(sql, {
      at: input.now,
      actor: 'operator',
      kind: 'draft discarded',
      words: 'Draft discarded; nothing of it was sent.',
      requestId: input.requestId,
    })
    return succeed(null)
  })
  if (!marked.ok) return marked
  await removeRequestRows(history, input.requestId)
  return succeed(null)
}

/**
 * Takes a file out of a draft: its identifiers, duplicates and rejects. Refused while rows of a later file are kept only
 * as duplicates of its rows, since they would vanish with it.
 */
export async function removeImport(
  history: History,
  input: Readonly<{ importId: ImportId; now: Timestamp }>,
): Promise<Result<null>> {
  const { sql } = history
  const marked = inTransaction<RequestId>(sql, () => {
    const row = one<{ request_id: RequestId; status: string; file_name: string }>(
      sql,
      'SELECT request_id, status, file_name FROM import WHERE id = ?',
      input.importId,
    )
    if (row === undefined) return notFound('import')
    if (row.status === 'running') return importRunning()
    const caseOfRequest = caseHolding(sql, row.request_id)
    if (caseOfRequest !== null) return partIsOfCase(caseOfRequest, 'A reading of its file is not taken out alone.')
    const request = requiredDraft(sql, row.request_id)
    if (!request.ok) return request
    const held = heldByRetrievals(sql, row.request_id)
    if (held !== null) return held
    const repeated = one<{ file_name: string }>(
      sql,
      `SELECT m.file_name FROM import m JOIN import_row r ON r.import_id = m.id AND r.disposition = 'duplicate'
       LEFT JOIN identifier i ON i.id = r.identifier_id
       WHERE m.request_id = ?1 AND m.id <> ?2
         AND (i.import_id = ?2 OR EXISTS (SELECT 1 FROM folded_row f WHERE f.import_id = ?2)) LIMIT 1`,
      row.request_id,
      input.importId,
    )
    if (repeated !== undefined) {
      return fail('not-allowed', `Rows of “${repeated.file_name}” repeat rows of this file and count through it.`, {
        kept: 'Nothing was removed.',
        next: 'Remove that file first, or discard the draft.',
      })
    }
    // Running again in name, so that what an interruption leaves behind is cleared at the next start.
    run(sql, `UPDATE import SET status = 'running', progress = 0 WHERE id = ?`, input.importId)
    forgetComparison(sql, row.request_id)
    addEvent(sql, {
      at: input.now,
      actor: 'operator',
      kind: 'file removed',
      words: 'A file was taken out of the draft.',
      requestId: row.request_id,
      payload: { import: input.importId },
    })
    return succeed(row.request_id)
  })
  if (!marked.ok) return marked
  await removeImportRows(history, input.importId)
  run(sql, 'DELETE FROM import WHERE id = ?', input.importId)
  return succeed(null)
}

/** The request while it is a draft; else the failure to answer. */
export function requiredDraft(sql: Sql, requestId: RequestId): Result<RequestRow> {
  const request = requestRow(sql, requestId)
  if (request === undefined) return notFound('request')
  if (request.phase !== 'draft') {
    return fail('wrong-state', 'This request has been sent; it is no longer a draft.', {
      kept: 'Nothing was changed.',
      next: 'Open the request to see where it stands.',
    })
  }
  if (request.scope_folding === 1) return stillFolding()
  return succeed(request)
}

export function importRuns(sql: Sql, requestId: RequestId): boolean {
  return all(sql, `SELECT 1 FROM import WHERE request_id = ? AND status = 'running' LIMIT 1`, requestId).length > 0
}

export function importRunning(): Failed {
  return fail('import-running', 'A file is still being read into this request.', {
    kept: 'Nothing was changed.',
    next: 'Wait until it is done, or cancel it.',
    retryable: true,
  })
}

/** A history in memory takes no file in. */
export function importsOff(): Failed {
  return fail('import-off', 'Files can not be read in: this history lives in memory and nothing of it is saved.', {
    kept: 'Nothing was read.',
    next: 'Unlock or set up the keychain, then restart Erasure Desk.',
  })
}

function stillFolding(): Failed {
  return fail('wrong-state', 'The rows of this draft are still being sorted into its scope.', {
    kept: 'Nothing was changed.',
    next: 'Try it again in a moment.',
    retryable: true,
  })
}

function checkConnection(sql: Sql, connectionId: ConnectionId): Result<null> {
  const row = one<{ retired_at: number | null }>(sql, 'SELECT retired_at FROM connection WHERE id = ?', connectionId)
  if (row === undefined) return notFound('connection')
  if (row.retired_at === null) return succeed(null)
  return fail('connection-retired', 'This connection is retired.', {
    next: 'Choose another connection, or restore this one.',
  })
}
