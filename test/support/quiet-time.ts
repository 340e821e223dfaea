/**
 * Virtual time that goes on by itself: to the next timer whenever nothing is under way in the parts it watches. Other
 * than `virtual-time.ts` it lets calls last, since the vendor's answers are timers too.
 */
import type { Database, Http, Random } from '../../src/main/core/ports.ts'
import type { EngineParts } from '../../src/main/core/send/engine.ts'
import { jwtSigner } from '../../src/main/adapters/signing/signer.ts'
import { createVirtualClock, type VirtualClock } from '../fakes/clock.ts'
import { runEngine, type EngineBench, type RunningEngine } from './engine.ts'

export type QuietTime = Readonly<{
  clock: VirtualClock
  /** The port with every call counted as under way until it settles. */
  watched: <T extends object>(port: T) => T
  /** Starts an engine over a history; its database, signer and vendor are real but for their time. */
  run: (
    place: Pick<EngineBench, 'folder' | 'secrets'>,
    vendor: Http,
    random: Random,
    changed?: (database: Database) => Partial<EngineParts>,
  ) => Promise<RunningEngine>
  /** Time stands still from here on. */
  halt: () => void
}>

export function startQuietTime(start?: number): QuietTime {
  let underWay = 0
  let isLooking = false
  let isHalted = false
  const clock = createVirtualClock(start, lookSoon)

  /** After everything that is ready to run has run. */
  function lookSoon(): void {
    if (isLooking || isHalted || underWay > 0) return
    isLooking = true
    setImmediate(() => {
      isLooking = false
      if (isHalted || underWay > 0) return
      if (clock.advanceToNext()) lookSoon()
    })
  }

  function watched<T extends object>(port: T): T {
    const entries = Object.entries(port).map(([name, member]) => [
      name,
      typeof member === 'function' ? counted(member as (...input: unknown[]) => unknown) : member,
    ])
    return Object.fromEntries(entries) as T
  }

  function counted(work: (...input: unknown[]) => unknown) {
    return async (...input: unknown[]) => {
      underWay += 1
      try {
        return await work(...input)
      } finally {
        underWay -= 1
        lookSoon()
      }
    }
  }

  return {
    clock,
    watched,
    run: async (place, vendor, random, changed = () => ({})) => {
      const engine = await runEngine(place.folder, place.secrets, (database) => ({
        database: watched(database),
        signer: watched(jwtSigner),
        http: vendor,
        clock,
        random,
        ...changed(database),
      }))
      lookSoon()
      return engine
    },
    halt: () => {
      isHalted = true
    },
  }
}
