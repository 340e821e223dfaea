/** The real engine on virtual time: time goes on by itself while nothing is under way. */
import { createVirtualClock, type VirtualClock } from '../fakes/clock.ts'
import type { EngineParts } from '../../src/main/core/send/engine.ts'
import type { Database } from '../../src/main/core/ports.ts'
import { runEngine, type EngineBench, type RunningEngine } from './engine.ts'

export type VirtualTime = Readonly<{
  clock: VirtualClock
  /** Starts an engine over the bench's history. `changed` is as in `runEngine`. */
  run: (
    bench: Pick<EngineBench, 'folder' | 'secrets'>,
    changed?: (database: Database) => Partial<EngineParts>,
  ) => Promise<RunningEngine>
}>

/** A clock that goes to its next timer whenever no call is under way and the supervisor and every account sleep. */
export function startVirtualTime(accounts = 1): VirtualTime {
  let look = () => {}
  const lookSoon = () => setImmediate(() => look())
  const clock = createVirtualClock(Date.now(), lookSoon)
  return {
    clock,
    run: async ({ folder, secrets }, changed = () => ({})) => {
      const engine = await runEngine(folder, secrets, (database) => ({
        ...changed(database),
        clock,
        onChange: lookSoon,
      }))
      look = () => {
        if (engine.status().callsUnderWay === 0 && clock.pending() > accounts) clock.advanceToNext()
      }
      look()
      return engine
    },
  }
}
