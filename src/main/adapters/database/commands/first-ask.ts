/**
 * When a batch is asked about for the first time. A status call that finds nothing new takes the place of an erase call,
 * so a batch is first asked about when it is likely to be ready, which the batches before it show. While none was found
 * ready, one batch after another is tried, each a little later in the schedule, and all the others wait for the
 * schedule's next whole call; as soon as one is ready, all wait for the place at which it was. Places in the schedule are
 * numbers, not dates: a clock that is set teaches nothing.
 */
import {
  askAge,
  askWait,
  firstStepFrom,
  lastStepBy,
  latestFirstStep,
  nextTry,
  placesOfStep,
} from '../../../../shared/model/ask-schedule.ts'
import type { ConnectionSettings } from '../../../../shared/model/connection.ts'
import type { BatchId, ConnectionId, Timestamp } from '../../../../shared/model/ids.ts'
import type { Lesson } from '../../../core/ports.ts'
import { all, one, run, type Sql } from '../sql.ts'

/** Of so many batches of a request the first is asked one call earlier: whether the vendor has become faster. */
const scoutEvery = 50
/** Share of a place by which a status call may come late and still stand for that place. */
const toleratedLateness = 0.1

type Known = Readonly<{
  /** Where batches wait that were not asked yet. */
  readyStep: number
  /** Where one of them is tried before; null: they were ready by `readyStep`, or nothing is known yet. */
  triedStep: number | null
  /** The youngest batch that was found ready; 0: none yet. */
  readyBatchId: BatchId | 0
}>

/** The place in the schedule that a batch or a connection has in the history, as its schedule numbers it. */
export function stepOf(place: number): number {
  return place / placesOfStep
}

/** The same as the history keeps it: a whole number of parts. */
export function placeOf(step: number): number {
  return Math.round(step * placesOfStep)
}

function knownOf(sql: Sql, connectionId: ConnectionId): Known {
  const known = one<{ ready_step: number; tried_step: number | null; ready_batch_id: BatchId | 0 }>(
    sql,
    'SELECT ready_step, tried_step, ready_batch_id FROM connection WHERE id = ?',
    connectionId,
  )
  if (known === undefined) throw new Error(`No connection has the id ${connectionId}`)
  return {
    readyStep: stepOf(known.ready_step),
    triedStep: known.tried_step === null ? null : stepOf(known.tried_step),
    readyBatchId: known.ready_batch_id,
  }
}

function keepKnown(sql: Sql, connectionId: ConnectionId, readyStep: number, triedStep: number | null): void {
  const tried = triedStep === null ? null : placeOf(triedStep)
  run(sql, 'UPDATE connection SET ready_step = ?, tried_step = ? WHERE id = ?', placeOf(readyStep), tried, connectionId)
}

/**
 * The first status call of a batch that was accepted: its place in the schedule, and when, where `firstAt` is the
 * moment of number 0.
 */
export function firstAsk(
  sql: Sql,
  batch: Readonly<{ connectionId: ConnectionId; number: number }>,
  settings: ConnectionSettings,
  firstAt: Timestamp,
): Readonly<{ step: number; at: Timestamp }> {
  const known = knownOf(sql, batch.connectionId)
  const usual = Math.min(known.readyStep, latestFirstStep(settings))
  // Where none was ready yet, an earlier call than that of all others is one that was in vain already.
  const isScout = known.readyBatchId !== 0 && known.triedStep === null && batch.number % scoutEvery === 1
  const step = isScout ? Math.max(0, usual - 1) : usual
  return { step, at: firstAt + askAge(step, settings) - askAge(0, settings) }
}

/**
 * What a status call stands for that comes `late` milliseconds after its place in the schedule: the place it has reached
 * by then, short of the next call, and the one by which its batch was ready if it is found so.
 */
export function reachedStep(
  step: number,
  late: number,
  settings: ConnectionSettings,
): Readonly<{ step: number; readyBy: number }> {
  const age = askAge(step, settings) + Math.max(0, late)
  const tolerated = (toleratedLateness * askWait(step + 1, settings)) / placesOfStep
  return {
    step: Math.min(Math.max(step, lastStepBy(age, settings)), step + 1 - 1 / placesOfStep),
    readyBy: late <= tolerated ? step : firstStepFrom(age - tolerated, settings),
  }
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
    const youngest = Math.max(known.readyBatchId, id)
    run(sql, 'UPDATE connection SET ready_batch_id = ? WHERE id = ?', youngest, connectionId)
    if (lesson.step !== null) settleOn(sql, connectionId, known, afterJitter(lesson.step, settings), settings)
    return
  }
  // A younger one was ready already: this one is slow for a reason of its own.
  if (id < known.readyBatchId || lesson.step < (known.triedStep ?? known.readyStep)) return
  tryNext(sql, batch, nextTry(lesson.step, settings), settings)
}

