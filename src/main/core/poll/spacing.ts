import type { ConnectionSettings } from '../../../shared/model/connection.ts'
import type { Timestamp } from '../../../shared/model/ids.ts'

const dayMilliseconds = 86_400_000
const slowPollingEndsAfter = 30 * dayMilliseconds
const growth = 1.5

type Spacing = Pick<ConnectionSettings, 'firstPollMilliseconds' | 'longestPollMilliseconds' | 'quietMilliseconds'>

/**
 * Milliseconds until the next status call of a batch that was asked about `polls` times: the first wait, half as long
 * again each time, never beyond the longest; up to a tenth more by `fraction` (0 to 1), so that batches drift apart.
 */
export function pollWait(polls: number, settings: Spacing, fraction: number): number {
  const longest = Math.max(settings.longestPollMilliseconds, settings.firstPollMilliseconds)
  const grown = Math.min(settings.firstPollMilliseconds * growth ** Math.min(polls, 200), longest)
  return Math.round(grown * (1 + 0.1 * fraction))
}

/**
 * When a finished batch that left identifiers unnamed is asked about again: about daily (sooner where the quiet time
 * is shorter), until 30 days after it was accepted; then null, never again.
 */
export function slowPollAt(
  now: Timestamp,
  acceptedAt: Timestamp,
  settings: Spacing,
  fraction: number,
): Timestamp | null {
  const wait = Math.min(dayMilliseconds, Math.max(settings.longestPollMilliseconds, settings.quietMilliseconds))
  const at = now + Math.round(wait * (1 + 0.1 * fraction))
  return at > acceptedAt + slowPollingEndsAfter ? null : at
}
