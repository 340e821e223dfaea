/** Batches by number; attempts and events newest first. */
import type { ParsedInput, Value } from '../../../../shared/contract.ts'
import { succeed, type Result } from '../../../../shared/failure.ts'
import { vanishedDigest } from '../../../../shared/model/basis.ts'
import type { AttemptId, BatchId, EventId, Timestamp } from '../../../../shared/model/ids.ts'
import type { LookUpState } from '../../../../shared/model/look-up.ts'
import type {
  AttemptEnding,
  AttemptRow,
  BatchReason,
  BatchRow,
  BatchStatus,
  EventRow,
} from '../../../../shared/model/request.ts'
import { readScope } from '../../../../shared/model/scope.ts'
import type { History } from '../history.ts'
import { all, number, one, type Sql } from '../sql.ts'
import { countsOf } from './request-rows.ts'
import { openInBatch } from './waiting-groups.ts'

type BatchColumns = Readonly<{
  id: BatchId
  number: number
  status: BatchStatus
  canonical: string
  size: number
  vendor_request_id: string | null
  parent_number: number | null
  reason: BatchReason | null
  attempts: number
  polls: number
  looked_up: LookUpState
  origin: 'ours' | 'adopted'
  cancel_asked_at: Timestamp | null
  created_at: Timestamp
  accepted_at: Timestamp | null
  finished_at: Timestamp | null
  answer_at: Timestamp | null
  next_poll_at: Timestamp | null
  vendor_words: string | null
  strangers: number
  ending: AttemptEnding | null
  call_words: string | null
  cancel_ending: AttemptEnding | null
  cancel_words: string | null
  answered_since: 0 | 1
}>

/** Nothing of what is written beside these endings is the vendor's own word. */
const endingsWithoutWord: readonly AttemptEnding[] = ['not sent', 'outcome unknown', 'no answer']

/** Words of the journal as the vendor's, or as a note of this app's. */
function saidIn(words: string | null, isNote: boolean): Readonly<{ vendorWords: string | null; note: string | null }> {
  return isNote ? { vendorWords: null, note: words } : { vendorWords: words, note: null }
}

/** Once the vendor has accepted a batch, all that is said of it is the vendor's; before, its last call tells whose. */
function saidOfBatch(row: BatchColumns): ReturnType<typeof saidIn> {
  if (row.accepted_at !== null) return saidIn(row.vendor_words, false)
  if (row.ending === null) return saidIn(null, false)
  return endingsWithoutWord.includes(row.ending) ? saidIn(row.call_words, true) : saidIn(row.vendor_words, false)
}

const cameBy: Readonly<Record<BatchReason, string>> = {
  split: 'split',
  tied: 'in a task that runs already',
  rest: 'without those in a task that runs already',
  retry: 'tried again',
  resend: 'sent again',
}

/**
 * Why batch `b` was made, as its row and those beside it say. What was taken apart is noted as split, for whatever cause;
 * where one of the parts follows a task of somebody else's, a conflict was the cause.
 */
const reasonOf = `CASE
  WHEN b.reason IS NOT 'split' THEN b.reason
  WHEN b.origin = 'adopted' THEN 'tied'
  WHEN EXISTS (SELECT 1 FROM batch o WHERE o.parent_id = b.parent_id AND o.origin = 'adopted') THEN 'rest'
  ELSE 'split' END`

/** Batch numbers of a request have no gaps, so a place in the list is a number. */
export function listBatches(history: History, input: ParsedInput<'listBatches'>): Result<Value<'listBatches'>> {
  const { sql } = history
  const total = number(sql, 'SELECT batch_numbers AS value FROM request WHERE id = ?', input.requestId)
  const start =
    'index' in input.anchor
      ? Math.min(input.anchor.index, total)
      : number(
          sql,
          'SELECT number AS value FROM batch WHERE id = ? AND request_id = ?',
          input.anchor.after,
          input.requestId,
        )
  const rows = all<BatchColumns>(
    sql,
    `SELECT b.id, b.number, b.status, s.canonical, b.size, b.vendor_request_id, p.number AS parent_number, ${reasonOf} AS reason,
       (SELECT count(*) FROM attempt a WHERE a.batch_id = b.id AND a.kind = 'erase') AS attempts, b.polls, b.looked_up,
       b.origin, b.cancel_asked_at,
       b.created_at, b.accepted_at, b.finished_at, b.answer_at, b.next_poll_at, b.vendor_words,
       (SELECT count(*) FROM named_stranger n WHERE n.batch_id = b.id) AS strangers,
       c.ending, c.vendor_words AS call_words, k.ending AS cancel_ending, k.vendor_words AS cancel_words,
       coalesce(b.answer_attempt_id > k.id AND b.answer_digest IS NOT ?, 0) AS answered_since
     FROM batch b JOIN scope s ON s.id = b.scope_id LEFT JOIN batch p ON p.id = b.parent_id
     LEFT JOIN attempt c ON c.id = (SELECT max(a.id) FROM attempt a WHERE a.batch_id = b.id AND a.kind = 'erase')
     LEFT JOIN attempt k ON k.id = (SELECT max(a.id) FROM attempt a WHERE a.batch_id = b.id AND a.kind = 'cancel')
     WHERE b.request_id = ? AND b.number > ? ORDER BY b.number LIMIT ?`,
    vanishedDigest,
    input.requestId,
    start,
    input.limit,
  )
  return succeed({
    rows: rows.map((row) => ({
      id: row.id,
      number: row.number,
      status: row.status,
      scope: readScope(row.canonical),
      size: row.size,
      counts: countsOf(
        all(sql, 'SELECT state, decided, count FROM batch_count WHERE batch_id = ? AND count > 0', row.id),
      ).counts,
      vendorRequestId: row.vendor_request_id,
      parent:
        row.parent_number === null || row.reason === null ? null : `batch ${row.parent_number}, ${cameBy[row.reason]}`,
      parentNumber: row.parent_number,
      children: childrenOf(sql, row.id),
      attempts: row.attempts,
      polls: row.polls,
      lookUp: row.looked_up,
      mayBeCancelled: row.status === 'accepted' && row.origin === 'ours' && row.cancel_asked_at === null,
      cancelAsked: row.cancel_asked_at !== null,
      lastCancel: lastCancelOf(row),
      adopted: row.origin === 'adopted',
      createdAt: row.created_at,
      acceptedAt: row.accepted_at,
      finishedAt: row.finished_at,
      lastAnswerAt: row.answer_at,
      nextPollAt: row.next_poll_at,
      ...saidOfBatch(row),
      strangers: row.strangers,
      open: openInBatch(sql, row.id),
    })),
    start,
    total,
  })
}

