import { fail, succeed, type Result } from '../../../../shared/failure.ts'
import type { BatchId, IdentifierId, RequestId } from '../../../../shared/model/ids.ts'
import type { RepeatDecision } from '../../../../shared/model/request.ts'
import type { Database } from '../../../core/ports.ts'
import { notFound } from '../failures.ts'
import type { History } from '../history.ts'
import { readPlanBasis } from '../queries/plan.ts'
import { sentRequests } from '../repeats/compare.ts'
import { leaveOutRepeats } from '../repeats/move.ts'
import { sumOf } from '../repeats/sums.ts'
import { all, inTransaction, number, run, type Sql } from '../sql.ts'
import { requestRow, requiredDraft, importRuns, importRunning } from './drafts.ts'
import { caseNotIn } from './case-rules.ts'
import { addEvent, identifiersInWords } from './events.ts'
import { moveIdentifiers } from './moves.ts'
import { refreshPhase } from './phase.ts'
import { setResults } from './sender.ts'

type Input<K extends 'openRequest' | 'setPaused' | 'cancelUnsent' | 'pollNow'> = Parameters<Database[K]>[0]

const cancelSlice = 500

/**
 * Opens a draft for sending, if it still is what the plan on screen was computed from; then cancels what the operator
 * left out, slice by slice.
 */
export async function openRequest(history: History, input: Input<'openRequest'>): Promise<Result<null>> {
  const { sql } = history
  const opened = open(sql, input)
  if (!opened.ok || !opened.value.leavesOut) return opened.ok ? succeed(null) : opened
  await leaveOutRepeats(history, input.requestId, input.now)
  return inTransaction(sql, () => {
    refreshPhase(sql, input.requestId, input.now)
    return succeed(null)
  })
}

function open(sql: Sql, input: Input<'openRequest'>): Result<Readonly<{ leavesOut: boolean }>> {
  return inTransaction(sql, () => {
    const draft = requiredDraft(sql, input.requestId)
    if (!draft.ok) return draft
    if (importRuns(sql, input.requestId)) return importRunning()
    const basis = readPlanBasis(sql, { requestId: input.requestId, now: input.now, samplePerGroup: 0 })
    if (!basis.ok) return basis
    if (basis.value.unreadCase !== null) return caseNotIn(basis.value.unreadCase)
    if (basis.value.fingerprint !== input.fingerprint) {
      return fail('plan-changed', 'The request has changed since this plan was made.', {
        kept: 'Nothing was sent.',
        next: 'Look at the new plan, then send it.',
      })
    }
    if (basis.value.connectionRetired) {
      return fail('connection-retired', 'The connection of this request is retired.', {
        kept: 'Nothing was sent.',
        next: 'Restore the connection, or choose another one.',
      })
    }
    if (basis.value.groups.length === 0) {
      return fail('nothing-to-send', 'There is no identifier to send in this request.', {
        kept: 'Nothing was sent.',
        next: 'Add a file with identifiers.',
      })
    }
    if (basis.value.groups.some(({ scope }) => scope === null)) {
      return fail('scope-missing', 'Some identifiers name no bot, and the request has no scope of its own.', {
        kept: 'Nothing was sent.',
        next: 'Choose the bots, or all bots.',
        field: 'scope',
      })
    }
    if (!isCompared(sql, input.requestId)) {
      return fail(
        'plan-changed',
        'Another request was sent to this account since this one was compared with the history.',
        {
          kept: 'Nothing was sent.',
          next: 'Look at the plan again, then send it.',
          retryable: true,
        },
      )
    }
    const count = basis.value.groups.reduce((sum, group) => sum + group.identifiers, 0)
    run(
      sql,
      `UPDATE request SET phase = 'open', sent_at = ?, plan_digest = ?, revision = revision + 1 WHERE id = ?`,
      input.now,
      input.planDigest,
      input.requestId,
    )
    // What was folded stays a duplicate from here on.
    run(sql, 'DELETE FROM folded_row WHERE request_id = ?', input.requestId)
    addEvent(sql, {
      at: input.now,
      actor: 'operator',
      kind: 'sent',
      words: `Sending was begun: ${identifiersInWords(count)}.`,
      requestId: input.requestId,
      payload: { identifiers: count, plan: input.planDigest },
    })
    const { decision, count: repeats } = basis.value.repeats
    if (repeats > 0) noteRepeats(sql, input, decision)
    return succeed({ leavesOut: repeats > 0 && decision === 'leave out' })
  })
}

/** True where the draft was compared with every request of its account that has been sent. */
function isCompared(sql: Sql, requestId: RequestId): boolean {
  const sent = sentRequests(sql, requestId)
  return (
    number(
      sql,
      'SELECT count(*) AS value FROM request WHERE id = ? AND repeats_stamp IS NOT NULL AND repeats_sent = ?',
      requestId,
      sent,
    ) === 1
  )
}

function noteRepeats(sql: Sql, { requestId, now }: Input<'openRequest'>, decision: RepeatDecision): void {
  const { count, requests } = sumOf(sql, requestId)
  addEvent(sql, {
    at: now,
    actor: 'operator',
    kind: decision === 'leave out' ? 'left out' : 'sent again',
    words:
      decision === 'leave out'
        ? `Left out, being erased or under way in earlier requests: ${identifiersInWords(count)}.`
        : `Sent although erased or under way in earlier requests: ${identifiersInWords(count)}.`,
    requestId,
    payload: { decision, identifiers: count, requests },
  })
}

