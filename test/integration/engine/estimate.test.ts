/** The plan's time for sending, held against what then happens at a vendor that takes its time, on virtual time. */
import { expect, test } from 'vitest'
import { planRequest } from '../../../src/main/core/plan/plan.ts'
import { kore } from '../../../src/main/vendors/kore/index.ts'
import { koreWindows } from '../../../src/main/vendors/kore/limits.ts'
import type { RateWindow } from '../../../src/shared/model/connection.ts'
import { createSeededRandom } from '../../fakes/random.ts'
import { createMemorySecrets } from '../../support/engine.ts'
import { startQuietTime } from '../../support/quiet-time.ts'
import { createSimulatedVendor, worstExcess } from '../../support/simulated-vendor.ts'
import { addConnection, addDraft, must, openIn, sendDraft, start, temporaryFolder } from '../database/support.ts'

const second = 1000
const minute = 60 * second
const narrow = [
  { milliseconds: minute, calls: 20 },
  { milliseconds: 20 * minute, calls: 200 },
]

type Vendor = Readonly<{
  readySeconds: number
  oneWayMilliseconds: number
  margin: number
  windows?: readonly RateWindow[]
  lookUpFirst?: boolean
}>

/** Plans and sends requests of these sizes one after the other; what each was planned to take, and took. */
async function send(
  sizes: readonly number[],
  { readySeconds, oneWayMilliseconds, margin, windows = koreWindows, lookUpFirst = false }: Vendor,
) {
  const place = temporaryFolder()
  const database = await openIn(place.folder)
  const connection = await addConnection(database, { perCall: 1, windows, margin, settings: { lookUpFirst } })
  const time = startQuietTime(start)
  const { clock } = time
  const chance = createSeededRandom('latency')
  const vendor = createSimulatedVendor({
    clock,
    windows,
    latency: () => Math.round(oneWayMilliseconds * (0.5 + chance.fraction())),
    readyAfter: () => readySeconds * second,
  })
  const secrets = createMemorySecrets({ 'reference-1': 'a secret' })
  const results: { planned: number; took: number }[] = []
  for (const [index, size] of sizes.entries()) {
    const requestId = await addDraft(database, place.folder, connection, size)
    const planned = must(await planRequest({ database: () => database, clock, vendors: { kore } }, requestId))
    const begunAt = clock.steady()
    await sendDraft(database, requestId)
    const sent = sizes.slice(0, index + 1).reduce((sum, one) => sum + one, 0)
    const engine = await time.run({ folder: place.folder, secrets }, vendor, createSeededRandom(`engine ${index}`))
    await engine.until(() => (vendor.erased() >= sent ? true : undefined))
    results.push({ planned: planned.plan.sendingMilliseconds, took: vendor.lastErase() - begunAt })
    await engine.end()
  }
  time.halt()
  await database.close()
  place.remove()
  expect(worstExcess(vendor.arrivals, windows)).toBe(0)
  return results
}

/** `before`: identifiers of a first request whose plan is not judged; one, as a connection test leaves it, unless told. */
type Case = Readonly<{ before?: number; sizes: readonly number[] }> & Vendor

test.each<Case>([
  { sizes: [90], readySeconds: 30, oneWayMilliseconds: 200, margin: 0 },
  { sizes: [400], readySeconds: 30, oneWayMilliseconds: 200, margin: 0.05 },
  { sizes: [400], readySeconds: 3600, oneWayMilliseconds: 600, margin: 0 },
  // Bound by the longer window, twice.
  { sizes: [450], readySeconds: 600, oneWayMilliseconds: 200, margin: 0, windows: narrow },
  // One more call for each.
  { sizes: [45], readySeconds: 30, oneWayMilliseconds: 200, margin: 0, lookUpFirst: true },
  { sizes: [200], readySeconds: 600, oneWayMilliseconds: 200, margin: 0.05, lookUpFirst: true },
  { sizes: [200], readySeconds: 600, oneWayMilliseconds: 200, margin: 0, windows: narrow, lookUpFirst: true },
  // What calls to this one take is known from the first; the last know what those before have shown and spent.
  { before: 20, sizes: [150, 120, 90], readySeconds: 30, oneWayMilliseconds: 1500, margin: 0.05 },
])(
  'sizes $sizes, ready after $readySeconds s, margin $margin, looked up first $lookUpFirst: the plan is within a tenth of what happens',
  async ({ before, sizes, ...vendor }) => {
    const results = await send([before ?? 1, ...sizes], vendor)
    expect(results).toHaveLength(sizes.length + 1)
    for (const { planned, took } of results.slice(1)) {
      const off = Math.abs(planned - took) / took
      expect(off, `planned ${planned / minute} min, took ${took / minute} min`).toBeLessThanOrEqual(0.1)
    }
  },
  120_000,
)