/** First calls are up to a share of the first wait later than their place: one that is on time must not come too soon. */
function afterJitter(step: number, settings: ConnectionSettings): number {
  return firstStepFrom(askAge(step, settings) + settings.jitter * settings.firstPollMilliseconds, settings)
}

/** All that were not asked at this place or later wait for it. */
function settleOn(
  sql: Sql,
  connectionId: ConnectionId,
  known: Known,
  step: number,
  settings: ConnectionSettings,
): void {
  if (step >= known.readyStep) {
    if (known.triedStep !== null) keepKnown(sql, connectionId, known.readyStep, null)
    return
  }
  keepKnown(sql, connectionId, step, null)
  for (const group of waitingGroups(sql, connectionId, 0)) {
    const lastAsked = group.asked ? group.step - 1 : -1
    if (group.step > step && lastAsked < step) moveGroup(sql, connectionId, group, step, settings)
  }
}

/** The next batch is tried at `next`, all others that this overtakes wait for the whole call behind it. */
function tryNext(
  sql: Sql,
  asked: Readonly<{ id: BatchId; connectionId: ConnectionId }>,
  next: number,
  settings: ConnectionSettings,
): void {
  const { connectionId } = asked
  const latest = latestFirstStep(settings)
  const others = Math.min(Math.floor(next) + 1, latest)
  const groups = waitingGroups(sql, connectionId, asked.id)
  // One that was asked already has waits of its own: it is tried again only once it is its turn.
  const mayBeTried = groups.filter((group) => !group.asked || group.step <= next)
  const [tried] = mayBeTried.toSorted((a, b) => a.oldest - b.oldest)
  keepKnown(sql, connectionId, others, next < others ? next : null)
  for (const group of groups) {
    const isOvertaken = group.asked ? group.step <= next : group.step < others
    if (isOvertaken && group.step < others) moveGroup(sql, connectionId, group, others, settings)
  }
  if (next < others && tried !== undefined)
    moveOldest(sql, { ...tried, step: Math.max(tried.step, others) }, next, settings)
}

/** Batches that wait at one place of the schedule, asked before or not. */
type Group = Readonly<{ step: number; asked: boolean; oldest: BatchId }>

// Accepted and not being asked; what the operator asks now keeps its moment.
const waits = `connection_id = ? AND next_poll_at IS NOT NULL AND status = 'accepted' AND polling = 0 AND ask_now = 0`

function waitingGroups(sql: Sql, connectionId: ConnectionId, butFor: BatchId | 0): readonly Group[] {
  return all<{ ask_step: number; asked: number; oldest: BatchId }>(
    sql,
    `SELECT ask_step, polls > 0 AS asked, min(id) AS oldest FROM batch WHERE ${waits} AND id <> ? GROUP BY 1, 2`,
    connectionId,
    butFor,
  ).map(({ ask_step: place, asked, oldest }) => ({ step: stepOf(place), asked: asked === 1, oldest }))
}

// By the difference, so that dates which were dated anew stay so; and no later than its age says, since waits that vary
// add up with every call. Where the clock was set back, that is in the future, and where it was set forward, due.
const move = `UPDATE batch SET ask_step = ?1, next_poll_at = CASE WHEN polls = 0 THEN next_poll_at + ?2
  ELSE min(next_poll_at + ?2, accepted_at + ?3) END`

function moveOldest(sql: Sql, { oldest, step }: Group, to: number, settings: ConnectionSettings): void {
  run(sql, `${move} WHERE id = ?4`, ...change(step, to, settings), oldest)
}

function moveGroup(
  sql: Sql,
  connectionId: ConnectionId,
  { step, asked }: Group,
  to: number,
  settings: ConnectionSettings,
): void {
  run(
    sql,
    `${move} WHERE ${waits.replace('?', '?4')} AND ask_step = ?5 AND (polls > 0) = ?6`,
    ...change(step, to, settings),
    connectionId,
    placeOf(step),
    Number(asked),
  )
}

function change(from: number, to: number, settings: ConnectionSettings): readonly [number, number, number] {
  const age = askAge(to, settings)
  return [placeOf(to), age - askAge(from, settings), age]
}