/** An answer that the vendor does not know its task says nothing of whether it was taken back. */
function lastCancelOf(row: BatchColumns): BatchRow['lastCancel'] {
  if (row.status !== 'accepted' || row.cancel_asked_at !== null) return null
  if (row.cancel_ending === 'answered') return { came: 'too late', vendorWords: row.cancel_words }
  if (row.cancel_ending !== 'no answer') return null
  return { came: row.answered_since === 1 ? 'not done' : 'in doubt', vendorWords: null }
}

/** The batches in which the identifiers of one went on, by why they did. */
function childrenOf(sql: Sql, batchId: BatchId): BatchRow['children'] {
  const rows = all<{ number: number; reason: BatchReason }>(
    sql,
    `SELECT b.number, ${reasonOf} AS reason FROM batch b WHERE b.parent_id = ? ORDER BY b.number`,
    batchId,
  )
  return [...new Set(rows.map(({ reason }) => reason))].map((reason) => ({
    reason,
    numbers: rows.filter((row) => row.reason === reason).map((row) => row.number),
  }))
}

export function listAttempts(history: History, input: ParsedInput<'listAttempts'>): Result<Value<'listAttempts'>> {
  const { sql } = history
  const batchId = input.batchId ?? null
  const from = batchId === null ? 'a.request_id = ?1 AND ?2 IS NULL' : 'a.batch_id = ?2 AND a.request_id = ?1'
  const after = 'after' in input.anchor ? input.anchor.after : Number.MAX_SAFE_INTEGER
  const offset = 'index' in input.anchor ? input.anchor.index : 0
  const count = (since: number): number =>
    number(sql, `SELECT count(*) AS value FROM attempt a WHERE ${from} AND a.id >= ?3`, input.requestId, batchId, since)
  const rows = all<{
    id: AttemptId
    kind: AttemptRow['kind']
    jti: string
    number: number | null
    reserved_at: Timestamp
    ended_at: Timestamp | null
    ending: AttemptRow['ending']
    stage: AttemptRow['stage']
    http_status: number | null
    vendor_words: string | null
  }>(
    sql,
    `SELECT a.id, a.kind, a.jti, b.number, a.reserved_at, a.ended_at, a.ending, a.stage, a.http_status, a.vendor_words
     FROM attempt a LEFT JOIN batch b ON b.id = a.batch_id WHERE ${from} AND a.id < ?3 ORDER BY a.id DESC LIMIT ?4 OFFSET ?5`,
    input.requestId,
    batchId,
    after,
    input.limit,
    offset,
  )
  const total = count(0)
  return succeed({
    rows: rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      jti: row.jti,
      batchNumber: row.number,
      startedAt: row.reserved_at,
      endedAt: row.ended_at,
      ending: row.ending,
      stage: row.stage,
      httpStatus: row.http_status,
      ...saidIn(row.vendor_words, row.ending !== null && endingsWithoutWord.includes(row.ending)),
    })),
    start: 'index' in input.anchor ? Math.min(offset, total) : count(after),
    total,
  })
}

export function listEvents(history: History, input: ParsedInput<'listEvents'>): Result<Value<'listEvents'>> {
  const { sql } = history
  const after = 'after' in input.anchor ? input.anchor.after : Number.MAX_SAFE_INTEGER
  const offset = 'index' in input.anchor ? input.anchor.index : 0
  const count = (since: number): number =>
    one<{ value: number }>(
      sql,
      'SELECT count(*) AS value FROM event WHERE request_id = ? AND id >= ?',
      input.requestId,
      since,
    )?.value ?? 0
  const rows = all<EventRow & { id: EventId }>(
    sql,
    `SELECT id, at, actor, kind, words, reason FROM event WHERE request_id = ? AND id < ? ORDER BY id DESC LIMIT ? OFFSET ?`,
    input.requestId,
    after,
    input.limit,
    offset,
  )
  const total = count(0)
  return succeed({ rows: [...rows], start: 'index' in input.anchor ? Math.min(offset, total) : count(after), total })
}
