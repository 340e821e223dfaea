/** The vendor's own ids, looked up before the erase call: the real engine, the real database, the sandbox over HTTP. */
import { afterEach, expect, test } from 'vitest'
import { testConnection } from '../../../src/main/core/connections/test.ts'
import type { Database } from '../../../src/main/core/ports.ts'
import type { ConnectionSettings } from '../../../src/shared/model/connection.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import {
  engineParts,
  must,
  person,
  runEngine,
  startBench,
  type BenchChoices,
  type EngineBench,
  type RunningEngine,
} from '../../support/engine.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'

const benches: EngineBench[] = []
const engines: RunningEngine[] = []

afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.end()
  for (const bench of benches.splice(0)) {
    expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
    await bench.remove()
  }
})

async function benchThatLooksUp({ settings, ...choices }: BenchChoices = {}): Promise<EngineBench> {
  const bench = await startBench({ ...choices, settings: { lookUpFirst: true, ...settings } })
  benches.push(bench)
  return bench
}

async function engineFor(bench: EngineBench, changed?: Parameters<typeof runEngine>[2]): Promise<RunningEngine> {
  const engine = await runEngine(bench.folder, bench.secrets, changed)
  engines.push(engine)
  return engine
}

async function detailOf(database: Database, requestId: RequestId) {
  return must(await database.read('getRequest', { requestId }, Date.now()))
}

function settled({ until, database }: RunningEngine, requestId: RequestId) {
  return until(async () => {
    const detail = await detailOf(database, requestId)
    const { queued = 0, sending = 0, accepted = 0 } = detail.counts
    return queued + sending + accepted === 0 ? detail : undefined
  })
}

const list = { anchor: { index: 0 }, limit: 100 } as const

async function rowsOf({ database }: RunningEngine, requestId: RequestId) {
  const input = { requestId, states: [], search: '', ...list }
  return must(await database.read('listIdentifiers', input, Date.now())).rows
}

async function eventsOf({ database }: RunningEngine, requestId: RequestId, kind: string) {
  const { rows } = must(await database.read('listEvents', { requestId, ...list }, Date.now()))
  return rows.filter((row) => row.kind === kind).map(({ words }) => words)
}

const callsOf = ({ sandbox }: EngineBench, call: 'erase' | 'users-info') =>
  sandbox.ledger().filter((entry) => entry.call === call)

/** Every erase call that named an email came after an answered look-up of that email. */
function expectLookedUpBefore(bench: EngineBench): void {
  for (const erase of callsOf(bench, 'erase')) {
    const asked = callsOf(bench, 'users-info')
      .filter(({ sequence, verdict }) => sequence < erase.sequence && verdict === 'accepted')
      .flatMap(({ identifiers }) => identifiers)
    const emails = erase.identifiers.filter((id) => typeof id === 'string' && id.includes('@'))
    expect(asked).toEqual(expect.arrayContaining(emails))
  }
}

async function saveSettings(database: Database, bench: EngineBench, settings: Partial<ConnectionSettings>) {
  const { connection, secretReference } = must(await database.storedConnection(bench.connection.id))
  must(
    await database.saveConnection({
      ...connection,
      secretReference,
      secretSavedAt: null,
      settings: { ...connection.settings, ...settings },
      now: Date.now(),
    }),
  )
}

test('an email that the vendor answers as an id of its own is erased, on the basis of its look-up', async () => {
  const bench = await benchThatLooksUp({ perCall: 6 })
  const requestId = await bench.sendRequest([
    person('Sandbox-Renamed-1'),
    person('ana'),
    person('sandbox-renamed-2.sandbox-look-up-not-found'),
    { value: 'u-1111' },
    { value: '4917012345', channelId: 'whatsapp' },
    person('sandbox-renamed-3.sandbox-failed-3'),
  ])
  const engine = await engineFor(bench)
  const detail = await settled(engine, requestId)
  const rows = await rowsOf(engine, requestId)
  expect(rows.map(({ value, state, basis }) => [value, state, basis])).toEqual([
    ['Sandbox-Renamed-1@example.org', 'erased', 'paired by look-up before sending'],
    ['ana@example.org', 'erased', 'named by the vendor'],
    [
      'sandbox-renamed-2.sandbox-look-up-not-found@example.org',
      'unconfirmed',
      'finished by the vendor without being named',
    ],
    ['u-1111', 'erased', 'named by the vendor'],
    ['4917012345', 'erased', 'named by the vendor'],
    ['sandbox-renamed-3.sandbox-failed-3@example.org', 'failed', 'named by the vendor'],
  ])
  expect(rows.map(({ lookedUpAs }) => lookedUpAs?.slice(0, 2) ?? null)).toEqual(['u-', 'u-', null, null, null, 'u-'])
  expect(detail.waitingGroups).toMatchObject([{ state: 'unconfirmed', count: 1, strangers: 1 }])
  expect(callsOf(bench, 'users-info').map(({ identifiers }) => identifiers)).toEqual([
    [
      'Sandbox-Renamed-1@example.org',
      'ana@example.org',
      'sandbox-renamed-2.sandbox-look-up-not-found@example.org',
      'sandbox-renamed-3.sandbox-failed-3@example.org',
    ],
  ])
  expectLookedUpBefore(bench)
  expect(await eventsOf(engine, requestId, 'looked up')).toEqual([
    'Batch 1 was looked up: the vendor has an id of its own for 3 of 4 emails.',
  ])
  const attempts = must(await engine.database.read('listAttempts', { requestId, ...list }, Date.now())).rows
  expect(attempts.filter(({ kind }) => kind === 'look-up')).toMatchObject([
    { ending: 'answered', stage: 'body', httpStatus: 200, batchNumber: 1, vendorWords: null },
  ])
})

