/**
 * How well sending uses Mixpanel's one call a second: 2,000 tasks of 25 identifiers, each done as soon as it is there and
 * asked about once, by the real engine and journal on virtual time. Falls short where that takes longer than 1.1 of the
 * shortest time, where the vendor refuses a call, where a task is asked about twice or where anything is left.
 *
 * The shortest time: calls so far apart that no two of them arrive within a second of one another, however long either of
 * them is on its way. That is a second and the difference between the slowest way and the fastest one.
 */
import type { RequestId } from '../../src/shared/model/ids.ts'
import { mixpanelProfile } from '../../src/main/vendors/mixpanel/profile.ts'
import { createSeededRandom } from '../fakes/random.ts'
import {
  addConnection,
  addDraft,
  must,
  openIn,
  sendDraft,
  start,
  temporaryFolder,
} from '../integration/database/support.ts'
import { createMemorySecrets } from '../support/engine.ts'
import { startQuietTime } from '../support/quiet-time.ts'
import { createSimulatedMixpanel } from '../support/simulated-mixpanel.ts'
import { worstExcess } from '../support/simulated-vendor.ts'

const tasks = 2000
const perTask = 25
const mostOfBound = 1.1
const { windows } = mixpanelProfile

/** Sends it all and prints what was measured; gives what falls short, in words. `latencyMilliseconds`: of a call, there and back. */
export async function measureMixpanel(latencyMilliseconds: number): Promise<readonly string[]> {
  const place = temporaryFolder()
  try {
    const database = await openIn(place.folder)
    const connection = await addConnection(database, {
      vendor: 'mixpanel',
      perCall: perTask,
      windows: [...windows],
      margin: 0,
    })
    await sendDraft(database, await addDraft(database, place.folder, connection, tasks * perTask))
    await database.close()
    return await send(place.folder, latencyMilliseconds)
  } finally {
    place.remove()
  }
}

async function send(folder: string, latencyMilliseconds: number): Promise<readonly string[]> {
  const time = startQuietTime(start)
  const { clock } = time
  const chance = createSeededRandom('latency')
  // Of each way: half as long to twice as long, most of them near the middle.
  const latency = () => Math.round((latencyMilliseconds / 2) * 4 ** (chance.fraction() - 0.5))
  const jitter = latencyMilliseconds - latencyMilliseconds / 4
  const vendor = createSimulatedMixpanel(clock, windows, latency)
  const secrets = createMemorySecrets({ 'reference-1': 'token-of-the-bench' })
  const engine = await time.run({ folder, secrets }, vendor, createSeededRandom('engine'))
  const requestId = 1 as RequestId
  const read = time.watched({ detail: () => engine.database.read('getRequest', { requestId }, clock.now()) })
  const closed = await engine.until(async () => {
    if (vendor.settled() < tasks) return undefined
    const detail = must(await read.detail())
    return detail.phase === 'closed' ? { counts: detail.counts, at: clock.steady() } : undefined
  })
  time.halt()
  await engine.end()

  const calls = 2 * tasks
  const apart = Math.max(...windows.map((window) => window.milliseconds / window.calls)) + jitter
  const bound = (calls - 1) * apart
  const ratio = closed.at / bound
  const excess = worstExcess(vendor.arrivals, windows)
  const lines = [
    `Mixpanel: ${tasks.toLocaleString('en-GB')} tasks of ${perTask} identifiers; a call takes about ${latencyMilliseconds} ms`,
    `  shortest time    ${inMinutes(bound)}: ${calls} calls, one in ${apart} ms`,
    `  closed after     ${inMinutes(closed.at)}, ${ratio.toFixed(4)} of it`,
    `  status calls     ${vendor.asked()}, ${(vendor.asked() / tasks).toFixed(3)} a task`,
    `  refused (429)    ${vendor.refused()}; calls beyond the window ${excess}`,
  ]
  process.stdout.write(`${lines.join('\n')}\n\n`)
  return [
    ...(vendor.refused() > 0 || excess > 0 ? [`Mixpanel: the vendor refused ${vendor.refused()} calls`] : []),
    ...(vendor.created() === tasks ? [] : [`Mixpanel: ${vendor.created()} tasks were made`]),
    ...(vendor.asked() === tasks ? [] : [`Mixpanel: ${vendor.asked()} status calls for ${tasks} tasks`]),
    ...(closed.counts.erased === tasks * perTask ? [] : [`Mixpanel: not all erased, ${JSON.stringify(closed.counts)}`]),
    ...(ratio <= mostOfBound ? [] : [`Mixpanel: ${ratio.toFixed(4)} of the shortest time, at most ${mostOfBound}`]),
  ]
}

function inMinutes(milliseconds: number): string {
  return `${(milliseconds / 60_000).toFixed(2)} min`
}
