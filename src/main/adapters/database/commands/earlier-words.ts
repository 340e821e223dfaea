/**
 * What the vendor says late about an identifier that went again meanwhile. Its word for an earlier batch counts where the
 * later one has none of its own: success in either call means that the identifier is erased.
 */
import type { BatchId, IdentifierId, Timestamp } from '../../../../shared/model/ids.ts'
import { stateNumbers, type IdentifierState } from '../../../../shared/model/state.ts'
import type { DeliveryChange } from '../../../core/ports.ts'
import { one, run, type Sql } from '../sql.ts'
import type { IdentifierNow } from './moves.ts'

const named = 'named by the vendor'
const unnamed = 'finished by the vendor without being named'

/**
 * The state that a word for `batch`, which the identifier has left, gives it in the batch it is in now; null: none. A
 * success counts while it is unconfirmed there, and what was believed for that success falls with its denial.
 */
export function stateByEarlierWord(
  sql: Sql,
  batch: Readonly<{ number: number }>,
  change: DeliveryChange,
  identifier: IdentifierNow,
  at: Timestamp,
): IdentifierState | null {
  if (identifier.batchId === null) return null
  const place = { batchId: identifier.batchId, identifierId: identifier.id, at }
  if (change.state === 'erased' && identifier.state === 'unconfirmed') {
    noteResult(sql, place, 'erased', basisIn(batch.number))
    return 'erased'
  }
  if (change.state !== 'erased' && identifier.state === 'erased' && basisOf(sql, place) === basisIn(batch.number)) {
    noteResult(sql, place, 'unconfirmed', unnamed)
    return 'unconfirmed'
  }
  return null
}

/**
 * True where another batch has success from the vendor for an identifier that ends unnamed in this one; its delivery
 * then says so.
 */
export function isErasedByEarlierWord(
  sql: Sql,
  place: Readonly<{ batchId: BatchId; identifierId: IdentifierId; at: Timestamp }>,
): boolean {
  const earlier = one<{ number: number }>(
    sql,
    `SELECT b.number FROM delivery d JOIN batch b ON b.id = d.batch_id
     WHERE d.identifier_id = ? AND d.batch_id <> ? AND d.result = ? AND d.basis = ? ORDER BY d.batch_id DESC LIMIT 1`,
    place.identifierId,
    place.batchId,
    stateNumbers.erased,
    named,
  )
  if (earlier === undefined) return false
  noteResult(sql, place, 'erased', basisIn(earlier.number))
  return true
}

function basisIn(batchNumber: number): string {
  return `${named} in batch ${batchNumber}`
}

type Place = Readonly<{ batchId: BatchId; identifierId: IdentifierId; at: Timestamp }>

function basisOf(sql: Sql, { batchId, identifierId }: Place): string | null {
  const row = one<{ basis: string | null }>(
    sql,
    'SELECT basis FROM delivery WHERE batch_id = ? AND identifier_id = ?',
    batchId,
    identifierId,
  )
  return row?.basis ?? null
}

function noteResult(sql: Sql, { batchId, identifierId, at }: Place, state: IdentifierState, basis: string): void {
  run(
    sql,
    `UPDATE delivery SET result = ?, basis = ?, basis_reason = NULL, result_at = ?
     WHERE batch_id = ? AND identifier_id = ?`,
    stateNumbers[state],
    basis,
    at,
    batchId,
    identifierId,
  )
}