test('a call without an email is not looked up, nor is a half of one that was', async () => {
  const bench = await benchThatLooksUp({ perCall: 4 })
  const requestId = await bench.sendRequest([
    { value: 'u-1' },
    { value: 'u-2' },
    { value: 'u-3' },
    { value: 'u-4' },
    person('ana'),
    person('sandbox-renamed-1'),
    person('sandbox-bot-owner-rejected-1'),
    person('ben'),
  ])
  const engine = await engineFor(bench)
  await settled(engine, requestId)
  expect(callsOf(bench, 'users-info')).toHaveLength(1)
  expect(callsOf(bench, 'erase')).toHaveLength(2 + 4)
  const rows = await rowsOf(engine, requestId)
  expect(rows.find(({ value }) => value === 'sandbox-renamed-1@example.org')).toMatchObject({
    state: 'erased',
    basis: 'paired by look-up before sending',
  })
  expectLookedUpBefore(bench)
})

test('without the scope the line stops before anything is erased; turned off and resumed, it goes on without', async () => {
  const bench = await benchThatLooksUp({ perCall: 2, sandbox: { apps: [{ scopes: ['erase', 'status'] }] } })
  const requestId = await bench.sendRequest([person('ana'), person('ben'), person('sandbox-renamed-1')])
  const engine = await engineFor(bench)
  const stopped = await engine.until(async () => {
    const detail = await detailOf(engine.database, requestId)
    return detail.connectionStopped && engine.status().callsUnderWay === 0 ? detail : undefined
  })
  expect(stopped).toMatchObject({ counts: { queued: 3 }, standstill: 'The app may not look up users' })
  const connectionId = bench.connection.id
  const { stopped: cause } = must(await engine.database.read('getConnection', { connectionId }, Date.now()))
  expect(cause?.steps.join(' ')).toContain('User Management → User Management')
  expect(callsOf(bench, 'erase')).toEqual([])
  const refused = callsOf(bench, 'users-info').length

  await saveSettings(engine.database, bench, { lookUpFirst: false })
  must(await engine.database.resumeConnection({ connectionId, now: Date.now() }))
  engine.wake()
  expect(await settled(engine, requestId)).toMatchObject({ counts: { erased: 2, unconfirmed: 1 } })
  expect(callsOf(bench, 'users-info')).toHaveLength(refused)
})

test('a look-up that is cut, or answered with a server error, is asked again', async () => {
  const bench = await benchThatLooksUp({ perCall: 1 })
  const ids = [person('sandbox-renamed.sandbox-look-up-cut'), person('sandbox-renamed.sandbox-look-up-500')]
  const requestId = await bench.sendRequest(ids)
  const engine = await engineFor(bench)
  expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { erased: 2 } })
  const rows = await rowsOf(engine, requestId)
  expect(rows.map(({ basis }) => basis)).toEqual([
    'paired by look-up before sending',
    'paired by look-up before sending',
  ])
  expect(callsOf(bench, 'users-info')).toHaveLength(4)
  expect(callsOf(bench, 'erase')).toHaveLength(2)
  expectLookedUpBefore(bench)
})

test('after three look-ups without an answer a batch goes on without, and its log says so', async () => {
  const bench = await benchThatLooksUp({ perCall: 2, sandbox: { faults: { times: 9 } } })
  const requestId = await bench.sendRequest([person('sandbox-renamed.sandbox-look-up-cut'), person('ana')])
  const engine = await engineFor(bench)
  expect(await settled(engine, requestId)).toMatchObject({ counts: { erased: 1, unconfirmed: 1 } })
  expect(callsOf(bench, 'users-info')).toHaveLength(3)
  expect(await eventsOf(engine, requestId, 'not looked up')).toEqual([
    'Batch 1 goes on without its look-up, since it got no answer 3 times. An email of it that the vendor names by an id of its own will be unconfirmed.',
  ])
  const { rows } = must(await engine.database.read('listBatches', { requestId, ...list }, Date.now()))
  expect(rows).toMatchObject([{ lookUp: 'without', attempts: 1 }])
})

