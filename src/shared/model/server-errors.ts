/** When a connection whose calls are answered with server errors (500 to 599) stops, and how it slows down before. */

export const serverErrorLimits = {
  /** So many in a row stop the connection … */
  inARow: 5,
  /** … once the first of them is as old as this. */
  overMilliseconds: 30_000,
  /** The wait after the second in a row; it doubles with each further one. The first is followed at once. */
  firstWaitMilliseconds: 5_000,
  longestWaitMilliseconds: 300_000,
} as const

/** Milliseconds that a connection waits after so many server errors in a row. */
export function waitAfterServerErrors(inARow: number): number {
  if (inARow < 2) return 0
  const { firstWaitMilliseconds, longestWaitMilliseconds } = serverErrorLimits
  return Math.min(firstWaitMilliseconds * 2 ** Math.min(inARow - 2, 30), longestWaitMilliseconds)
}

/** Whether so many in a row, the first of them so long ago, stop the connection. */
export function stopsTheLine(inARow: number, sinceMilliseconds: number): boolean {
  return inARow >= serverErrorLimits.inARow && sinceMilliseconds >= serverErrorLimits.overMilliseconds
}
