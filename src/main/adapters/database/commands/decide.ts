/** What a person decides about identifiers that wait, or that ended otherwise than erased. Every decision is in the log. */
import { fail, succeed, type Failed, type Result } from '../../../../shared/failure.ts'
import type { BatchId, ConnectionId, IdentifierId } from '../../../../shared/model/ids.ts'
import { stateNumbers, type IdentifierState } from '../../../../shared/model/state.ts'
import type { Database } from '../../../core/ports.ts'
import { notFound, nothingWaits } from '../failures.ts'
import type { History } from '../history.ts'
import { decisionFingerprint } from '../queries/decision-plan.ts'
import { inTransaction, number, one, run, type Sql } from '../sql.ts'
import { identifiersPerCall } from './call-size.ts'
import { decisionGroups, identifiersOfGroup, type DecisionGroup } from './decision-groups.ts'
import { checkDecision, checkReason, planChanged } from './decision-rules.ts'
import { requestRow } from './drafts.ts'
import { addEvent, identifiersInWords } from './events.ts'
import { createBatch } from './form-batch.ts'
import { moveIdentifiers } from './moves.ts'
import { refreshPhase } from './phase.ts'

type Input = Parameters<Database['decide']>[0]
/** The identifiers of one batch, or of none, that one decision is about. */
type Group = Readonly<{ batchId: BatchId | null; identifiers: readonly IdentifierId[] }>

const looseSlice = 1000

/**
 * Carries a decision out for what waits at its beginning, a batch at a time; each batch with its event in one
 * transaction.
 */
export async function decide(history: History, input: Input): Promise<Result<null>> {
  const { sql } = history
  const groups = check(sql, input)
  if (!groups.ok) return groups
  const batches = [...new Set(groups.value.map(({ batchId }) => batchId))]
  let decided = 0
  for (const batchId of batches) {
    for (;;) {
      if (decided > 0) await history.pause()
      const step = inTransaction(sql, () => decideNext(sql, input, batchId))
      if (!step.ok) return step
      decided += step.value
      if (step.value === 0 || batchId !== null) break
    }
  }
  return decided > 0 ? succeed(null) : nothingWaits()
}

/** The groups that are to be decided; fails where this decision can not be made about them. */
function check(sql: Sql, input: Input): Result<readonly DecisionGroup[]> {
  if (requestRow(sql, input.requestId) === undefined) return notFound('request')
  const allowed = checkDecision(input)
  if (!allowed.ok) return allowed
  const reasoned = checkReason(input.decision, input.reason)
  if (!reasoned.ok) return reasoned
  const groups = decisionGroups(sql, input)
  if (input.fingerprint !== undefined && input.fingerprint !== decisionFingerprint(sql, input, groups)) {
    return planChanged()
  }
  return succeed(groups)
}

/** Decides about a batch, or the next of those in none; gives how many identifiers that was, 0 when none is left. */
function decideNext(sql: Sql, input: Input, batchId: BatchId | null): Result<number> {
  const group: Group = { batchId, identifiers: identifiersOfGroup(sql, input, batchId, looseSlice) }
  if (group.identifiers.length === 0) return succeed(0)
  const done = carryOut(sql, input, group)
  if (!done.ok) return done
  const batch = batchId === null ? undefined : batchRow(sql, batchId)
  addEvent(sql, {
    at: input.now,
    actor: 'operator',
    kind: 'decided',
    words: `Decided for ${identifiersInWords(group.identifiers.length)}${batch === undefined ? '' : ` of batch ${batch.number}`} (${input.state}): ${input.decision}.`,
    reason: input.reason === '' ? null : input.reason,
    requestId: input.requestId,
    batchId,
    payload: { decision: input.decision, state: input.state, identifiers: group.identifiers.length },
  })
  refreshPhase(sql, input.requestId, input.now)
  return succeed(group.identifiers.length)
}

function carryOut(sql: Sql, input: Input, group: Group): Result<null> {
  switch (input.decision) {
    case 'accept as unconfirmed':
      settle(sql, input, group, 'unconfirmed', 'accepted as unconfirmed', true)
      return succeed(null)
    case 'treat as sent':
      settle(sql, input, group, 'unconfirmed', 'treated as sent', true)
      return resolveParent(sql, group, input)
    case 'cancel':
      settle(sql, input, group, 'cancelled', 'cancelled by hand', false)
      return resolveParent(sql, group, input)
    case 'pair whole batch':
      return pair(sql, input, group)
    case 'release':
    case 'send again':
      return sendAgain(sql, input, group)
  }
}