/** Paused, a request begins no new call; a call under way is awaited. */
export function setPaused(history: History, input: Input<'setPaused'>): Result<null> {
  const { sql } = history
  return inTransaction(sql, () => {
    const request = requestRow(sql, input.requestId)
    if (request === undefined) return notFound('request')
    if (request.phase !== 'open') {
      return fail('wrong-state', 'Only a request that is being sent can be paused or resumed.', {
        kept: 'Nothing was changed.',
      })
    }
    if ((request.paused_at !== null) === input.paused) return succeed(null)
    run(
      sql,
      'UPDATE request SET paused_at = ?, paused_cause = NULL WHERE id = ?',
      input.paused ? input.now : null,
      input.requestId,
    )
    if (!input.paused) {
      // What waits only since a call certainly did not arrive is tried again at once when a person says so.
      run(sql, `UPDATE batch SET not_before = 0 WHERE request_id = ? AND status = 'queued'`, input.requestId)
    }
    addEvent(sql, {
      at: input.now,
      actor: 'operator',
      kind: input.paused ? 'paused' : 'resumed',
      words: input.paused ? 'Paused: no new call begins.' : 'Resumed.',
      requestId: input.requestId,
    })
    return succeed(null)
  })
}

/** Cancels every identifier that is in no call and was in none; gives how many. Slices keep the writer free. */
export async function cancelUnsent(history: History, input: Input<'cancelUnsent'>): Promise<Result<number>> {
  const { sql } = history
  const request = requestRow(sql, input.requestId)
  if (request === undefined) return notFound('request')
  if (request.phase !== 'open') {
    return fail('wrong-state', 'Only a request that is being sent has something to cancel.', {
      kept: 'Nothing was changed.',
    })
  }
  let cancelled = 0
  for (;;) {
    const slice = inTransaction(sql, () => succeed(cancelSliceOf(sql, input)))
    if (!slice.ok) return slice
    cancelled += slice.value
    if (slice.value === 0) break
    await history.pause()
  }
  return inTransaction(sql, () => {
    if (cancelled > 0) {
      addEvent(sql, {
        at: input.now,
        actor: 'operator',
        kind: 'cancelled',
        words: `Taken back before it was sent: ${identifiersInWords(cancelled)}.`,
        reason: input.reason === '' ? null : input.reason,
        requestId: input.requestId,
        payload: { identifiers: cancelled },
      })
    }
    refreshPhase(sql, input.requestId, input.now)
    return succeed(cancelled)
  })
}

function cancelSliceOf(sql: Sql, input: Input<'cancelUnsent'>): number {
  const loose = all<{ id: IdentifierId }>(
    sql,
    `SELECT id FROM identifier WHERE request_id = ? AND state = 2 AND batch_id IS NULL LIMIT ?`,
    input.requestId,
    cancelSlice,
  )
  const held = loose.length > 0 ? [] : heldOutside(sql, input.requestId)
  const ids = [...loose, ...held]
  if (ids.length > 0) {
    moveIdentifiers(
      sql,
      ids.map(({ id }) => ({ identifierId: id, state: 'cancelled' })),
      input.now,
    )
    return ids.length
  }
  const batch = all<{ id: BatchId; size: number }>(
    sql,
    `SELECT id, size FROM batch WHERE request_id = ? AND status = 'queued' ORDER BY number LIMIT 1`,
    input.requestId,
  )[0]
  if (batch === undefined) return 0
  const members = all<{ id: IdentifierId }>(sql, 'SELECT id FROM identifier WHERE batch_id = ?', batch.id)
  moveIdentifiers(
    sql,
    members.map(({ id }) => ({ identifierId: id, state: 'cancelled' })),
    input.now,
  )
  setResults(sql, batch.id, 'cancelled', null, input.now)
  run(sql, `UPDATE batch SET status = 'resolved', finished_at = ? WHERE id = ?`, input.now, batch.id)
  return members.length
}

function heldOutside(sql: Sql, requestId: RequestId): readonly { id: IdentifierId }[] {
  return all<{ id: IdentifierId }>(
    sql,
    'SELECT id FROM identifier WHERE request_id = ? AND state = 1 AND batch_id IS NULL LIMIT ?',
    requestId,
    cancelSlice,
  )
}

/** Makes every batch that the vendor may still have word of due for a status call now; gives how many. */
export function pollNow(history: History, input: Input<'pollNow'>): Result<number> {
  const { sql } = history
  return inTransaction(sql, () => {
    if (requestRow(sql, input.requestId) === undefined) return notFound('request')
    run(
      sql,
      `UPDATE batch SET next_poll_at = ?, ask_now = 1 WHERE request_id = ? AND vendor_request_id IS NOT NULL
       AND (status = 'accepted' OR next_poll_at IS NOT NULL
         OR EXISTS (SELECT 1 FROM batch_count n
                    WHERE n.batch_id = batch.id AND n.state = 9 AND n.decided = 0 AND n.count > 0))`,
      input.now,
      input.requestId,
    )
    return succeed(
      number(
        sql,
        `SELECT count(*) AS value FROM batch WHERE request_id = ? AND next_poll_at IS NOT NULL`,
        input.requestId,
      ),
    )
  })
}
