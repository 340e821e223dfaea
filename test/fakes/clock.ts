import type { Clock } from '../../src/main/core/ports.ts'

type Timer = { readonly at: number; readonly run: () => void }

/** Time that stands still until it is told to go on. */
export type VirtualClock = Clock & {
  readonly uptime: () => number
  /** For the sandbox, which asks for its timers in this way; gives a function that takes the timer back. */
  readonly schedule: (milliseconds: number, run: () => void) => () => void
  /** Timers that have not run yet. */
  readonly pending: () => number
  /** Goes to the earliest timer and runs all that are due then; false where there is none. */
  readonly advanceToNext: () => boolean
  readonly advance: (milliseconds: number) => void
  /** Sets the date on or back, as an operator may: no time passes, and no timer runs. */
  readonly jump: (milliseconds: number) => void
  /** The machine sleeps: the date goes on, and so does its uptime; no timer runs and the steady clock stands still. */
  readonly sleepMachine: (milliseconds: number) => void
}

/** A virtual clock; `onTimer` hears of every timer that is set. */
export function createVirtualClock(start = 1_800_000_000_000, onTimer: () => void = () => {}): VirtualClock {
  let passed = 0
  let jumped = 0
  let slept = 0
  let timers: readonly Timer[] = []

  function schedule(milliseconds: number, run: () => void): () => void {
    const timer = { at: passed + Math.max(milliseconds, 0), run }
    timers = [...timers, timer]
    onTimer()
    return () => {
      timers = timers.filter((other) => other !== timer)
    }
  }

  function goTo(at: number): void {
    passed = Math.max(passed, at)
    const due = timers.filter((timer) => timer.at <= passed).toSorted((one, other) => one.at - other.at)
    timers = timers.filter((timer) => timer.at > passed)
    for (const { run } of due) run()
  }

  return {
    now: () => start + passed + slept + jumped,
    steady: () => passed,
    uptime: () => passed + slept,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve()
        const end = () => {
          takeBack()
          signal?.removeEventListener('abort', end)
          resolve()
        }
        const takeBack = schedule(milliseconds, end)
        signal?.addEventListener('abort', end, { once: true })
      }),
    schedule,
    pending: () => timers.length,
    advance: (milliseconds) => goTo(passed + milliseconds),
    jump: (milliseconds) => {
      jumped += milliseconds
    },
    sleepMachine: (milliseconds) => {
      slept += milliseconds
    },
    advanceToNext: () => {
      const next = Math.min(...timers.map(({ at }) => at))
      if (!Number.isFinite(next)) return false
      goTo(next)
      return true
    },
  }
}
