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
 * halves went; *divided*, where the vendor has some of it in a task that runs already, and the rest went again; *tied to a
 * task*, where it has all of it there. Null: it still says itself what became of them.
 */
export function dividedAs({ status, children }: Parts): 'split' | 'divided' | 'tied to a task' | null {
  const reasons = children.map(({ reason }) => reason)
  if (reasons.includes('split')) return 'split'
  if (status !== 'resolved' || !reasons.includes('tied')) return null
  return reasons.includes('rest') ? 'divided' : 'tied to a task'
}

/** Whether the vendor's own ids were had before the batch was sent; null: they were not asked for. */
export function describeLookUp(lookUp: BatchRow['lookUp']): string | null {
  if (lookUp === 'none') return null
  return lookUp === 'answered'
    ? 'before it was sent: the vendor’s own ids are with the identifiers'
    : 'in vain: it goes without the vendor’s own ids'
}

/** "into 2 and 3", or "as 2", beside what `dividedAs` gives. */
export function describeParts(children: BatchRow['children']): string {
  const numbers = children
    .filter(({ reason }) => reason === 'split' || reason === 'tied' || reason === 'rest')
    .flatMap((child) => child.numbers)
  return `${numbers.length === 1 ? 'as' : 'into'} ${numbers.join(' and ')}`
}

/** "split into batches 5 and 6"; null: its identifiers are in no other batch. */
export function describeChildren(children: BatchRow['children']): string | null {
  return children.length === 0
    ? null
    : children.map(({ reason, numbers }) => `${wentOn[reason]} ${batchesInWords(numbers)}`).join(', ')
}

/** How the last try to take a batch back ended that goes on, and what can still be done. */
export function lastTryWords(
  { came, vendorWords }: NonNullable<BatchRow['lastCancel']>,
  batch: Pick<BatchRow, 'mayBeCancelled' | 'vendorWords'>,
  vendor: string,
): Readonly<{ title: string; words: string }> {
  const goesOn = 'The batch goes on, and is followed to its end like any other.'
  const said = (words: string | null) => (words === null ? '' : `: “${words}”`)
  switch (came) {
    case 'too late':
      return { title: 'Too late to take it back', words: `${vendor} had begun${said(vendorWords)}. ${goesOn}` }
    case 'in doubt':
      return {
        title: 'Whether it was taken back is in doubt',
        words: 'The call was cut off, or answered without a yes or no. The next status call shows it.',
      }
    case 'not done':
      return {
        title: 'It was not taken back',
        words: `The call was cut off, or answered without a yes or no, and ${vendor}’s next answer shows that nothing came of it${said(batch.vendorWords)}. ${batch.mayBeCancelled ? 'It may still be in time: ask again below, or leave it as it is.' : goesOn}`,
      }
  }
}

function batchesInWords(numbers: readonly number[]): string {
  if (numbers.length === 1) return `batch ${numbers[0]}`
  const rest = numbers.length - mostNumbers
  const shown = numbers.slice(0, rest > 0 ? mostNumbers : -1).join(', ')
  return `batches ${shown} and ${rest > 0 ? `${rest} more` : numbers.at(-1)}`
}
