/** An earlier history in the place of the present one: what left since then is not in it, and would go again. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { succeed } from '../../../../shared/failure.ts'
import type { RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import { isCopy, takeForHistory } from '../migrations/copy.ts'
import { all, inTransaction, number, run, type Sql } from '../sql.ts'
import { addEvent } from './events.ts'
import { doubtQueuedRetrievals } from './retrieval-standing.ts'

/** Where a copy of ours was put back: pauses every open request before anybody can send. */
export function pauseWhatWasPutBack(sql: Sql, now: Timestamp): void {
  if (!isCopy(sql)) return
  inTransaction(sql, () => {
    // Another process may have been first.
    if (!isCopy(sql)) return succeed(null)
    pauseOpenRequests(sql, now)
    takeForHistory(sql)
    return succeed(null)
  })
}

const markFile = 'sender-mark'
const markShape = /^(\d{1,15}) (\d{1,15})\n$/

/** How far the history had come when a sender last took or left it: its epoch, and its last attempt. */
export type SenderMark = Readonly<{ epoch: number; attempt: number }>

export function markOf(sql: Sql): SenderMark {
  return {
    epoch: number(sql, 'SELECT epoch AS value FROM sender'),
    attempt: number(sql, 'SELECT max(id) AS value FROM attempt'),
  }
}

/** The mark beside the history; null where there is none that can be read. */
export function readMark(folder: string): SenderMark | null {
  try {
    const [, epoch, attempt] = markShape.exec(readFileSync(join(folder, markFile), 'utf8')) ?? []
    return epoch === undefined || attempt === undefined ? null : { epoch: Number(epoch), attempt: Number(attempt) }
  } catch {
    return null
  }
}

/** Puts the mark beside the history. Where that fails an earlier one stays, which says less and nothing wrong. */
export function writeMark(folder: string, { epoch, attempt }: SenderMark): void {
  try {
    const beside = join(folder, `.${markFile}`)
    writeFileSync(beside, `${epoch} ${attempt}\n`, { mode: 0o600 })
    renameSync(beside, join(folder, markFile))
  } catch {
    // A full or read-only disk: the history itself says so.
  }
}

/** Within the transaction of a new sender: where the history has not come as far as the mark, pauses what is open. */
export function pauseWhatIsBehind(sql: Sql, mark: SenderMark | null, now: Timestamp): void {
  if (mark === null) return
  const { epoch, attempt } = markOf(sql)
  if (mark.epoch > epoch || mark.attempt > attempt) pauseOpenRequests(sql, now)
}

/**
 * The operator resumes each; the log of each says why. A draft cannot be paused: its copies of people's data that were to
 * be asked for may have been, so each waits for a decision.
 */
function pauseOpenRequests(sql: Sql, now: Timestamp): void {
  doubtQueuedRetrievals(sql, now)
  const open = all<{ id: RequestId }>(sql, `SELECT id FROM request WHERE phase = 'open' ORDER BY id`)
  run(sql, `UPDATE request SET paused_at = coalesce(paused_at, ?) WHERE phase = 'open'`, now)
  for (const requestId of open.length === 0 ? [null] : open.map(({ id }) => id)) {
    addEvent(sql, {
      at: now,
      actor: 'app',
      kind: 'copy put back',
      words:
        'An earlier copy of the history was put back. What happened after it was made is not in it, so this request is paused: see at the vendor what was sent since, then resume it.',
      requestId,
    })
  }
}
