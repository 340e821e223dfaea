/** How long sending takes by an account's rolling windows. */
import type { RateWindow } from '../../../shared/model/connection.ts'
import type { Timestamp } from '../../../shared/model/ids.ts'

/** Status calls take at most this share of every window while erase calls are waiting. */
const pollShare = 0.2

export type EstimateInput = Readonly<{
  now: Timestamp
  /** Calls still to leave, those of other requests included. */
  calls: number
  windows: readonly RateWindow[]
  /** Share of every window that is kept free, 0 to 0.9. */
  margin: number
  /** Moments from which calls made so far weigh on the windows, in any order. */
  spent: readonly Timestamp[]
  holdUntil: Timestamp | null
  /** From then on, status calls share the windows. */
  firstPollAt: Timestamp
}>

/**
 * Milliseconds from `now` until the last of `calls` may leave: each leaves as soon as every window has room for it.
 * 0 where there is nothing to send. Answers are taken to come at once.
 *
 * @example 61 calls against 60 a minute, nothing spent: 60_000
 */
export function estimateSending(input: EstimateInput): number {
  const { now, calls, windows, margin, holdUntil, firstPollAt } = input
  const left = input.spent.toSorted((one, other) => one - other)
  let at = Math.max(now, holdUntil ?? now)
  for (let call = 0; call < calls; call += 1) {
    const share = at >= firstPollAt ? 1 - pollShare : 1
    for (const window of windows) {
      const usable = Math.max(1, Math.floor(Math.max(1, Math.floor(window.calls * (1 - margin))) * share))
      const blocking = left.length >= usable ? left[left.length - usable] : undefined
      if (blocking !== undefined) at = Math.max(at, blocking + window.milliseconds)
    }
    left.push(at)
  }
  return calls === 0 ? 0 : at - now
}
