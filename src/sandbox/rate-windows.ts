/** At most `calls` calls in any `milliseconds` in a row. */
export type RateWindow = { readonly milliseconds: number; readonly calls: number }

/** Either the call fits, or the milliseconds after which one would fit again. */
export type RateDecision = { readonly fits: true } | { readonly fits: false; readonly retryAfterMilliseconds: number }

export type RateMeter = {
  /** Asks for one call at `now` (epoch ms). A call that fits is counted at once; one that does not is not counted. */
  readonly take: (now: number) => RateDecision
  readonly reset: () => void
}

/**
 * Counts calls against several rolling windows at once, exactly: a call stops counting when it is as old as the window
 * is long, not a millisecond earlier. A call over the limit costs nothing; the vendor does not say whether it does.
 */
export function createRateMeter(windows: readonly RateWindow[]): RateMeter {
  const longest = Math.max(0, ...windows.map((window) => window.milliseconds))
  let times: number[] = []

  return {
    take: (now) => {
      times = times.filter((time) => time > now - longest)
      const waits = windows.map((window) => waitFor(window, times, now))
      const retryAfterMilliseconds = Math.max(0, ...waits)
      if (retryAfterMilliseconds > 0) return { fits: false, retryAfterMilliseconds }
      times.push(now)
      return { fits: true }
    },
    reset: () => {
      times = []
    },
  }
}

/** The header that says when a call would fit again: in seconds, as a date by the vendor's clock, or not at all. */
export function retryAfterHeaders(
  how: 'none' | 'seconds' | 'date',
  milliseconds: number,
  vendorNow: number,
): Readonly<Record<string, string>> {
  const seconds = Math.ceil(milliseconds / 1_000)
  if (how === 'none') return {}
  return { 'retry-after': how === 'seconds' ? `${seconds}` : new Date(vendorNow + seconds * 1_000).toUTCString() }
}

/** Milliseconds until the window has room; `times` rise. */
function waitFor(window: RateWindow, times: readonly number[], now: number): number {
  const mustLeave = times.at(-window.calls)
  return mustLeave === undefined ? 0 : Math.max(0, mustLeave + window.milliseconds - now)
}
