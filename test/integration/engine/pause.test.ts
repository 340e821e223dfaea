/** A way to the vendor that takes long to come about: what the operator does meanwhile holds for the call on it. */
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../../src/main/adapters/clock/clock.ts'
import { createHttp } from '../../../src/main/adapters/http/http.ts'
import { testConnection } from '../../../src/main/core/connections/test.ts'
import { engineParts, must, person, runEngine, startBench } from '../../support/engine.ts'
import { makeFaultCertificates, startFaultProxy, type FaultProxy } from '../../support/fault-proxy.ts'
import { faults } from '../../support/faults.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'

const ending: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

const certificates = makeFaultCertificates()

/** A vendor behind the system’s proxy, which is named at once but for the call with this number. */
async function start(slowCall: number) {
  const proxies: FaultProxy[] = []
  const bench = await startBench({
    perCall: 2,
    between: async (vendorOrigin) => {
      const choices = { fault: faults.proxySilent, strikes: 'erase', passes: 0, times: 0, label: 'paused' } as const
      const proxy = await startFaultProxy({ vendorOrigin, certificates, ...choices })
      await proxy.lift()
      proxies.push(proxy)
      return proxy.origin
    },
  })
  const asked = Promise.withResolvers<void>()
  const named = Promise.withResolvers<void>()
  let calls = 0
  let passed = 0
  // Time that passes without being waited for.
  const clock = {
    ...systemClock,
    now: () => systemClock.now() + passed,
    steady: () => systemClock.steady() + passed,
  }
  const http = createHttp({
    clock,
    online: () => true,
    certificates: [certificates.good.certificate],
    resolveProxy: async (url) => {
      calls += 1
      if (calls === slowCall) {
        asked.resolve()
        await named.promise
      }
      return (await proxies[0]?.network.resolveProxy(url)) ?? 'DIRECT'
    },
  })
  const requestId = await bench.sendRequest([person('ana'), person('ben')])
  const engine = await runEngine(bench.folder, bench.secrets, () => ({ clock, http, callsAtOnce: 1 }))
  ending.push(bench.remove, ...proxies.map(({ close }) => close), engine.end)
  return {
    bench,
    engine,
    requestId,
    http,
    clock,
    isConnecting: asked.promise,
    /** The proxy is named after so long. */
    connect: (afterMilliseconds: number) => {
      passed += afterMilliseconds
      named.resolve()
    },
  }
}

test.each([
  ['erase', 1, []],
  ['status', 2, ['erase']],
] as const)(
  'a pause while the %s call is still being connected keeps it back: it goes when the request goes on',
  async (kind, slowCall, before) => {
    const { bench, engine, requestId, clock, isConnecting, connect } = await start(slowCall)
    await isConnecting
    must(await engine.database.setPaused({ requestId, paused: true, now: clock.now() }))
    connect(1500)
    await engine.until(() => (engine.status().callsUnderWay === 0 ? true : undefined))
    expect(bench.sandbox.ledger().map(({ call }) => call)).toEqual(before)
    expect(bench.attempts().at(-1)).toMatchObject({ kind, ending: 'not sent' })
    const now = clock.now()
    const { counts } = must(await engine.database.read('getRequest', { requestId }, now))
    expect(counts).toEqual(kind === 'erase' ? { queued: 2 } : { accepted: 2 })
    const [budget] = must(await engine.database.read('listBudgets', {}, now))
    expect(budget?.windows[0]?.used).toBe(0)

    must(await engine.database.setPaused({ requestId, paused: false, now: clock.now() }))
    engine.wake()
    await engine.until(() =>
      Object.values(bench.states(requestId)).every((state) => state === 'erased') ? true : undefined,
    )
    expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
  },
)

test('a connection that comes about at once is not asked about twice: the call leaves', async () => {
  const { bench, engine, requestId, isConnecting, connect } = await start(1)
  await isConnecting
  connect(0)
  await engine.until(() =>
    Object.values(bench.states(requestId)).every((state) => state === 'erased') ? true : undefined,
  )
  expect(bench.attempts().filter(({ ending: end }) => end === 'not sent')).toEqual([])
})

test('quitting while a call is still being connected lets nothing leave any more', async () => {
  const { bench, engine, requestId, isConnecting, connect } = await start(1)
  await isConnecting
  const stopping = engine.stop()
  connect(0)
  await stopping
  expect(bench.sandbox.ledger()).toEqual([])
  expect(bench.attempts()).toMatchObject([{ kind: 'erase', ending: 'not sent' }])
  expect(new Set(Object.values(bench.states(requestId)))).toEqual(new Set(['queued']))
})

test('nor does a connection test', async () => {
  const { bench, engine, requestId, http, clock, isConnecting, connect } = await start(3)
  await engine.until(() =>
    Object.values(bench.states(requestId)).every((state) => state === 'erased') ? true : undefined,
  )
  const before = bench.sandbox.ledger().length
  const ports = {
    ...engineParts(engine.database, bench.secrets, { clock, http }),
    database: () => engine.database,
    epoch: () => engine.status().epoch,
    mayLeave: () => engine.status().sends,
  }
  const testing = engine.alongside(async () => await testConnection(ports, bench.connection.id))
  await isConnecting
  const stopping = engine.stop()
  connect(0)
  expect(must(await testing)).toMatchObject({
    verdict: 'unreachable',
    explanation: 'Sending was stopped before this call left.',
  })
  await stopping
  expect(bench.sandbox.ledger()).toHaveLength(before)
  expect(bench.attempts().at(-1)).toMatchObject({ kind: 'test', ending: 'not sent' })
  expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
})
