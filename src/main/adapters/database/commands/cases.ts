/** Cases: made with a draft for each connection and with every reading of their file planned, then read in. */
import { succeed, type Result } from '../../../../shared/failure.ts'
import { caseColumnSchema, type CaseColumn } from '../../../../shared/model/case.ts'
import type { CaseId, ConnectionId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import type { CaseColumnsOfHeader, Database, StartedCase } from '../../../core/ports.ts'
import { notFound } from '../failures.ts'
import type { History } from '../history.ts'
import { all, inTransaction, insert, one, run, type Sql } from '../sql.ts'
import { isWholeIn } from './case-rules.ts'
import { importRunning, importsOff, insertDraft, scopeIdOf, writeFacts } from './drafts.ts'
import { addEvent } from './events.ts'
import { headerToken, releaseWhenIdle } from './imports.ts'

type Input<K extends 'startCase' | 'endCaseReading' | 'updateCase'> = Parameters<Database[K]>[0]

const longestName = 120

/** What is planned is on disk when this returns; the import lock is held from here to the end of the last reading. */
export function startCase(history: History, input: Input<'startCase'>): Result<StartedCase> {
  const { sql, importLock } = history
  if (importLock === null) return importsOff()
  if (!importLock.take()) return importRunning()
  const started = inTransaction(sql, () => makeCase(history, input))
  if (!started.ok) releaseWhenIdle(history)
  return started
}

function makeCase(history: History, input: Input<'startCase'>): Result<StartedCase> {
  const { sql } = history
  const { name, caseFacts: facts, now } = input
  const caseId = insert<CaseId>(
    sql,
    `INSERT INTO "case" (name, file_name, person_column, regulation, received_on, answer_due, channel, reference, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    name,
    input.fileName,
    input.personColumn,
    facts.regulation,
    facts.receivedOn,
    facts.answerDue,
    facts.channel,
    facts.reference,
    now,
  )
  const parts: { connectionId: ConnectionId; requestId: RequestId }[] = []
  for (const [position, { connectionId, scope }] of input.parts.entries()) {
    const made = insertDraft(sql, { connectionId, name: partName(sql, name, connectionId), caseFacts: facts, now })
    if (!made.ok) return made
    const requestId = made.value
    const scopeId = scope === null ? null : scopeIdOf(sql, scope)
    run(sql, 'UPDATE request SET case_id = ?, scope_id = ? WHERE id = ?', caseId, scopeId, requestId)
    run(sql, 'INSERT INTO case_part VALUES (?, ?, ?, ?, NULL)', caseId, position, connectionId, requestId)
    addEvent(sql, {
      at: now,
      actor: 'operator',
      kind: 'draft made',
      words: `Draft made as part of the case “${name}”, with ${input.parts.length === 1 ? '1 connection' : `${input.parts.length} connections`}.`,
      requestId,
      payload: { case: caseId },
    })
    parts.push({ connectionId, requestId })
  }
  for (const [position, { connectionId, titles }] of input.readings.entries()) {
    run(
      sql,
      'INSERT INTO case_reading VALUES (?, ?, ?, ?, NULL)',
      caseId,
      position,
      connectionId,
      JSON.stringify(titles),
    )
  }
  if (input.remembered !== null) rememberColumns(history, input.remembered, now)
  return succeed({ caseId, parts })
}

/** What the draft of a part is called: the case, and where it goes. */
function partName(sql: Sql, name: string, connectionId: ConnectionId): string {
  const of = one<{ name: string }>(sql, 'SELECT name FROM connection WHERE id = ?', connectionId)?.name ?? ''
  const end = ` · ${of}`.slice(0, longestName / 2)
  return `${name.slice(0, longestName - end.length)}${end}`
}

function rememberColumns(history: History, remembered: CaseColumnsOfHeader, now: Timestamp): void {
  run(
    history.sql,
    `INSERT INTO case_column_memory (token, columns, used_at) VALUES (?, ?, ?)
     ON CONFLICT (token) DO UPDATE SET columns = excluded.columns, used_at = excluded.used_at`,
    memoryToken(history, remembered),
    JSON.stringify(remembered.columns),
    now,
  )
}

/** The columns chosen last for this header and these connections, or null. */
export function rememberedCaseColumns(
  history: History,
  input: Omit<CaseColumnsOfHeader, 'columns'>,
): Result<readonly CaseColumn[] | null> {
  const row = one<{ columns: string }>(
    history.sql,
    'SELECT columns FROM case_column_memory WHERE token = ?',
    memoryToken(history, input),
  )
  if (row === undefined) return succeed(null)
  const columns = caseColumnSchema.array().safeParse(JSON.parse(row.columns))
  return succeed(columns.success ? columns.data : null)
}

function memoryToken(history: History, { header, connectionIds }: Omit<CaseColumnsOfHeader, 'columns'>): Uint8Array {
  return headerToken(history, { header, connections: connectionIds.toSorted((a, b) => a - b) })
}

/** Notes that no reading of the case's file is under way or to come any more. */
export function endCaseReading(history: History, { caseId, trouble, now }: Input<'endCaseReading'>): Result<null> {
  const ended = inTransaction(history.sql, () =>
    succeed(noteReadingEnd(history.sql, { caseId, why: trouble?.message ?? null, now })),
  )
  if (ended.ok) releaseWhenIdle(history)
  return ended
}

/** The same within the caller's transaction. `why` is for the log: what kept it from being read in; null: nothing did. */
export function noteReadingEnd(
  sql: Sql,
  { caseId, why, now }: Readonly<{ caseId: CaseId; why: string | null; now: Timestamp }>,
): null {
  if (run(sql, 'UPDATE "case" SET reading_ended_at = ? WHERE id = ? AND reading_ended_at IS NULL', now, caseId) === 0)
    return null
  const isWhole = isWholeIn(sql, caseId)
  for (const requestId of partsOf(sql, caseId)) {
    addEvent(sql, {
      at: now,
      actor: 'app',
      kind: isWhole ? 'case read in' : 'case incomplete',
      words: isWhole
        ? 'The file of the case is read in to its end.'
        : ['The file of the case was not read in to its end, so nothing of it can be sent.', why]
            .filter(Boolean)
            .join(' '),
      requestId,
      payload: { case: caseId },
    })
  }
  return null
}

/** The requests of a case, in the order of its parts. */
export function partsOf(sql: Sql, caseId: CaseId): readonly RequestId[] {
  return all<{ id: RequestId }>(
    sql,
    'SELECT request_id AS id FROM case_part WHERE case_id = ? AND request_id IS NOT NULL ORDER BY position',
    caseId,
  ).map(({ id }) => id)
}

/** Renames a case, and gives its facts to every part that is a draft still. */
export function updateCase(history: History, { caseId, name, caseFacts, now }: Input<'updateCase'>): Result<null> {
  const { sql } = history
  return inTransaction(sql, () => {
    const before = caseRow(sql, caseId)
    if (before === undefined) return notFound('case')
    const drafts = all<{ id: RequestId; name: string; connection_id: ConnectionId }>(
      sql,
      `SELECT id, name, connection_id FROM request WHERE case_id = ? AND phase = 'draft' AND discarded_at IS NULL`,
      caseId,
    )
    if (name !== undefined) {
      run(sql, 'UPDATE "case" SET name = ? WHERE id = ?', name, caseId)
      for (const draft of drafts) {
        // One that was given a name of its own keeps it.
        if (draft.name !== partName(sql, before.name, draft.connection_id)) continue
        run(sql, 'UPDATE request SET name = ? WHERE id = ?', partName(sql, name, draft.connection_id), draft.id)
      }
    }
    if (caseFacts === undefined) return succeed(null)
    run(
      sql,
      `UPDATE "case" SET regulation = ?, received_on = ?, answer_due = ?, channel = ?, reference = ? WHERE id = ?`,
      caseFacts.regulation,
      caseFacts.receivedOn,
      caseFacts.answerDue,
      caseFacts.channel,
      caseFacts.reference,
      caseId,
    )
    for (const { id } of drafts) {
      writeFacts(sql, id, caseFacts)
      run(sql, 'UPDATE request SET revision = revision + 1 WHERE id = ?', id)
      addEvent(sql, {
        at: now,
        actor: 'operator',
        kind: 'facts set',
        words: 'The facts of the case were given to this draft.',
        requestId: id,
        payload: { case: caseId },
      })
    }
    return succeed(null)
  })
}

export type CaseRow = Readonly<{ id: CaseId; name: string; reading_ended_at: Timestamp | null }>

/** The case's own row, or undefined; one on its way out counts as gone. */
export function caseRow(sql: Sql, caseId: CaseId): CaseRow | undefined {
  return one<CaseRow>(
    sql,
    'SELECT id, name, reading_ended_at FROM "case" WHERE id = ? AND discarded_at IS NULL',
    caseId,
  )
}
