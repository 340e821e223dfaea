import { succeed } from '../../../../shared/failure.ts'
import type { RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import { isCopy, takeForHistory } from '../migrations/copy.ts'
import { all, inTransaction, run, type Sql } from '../sql.ts'
import { addEvent } from './events.ts'

/**
 * Where a copy was put back in place of the history: pauses every open request before anybody can send, since what left
 * after the copy was made is not in it and would go again. The operator resumes each; the log of each says why.
 */
export function pauseWhatWasPutBack(sql: Sql, now: Timestamp): void {
  if (!isCopy(sql)) return
  inTransaction(sql, () => {
    // Another process may have been first.
    if (!isCopy(sql)) return succeed(null)
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
    takeForHistory(sql)
    return succeed(null)
  })
}
