/** What splitting may cost, in words; for the plan of a request and that of a decision. Pure. */
import type { Splitting } from '../../shared/model/request.ts'
import { formatDuration, formatNumber } from './ui/format.ts'

/**
 * What a call costs that the vendor rejects because of one identifier, at most: "the call is split in halves until that
 * one is alone: up to 14 more calls; if it happens to every one of the 10 calls, up to 140 more in all, about 5 min
 * longer". Null where no call carries more than one.
 */
export function describeSplitting({ callsEach, calls, milliseconds }: Splitting, planned: number): string | null {
  if (calls === 0) return null
  const each = `the call is split in halves until that one is alone: up to ${formatNumber(callsEach)} more calls`
  const longer = milliseconds < 1000 ? '' : `, about ${formatDuration(milliseconds)} longer`
  if (planned === 1) return `${each}${longer}`
  return `${each}; if it happens to every one of the ${formatNumber(planned)} calls, up to ${formatNumber(calls)} more in all${longer}`
}
