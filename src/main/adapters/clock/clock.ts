import { randomBytes, randomUUID } from 'node:crypto'
import { uptime } from 'node:os'
import type { Clock, Random } from '../../core/ports.ts'

/** Timers of Node's go no further than this; a longer sleep is a chain of them. */
const longestTimerMilliseconds = 2_147_483_647

/** The machine's own clock. Its timers do not keep a process alive that has nothing else to do. */
export const systemClock: Clock = {
  now: () => Date.now(),
  steady: () => Math.floor(performance.now()),
  uptime: () => Math.floor(uptime() * 1000),
  sleep: async (milliseconds, signal) => {
    for (let left = milliseconds; left > 0 && signal?.aborted !== true; left -= longestTimerMilliseconds)
      await sleepOnce(Math.min(left, longestTimerMilliseconds), signal)
    if (milliseconds <= 0) await new Promise<void>((resolve) => setImmediate(resolve))
  },
}

/** The operating system's source of chance. */
export const systemRandom: Random = {
  uuid: () => randomUUID(),
  bytes: (count) => new Uint8Array(randomBytes(count)),
  fraction: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
}

function sleepOnce(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal?.addEventListener('abort', end, { once: true })
    if (signal?.aborted === true) end()
  })
}
