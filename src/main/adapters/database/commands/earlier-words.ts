/**
 * What the vendor says late about an identifier that went again meanwhile. Its word for an earlier batch counts where the
 * later one has none of its own: success in either call means that the identifier is erased.
 */
import { unnamedBasis, wordsForOne } from '../../../../shared/model/basis.ts'
import type { BatchId, IdentifierId, Timestamp } from '../../../../shared/model/ids.ts'
import { stateNumbers, type IdentifierState } from '../../../../shared/model/state.ts'
import type { DeliveryChange } from '../../../core/ports.ts'
import { marks, one, run, type Sql } from '../sql.ts'
import type { IdentifierNow } from './moves.ts'

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
    noteResult(sql, place, 'erased', basisIn(change.basis, batch.number))
    return 'erased'
  }
  const bases = wordsForOne.map((basis) => basisIn(basis, batch.number))
  if (change.state !== 'erased' && identifier.state === 'erased' && bases.includes(basisOf(sql, place) ?? '')) {
    noteResult(sql, place, 'unconfirmed', unnamedBasis)
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
  const earlier = one<{ number: number; basis: string }>(
    sql,
    `SELECT b.number, d.basis FROM delivery d JOIN batch b ON b.id = d.batch_id
     WHERE d.identifier_id = ? AND d.batch_id <> ? AND d.result = ? AND d.basis IN (${marks(wordsForOne.length)})
     ORDER BY d.batch_id DESC LIMIT 1`,
    place.identifierId,
    place.batchId,
    stateNumbers.erased,
    ...wordsForOne,
  )
  if (earlier === undefined) return false
  noteResult(sql, place, 'erased', basisIn(earlier.basis, earlier.number))
  return true
}

function basisIn(basis: string, batchNumber: number): string {
  return `${basis} in batch ${batchNumber}`
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
