import type { RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import type { RequestPhase } from '../../../../shared/model/request.ts'
import { isSettled, stateFromNumber, waitingStates } from '../../../../shared/model/state.ts'
import { all, one, run, type Sql } from '../sql.ts'
import { addEvent } from './events.ts'

/**
 * Closes an open request when nothing in it is under way or waits for a person, and opens a closed one again when newer
 * word from the vendor or a decision made something wait. Called at the end of every transaction that moves identifiers.
 */
export function refreshPhase(sql: Sql, requestId: RequestId, at: Timestamp): void {
  const request = one<{ phase: RequestPhase }>(sql, 'SELECT phase FROM request WHERE id = ?', requestId)
  if (request === undefined || request.phase === 'draft') return
  const done = nothingPending(sql, requestId)
  if (done && request.phase === 'open') {
    run(
      sql,
      `UPDATE request SET phase = 'closed', closed_at = ?, paused_at = NULL, paused_cause = NULL WHERE id = ?`,
      at,
      requestId,
    )
    addEvent(sql, {
      at,
      actor: 'app',
      kind: 'closed',
      words: 'Closed: every identifier is settled and nothing waits.',
      requestId,
    })
  }
  if (!done && request.phase === 'closed') {
    run(sql, `UPDATE request SET phase = 'open', closed_at = NULL WHERE id = ?`, requestId)
    addEvent(sql, {
      at,
      actor: 'app',
      kind: 'opened again',
      words: 'Open again: not every identifier is settled any more.',
      requestId,
    })
  }
}

function nothingPending(sql: Sql, requestId: RequestId): boolean {
  const counts = all<{ state: number; decided: number }>(
    sql,
    'SELECT state, decided FROM identifier_count WHERE request_id = ? AND count > 0',
    requestId,
  )
  return counts.every(({ state, decided }) => {
    const name = stateFromNumber(state)
    return isSettled(name) && (decided === 1 || !waitingStates.includes(name))
  })
}
