/** What a person decides about identifiers that wait, or that ended otherwise than erased. Every decision is in the log. */
import { fail, succeed, type Failed, type Result } from '../../../../shared/failure.ts'
import type { BatchId, IdentifierId, RequestId } from '../../../../shared/model/ids.ts'
import type { Decision } from '../../../../shared/model/request.ts'
import { stateNumbers, type IdentifierState } from '../../../../shared/model/state.ts'
import type { Database } from '../../../core/ports.ts'
import { notFound } from '../failures.ts'
import type { History } from '../history.ts'
import { all, inTransaction, number, one, run, type Sql } from '../sql.ts'
import { readSettings } from './connection-row.ts'
import { requestRow } from './drafts.ts'
import { addEvent, identifiersInWords } from './events.ts'
import { createBatch } from './form-batch.ts'
import { moveIdentifiers } from './moves.ts'
import { refreshPhase } from './phase.ts'

type Input = Parameters<Database['decide']>[0]
/** The identifiers of one batch, or of none, that one decision is about. */
type Group = Readonly<{ batchId: BatchId | null; identifiers: readonly IdentifierId[] }>

const decisionsFor: Readonly<Partial<Record<IdentifierState, readonly Decision[]>>> = {
  'outcome unknown': ['send again', 'treat as sent'],
  unconfirmed: ['accept as unconfirmed', 'send again', 'pair whole batch'],
  held: ['release', 'send again', 'cancel'],
  failed: ['send again'],
  refused: ['send again'],
  revoked: ['send again'],
}
const withReason: readonly Decision[] = ['send again', 'treat as sent', 'accept as unconfirmed', 'pair whole batch']
const looseSlice = 1000

/** Carries a decision out, a batch at a time; each batch with its event in one transaction. */
export async function decide(history: History, input: Input): Promise<Result<null>> {
  const checked = check(history.sql, input)
  if (!checked.ok) return checked
  let decided = 0
  for (;;) {
    const step = inTransaction(history.sql, () => decideNext(history.sql, input))
    if (!step.ok) return step
    decided += step.value
    if (step.value === 0 || !('all' in input.target)) break
    await history.pause()
  }
  if (decided > 0) return succeed(null)
  return fail('wrong-state', 'Nothing here waits for this decision any more.', {
    kept: 'Nothing was changed.',
    next: 'Look at the request again.',
  })
}

function check(sql: Sql, input: Input): Result<null> {
  const request = requestRow(sql, input.requestId)
  if (request === undefined) return notFound('request')
  if (!(decisionsFor[input.state] ?? []).includes(input.decision)) {
    return fail('invalid-input', `“${input.decision}” is not a decision about identifiers that are ${input.state}.`)
  }
  if (input.decision === 'pair whole batch' && !('batchId' in input.target)) {
    return fail('invalid-input', 'Pairing is decided for one batch at a time.')
  }
  if (withReason.includes(input.decision) && input.reason.trim() === '') {
    return fail('reason-missing', 'This decision needs a reason: it is part of the proof.', {
      kept: 'Nothing was changed.',
      next: 'Say in a few words why.',
      field: 'reason',
    })
  }
  return succeed(null)
}

/** Decides about the next group; gives how many identifiers that was, 0 when none is left. */
function decideNext(sql: Sql, input: Input): Result<number> {
  const group = nextGroup(sql, input)
  if (group === undefined) return succeed(0)
  const done = carryOut(sql, input, group)
  if (!done.ok) return done
  const batch = group.batchId === null ? undefined : batchRow(sql, group.batchId)
  addEvent(sql, {
    at: input.now,
    actor: 'operator',
    kind: 'decided',
    words: `Decided for ${identifiersInWords(group.identifiers.length)}${batch === undefined ? '' : ` of batch ${batch.number}`} (${input.state}): ${input.decision}.`,
    reason: input.reason === '' ? null : input.reason,
    requestId: input.requestId,
    batchId: group.batchId,
    payload: { decision: input.decision, state: input.state, identifiers: group.identifiers.length },
  })
  refreshPhase(sql, input.requestId, input.now)
  return succeed(group.identifiers.length)
}

function nextGroup(sql: Sql, input: Input): Group | undefined {
  const { target } = input
  const state = stateNumbers[input.state]
  if ('identifierId' in target) {
    const row = one<{ batch_id: BatchId | null }>(
      sql,
      'SELECT batch_id FROM identifier WHERE id = ? AND request_id = ? AND state = ?',
      target.identifierId,
      input.requestId,
      state,
    )
    return row === undefined ? undefined : { batchId: row.batch_id, identifiers: [target.identifierId] }
  }
  const batchId = 'batchId' in target ? target.batchId : firstBatch(sql, input.requestId, state)
  if (batchId === undefined) return undefined
  const rows =
    batchId === null
      ? all<{ id: IdentifierId }>(
          sql,
          `SELECT id FROM identifier WHERE request_id = ? AND state = ? AND decided = 0 AND batch_id IS NULL
           ORDER BY id LIMIT ?`,
          input.requestId,
          state,
          looseSlice,
        )
      : all<{ id: IdentifierId }>(
          sql,
          `SELECT i.id FROM identifier i JOIN delivery d ON d.identifier_id = i.id AND d.batch_id = i.batch_id
           WHERE i.batch_id = ? AND i.request_id = ? AND i.state = ? AND i.decided = 0 ORDER BY d.position`,
          batchId,
          input.requestId,
          state,
        )
  return rows.length === 0 ? undefined : { batchId, identifiers: rows.map(({ id }) => id) }
}

/** The batch of the first undecided identifier in this state; null: it is in none; undefined: there is none. */
function firstBatch(sql: Sql, requestId: RequestId, state: number): BatchId | null | undefined {
  return one<{ batch_id: BatchId | null }>(
    sql,
    'SELECT batch_id FROM identifier WHERE request_id = ? AND state = ? AND decided = 0 ORDER BY id LIMIT 1',
    requestId,
    state,
  )?.batch_id
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
  const reason = input.state === 'held' && group.identifiers.length > 1 ? 'split' : reasonFor(input.state)
  const limit = readSettings(parent.settings).identifiersPerCall
  const largest = reason === 'split' ? Math.min(limit, Math.ceil(group.identifiers.length / 2)) : limit
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
  return state === 'failed' || state === 'refused' || state === 'revoked' ? 'retry' : 'resend'
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

type BatchRow = Readonly<{ number: number; scope_id: number; settings: string }>

function batchRow(sql: Sql, batchId: BatchId): BatchRow | undefined {
  return one<BatchRow>(
    sql,
    `SELECT b.number, b.scope_id, c.settings FROM batch b JOIN connection c ON c.id = b.connection_id WHERE b.id = ?`,
    batchId,
  )
}
