/** Where the identifiers of a batch went on, in words. Pure. */
import type { BatchRow } from '../../../../shared/model/request.ts'

const wentOn: Readonly<Record<BatchRow['children'][number]['reason'], string>> = {
  split: 'split into',
  retry: 'tried again as',
  resend: 'sent again as',
}
const mostNumbers = 4

/** True where the vendor rejected the batch as a whole, and its halves went on. */
export function isSplit({ children }: Pick<BatchRow, 'children'>): boolean {
  return children.some(({ reason }) => reason === 'split')
}

/** Whether the vendor's own ids were had before the batch was sent; null: they were not asked for. */
export function describeLookUp(lookUp: BatchRow['lookUp']): string | null {
  if (lookUp === 'none') return null
  return lookUp === 'answered'
    ? 'before it was sent: the vendor’s own ids are with the identifiers'
    : 'in vain: it goes without the vendor’s own ids'
}

/** "into 2 and 3", beside a status that says split. */
export function describeHalves(children: BatchRow['children']): string {
  const halves = children.find(({ reason }) => reason === 'split')?.numbers ?? []
  return `into ${halves.join(' and ')}`
}

/** "split into batches 5 and 6"; null: its identifiers are in no other batch. */
export function describeChildren(children: BatchRow['children']): string | null {
  return children.length === 0
    ? null
    : children.map(({ reason, numbers }) => `${wentOn[reason]} ${batchesInWords(numbers)}`).join(', ')
}

function batchesInWords(numbers: readonly number[]): string {
  if (numbers.length === 1) return `batch ${numbers[0]}`
  const rest = numbers.length - mostNumbers
  const shown = numbers.slice(0, rest > 0 ? mostNumbers : -1).join(', ')
  return `batches ${shown} and ${rest > 0 ? `${rest} more` : numbers.at(-1)}`
}