function settle(sql: Sql, input: Input, group: Group, state: IdentifierState, basis: string, decided: boolean): void {
  moveIdentifiers(
    sql,
    group.identifiers.map((identifierId) => ({ identifierId, state, decided })),
    input.now,
  )
  if (group.batchId === null) return
  for (const identifierId of group.identifiers) {
    run(
      sql,
      `UPDATE delivery SET result = ?, basis = ?, basis_reason = ?, result_at = ? WHERE batch_id = ? AND identifier_id = ?`,
      stateNumbers[state],
      basis,
      input.reason === '' ? null : input.reason,
      input.now,
      group.batchId,
      identifierId,
    )
  }
}

/** Back into the queue: on their own where they were in no call, else in new batches that name this one as parent. */
function sendAgain(sql: Sql, input: Input, group: Group): Result<null> {
  if (group.batchId === null) {
    moveIdentifiers(
      sql,
      group.identifiers.map((identifierId) => ({ identifierId, state: 'queued' })),
      input.now,
    )
    return succeed(null)
  }
  const parent = batchRow(sql, group.batchId)
  if (parent === undefined) return notFound('batch')
  const reason = reasonFor(input.state)
  const largest = identifiersPerCall(sql, parent.connection_id)
  for (let begin = 0; begin < group.identifiers.length; begin += largest) {
    createBatch(sql, {
      requestId: input.requestId,
      scopeId: parent.scope_id,
      identifiers: group.identifiers.slice(begin, begin + largest),
      now: input.now,
      parent: { id: group.batchId, reason },
    })
  }
  for (const identifierId of group.identifiers) {
    run(
      sql,
      `UPDATE delivery SET basis = coalesce(basis, 'sent again by hand'), basis_reason = ?
       WHERE batch_id = ? AND identifier_id = ?`,
      input.reason === '' ? null : input.reason,
      group.batchId,
      identifierId,
    )
  }
  return resolveParent(sql, group, input)
}

function reasonFor(state: IdentifierState): 'retry' | 'resend' {
  return state === 'failed' || state === 'refused' ? 'retry' : 'resend'
}

/** A batch in doubt, or rejected, is resolved when none of its identifiers is, whichever of them was decided last. */
function resolveParent(sql: Sql, group: Group, input: Input): Result<null> {
  if (group.batchId === null) return succeed(null)
  const left = number(
    sql,
    'SELECT count(*) AS value FROM identifier WHERE batch_id = ? AND state IN (?, ?)',
    group.batchId,
    stateNumbers['outcome unknown'],
    stateNumbers.held,
  )
  if (left === 0) {
    run(
      sql,
      `UPDATE batch SET status = 'resolved', finished_at = coalesce(finished_at, ?)
       WHERE id = ? AND status IN ('outcome unknown', 'rejected')`,
      input.now,
      group.batchId,
    )
  }
  return succeed(null)
}

/**
 * All unnamed identifiers of the batch are erased by the operator's word: only where the vendor named exactly as many
 * ids that nobody submitted, every one of them with success.
 */
function pair(sql: Sql, input: Input, group: Group): Result<null> {
  const batchId = group.batchId
  if (batchId === null) return cannotPair()
  const unnamed = number(
    sql,
    'SELECT count(*) AS value FROM delivery WHERE batch_id = ? AND result = ?',
    batchId,
    stateNumbers.unconfirmed,
  )
  const strangers = number(sql, 'SELECT count(*) AS value FROM named_stranger WHERE batch_id = ?', batchId)
  const successes = number(
    sql,
    'SELECT count(*) AS value FROM named_stranger WHERE batch_id = ? AND success = 1',
    batchId,
  )
  const count = group.identifiers.length
  if (count !== unnamed || strangers !== count || successes !== strangers) return cannotPair()
  settle(sql, input, group, 'erased', 'paired by hand: whole batch', false)
  return succeed(null)
}

function cannotPair(): Failed {
  return fail(
    'not-allowed',
    'This batch can not be paired: the vendor did not name exactly as many others, all with success.',
    {
      kept: 'Nothing was changed.',
      next: 'Accept them as unconfirmed, or send them again.',
    },
  )
}

type BatchRow = Readonly<{ number: number; scope_id: number; connection_id: ConnectionId }>

function batchRow(sql: Sql, batchId: BatchId): BatchRow | undefined {
  return one<BatchRow>(sql, 'SELECT number, scope_id, connection_id FROM batch WHERE id = ?', batchId)
}
