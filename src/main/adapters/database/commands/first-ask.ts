/**
 * When a batch is asked about for the first time. A status call that finds nothing new takes the place of an erase call,
 * so a batch is first asked about when it is likely to be ready, which the batches before it show: the connection keeps
 * the number of the schedule's call by which they were. One that is not ready by then moves it on for those that have
 * not been asked by then; one that is ready earlier moves it back. Places in the schedule are numbers, not dates: a clock that is
 * set teaches nothing.
 */
import { askAge, latestFirstStep } from '../../../../shared/model/ask-schedule.ts'
import type { ConnectionSettings } from '../../../../shared/model/connection.ts'
import type { BatchId, ConnectionId, Timestamp } from '../../../../shared/model/ids.ts'
import type { Lesson } from '../../../core/ports.ts'
import { one, run, type Sql } from '../sql.ts'

/** Of so many batches of a request the first is asked one call earlier: whether the vendor has become faster. */
const scoutEvery = 50

type Known = Readonly<{ ready_step: number; ready_batch_id: BatchId | 0 }>

function knownOf(sql: Sql, connectionId: ConnectionId): Known {
  const known = one<Known>(sql, 'SELECT ready_step, ready_batch_id FROM connection WHERE id = ?', connectionId)
  if (known === undefined) throw new Error(`No connection has the id ${connectionId}`)
  return known
}

/**
 * The first status call of a batch that was accepted: its number in the schedule, and when, where `firstAt` is the
 * moment of number 0.
 */
export function firstAsk(
  sql: Sql,
  batch: Readonly<{ connectionId: ConnectionId; number: number }>,
  settings: ConnectionSettings,
  firstAt: Timestamp,
): Readonly<{ step: number; at: Timestamp }> {
  const known = Math.min(knownOf(sql, batch.connectionId).ready_step, latestFirstStep(settings))
  const step = batch.number % scoutEvery === 1 ? Math.max(0, known - 1) : known
  return { step, at: firstAt + askAge(step, settings) - askAge(0, settings) }
}

/** Takes in what an answer about a batch shows, and moves the first status calls of others accordingly. */
export function learn(
  sql: Sql,
  batch: Readonly<{ id: BatchId; connectionId: ConnectionId }>,
  settings: ConnectionSettings,
  lesson: Lesson,
): void {
  const { id, connectionId } = batch
  const known = knownOf(sql, connectionId)
  if (lesson.ready) {
    const youngest = Math.max(known.ready_batch_id, id)
    run(sql, 'UPDATE connection SET ready_batch_id = ? WHERE id = ?', youngest, connectionId)
    if (lesson.step !== null && lesson.step < known.ready_step)
      moveAsks(sql, connectionId, known.ready_step, lesson.step, settings)
    return
  }
  // A younger one was ready already: this one is slow for a reason of its own.
  if (id < known.ready_batch_id || lesson.step < known.ready_step) return
  const step = Math.min(lesson.step + 1, latestFirstStep(settings))
  if (step > known.ready_step) moveAsks(sql, connectionId, known.ready_step, step, settings)
}

/** By the difference, so that dates which were dated anew stay so. */
function moveAsks(sql: Sql, connectionId: ConnectionId, from: number, to: number, settings: ConnectionSettings): void {
  run(sql, 'UPDATE connection SET ready_step = ? WHERE id = ?', to, connectionId)
  // Where they move on, the oldest keeps its turn: no batch that is stuck keeps all the others from being asked. Where
  // they move back, those asked already stay: they were not ready then.
  const others = to > from ? `id > ${oldestWaiting(sql, connectionId, from) ?? 0}` : 'polls = 0'
  run(
    sql,
    `UPDATE batch SET next_poll_at = next_poll_at + ?, ask_step = ? WHERE ${waits} AND ${others}`,
    askAge(to, settings) - askAge(from, settings),
    to,
    connectionId,
    from,
  )
}

// Accepted and not yet asked at this place in the schedule; what the operator asks now keeps its moment.
const waits = `connection_id = ? AND next_poll_at IS NOT NULL AND status = 'accepted' AND polling = 0 AND ask_now = 0
  AND ask_step = ?`

function oldestWaiting(sql: Sql, connectionId: ConnectionId, step: number): BatchId | null {
  return (
    one<{ id: BatchId | null }>(sql, `SELECT min(id) AS id FROM batch WHERE ${waits}`, connectionId, step)?.id ?? null
  )
}
