/**
 * A call that the vendor refused because some of its identifiers are in tasks which run there already (an answer of
 * Mixpanel's that no page of the vendor's documents). Those identifiers are tied to the task that names them: a batch of
 * origin `adopted` stands for each task, is asked about like ours, and is never taken back by us. Which task has which
 * identifier the refusal does not say, so the tasks are asked one after the other. The others go again at once.
 */
import { inNoTaskBasis } from '../../../../shared/model/basis.ts'
import type { BatchId, IdentifierId, Timestamp } from '../../../../shared/model/ids.ts'
import { stateNumbers } from '../../../../shared/model/state.ts'
import { all, number, one, run, type Sql } from '../sql.ts'
import { addEvent, identifiersInWords } from './events.ts'
import { createBatch } from './form-batch.ts'
import { moveIdentifiers } from './moves.ts'
import { setResults } from './sender.ts'
import type { RejectedBatch } from './split.ts'

type Conflict = Readonly<{ positions: readonly number[]; vendorRequestIds: readonly string[]; words: string }>

/** Takes apart a batch that was refused for a conflict, within the transaction that writes the end of its call. */
export function followConflict(sql: Sql, batch: RejectedBatch, at: Timestamp, conflict: Conflict): void {
  const inConflict = new Set(conflict.positions)
  const deliveries = deliveriesIn(sql, batch.id)
  const theirs = deliveries.filter(({ position }) => inConflict.has(position)).map(({ id }) => id)
  const others = deliveries.filter(({ position }) => !inConflict.has(position)).map(({ id }) => id)
  moveIdentifiers(
    sql,
    deliveries.map(({ id }) => ({ identifierId: id, state: 'held' })),
    at,
  )
  setResults(sql, batch.id, 'held', conflict.words, at)
  run(sql, `UPDATE delivery SET basis = 'refused with others that were in conflict' WHERE batch_id = ?`, batch.id)
  run(
    sql,
    `UPDATE batch SET status = 'resolved', finished_at = ?, vendor_words = ? WHERE id = ?`,
    at,
    conflict.words,
    batch.id,
  )
  const adopted = adopt(sql, batch, theirs, conflict.vendorRequestIds, at)
  const again =
    others.length === 0
      ? null
      : createBatch(sql, {
          requestId: batch.requestId,
          scopeId: batch.scopeId,
          identifiers: others,
          now: at,
          parent: { id: batch.id, reason: 'split' },
        })
  addEvent(sql, {
    at,
    actor: 'app',
    kind: 'conflict',
    words: `Batch ${batch.number} was refused: ${identifiersInWords(theirs.length)} in ${tasksInWords(conflict.vendorRequestIds.length)} that the vendor runs already. Batch ${adopted.number} follows ${theirs.length === 1 ? 'it' : 'them'} there${again === null ? '' : `; the other ${identifiersInWords(others.length)} ${goInWords(others.length)} again as batch ${numberOf(sql, again)}`}.`,
    requestId: batch.requestId,
    batchId: batch.id,
    payload: { batch: batch.number, inConflict: theirs.length, others: others.length },
  })
}

/** A batch that follows a task of somebody else's. */
type Adopted = RejectedBatch

/**
 * What an answer about an adopted task means for the identifiers that it does not name: the next task of the conflict is
 * asked about them; where none is left, they wait for a person. `named`: positions that the answer names. What is settled
 * stays so. A task that has none of them left is asked about no more.
 */
export function passOnUnnamed(sql: Sql, batch: Adopted, named: ReadonlySet<number>, at: Timestamp): void {
  const here = deliveriesIn(sql, batch.id).filter(({ state }) => state === stateNumbers.accepted)
  const unnamed = here.filter(({ position }) => !named.has(position))
  if (unnamed.length === 0) return
  const identifiers = unnamed.map(({ id }) => id)
  moveIdentifiers(
    sql,
    identifiers.map((identifierId) => ({ identifierId, state: 'unconfirmed' })),
    at,
  )
  const tasks = otherTasksOf(sql, batch.id)
  for (const { position } of unnamed) {
    run(
      sql,
      'UPDATE delivery SET result = ?, basis = ?, result_at = ? WHERE batch_id = ? AND position = ?',
      stateNumbers.unconfirmed,
      tasks.length === 0 ? inNoTaskBasis : 'not named by this task, so the next one was asked',
      at,
      batch.id,
      position,
    )
  }
  if (unnamed.length === here.length) {
    run(sql, `UPDATE batch SET status = 'finished', finished_at = ?, next_poll_at = NULL WHERE id = ?`, at, batch.id)
  }
  const next = tasks.length === 0 ? null : adopt(sql, batch, identifiers, tasks, at)
  addEvent(sql, {
    at,
    actor: 'app',
    kind: 'conflict',
    words: `The task that batch ${batch.number} follows does not name ${identifiersInWords(unnamed.length)}${next === null ? ': nobody knows in which task they are, so they wait for a decision' : `: batch ${next.number} looks in the next one`}.`,
    requestId: batch.requestId,
    batchId: batch.id,
    payload: { batch: batch.number, identifiers: unnamed.length },
  })
}

