/** A machine that slept, or was without a network, for days: what is due meanwhile is made up for gently. */
import { afterEach, expect, test } from 'vitest'
import { engineParts, must, openHistoryIn, person, startBench } from '../../support/engine.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'
import { startVirtualTime } from '../../support/virtual-time.ts'

const second = 1000
const hour = 3600 * second
const windows = [
  { milliseconds: 60 * second, calls: 120 },
  { milliseconds: hour, calls: 1800 },
]

const ending: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

test.each([
  ['slept for three days', 72 * hour],
  ['slept for two hours', 2 * hour],
])(
  '%s: the status calls that are overdue leave one after the other, and an erase call does not wait for them',
  async (_how, slept) => {
    const virtual = startVirtualTime()
    const { clock } = virtual
    const bench = await startBench({
      clock,
      windows,
      perCall: 1,
      settings: { firstPollMilliseconds: hour, longestPollMilliseconds: hour },
      sandbox: { processing: { batchMilliseconds: second } },
    })
    const people = (name: string, count: number) =>
      Array.from({ length: count }, (_, index) => person(`${name}-${index}`))
    // Time goes on by itself: what is to be sent after the sleep is there before, and paused.
    const before = await bench.sendRequest(people('before', 60))
    const after = await bench.sendRequest(people('after', 5))
    const history = await openHistoryIn(bench.folder)
    must(await history.setPaused({ requestId: after, paused: true, now: clock.now() }))
    await history.close()
    const engine = await virtual.run(bench)
    ending.push(bench.remove, engine.end)
    await engine.until(() =>
      Object.values(bench.states(before)).every((state) => state === 'accepted') ? true : undefined,
    )

    // Asleep, the date goes on and the steady clock does not.
    clock.jump(slept)
    const wokeAt = clock.now()
    engine.wake()
    must(await engine.database.setPaused({ requestId: after, paused: false, now: clock.now() }))
    const resumedAt = clock.now()
    engine.wake()
    const closed = async (requestId: typeof before) =>
      must(await engine.database.read('getRequest', { requestId }, clock.now())).phase === 'closed'
    await engine.until(async () => ((await closed(before)) && (await closed(after)) ? true : undefined))

    const made = bench.sandbox.ledger().filter(({ receivedAt }) => receivedAt >= wokeAt)
    const erases = made.filter(({ call }) => call === 'erase').map(({ receivedAt }) => receivedAt - resumedAt)
    expect(erases).toHaveLength(5)
    expect(Math.max(...erases)).toBeLessThanOrEqual(5 * second)
    const polls = made.filter(({ call, receivedAt }) => call === 'status' && receivedAt < wokeAt + hour)
    expect(polls.filter(({ receivedAt }) => receivedAt > resumedAt + 5 * second).length).toBeGreaterThan(0)
    const gaps = polls.slice(1).map(({ receivedAt }, index) => receivedAt - (polls[index]?.receivedAt ?? 0))
    expect(polls.length).toBeGreaterThanOrEqual(60)
    // 1,800 calls an hour are one in two seconds.
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2 * second)
    expect(made.filter(({ verdict }) => verdict === 'rate-limited')).toEqual([])
    expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
  },
)

test.each([
  { how: 'that it wakes from', toldAfter: 10 * second, least: 10 * second, most: 20 * second },
  { how: 'that nobody says the end of', toldAfter: null, least: 60 * second, most: 75 * second },
])('before a sleep $how no new call begins, and the one under way is awaited', async ({ toldAfter, least, most }) => {
  const virtual = startVirtualTime()
  const { clock } = virtual
  const bench = await startBench({ clock, perCall: 1 })
  const requestId = await bench.sendRequest([person(1), person(2), person(3)])
  let tellSleep = () => {}
  const engine = await virtual.run(bench, (database) => {
    const { http } = engineParts(database, bench.secrets, { clock })
    return {
      callsAtOnce: 1,
      http: {
        send: async (call, onStage) => {
          if (call.body !== null) tellSleep()
          return await http.send(call, onStage)
        },
      },
    }
  })
  ending.push(bench.remove, engine.end)
  tellSleep = () => {
    tellSleep = () => {}
    engine.rest(true)
    if (toldAfter !== null) clock.schedule(toldAfter, () => engine.rest(false))
  }
  await engine.until(() =>
    Object.values(bench.states(requestId)).every((state) => state === 'erased') ? true : undefined,
  )
  const [first = 0, next = 0] = bench.sandbox.ledger().map(({ receivedAt }) => receivedAt)
  expect(next - first).toBeGreaterThanOrEqual(least)
  expect(next - first).toBeLessThanOrEqual(most)
  expect(bench.sandbox.ledger().filter(({ call }) => call === 'erase')).toHaveLength(3)
  expect(bench.attempts().filter(({ ending: end }) => end === 'outcome unknown')).toEqual([])
  expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
})
