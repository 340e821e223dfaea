/** Where the identifiers of a batch went on, in words. Pure. */
import type { BatchReason, BatchRow } from '../../../../shared/model/request.ts'

const wentOn: Readonly<Record<BatchReason, string>> = {
  split: 'split into',
  tied: 'in a task that runs already, followed as',
  rest: 'the others sent again as',
  retry: 'tried again as',
  resend: 'sent again as',
}
const mostNumbers = 4

type Parts = Pick<BatchRow, 'status' | 'children'>

/**
 * What a batch is called whose identifiers all went on in others: *split*, where the vendor rejected it as a whole and its
 * halves went; *divided*, where the vendor has some of it in a task that runs already. Null: it still says itself what
 * became of them.
 */
export function dividedAs({ status, children }: Parts): 'split' | 'divided' | null {
  if (children.some(({ reason }) => reason === 'split')) return 'split'
  return status === 'resolved' && children.some(({ reason }) => reason === 'tied') ? 'divided' : null
}

/** Whether the vendor's own ids were had before the batch was sent; null: they were not asked for. */
export function describeLookUp(lookUp: BatchRow['lookUp']): string | null {
  if (lookUp === 'none') return null
  return lookUp === 'answered'
    ? 'before it was sent: the vendor’s own ids are with the identifiers'
    : 'in vain: it goes without the vendor’s own ids'
}

/** "into 2 and 3", beside a status that says split; "2 follows a task, 3 the rest" beside one that says divided. */
export function describeParts(children: BatchRow['children']): string {
  const numbersOf = (reason: BatchReason) => children.find((child) => child.reason === reason)?.numbers ?? []
  const [tied] = numbersOf('tied')
  const [rest] = numbersOf('rest')
  if (tied === undefined) return `into ${numbersOf('split').join(' and ')}`
  return `${tied} follows a task${rest === undefined ? '' : `, ${rest} the rest`}`
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
