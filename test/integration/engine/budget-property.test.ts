/**
 * The budget of an account against random limits, latencies, restarts, crashes and clocks that are set, on virtual time:
 * no rolling window of the vendor's ever holds more calls than it may, and everything comes to its end.
 */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import { createSeededRandom } from '../../fakes/random.ts'
import { createMemorySecrets, type RunningEngine } from '../../support/engine.ts'
import { startQuietTime } from '../../support/quiet-time.ts'
import { createSimulatedVendor, worstExcess } from '../../support/simulated-vendor.ts'
import { addConnection, addDraft, must, openIn, sendDraft, start, temporaryFolder } from '../database/support.ts'

const second = 1000
const day = 86_400 * second
const callTimeoutMilliseconds = 12 * second
/** Of virtual time, by far more than the slowest of these limits need. */
const longest = 60 * day

type Event = Readonly<{ afterCalls: number }> &
  (
    | Readonly<{ kind: 'clock set' | 'machine sleeps'; milliseconds: number }>
    | Readonly<{ kind: 'restart' | 'crash'; closedMilliseconds: number; setMilliseconds: number }>
  )

const afterCalls = fc.integer({ min: 1, max: 20 })
const apart = fc.integer({ min: 1, max: 3 * 3600 * second })
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    kind: fc.constant('clock set' as const),
    afterCalls,
    milliseconds: fc.oneof(
      fc.integer({ min: -20 * second, max: 20 * second }),
      fc.integer({ min: -400 * day, max: 400 * day }),
    ),
  }),
  fc.record({ kind: fc.constant('machine sleeps' as const), afterCalls, milliseconds: apart }),
  fc.record({
    kind: fc.constantFrom('restart' as const, 'crash' as const),
    afterCalls,
    closedMilliseconds: fc.oneof(fc.constant(0), apart),
    setMilliseconds: fc.oneof(fc.constant(0), fc.integer({ min: -400 * day, max: 400 * day })),
  }),
)

const world = fc.record({
  windows: fc.array(
    fc.record({ milliseconds: fc.integer({ min: 500, max: 300 * second }), calls: fc.integer({ min: 1, max: 6 }) }),
    { minLength: 1, maxLength: 3 },
  ),
  margin: fc.constantFrom(0, 0, 0.05, 0.3),
  jitter: fc.constantFrom(0, 0.1, 0.5),
  lookUpFirst: fc.boolean(),
  identifiers: fc.integer({ min: 6, max: 18 }),
  slowest: fc.integer({ min: 0, max: 5 * second }),
  readyMilliseconds: fc.integer({ min: 0, max: 600 * second }),
  events: fc.array(event, { minLength: 1, maxLength: 4, size: 'max' }),
  chance: fc.string({ maxLength: 8 }),
})
type World = typeof world extends fc.Arbitrary<infer T> ? T : never

async function run(drawn: World) {
  const { windows, margin, jitter, lookUpFirst, identifiers, slowest, readyMilliseconds, events, chance } = drawn
  const place = temporaryFolder()
  const prepared = await openIn(place.folder)
  const settings = { jitter, lookUpFirst, callTimeoutMilliseconds }
  const connection = await addConnection(prepared, { perCall: 1, windows, margin, settings })
  await sendDraft(prepared, await addDraft(prepared, place.folder, connection, identifiers))
  await prepared.close()

  const time = startQuietTime(start)
  const { clock } = time
  const random = createSeededRandom(chance)
  const vendor = createSimulatedVendor({
    clock,
    windows,
    time: clock.uptime,
    latency: () => Math.round(slowest * random.fraction()),
    readyAfter: () => readyMilliseconds,
  })
  let left = [...events]
  let disturb = (_event: Event) => {}
  const http: typeof vendor.send = async (call) => {
    const due = left.filter((one) => one.afterCalls <= vendor.arrivals.length)
    left = left.filter((one) => !due.includes(one))
    for (const one of due) {
      if (one.kind === 'clock set') clock.jump(one.milliseconds)
      if (one.kind === 'machine sleeps') clock.sleepMachine(one.milliseconds)
      disturb(one)
    }
    return await vendor.send(call)
  }
  const secrets = createMemorySecrets({ 'reference-1': 'a secret' })
  const open = () => time.run({ folder: place.folder, secrets }, { send: http }, random)
  const hold = time.watched({ open })
  const ended = async (engine: RunningEngine) => {
    if (clock.steady() > longest) throw new Error('Nothing comes to its end')
    const requestId = 1 as RequestId
    const detail = must(await engine.database.read('getRequest', { requestId }, clock.now()))
    const { queued = 0, sending = 0, accepted = 0 } = detail.counts
    return queued + sending + accepted === 0 ? detail : undefined
  }

  for (;;) {
    const engine = await hold.open()
    const disturbed = new Promise<Event>((resolve) => {
      disturb = (one) => {
        if (one.kind === 'restart' || one.kind === 'crash') resolve(one)
      }
    })
    const seen = await Promise.race([engine.until(() => ended(engine)), disturbed])
    if (!('kind' in seen)) {
      time.halt()
      const sent = vendor.erased()
      await engine.end()
      place.remove()
      return { vendor, counts: seen.counts, sent }
    }
    if (seen.kind === 'restart') await engine.end()
    if (seen.kind === 'crash') {
      // What is under way goes on its way; nobody is there any more to write down how it ended.
      await engine.database.close()
      void engine.stop()
    }
    if (seen.kind === 'restart' || seen.kind === 'crash') {
      // After a crash the next process is there at once, while what was under way still arrives in its own time.
      if (seen.kind === 'restart') clock.advance(seen.closedMilliseconds)
      clock.jump(seen.setMilliseconds)
    }
  }
}

/** The same worlds in every run; PROPERTY_SEED looks elsewhere, PROPERTY_RUNS looks longer. */
const seed = Number(process.env['PROPERTY_SEED'] ?? 20_261_124)
const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 20)
/** Several times what the runs take: beyond it a failure is told as far as it was shrunk, and no failure is none too few runs. */
const timeLimit = 12_000 * numRuns

test(
  'whatever the limits, and whatever is done to clock and process, no window is ever broken and all comes to its end',
  async () => {
    const property = fc.asyncProperty(world, async (drawn) => {
      const { vendor, counts, sent } = await run(drawn)
      expect(worstExcess(vendor.arrivals, drawn.windows), 'calls beyond a window').toBe(0)
      expect(vendor.refused(), 'calls that the vendor refused').toBe(0)
      const { erased = 0, 'outcome unknown': unknown = 0 } = counts
      expect(erased + unknown).toBe(drawn.identifiers)
      expect(vendor.lookedUp(), 'every email is looked up').toBe(drawn.lookUpFirst ? drawn.identifiers : 0)
      expect(sent, 'no identifier is sent twice').toBeLessThanOrEqual(drawn.identifiers)
      const crashes = drawn.events.filter(({ kind }) => kind === 'crash').length
      expect(unknown, 'only a crash leaves a doubt').toBeLessThanOrEqual(4 * crashes)
    })
    const checked = await fc.check(property, { seed, numRuns, interruptAfterTimeLimit: timeLimit })
    expect(fc.defaultReportMessage(checked) ?? 'held').toBe('held')
    expect(checked.numRuns, `runs within ${timeLimit / 1000} s`).toBe(numRuns)
  },
  timeLimit + 60_000,
)