/** Whether another task of the conflict can still be asked about what this batch follows. */
export function hasOtherTasks(sql: Sql, batchId: BatchId): boolean {
  return otherTasksOf(sql, batchId).length > 0
}

function otherTasksOf(sql: Sql, batchId: BatchId): readonly string[] {
  const row = one<{ other_tasks: string | null }>(sql, 'SELECT other_tasks FROM batch WHERE id = ?', batchId)
  return JSON.parse(row?.other_tasks ?? '[]') as readonly string[]
}

/**
 * Where an adopted task was revoked by whoever it belongs to, its identifiers are in no task any more, and go again. Once
 * alone: a vendor that names a task in conflict after it said that it is revoked contradicts itself, and would be asked
 * without end. Then they stay revoked.
 */
export function queueRevoked(sql: Sql, batch: Adopted, at: Timestamp): void {
  const revoked = all<{ id: IdentifierId }>(
    sql,
    'SELECT id FROM identifier WHERE batch_id = ? AND state = ? ORDER BY id',
    batch.id,
    stateNumbers.revoked,
  ).map(({ id }) => id)
  if (revoked.length === 0 || wentAgainBefore(sql, batch.id)) return
  const again = createBatch(sql, {
    requestId: batch.requestId,
    scopeId: batch.scopeId,
    identifiers: revoked,
    now: at,
    parent: { id: batch.id, reason: 'resend' },
  })
  addEvent(sql, {
    at,
    actor: 'app',
    kind: 'queued again',
    words: `The task that batch ${batch.number} followed was revoked: its ${identifiersInWords(revoked.length)} ${goInWords(revoked.length)} again as batch ${numberOf(sql, again)}.`,
    requestId: batch.requestId,
    batchId: batch.id,
    payload: { batch: batch.number, identifiers: revoked.length },
  })
}

/** Whether a batch that this one came from followed the same task. */
function wentAgainBefore(sql: Sql, batchId: BatchId): boolean {
  return (
    number(
      sql,
      `WITH RECURSIVE line (id, parent_id, vendor_request_id) AS (
         SELECT id, parent_id, vendor_request_id FROM batch WHERE id = ?1
         UNION ALL
         SELECT b.id, b.parent_id, b.vendor_request_id FROM line l JOIN batch b ON b.id = l.parent_id
       )
       SELECT count(*) AS value FROM line
       WHERE id <> ?1 AND vendor_request_id = (SELECT vendor_request_id FROM batch WHERE id = ?1)`,
      batchId,
    ) > 0
  )
}

function adopt(
  sql: Sql,
  parent: RejectedBatch,
  identifiers: readonly IdentifierId[],
  tasks: readonly string[],
  at: Timestamp,
): Readonly<{ id: BatchId; number: number }> {
  const [task, ...others] = tasks
  if (task === undefined) throw new Error('A conflict names a task')
  const { requestId, scopeId } = parent
  const id = createBatch(sql, { requestId, scopeId, identifiers, now: at, parent: { id: parent.id, reason: 'split' } })
  for (const state of ['sending', 'accepted'] as const) {
    moveIdentifiers(
      sql,
      identifiers.map((identifierId) => ({ identifierId, state })),
      at,
    )
  }
  run(
    sql,
    `UPDATE batch SET origin = 'adopted', status = 'accepted', vendor_request_id = ?, other_tasks = ?, accepted_at = ?,
       next_poll_at = ? WHERE id = ?`,
    task,
    JSON.stringify(others),
    at,
    at,
    id,
  )
  return { id, number: numberOf(sql, id) }
}

type Here = Readonly<{ id: IdentifierId; state: number; position: number }>

/** The identifiers that are in the batch now, in the order of its call. */
function deliveriesIn(sql: Sql, batchId: BatchId): readonly Here[] {
  return all<Here>(
    sql,
    `SELECT i.id, i.state, d.position FROM delivery d JOIN identifier i ON i.id = d.identifier_id
     WHERE d.batch_id = ?1 AND i.batch_id = ?1 ORDER BY d.position`,
    batchId,
  )
}

function numberOf(sql: Sql, batchId: BatchId): number {
  return number(sql, 'SELECT number AS value FROM batch WHERE id = ?', batchId)
}

function goInWords(count: number): string {
  return count === 1 ? 'goes' : 'go'
}

function tasksInWords(count: number): string {
  return count === 1 ? 'a task' : `${count.toLocaleString('en-GB')} tasks`
}
