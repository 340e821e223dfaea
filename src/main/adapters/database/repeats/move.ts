/** Moves repeats of the history to where the operator's one decision has them, slice by slice. */
import type { RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import type { RepeatDecision } from '../../../../shared/model/request.ts'
import { stateNumbers } from '../../../../shared/model/state.ts'
import { moveLoose } from '../commands/moves.ts'
import type { History } from '../history.ts'
import { inSlices } from '../slices.ts'
import { all, one, run, type Sql } from '../sql.ts'

type Ids = Parameters<typeof moveLoose>[1]['identifierIds']

/**
 * Held as decided: the default is a decision too, so that none of them waits for a person. Rows whose bots are not chosen
 * yet stay in the queue: what they repeat is not known before.
 */
export function keepBack(sql: Sql, requestId: RequestId, ids: Ids, at: Timestamp): void {
  const identifierIds = scopeIsOpen(sql, requestId) ? withOwnBots(sql, ids) : ids
  const decided = { before: false, after: true }
  moveLoose(sql, { requestId, identifierIds, from: 'queued', to: 'held', decided }, at)
}

function scopeIsOpen(sql: Sql, requestId: RequestId): boolean {
  return one(sql, 'SELECT 1 FROM request WHERE id = ? AND scope_id IS NULL', requestId) !== undefined
}

function withOwnBots(sql: Sql, ids: Ids): Ids {
  return all<{ id: Ids[number] }>(
    sql,
    `SELECT i.id FROM json_each(?) e CROSS JOIN identifier i ON i.id = e.value WHERE i.scope_id <> 0`,
    JSON.stringify(ids),
  ).map(({ id }) => id)
}

/** Back into the queue. */
export function letGo(sql: Sql, requestId: RequestId, identifierIds: Ids, at: Timestamp): void {
  const decided = { before: true, after: false }
  moveLoose(sql, { requestId, identifierIds, from: 'held', to: 'queued', decided }, at)
}

/** Lets every repeat of a draft go and forgets them, slice by slice; done again it goes on where it stopped. */
export async function forgetRepeats(history: History, requestId: RequestId, now: Timestamp): Promise<void> {
  const { sql } = history
  await inSlices(history, (limit) => {
    const ids = idsAfter(sql, requestId, 0, limit)
    letGo(sql, requestId, ids, now)
    run(
      sql,
      'DELETE FROM history_repeat WHERE request_id = ? AND identifier_id IN (SELECT value FROM json_each(?))',
      requestId,
      JSON.stringify(ids),
    )
    return ids.length
  })
  run(sql, 'DELETE FROM history_repeat_count WHERE request_id = ?', requestId)
}

function idsAfter(sql: Sql, requestId: RequestId, after: number, limit: number): Ids {
  return all<{ id: Ids[number] }>(
    sql,
    `SELECT identifier_id AS id FROM history_repeat WHERE request_id = ? AND identifier_id > ?
     ORDER BY identifier_id LIMIT ?`,
    requestId,
    after,
    limit,
  ).map(({ id }) => id)
}

type Moving = Readonly<{ requestId: RequestId; now: Timestamp; decision: RepeatDecision; isStopped: () => boolean }>

/** Moves every repeat of a draft to where a new decision has it. */
export async function moveRepeats(history: History, { requestId, now, decision, isStopped }: Moving): Promise<void> {
  const move = decision === 'leave out' ? keepBack : letGo
  await overRepeats(history, requestId, (ids) => move(history.sql, requestId, ids, now), isStopped)
}

/**
 * After a request was sent: what was kept back as a repeat is cancelled. Cut off, it is finished at the next start; until
 * then the request stays open.
 */
export async function leaveOutRepeats(history: History, requestId: RequestId, now: Timestamp): Promise<void> {
  const { sql } = history
  const decided = { before: true, after: false }
  const cancel = (identifierIds: Ids): void => {
    moveLoose(sql, { requestId, identifierIds, from: 'held', to: 'cancelled', decided }, now)
  }
  await overRepeats(history, requestId, cancel)
}

/** Requests that were sent while some of their repeats are still kept back: to be finished at the start. */
export function requestsWithKeptRepeats(sql: Sql): readonly RequestId[] {
  return all<{ id: RequestId }>(
    sql,
    `SELECT r.id FROM request r JOIN identifier_count n ON n.request_id = r.id AND n.state = ? AND n.decided = 1
     WHERE r.phase = 'open' AND n.count > 0`,
    stateNumbers.held,
  ).map(({ id }) => id)
}

async function overRepeats(
  history: History,
  requestId: RequestId,
  work: (ids: Ids) => void,
  isStopped?: () => boolean,
): Promise<void> {
  let after = 0
  await inSlices(
    history,
    (limit) => {
      const ids = idsAfter(history.sql, requestId, after, limit)
      work(ids)
      after = ids.at(-1) ?? after
      return ids.length
    },
    isStopped,
  )
}