test('a 429 to a look-up holds the account, and loses nobody', async () => {
  const bench = await benchThatLooksUp({
    perCall: 1,
    sandbox: { accounts: [{ windows: [{ milliseconds: 1500, calls: 1 }] }], overLimit: { retryAfter: 'seconds' } },
  })
  const requestId = await bench.sendRequest([person('ana'), person('sandbox-renamed-1')])
  const engine = await engineFor(bench)
  expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { erased: 2 } })
  expect(callsOf(bench, 'users-info').some(({ verdict }) => verdict === 'rate-limited')).toBe(true)
  expect(callsOf(bench, 'users-info').filter(({ verdict }) => verdict === 'accepted')).toHaveLength(2)
  expectLookedUpBefore(bench)
})

test('paused while its look-up is under way, a request erases nobody until it goes on, and asks no second time', async () => {
  const bench = await benchThatLooksUp({ perCall: 2, sandbox: { faults: { slowMilliseconds: 300 } } })
  const requestId = await bench.sendRequest([person('sandbox-renamed.sandbox-look-up-slow'), person('ana')])
  const engine = await engineFor(bench)
  await bench.sandbox.waitForCall(({ call }) => call === 'users-info')
  must(await engine.database.setPaused({ requestId, paused: true, now: Date.now() }))
  await engine.until(() => (engine.status().callsUnderWay === 0 ? true : undefined))
  expect(bench.attempts().map(({ kind, ending }) => [kind, ending])).toEqual([['look-up', 'answered']])
  expect((await detailOf(engine.database, requestId)).counts).toEqual({ queued: 2 })

  must(await engine.database.setPaused({ requestId, paused: false, now: Date.now() }))
  engine.wake()
  expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { erased: 2 } })
  expect(callsOf(bench, 'users-info')).toHaveLength(1)
})

test('stopped between look-up and erase call, the next start goes on with the erase call', async () => {
  const bench = await benchThatLooksUp({ perCall: 2 })
  const requestId = await bench.sendRequest([person('sandbox-renamed-1'), person('ana')])
  const lookedUp = Promise.withResolvers<void>()
  const first = await engineFor(bench, (database) => ({
    callsAtOnce: 1,
    database: {
      ...database,
      finishLookUp: async (...input) => {
        lookedUp.resolve()
        // Told to stop before the answer is written: no erase call may begin any more.
        await new Promise(setImmediate)
        return await database.finishLookUp(...input)
      },
    },
  }))
  await lookedUp.promise
  engines.splice(engines.indexOf(first), 1)
  await first.end()
  expect(bench.attempts().map(({ kind, ending }) => [kind, ending])).toEqual([['look-up', 'answered']])
  expect(Object.values(bench.states(requestId))).toEqual(['queued', 'queued'])

  const next = await engineFor(bench)
  await next.until(() => (next.status().sends ? true : undefined))
  await settled(next, requestId)
  expect((await rowsOf(next, requestId)).map(({ basis }) => basis)).toEqual([
    'paired by look-up before sending',
    'named by the vendor',
  ])
  expect(callsOf(bench, 'users-info')).toHaveLength(1)
})

test.each([
  { scopes: ['erase', 'status', 'users-info'], verdict: 'accepted', title: 'Credentials accepted' },
  { scopes: ['erase', 'status'], verdict: 'refused', title: 'The app may not look up users' },
] as const)(
  'a connection test looks up a made-up address too, in journal and budget: $verdict',
  async ({ scopes, verdict, title }) => {
    const bench = await benchThatLooksUp({ sandbox: { apps: [{ scopes: [...scopes] }] } })
    const engine = await engineFor(bench)
    await engine.until(() => (engine.status().sends ? true : undefined))
    const parts = engineParts(engine.database, bench.secrets)
    const ports = {
      ...parts,
      database: () => engine.database,
      epoch: () => engine.status().epoch,
      mayLeave: () => true,
    }
    const tested = must(await testConnection(ports, bench.connection.id))
    expect(tested).toMatchObject({ verdict, title, lookedUp: true })
    const connectionId = bench.connection.id
    const { lastTest } = must(await engine.database.read('getConnection', { connectionId }, Date.now()))
    expect(lastTest).toEqual(tested)
    expect(bench.sandbox.ledger().map(({ call }) => call)).toEqual(['status', 'users-info'])
    expect(bench.attempts().map(({ kind, ending }) => [kind, ending])).toEqual([
      ['test', 'answered'],
      ['test', 'answered'],
    ])
  },
)

test('a connection test says that it could not look up where the limit has no room for a second call', async () => {
  const bench = await benchThatLooksUp({ windows: [{ milliseconds: 60_000, calls: 1 }] })
  const engine = await engineFor(bench)
  await engine.until(() => (engine.status().sends ? true : undefined))
  const parts = engineParts(engine.database, bench.secrets)
  const ports = { ...parts, database: () => engine.database, epoch: () => engine.status().epoch, mayLeave: () => true }
  const tested = must(await testConnection(ports, bench.connection.id))
  expect(tested.verdict).toBe('accepted')
  expect(tested.explanation).toMatch(/Whether the app may look up was not tested: The account’s limit has no room/)
  const connectionId = bench.connection.id
  expect(must(await engine.database.read('getConnection', { connectionId }, Date.now())).lastTest).toEqual(tested)
  expect(bench.sandbox.ledger()).toHaveLength(1)
})
