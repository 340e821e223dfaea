/**
 * When a connection stops whose calls end without a yes or no from the vendor (a time-out, a cut, a server error, an
 * answer that says neither), and how it slows down before.
 */
import type { AttemptEnding } from './request.ts'

export const unclearLimits = {
  /** So many in a row stop the connection … */
  inARow: 5,
  /** … once the first of them is as old as this. */
  overMilliseconds: 30_000,
  /** The wait after the second in a row; it doubles with each further one. The first is followed at once. */
  firstWaitMilliseconds: 5_000,
  longestWaitMilliseconds: 300_000,
} as const

/** True where the call had left, and neither a yes nor a no of the vendor's came back. */
export function isUnclear(ending: AttemptEnding): boolean {
  return ending === 'outcome unknown' || ending === 'no answer'
}

/** Milliseconds that a connection waits after so many unclear calls in a row. */
export function waitAfterUnclear(inARow: number): number {
  if (inARow < 2) return 0
  const { firstWaitMilliseconds, longestWaitMilliseconds } = unclearLimits
  return Math.min(firstWaitMilliseconds * 2 ** Math.min(inARow - 2, 30), longestWaitMilliseconds)
}

/** Whether so many in a row, the first of them so long ago, stop the connection. */
export function stopsTheLine(inARow: number, sinceMilliseconds: number): boolean {
  return inARow >= unclearLimits.inARow && sinceMilliseconds >= unclearLimits.overMilliseconds
}
