import { expect, test } from 'vitest'
import { koreWindows } from '../../../src/main/vendors/kore/limits.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'
import { must, person, startBench } from '../../support/engine.ts'
import { startVirtualTime } from '../../support/virtual-time.ts'

const hour = 3_600_000

test('950 calls and their status calls keep the vendor’s real windows over more than an hour of its time', async () => {
  const virtual = startVirtualTime()
  const { clock } = virtual
  const startedAt = clock.now()
  const bench = await startBench({
    clock,
    windows: koreWindows,
    perCall: 1,
    settings: { firstPollMilliseconds: 60_000, longestPollMilliseconds: hour, quietMilliseconds: 24 * hour },
  })
  const people = Array.from({ length: 950 }, (_, index) => person(`person-${index}`))
  const requestId = await bench.sendRequest(people)
  const engine = await virtual.run(bench)
  const closed = await engine.until(async () => {
    if (bench.sandbox.ledger().length < 1900) return undefined
    const detail = must(await engine.database.read('getRequest', { requestId }, clock.now()))
    return detail.phase === 'closed' ? detail : undefined
  })
  await engine.end()

  expect(closed.counts).toEqual({ erased: 950 })
  const calls = bench.sandbox.ledger()
  expect(calls.filter(({ verdict }) => verdict === 'rate-limited')).toEqual([])
  for (const { milliseconds, calls: most } of koreWindows) {
    const times = calls.map(({ receivedAt }) => receivedAt)
    // The call `most` places later must be out of the window that begins with this one.
    const tooEarly = times.filter((time, index) => (times[index + most] ?? Infinity) - time < milliseconds)
    expect(tooEarly).toEqual([])
  }
  expect(clock.now() - startedAt).toBeGreaterThan(hour)
  expect(new Set(calls.flatMap(({ identifiers }) => identifiers)).size).toBe(950)
  expect(calls.filter(({ call }) => call === 'erase')).toHaveLength(950)
  expectLedgerMatches({ ledgerEntries: calls, attempts: bench.attempts() })
  await bench.remove()
}, 180_000)
