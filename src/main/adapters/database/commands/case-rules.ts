/** What a request may not do while it is part of a case, and what its case's file keeps it from. */
import { fail, type Failed } from '../../../../shared/failure.ts'
import type { CaseId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import type { PlanBasis } from '../../../core/ports.ts'
import { number, one, type Sql } from '../sql.ts'

export type CaseOfRequest = Readonly<{ id: CaseId; name: string; reading_ended_at: Timestamp | null }>

/** The case that a request is part of; null: it stands alone. */
export function caseHolding(sql: Sql, requestId: RequestId): CaseOfRequest | null {
  return (
    one<CaseOfRequest>(
      sql,
      `SELECT k.id, k.name, k.reading_ended_at FROM request r JOIN "case" k ON k.id = r.case_id WHERE r.id = ?`,
      requestId,
    ) ?? null
  )
}

/** True while the file of the request's case is being read in, between two readings too. */
export function caseIsRead(sql: Sql, requestId: RequestId): boolean {
  return caseHolding(sql, requestId)?.reading_ended_at === null
}

/** True once every reading for the connections that are still part of the case is in. */
export function isWholeIn(sql: Sql, caseId: CaseId): boolean {
  return (
    number(
      sql,
      `SELECT count(*) AS value FROM case_reading c
       JOIN case_part p ON p.case_id = c.case_id AND p.connection_id = c.connection_id AND p.request_id IS NOT NULL
       LEFT JOIN import m ON m.id = c.import_id WHERE c.case_id = ? AND m.status IS NOT 'done'`,
      caseId,
    ) === 0
  )
}

/** The request's case where its file is not in to the end; null: nothing of that kind keeps it from being sent. */
export function unreadCaseOf(sql: Sql, requestId: RequestId): PlanBasis['unreadCase'] {
  const found = caseHolding(sql, requestId)
  if (found === null) return null
  const isRunning = found.reading_ended_at === null
  return isRunning || !isWholeIn(sql, found.id) ? { name: found.name, isRunning } : null
}

/** Refuses what would part a request from its case. `words`: what is not done. */
export function partIsOfCase({ name }: CaseOfRequest, words: string): Failed {
  return fail('not-allowed', `This request is part of the case “${name}”. ${words}`, {
    kept: 'Nothing was changed.',
    next: 'On the page of the case, leave this connection out, or discard the case and begin it again.',
  })
}

/** Refuses to send what may lack identifiers of the case's people. */
export function caseNotIn({ name, isRunning }: NonNullable<PlanBasis['unreadCase']>): Failed {
  if (isRunning) {
    return fail('import-running', `The file of the case “${name}” is still being read in.`, {
      kept: 'Nothing was sent.',
      next: 'Wait until that is done.',
      retryable: true,
    })
  }
  return fail('wrong-state', `The file of the case “${name}” was not read in to its end.`, {
    kept: 'Nothing was sent.',
    next: 'Discard the case and begin it again; its columns are remembered.',
  })
}
