/** How long sending takes by an account's rolling windows. */
import { askAge } from '../../../shared/model/ask-schedule.ts'
import { callsPerPoll, type ConnectionSettings, type RateWindow } from '../../../shared/model/connection.ts'
import type { Timestamp } from '../../../shared/model/ids.ts'
import type { Pace } from '../ports.ts'
import { usualCallsAtOnce } from '../send/parts.ts'

/** What a call is taken to last where none was made yet. */
const usualCallMilliseconds = 500

export type EstimateInput = Readonly<{
  now: Timestamp
  /** Calls still to leave, those of other requests and look-ups included. */
  calls: number
  /** Those of the last request among them that look up what a later one erases. */
  lookUps: number
  windows: readonly RateWindow[]
  /** Share of every window that is kept free, 0 to 0.9. */
  margin: number
  /** Moments from which calls made so far weigh on the windows, in any order. */
  spent: readonly Timestamp[]
  holdUntil: Timestamp | null
  pace: Pace
  settings: Pick<ConnectionSettings, 'firstPollMilliseconds' | 'longestPollMilliseconds'>
}>

/**
 * Milliseconds from `now` until the last of `calls` may leave: each leaves as soon as every window has room for it and
 * one of the calls under way has ended. Every tenth call is a status call while one is due: those that are due now, and
 * those of the calls to come from the age at which this connection's batches were ready so far. Where nothing is known
 * of that, half of the turns that are to come are taken to be used. The last erase call leaves after the last look-up has
 * ended. 0 where there is nothing to send.
 *
 * @example 61 calls of no time against 60 a minute, nothing spent: 60_000
 */
export function estimateSending(input: EstimateInput): number {
  const { now, calls, lookUps, holdUntil, pace, settings } = input
  const callMilliseconds = pace.callMilliseconds ?? usualCallMilliseconds
  const firstPollAt = now + askAge(pace.readyStep ?? 0, settings)
  const turns = pace.readyStep === null ? 2 : 1
  const windows = input.windows.map(({ milliseconds, calls: most }) => ({
    milliseconds,
    usable: Math.max(1, Math.floor(most * (1 - input.margin))),
  }))
  const ends = input.spent.toSorted((one, other) => one - other)
  const before = ends.length
  let at = Math.max(now, holdUntil ?? now)
  const leave = () => {
    for (const { milliseconds, usable } of windows) at = Math.max(at, (ends.at(-usable) ?? -Infinity) + milliseconds)
    if (ends.length - before >= usualCallsAtOnce) at = Math.max(at, ends.at(-usualCallsAtOnce) ?? at)
    ends.push(at + callMilliseconds)
  }
  let { pollsDue } = pace
  let turn = 0
  for (let call = 1; call <= calls; call += 1) {
    // As many erase calls as may be under way follow the last look-up.
    if (call === calls && lookUps > 0) at = Math.max(at, ends.at(-Math.min(lookUps, usualCallsAtOnce)) ?? at)
    leave()
    if (call % (callsPerPoll - 1) !== 0 || call === calls) continue
    if (pollsDue > 0) {
      leave()
      pollsDue -= 1
    } else if (at >= firstPollAt) {
      turn += 1
      if (turn % turns === 0) leave()
    }
  }
  return calls === 0 ? 0 : Math.round(at - now)
}
