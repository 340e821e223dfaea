import type { RateWindow } from '../../../shared/model/connection.ts'

/**
 * 60 calls in any minute and 1,800 in any hour, for an account; erase and status calls draw on both together.
 * Source: the vendor's page on rate limits, and its forum for the sharing.
 */
export const koreWindows: readonly RateWindow[] = [
  { milliseconds: 60_000, calls: 60 },
  { milliseconds: 3_600_000, calls: 1_800 },
]
