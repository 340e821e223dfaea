/** What leaves a case: one of its connections, or all of it while nothing was sent. Rows go in slices. */
import { fail, succeed, type Failed, type Result } from '../../../../shared/failure.ts'
import type { CaseId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import type { RequestPhase } from '../../../../shared/model/request.ts'
import type { Database } from '../../../core/ports.ts'
import { notFound } from '../failures.ts'
import type { History } from '../history.ts'
import { forgetComparison } from '../repeats/compare.ts'
import { inSlices } from '../slices.ts'
import { all, inTransaction, one, run, type Sql } from '../sql.ts'
import { isWholeIn } from './case-rules.ts'
import { caseRow, partsOf } from './cases.ts'
import { importRunning, requiredDraft } from './drafts.ts'
import { addEvent } from './events.ts'
import { removeRequestRows } from './remove-rows.ts'
import { heldByRetrievals } from './retrieval-standing.ts'
import { handOverWholeRejects, holdsWholeRejects } from './whole-rejects.ts'

type Input<K extends 'discardCase' | 'leaveOutPart'> = Parameters<Database[K]>[0]

/** Takes a case away with its drafts and its people; out of sight at once. */
export async function discardCase(history: History, { caseId, now }: Input<'discardCase'>): Promise<Result<null>> {
  const { sql } = history
  const marked = inTransaction(sql, () => {
    const found = caseRow(sql, caseId)
    if (found === undefined) return notFound('case')
    if (found.reading_ended_at === null) return importRunning()
    const requests = partsOf(sql, caseId)
    for (const requestId of requests) {
      const free = freeToGo(sql, requestId, 'This case has been sent in part; it can no longer be discarded.')
      if (free !== null) return free
    }
    for (const requestId of requests) {
      letGo(sql, requestId, now)
      addEvent(sql, {
        at: now,
        actor: 'operator',
        kind: 'draft discarded',
        words: `Draft discarded with the case “${found.name}”; nothing of it was sent.`,
        requestId,
        payload: { case: caseId },
      })
    }
    run(sql, 'DELETE FROM case_reading WHERE case_id = ?', caseId)
    run(sql, 'DELETE FROM case_part WHERE case_id = ?', caseId)
    run(sql, 'UPDATE "case" SET discarded_at = ? WHERE id = ?', now, caseId)
    return succeed(null)
  })
  if (!marked.ok) return marked
  await removeDiscardedDrafts(history)
  await removePeople(history, caseId)
  return succeed(null)
}

/** Rows of every draft on its way out; of one that was left out of a case before, too, which is still going perhaps. */
export async function removeDiscardedDrafts(history: History): Promise<void> {
  const left = all<{ id: RequestId }>(history.sql, 'SELECT id FROM request WHERE discarded_at IS NOT NULL')
  for (const { id } of left) await removeRequestRows(history, id)
}

/** Finishes at the start what a dead process left: the rows of discarded drafts are gone by then. */
export async function finishDiscardedCases(history: History): Promise<void> {
  const left = all<{ id: CaseId }>(history.sql, 'SELECT id FROM "case" WHERE discarded_at IS NOT NULL')
  for (const { id } of left) await removePeople(history, id)
}

/** Takes one connection out of a case that is in to its end; its draft goes, the reason stays in the log of the others. */
export async function leaveOutPart(history: History, input: Input<'leaveOutPart'>): Promise<Result<null>> {
  const { sql } = history
  for (;;) {
    const leaving = checkLeavingOut(sql, input)
    if (!leaving.ok) return leaving
    await handOverWholeRejects(history, input.caseId, leaving.value.requestId)
    const marked = inTransaction(sql, () => markLeftOut(sql, input))
    if (!marked.ok) return marked
    if (marked.value === 'handed over again') continue
    await removeRequestRows(history, marked.value)
    return succeed(null)
  }
}

type Leaving = Readonly<{
  requestId: RequestId
  connectionName: string
  caseName: string
  others: readonly RequestId[]
}>

/** What leaves, and what stays; or why nothing may. */
function checkLeavingOut(sql: Sql, { caseId, connectionId, reason }: Input<'leaveOutPart'>): Result<Leaving> {
  const found = caseRow(sql, caseId)
  if (found === undefined) return notFound('case')
  if (found.reading_ended_at === null) return importRunning()
  if (!isWholeIn(sql, caseId)) {
    return fail('wrong-state', `The file of the case “${found.name}” was not read in to its end.`, {
      kept: 'Nothing was changed.',
      next: 'Discard the case and begin it again; its columns are remembered.',
    })
  }
  const part = one<{ request_id: RequestId; name: string }>(
    sql,
    `SELECT p.request_id, c.name FROM case_part p JOIN connection c ON c.id = p.connection_id
     WHERE p.case_id = ? AND p.connection_id = ? AND p.request_id IS NOT NULL`,
    caseId,
    connectionId,
  )
  if (part === undefined) return notFound('connection')
  const others = partsOf(sql, caseId).filter((id) => id !== part.request_id)
  if (others.length === 0) {
    return fail('not-allowed', 'This is the last connection of the case.', {
      kept: 'Nothing was changed.',
      next: 'Discard the case where nothing of it is to be sent.',
    })
  }
  if (reason === '') {
    return fail('reason-missing', 'A connection is left out with a reason.', {
      kept: 'Nothing was changed.',
      next: 'Say why nothing is to be erased there.',
      field: 'reason',
    })
  }
  const free = freeToGo(sql, part.request_id, 'What was sent cannot be left out any more.')
  if (free !== null) return free
  return succeed({ requestId: part.request_id, connectionName: part.name, caseName: found.name, others })
}

/** Marks it, unless another connection that was left out meanwhile has handed rows over to it. */
function markLeftOut(sql: Sql, input: Input<'leaveOutPart'>): Result<RequestId | 'handed over again'> {
  const leaving = checkLeavingOut(sql, input)
  if (!leaving.ok) return leaving
  const { requestId: leftOut, connectionName, caseName, others } = leaving.value
  if (holdsWholeRejects(sql, leftOut)) return succeed('handed over again')
  const { caseId, connectionId, reason, now } = input
  run(
    sql,
    'UPDATE case_part SET request_id = NULL, left_out_at = ? WHERE case_id = ? AND connection_id = ?',
    now,
    caseId,
    connectionId,
  )
  letGo(sql, leftOut, now)
  for (const requestId of [leftOut, ...others]) {
    addEvent(sql, {
      at: now,
      actor: 'operator',
      kind: 'connection left out',
      words: `“${connectionName}” was left out of the case “${caseName}”; nothing of it was sent there.`,
      reason,
      requestId,
      connectionId,
      payload: { case: caseId },
    })
  }
  return succeed(leftOut)
}

/** Why a draft cannot go; null: it can. `sent`: in which words, where it is no draft any more. */
function freeToGo(sql: Sql, requestId: RequestId, sent: string): Failed | null {
  const phase = one<{ phase: RequestPhase }>(sql, 'SELECT phase FROM request WHERE id = ?', requestId)?.phase
  if (phase !== 'draft') {
    return fail('wrong-state', sent, {
      kept: 'Nothing was changed.',
      next: 'Cancel what is unsent in its request instead.',
    })
  }
  const draft = requiredDraft(sql, requestId)
  return draft.ok ? heldByRetrievals(sql, requestId) : draft
}

/** Out of its case and out of sight; its rows go afterwards, at the next start at the latest. */
function letGo(sql: Sql, requestId: RequestId, now: Timestamp): void {
  run(sql, 'UPDATE request SET discarded_at = ?, case_id = NULL WHERE id = ?', now, requestId)
  forgetComparison(sql, requestId)
}

async function removePeople(history: History, caseId: CaseId): Promise<void> {
  const { sql } = history
  for (const [table, key] of [
    ['person_line', 'line'],
    ['person', 'id'],
  ] as const) {
    await inSlices(history, (limit) =>
      run(
        sql,
        `DELETE FROM ${table} WHERE case_id = ?1 AND ${key} IN (SELECT ${key} FROM ${table} WHERE case_id = ?1 LIMIT ?2)`,
        caseId,
        limit,
      ),
    )
  }
  run(sql, 'DELETE FROM "case" WHERE id = ?', caseId)
}
