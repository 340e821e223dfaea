/** One call a second, and what is done where the vendor refuses calls all the same. */
import { expect, test } from 'vitest'
import { mixpanelProfile } from '../../../src/main/vendors/mixpanel/profile.ts'
import { startVirtualTime } from '../../support/virtual-time.ts'
import { answering } from './between.ts'
import { calls, endEngine, ids, judgeAfterEach, keep, newBench, settled, timesErased, untilAll } from './support.ts'

judgeAfterEach()

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const names = (count: number) => ids(...Array.from({ length: count }, (_, index) => `person-${index}`))

test('deletions and status calls together keep to one call a second', async () => {
  const virtual = startVirtualTime()
  const bench = await newBench({ clock: virtual.clock, windows: mixpanelProfile.windows, perCall: 2 })
  const requestId = await bench.sendRequest(names(60))
  const engine = keep(await virtual.run(bench))
  expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { erased: 60 } })
  const times = bench.sandbox.ledger().map(({ receivedAt }) => receivedAt)
  expect(bench.sandbox.ledger().filter(({ verdict }) => verdict === 'rate-limited')).toEqual([])
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(second)
  expect(calls(bench, 'erase')).toHaveLength(30)
})

test('an hour in which the vendor refuses every call: waits grow, over a restart too, and nothing is lost or repeated', async () => {
  const virtual = startVirtualTime()
  const { clock } = virtual
  const over = clock.now() + hour
  const refusal = { status: 429, body: { status: 'error', error: 'Too Many Requests, this API is limited to 1 req/s' } }
  const refused: number[] = []
  const between = answering(() => {
    if (clock.now() >= over) return null
    refused.push(clock.now())
    return refusal
  })
  const bench = await newBench({ clock, windows: mixpanelProfile.windows, perCall: 2, between })
  const requestId = await bench.sendRequest(names(6))
  const first = keep(await virtual.run(bench))
  await first.until(() => (refused.length >= 3 ? true : undefined))
  await endEngine(first)
  expect(new Set(Object.values(bench.states(requestId)))).toEqual(new Set(['queued']))

  const afterwards = keep(await virtual.run(bench))
  await untilAll(bench, afterwards, requestId, 'erased')
  const gaps = refused.slice(1).map((time, index) => time - (refused[index] ?? 0))
  // A minute, then twice as long each time, up to an hour; the restart begins nothing anew.
  for (const [index, gap] of gaps.entries()) expect(gap).toBeGreaterThanOrEqual(Math.min(minute * 2 ** index, hour))
  expect(refused.length).toBeLessThanOrEqual(7)
  expect(bench.attempts().filter(({ ending }) => ending === 'rate limited')).toHaveLength(refused.length)
  expect(Object.values(timesErased(bench))).toEqual([1, 1, 1, 1, 1, 1])
  expect(calls(bench, 'erase')).toHaveLength(3)
})

test('refused once, the queue waits a minute, and the next refusal after calls that went through begins anew', async () => {
  const virtual = startVirtualTime()
  const { clock } = virtual
  const refused: number[] = []
  let asked = 0
  const between = answering(({ method }) => {
    asked += 1
    if (method !== 'POST' || (asked !== 1 && asked !== 5)) return null
    refused.push(clock.now())
    return { status: 429, body: { status: 'error', error: 'Too Many Requests' } }
  })
  const bench = await newBench({ clock, windows: mixpanelProfile.windows, perCall: 1, between })
  const requestId = await bench.sendRequest(names(8))
  const engine = keep(await virtual.run(bench))
  await untilAll(bench, engine, requestId, 'erased')
  expect(refused).toHaveLength(2)
  for (const at of refused) {
    const next = bench.attempts().find(({ reservedAt }) => reservedAt > at)
    expect((next?.reservedAt ?? 0) - at).toBeGreaterThanOrEqual(minute)
    expect((next?.reservedAt ?? 0) - at).toBeLessThan(1.5 * minute)
  }
})
