import type { RateWindow } from '../../../shared/model/connection.ts'

/**
 * 60 calls in any minute and 1,800 in any hour, for an account; erase and status calls draw on both together.
 * Source: the vendor's page on rate limits, and its forum for the sharing.
 */
export const koreWindows: readonly RateWindow[] = [
  { milliseconds: 60_000, calls: 60 },
  { milliseconds: 3_600_000, calls: 1_800 },
]

/** What is known of the vendor's own time. */
export const koreVendorTime =
  'Kore.ai documents no time for an erasure and no mark of its end. Each batch is asked about until every identifier is named or the answer stays the same for the quiet time.'

/** What an erasure at this vendor leaves alone, for the plan. */
export const koreDoesNotReach: readonly string[] = [
  'account owners and members, bot owners and co-developers',
  'copies outside Kore.ai (exports, warehouses, the systems behind the channels)',
  'what a person creates after the call',
]
