import { randomBytes, randomUUID } from 'node:crypto'

/** Time as the simulator sees it: epoch milliseconds, and one-shot timers that can be taken back. */
export type SandboxClock = {
  readonly now: () => number
  /** Calls `run` once after `milliseconds`; the function given back cancels it. */
  readonly schedule: (milliseconds: number, run: () => void) => () => void
}

/** Chance as the simulator sees it. */
export type SandboxRandom = {
  readonly uuid: () => string
  /** A client secret, OAuth token or control token: 32 random bytes as base64. */
  readonly secret: () => string
  /** A number from 0 up to, but not including, 1. */
  readonly fraction: () => number
}

export type SandboxPorts = {
  readonly clock: SandboxClock
  readonly random: SandboxRandom
}

/** The machine's own clock. Its timers do not keep the process alive. */
export const systemClock: SandboxClock = {
  now: () => Date.now(),
  schedule: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

/** The machine's own source of chance. */
export const systemRandom: SandboxRandom = {
  uuid: () => randomUUID(),
  secret: () => randomBytes(32).toString('base64'),
  fraction: () => Math.random(),
}
