/** Which part of a request's identifiers is shown beside the chosen states: one batch, or one word of the vendor's. */
import type { Input } from '../../../../shared/contract.ts'
import type { WaitingGroup } from '../../../../shared/model/request.ts'

export type Within = Readonly<{ filter: NonNullable<Input<'listIdentifiers'>['within']>; words: string }>

/** The part that a group stands for; null: all of its state. */
export function withinOf(group: Pick<WaitingGroup, 'by' | 'batchId' | 'batchNumber' | 'vendorWords'>): Within | null {
  if (group.by === 'batch' && group.batchId !== null) {
    return { filter: { batchId: group.batchId }, words: `batch ${group.batchNumber ?? ''}` }
  }
  if (group.by === 'words') {
    return {
      filter: { vendorWords: group.vendorWords },
      words: group.vendorWords === null ? 'without words' : `“${group.vendorWords}”`,
    }
  }
  return null
}
