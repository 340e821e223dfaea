/** Whatever is done to the machine's clock: the vendor never sees more calls than it allows, and sending goes on. */
import { afterEach, expect, test } from 'vitest'
import { jwtSigner } from '../../../src/main/adapters/signing/signer.ts'
import { engineParts, must, person, startBench } from '../../support/engine.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'
import { startVirtualTime } from '../../support/virtual-time.ts'

const second = 1000
const hour = 3600 * second
const year = 365 * 24 * hour
const windows = [
  { milliseconds: 10 * second, calls: 5 },
  { milliseconds: 60 * second, calls: 20 },
]
const callTimeoutMilliseconds = 2 * second

const ending: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

/** Sends thirty identifiers one by one; the clock jumps in the middle of each call whose number `jumps` names. */
async function sendAcross(jumps: Readonly<Record<number, number>>) {
  const virtual = startVirtualTime()
  const { clock } = virtual
  const startedAt = clock.now()
  // The vendor has a clock of its own, which nobody sets.
  const vendorClock = { now: () => startedAt + clock.steady(), schedule: clock.schedule }
  const bench = await startBench({ clock: vendorClock, windows, perCall: 1, callTimeoutMilliseconds })
  const requestId = await bench.sendRequest(Array.from({ length: 30 }, (_, index) => person(`person-${index}`)))
  let calls = 0
  const engine = await virtual.run(bench, (database) => {
    const { http } = engineParts(database, bench.secrets, { clock })
    return {
      callsAtOnce: 2,
      http: {
        send: async (call, onStage) => {
          calls += 1
          clock.jump(jumps[calls] ?? 0)
          return await http.send(call, onStage)
        },
      },
      // A vendor that does not look at the time of a token: with others, a wrong clock stops the line.
      signer: { sign: (claims, ...rest) => jwtSigner.sign({ ...claims, now: vendorClock.now() }, ...rest) },
    }
  })
  ending.push(bench.remove, engine.end)
  await engine.until(async () => {
    const detail = must(await engine.database.read('getRequest', { requestId }, clock.now()))
    return detail.phase === 'closed' ? detail : undefined
  })
  return { ledger: bench.sandbox.ledger(), attempts: bench.attempts(), tookMilliseconds: clock.steady(), engine }
}

test.each<[string, Readonly<Record<number, number>>]>([
  ['back by a year', { 7: -year }],
  ['back by years, again and again', { 4: -3 * year, 9: -year, 14: -hour, 30: -year }],
  ['forward by a year', { 7: year }],
  ['forward by an hour, again and again', { 4: hour, 6: hour, 8: hour, 10: hour, 12: hour }],
  ['forward by a year and back', { 4: year, 12: -year }],
  ['back by an hour and forward', { 4: -hour, 12: hour }],
  ['by a few seconds, as network time does', { 3: 3 * second, 5: 2 * second, 7: -4 * second, 9: 5 * second }],
])('a clock set %s', async (_how, jumps) => {
  const { ledger, attempts, tookMilliseconds } = await sendAcross(jumps)
  expect(ledger.filter(({ verdict }) => verdict === 'rate-limited')).toEqual([])
  for (const { milliseconds, calls: most } of windows) {
    const times = ledger.map(({ receivedAt }) => receivedAt).toSorted((one, other) => one - other)
    const tooEarly = times.filter((time, index) => (times[index + most] ?? Infinity) - time < milliseconds)
    expect(tooEarly, `more than ${most} calls in ${milliseconds} ms`).toEqual([])
  }
  expect(ledger.filter(({ call }) => call === 'erase')).toHaveLength(30)
  expectLedgerMatches({ ledgerEntries: ledger, attempts })
  // With the clock left alone it takes less than four minutes.
  const longestStall = callTimeoutMilliseconds + 60 * second
  expect(tookMilliseconds).toBeLessThan(240 * second + longestStall)
})
