import type { Clock } from '../ports.ts'

/** A sleep that others can end early. A poke that comes while nobody sleeps ends the next sleep at once. */
export type Waker = Readonly<{ sleep: (milliseconds: number) => Promise<void>; poke: () => void }>

export function createWaker(clock: Clock): Waker {
  let poked = false
  let sleeping: AbortController | null = null
  return {
    sleep: async (milliseconds) => {
      if (!poked) {
        sleeping = new AbortController()
        await clock.sleep(milliseconds, sleeping.signal)
        sleeping = null
      }
      poked = false
    },
    poke: () => {
      poked = true
      sleeping?.abort()
    },
  }
}
