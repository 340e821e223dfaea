import type { Clock, Random } from '../ports.ts'

const shortestMilliseconds = 5_000
const longestMilliseconds = 300_000

/** The waits of one account after calls that certainly did not leave: 5 s doubling to 5 min, jittered by a fifth. */
export type Backoff = Readonly<{
  /** When calls may be tried again; the past where nothing failed. */
  until: () => number
  /** Counts a failure and says when to try again. Calls that failed side by side count once. */
  failed: () => number
  clear: () => void
}>

export function createBackoff(clock: Clock, random: Random): Backoff {
  let failures = 0
  let until = 0
  return {
    until: () => until,
    failed: () => {
      const now = clock.now()
      if (now < until) return until
      const wait = Math.min(shortestMilliseconds * 2 ** failures, longestMilliseconds)
      failures = Math.min(failures + 1, 10)
      until = now + Math.round(wait * (0.9 + 0.2 * random.fraction()))
      return until
    },
    clear: () => {
      failures = 0
      until = 0
    },
  }
}
