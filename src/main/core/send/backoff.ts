import type { Clock, Random } from '../ports.ts'

const shortestMilliseconds = 5_000
const longestMilliseconds = 300_000

/** The waits of one account after calls that certainly did not leave: 5 s doubling to 5 min, shorter or longer by the jitter. */
export type Backoff = Readonly<{
  /** Milliseconds until calls may be tried again; 0 where nothing failed. */
  left: () => number
  /**
   * Counts a failure and gives the milliseconds until the next try; `jitter` is the share by which they vary. Calls that
   * failed side by side count once.
   */
  failed: (jitter: number) => number
  clear: () => void
}>

export function createBackoff(clock: Clock, random: Random): Backoff {
  let failures = 0
  let until = 0
  const left = () => Math.max(0, until - clock.steady())
  return {
    left,
    failed: (jitter) => {
      if (left() > 0) return left()
      const wait = Math.min(shortestMilliseconds * 2 ** failures, longestMilliseconds)
      failures = Math.min(failures + 1, 10)
      until = clock.steady() + Math.round(wait * (1 - jitter + 2 * jitter * random.fraction()))
      return left()
    },
    clear: () => {
      failures = 0
      until = 0
    },
  }
}
