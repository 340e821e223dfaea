/**
 * A fault that meets every call of a connection: its line slows down and stops, few batches are in doubt, another
 * connection goes on, and once the fault is gone one call is tried before all. The engine is on virtual time; the calls,
 * the faults and the time-outs are real.
 */
import { afterEach, expect, test } from 'vitest'
import type { Database } from '../../../src/main/core/ports.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import { unclearLimits } from '../../../src/shared/model/unclear-calls.ts'
import { must, person, startBench, withHistory } from '../../support/engine.ts'
import { makeFaultCertificates, startFaultProxy, type FaultProxy } from '../../support/fault-proxy.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'
import { startVirtualTime } from '../../support/virtual-time.ts'
import { repeatedCases, repeatedNotice } from './repeated-cases.ts'
import { inWords } from './words.ts'

const ending: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

const certificates = makeFaultCertificates()
const runs = repeatedCases.flatMap((one) =>
  one.faults.map((fault) => [`${one.what}: ${fault.name}`, one, fault] as const),
)
const people = (count: number) => Array.from({ length: count }, (_, index) => person(`person-${index}`))
const always = 1000

function detailOf(database: Database, requestId: RequestId) {
  return database.read('getRequest', { requestId }, Date.now()).then(must)
}

test.each(runs)(
  '%s',
  async (_, one, fault) => {
    const virtual = startVirtualTime(2)
    const proxies: FaultProxy[] = []
    const bench = await startBench({
      clock: virtual.clock,
      perCall: 1,
      callTimeoutMilliseconds: 1000,
      between: async (vendorOrigin) => {
        const { call: strikes } = one
        const proxy = await startFaultProxy({
          vendorOrigin,
          fault,
          strikes,
          passes: 0,
          times: always,
          label: 'repeated',
          certificates,
        })
        proxies.push(proxy)
        return proxy.origin
      },
    })
    ending.push(bench.remove, ...proxies.map((proxy) => proxy.close))
    const other = await bench.addConnection()
    withHistory(bench.folder, (file) =>
      file.prepare('UPDATE connection SET origin = ? WHERE id = ?').run(bench.sandbox.ready.origin, other.id),
    )
    const count = one.call === 'erase' ? 20 : 6
    const requestId = await bench.sendRequest(people(count))
    const free = await bench.sendRequest(people(12), other)
    const engine = await virtual.run(bench)
    ending.push(engine.end)
    const begun = virtual.clock.now()

    const stopped = await engine.until(async () => {
      const detail = await detailOf(engine.database, requestId)
      return detail.connectionStopped && detail.callsUnderWay === 0 ? detail : undefined
    })
    expect(virtual.clock.now() - begun).toBeGreaterThanOrEqual(unclearLimits.overMilliseconds)
    const unclear = one.call === 'erase' ? 'outcome unknown' : 'no answer'
    const inARow = bench.attempts().filter(({ ending: end }) => end === unclear).length
    expect(inARow).toBeGreaterThanOrEqual(unclearLimits.inARow)
    expect(inARow).toBeLessThanOrEqual(unclearLimits.inARow + 2)
    expect(stopped.counts).toEqual(
      one.call === 'erase' ? { 'outcome unknown': inARow, queued: count - inARow } : { accepted: count },
    )
    const connectionId = bench.connection.id
    const { stopped: cause } = must(await engine.database.read('getConnection', { connectionId }, Date.now()))
    const notices = one.words.map((words) => repeatedNotice(one, inARow, inWords(fault, '')(words)))
    expect(notices).toContainEqual({ title: cause?.title, explanation: cause?.explanation, steps: cause?.steps })

    await engine.until(async () => ((await detailOf(engine.database, free)).counts.erased === 12 ? true : undefined))

    // The fault is gone: one call is tried alone, and all that is certain to have been held back goes on.
    for (const proxy of proxies) await proxy.lift()
    const before = bench.attempts().length
    must(await engine.database.resumeConnection({ connectionId, now: virtual.clock.now() }))
    engine.wake()
    const erased = one.call === 'erase' ? count - inARow : count
    await engine.until(async () =>
      (await detailOf(engine.database, requestId)).counts.erased === erased ? true : undefined,
    )
    const [trial, second] = bench.attempts().slice(before)
    expect(second?.reservedAt).toBeGreaterThanOrEqual(trial?.endedAt ?? Infinity)
    expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
  },
  60_000,
)
