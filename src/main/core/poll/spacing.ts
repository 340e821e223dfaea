import { askWait } from '../../../shared/model/ask-schedule.ts'
import type { ConnectionSettings } from '../../../shared/model/connection.ts'
import type { Timestamp } from '../../../shared/model/ids.ts'

const dayMilliseconds = 86_400_000
const slowPollingEndsAfter = 30 * dayMilliseconds

type Spacing = Pick<
  ConnectionSettings,
  'firstPollMilliseconds' | 'longestPollMilliseconds' | 'quietMilliseconds' | 'jitter'
>

/**
 * Milliseconds until the status call with this number in the schedule, from the one before; longer by up to the
 * connection's jitter, by `fraction` (0 to 1), so that batches drift apart.
 */
export function pollWait(polls: number, settings: Spacing, fraction: number): number {
  return Math.round(askWait(polls, settings) * (1 + settings.jitter * fraction))
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
  const at = now + Math.round(wait * (1 + settings.jitter * fraction))
  return at > acceptedAt + slowPollingEndsAfter ? null : at
}
