import { afterEach, describe, expect, test } from 'vitest'
import type { Database } from '../../../src/main/core/ports.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'
import {
  must,
  person,
  runEngine,
  secretReference,
  startBench,
  type BenchChoices,
  type EngineBench,
  type RunningEngine,
} from '../../support/engine.ts'

const benches: EngineBench[] = []
const engines: RunningEngine[] = []

afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.end()
  for (const bench of benches.splice(0)) {
    expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
    await bench.remove()
  }
})

async function newBench(choices?: BenchChoices): Promise<EngineBench> {
  const started = await startBench(choices)
  benches.push(started)
  return started
}

async function engineFor(
  { folder, secrets }: EngineBench,
  changed?: Parameters<typeof runEngine>[2],
): Promise<RunningEngine> {
  const engine = await runEngine(folder, secrets, changed)
  engines.push(engine)
  return engine
}

async function endEngine(engine: RunningEngine): Promise<void> {
  engines.splice(engines.indexOf(engine), 1)
  await engine.end()
}

function detailOf(database: Database, requestId: RequestId) {
  return database.read('getRequest', { requestId }, Date.now()).then(must)
}

/** Waits until nothing of the request is queued, under way or running at the vendor. */
function settled({ until, database }: RunningEngine, requestId: RequestId) {
  return until(async () => {
    const detail = await detailOf(database, requestId)
    const { queued = 0, sending = 0, accepted = 0 } = detail.counts
    return queued + sending + accepted === 0 ? detail : undefined
  })
}

function eraseCalls({ sandbox }: EngineBench) {
  return sandbox.ledger().filter(({ call }) => call === 'erase')
}

/** How often each identifier stood in a call that the vendor carried out. */
function timesErased(held: EngineBench): ReadonlyMap<string, number> {
  const names = eraseCalls(held)
    .filter(({ tookEffect }) => tookEffect)
    .flatMap(({ identifiers }) => identifiers.map((one) => JSON.stringify(one)))
  return new Map(names.map((name) => [name, names.filter((other) => other === name).length]))
}

const people = (count: number) => Array.from({ length: count }, (_, index) => person(`person-${index}`))
const all = (count: number, state: string) =>
  Object.fromEntries(people(count).map(({ value }) => [value, state] as const))

describe('a whole job', () => {
  test('brings every identifier to the state that the vendor gave it, and closes when nothing waits', async () => {
    const held = await newBench()
    const requestId = await held.sendRequest([
      person('ana'),
      person('sandbox-failed-1'),
      person('sandbox-unknown-user-1'),
      person('sandbox-renamed-1'),

      person('sandbox-cut-after-recorded-1'),
      person('beside-the-cut'),
      { value: 'u-1111' },
      { value: '4917012345', channelId: 'whatsapp' },

      person('sandbox-account-owner-rejected-1'),
      person('beside-the-owner-1'),
      person('beside-the-owner-2'),
      person('beside-the-owner-3'),

      person('sandbox-named-twice-1'),
      person('sandbox-strangers-1'),
      person('sandbox-status-500-1'),
      { value: '4917099999', channelId: 'whatsapp' },

      person('sandbox-vanished-1'),
      person('sandbox-slow-1'),

      { ...person('sandbox-invalid-rejected-1'), botIds: ['st-2'] },
      { ...person('ben'), botIds: ['st-3'] },
    ])
    const engine = await engineFor(held)
    const detail = await settled(engine, requestId)
    expect(held.states(requestId)).toEqual({
      'ana@example.org': 'erased',
      'sandbox-failed-1@example.org': 'failed',
      'sandbox-unknown-user-1@example.org': 'unconfirmed',
      'sandbox-renamed-1@example.org': 'unconfirmed',
      'sandbox-cut-after-recorded-1@example.org': 'outcome unknown',
      'beside-the-cut@example.org': 'outcome unknown',
      'u-1111': 'outcome unknown',
      '4917012345': 'outcome unknown',
      'sandbox-account-owner-rejected-1@example.org': 'refused',
      'beside-the-owner-1@example.org': 'erased',
      'beside-the-owner-2@example.org': 'erased',
      'beside-the-owner-3@example.org': 'erased',
      'sandbox-named-twice-1@example.org': 'failed',
      'sandbox-strangers-1@example.org': 'erased',
      'sandbox-status-500-1@example.org': 'erased',
      '4917099999': 'erased',
      'sandbox-vanished-1@example.org': 'unconfirmed',
      'sandbox-slow-1@example.org': 'unconfirmed',
      'sandbox-invalid-rejected-1@example.org': 'refused',
      'ben@example.org': 'erased',
    })
    expect(detail).toMatchObject({ phase: 'open', waiting: 8, total: 20 })
    expect(detail.waitingGroups.map(({ state, count, strangers }) => [state, count, strangers])).toEqual(
      expect.arrayContaining([
        ['unconfirmed', 2, 1],
        ['outcome unknown', 4, 0],
        ['unconfirmed', 2, 0],
      ]),
    )
    // Seven calls, and four more until the one at fault is alone.
    expect(eraseCalls(held)).toHaveLength(11)
    expect(held.sandbox.ledger().filter(({ status }) => status === 429)).toEqual([])
  })

  test('sends what the file says in the scope it says, and never more than the plan', async () => {
    const held = await newBench()
    const requestId = await held.sendRequest([
      person('Mixed.Case'),
      { value: '49170', channelId: 'whatsapp' },
      { ...person('elsewhere'), botIds: ['st-2', 'st-3'] },
    ])
    const engine = await engineFor(held)
    expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', waiting: 0 })
    expect(
      eraseCalls(held)
        .toSorted((one, other) => one.botIds.length - other.botIds.length)
        .map(({ identifiers, botIds, removeDataFromAllBots }) => ({ identifiers, botIds, removeDataFromAllBots })),
    ).toEqual([
      {
        identifiers: ['Mixed.Case@example.org', { channel_id: 'whatsapp', channel_user_id: '49170' }],
        botIds: ['st-1'],
        removeDataFromAllBots: false,
      },
      { identifiers: ['elsewhere@example.org'], botIds: ['st-2', 'st-3'], removeDataFromAllBots: false },
    ])
  })

  test('a name that comes after the end still makes an identifier erased', async () => {
    const held = await newBench()
    const requestId = await held.sendRequest([person('ana'), person('sandbox-late-1')])
    const engine = await engineFor(held)
    const atTheEnd = await settled(engine, requestId)
    expect(atTheEnd.counts).toEqual({ erased: 1, unconfirmed: 1 })
    const later = await engine.until(async () => {
      const detail = await detailOf(engine.database, requestId)
      return detail.counts.erased === 2 ? detail : undefined
    })
    expect(later).toMatchObject({ phase: 'closed', waiting: 0 })
  })

  test('an unknown outcome is sent again only by a decision, with the old call still on record', async () => {
    const held = await newBench()
    const requestId = await held.sendRequest([person('sandbox-cut-before-recorded-1'), person('ana')])
    const engine = await engineFor(held)
    const detail = await settled(engine, requestId)
    expect(detail.counts).toEqual({ 'outcome unknown': 2 })
    const target = { all: true } as const
    const decision = { requestId, target, state: 'outcome unknown', decision: 'send again', now: Date.now() } as const
    must(await engine.database.decide({ ...decision, reason: 'The vendor has no record of it.' }))
    engine.wake()
    expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { erased: 2 } })
    expect(eraseCalls(held).map(({ tookEffect }) => tookEffect)).toEqual([false, true])
  })
})

describe('pause, stop and restart', () => {
  test('a paused request begins no call until it goes on', async () => {
    const held = await newBench({ perCall: 1, sandbox: { latencyMilliseconds: { minimum: 60, maximum: 60 } } })
    const requestId = await held.sendRequest(people(24))
    let onIdle = () => {}
    const engine = await engineFor(held, (database) => ({
      database: {
        ...database,
        reserveCall: async (input) => {
          const reservation = await database.reserveCall(input)
          if (reservation.ok && reservation.value.kind === 'idle') onIdle()
          return reservation
        },
      },
    }))
    await held.sandbox.waitForCall(({ sequence }) => sequence >= 6)
    must(await engine.database.setPaused({ requestId, paused: true, now: Date.now() }))
    const journalled = held.attempts().length
    await engine.until(() => (engine.status().callsUnderWay === 0 ? true : undefined))
    const idle = new Promise<void>((resolve) => {
      onIdle = resolve
    })
    engine.wake()
    await idle
    expect(held.attempts()).toHaveLength(journalled)
    expect(held.attempts().every(({ ending }) => ending !== null)).toBe(true)
    expect((await detailOf(engine.database, requestId)).counts.queued).toBeGreaterThan(0)

    must(await engine.database.setPaused({ requestId, paused: false, now: Date.now() }))
    engine.wake()
    expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed' })
    expect(held.states(requestId)).toEqual(all(24, 'erased'))
  })

  test('stop begins nothing more at once, waits for the call under way, and frees the lock', async () => {
    const held = await newBench({ perCall: 1, sandbox: { latencyMilliseconds: { minimum: 500, maximum: 500 } } })
    const requestId = await held.sendRequest(people(12))
    const engine = await engineFor(held)
    await held.sandbox.waitForCall(({ tookEffect }) => tookEffect)
    const toldAt = Date.now()
    const stopping = engine.stop()
    expect(engine.status()).toMatchObject({ sends: false, stopping: true })
    await stopping
    expect(engine.status()).toMatchObject({ callsUnderWay: 0, reason: 'Sending is stopped.' })
    const attempts = held.attempts()
    expect(attempts.filter(({ reservedAt }) => reservedAt > toldAt)).toEqual([])
    expect(attempts.every(({ ending }) => ending === 'accepted' || ending === 'not sent')).toBe(true)
    expect(held.sandbox.ledger().filter(({ receivedAt }) => receivedAt > toldAt + 1000)).toEqual([])
    expect(held.sandbox.ledger().every(({ ended }) => ended === 'answered')).toBe(true)
    expect(Object.values(held.states(requestId))).not.toContain('sending')
    await endEngine(engine)

    const next = await engineFor(held)
    await next.until(() => (next.status().sends ? true : undefined))
    await settled(next, requestId)
    expect([...timesErased(held).values()]).toEqual(Array.from({ length: 12 }, () => 1))
  })

  test('closing and opening the history again and again loses nothing and sends nothing twice', async () => {
    const held = await newBench({ perCall: 1, sandbox: { latencyMilliseconds: { minimum: 20, maximum: 40 } } })
    const requestId = await held.sendRequest(people(30))
    for (const calls of [5, 12, 19, 26]) {
      const engine = await engineFor(held)
      await held.sandbox.waitForCall(({ sequence }) => sequence >= calls)
      await endEngine(engine)
      expect(Object.values(held.states(requestId))).not.toContain('outcome unknown')
    }
    await settled(await engineFor(held), requestId)
    expect(held.states(requestId)).toEqual(all(30, 'erased'))
    expect([...timesErased(held).values()]).toEqual(Array.from({ length: 30 }, () => 1))
    expect(new Set(held.attempts().map(({ epoch }) => epoch)).size).toBe(5)
  })
})

describe('the line', () => {
  test('stops at a wrong secret, tells why, and goes on after the fix', async () => {
    const held = await newBench({ perCall: 2, secret: 'not the secret of this app' })
    const requestId = await held.sendRequest(people(12))
    const engine = await engineFor(held)
    const stopped = await engine.until(async () => {
      // Calls that left side by side with the first refused one end after it.
      const detail = await detailOf(engine.database, requestId)
      return detail.connectionStopped && detail.counts.sending === undefined ? detail : undefined
    })
    expect(stopped.counts).toEqual({ queued: 12 })
    expect(stopped.standstill).not.toBeNull()
    const refused = held.sandbox.ledger().length
    expect(refused).toBeGreaterThan(0)
    expect(refused).toBeLessThanOrEqual(4)
    const connectionId = held.connection.id
    const connection = must(await engine.database.read('getConnection', { connectionId }, Date.now()))
    expect(connection.stopped).toMatchObject({ title: 'Kore.ai does not accept the signature' })

    must(await held.secrets.write(secretReference, held.sandbox.ready.apps[0]?.clientSecret ?? ''))
    must(await engine.database.resumeConnection({ connectionId, now: Date.now() }))
    engine.wake()
    expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { erased: 12 } })
    expect(eraseCalls(held)).toHaveLength(refused + 6)
  })

  test('stops at a locked keychain with nothing sent and nothing counted', async () => {
    const held = await newBench({ perCall: 2 })
    held.secrets.lock(true)
    const requestId = await held.sendRequest(people(4))
    const engine = await engineFor(held)
    await engine.until(async () => {
      if (engine.status().callsUnderWay > 0) return undefined
      const detail = await detailOf(engine.database, requestId)
      return detail.connectionStopped ? detail : undefined
    })
    expect(held.sandbox.ledger()).toEqual([])
    expect(new Set(held.attempts().map(({ ending }) => ending))).toEqual(new Set(['not sent']))
    expect(held.states(requestId)).toEqual(all(4, 'queued'))
    const budgets = must(await engine.database.read('listBudgets', {}, Date.now()))
    expect(budgets[0]?.windows[0]?.used).toBe(0)

    held.secrets.lock(false)
    must(await engine.database.resumeConnection({ connectionId: held.connection.id, now: Date.now() }))
    engine.wake()
    expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { erased: 4 } })
  })
})

describe('the budget', () => {
  test('is kept in every window of the vendor: no call of ours is ever answered 429', async () => {
    const windows = [
      { milliseconds: 1000, calls: 6 },
      { milliseconds: 4000, calls: 16 },
    ]
    const held = await newBench({ perCall: 1, windows })
    const requestId = await held.sendRequest(people(20))
    const engine = await engineFor(held)
    await settled(engine, requestId)
    const calls = held.sandbox.ledger()
    expect(calls.filter(({ verdict }) => verdict === 'rate-limited')).toEqual([])
    for (const { milliseconds, calls: most } of windows) {
      const busiest = Math.max(
        ...calls.map(
          ({ receivedAt: from }) =>
            calls.filter(({ receivedAt }) => receivedAt >= from && receivedAt < from + milliseconds).length,
        ),
      )
      expect(busiest).toBeLessThanOrEqual(most)
    }
    expect(held.states(requestId)).toEqual(all(20, 'erased'))
  })

  test('waits where a 429 comes all the same, and counts nobody as failed', async () => {
    const held = await newBench({
      perCall: 1,
      sandbox: {
        accounts: [{ windows: [{ milliseconds: 1500, calls: 4 }] }],
        overLimit: { retryAfter: 'seconds' },
      },
    })
    const requestId = await held.sendRequest(people(8))
    const engine = await engineFor(held)
    await settled(engine, requestId)
    expect(held.sandbox.ledger().some(({ verdict }) => verdict === 'rate-limited')).toBe(true)
    expect(held.states(requestId)).toEqual(all(8, 'erased'))
    expect([...timesErased(held).values()]).toEqual(Array.from({ length: 8 }, () => 1))
  })
})

describe('two engines over one history', () => {
  test('one sends; the other shows, and takes over when the first has stopped', async () => {
    const held = await newBench({ perCall: 1, sandbox: { latencyMilliseconds: { minimum: 40, maximum: 40 } } })
    const requestId = await held.sendRequest(people(16))
    const first = await engineFor(held)
    await first.until(() => (first.status().sends ? true : undefined))
    const second = await engineFor(held)
    await second.until(() => (second.status().reason === null ? undefined : true))
    await held.sandbox.waitForCall(({ sequence }) => sequence >= 6)
    expect(second.status()).toMatchObject({ sends: false, epoch: null, reason: expect.stringContaining('Another') })
    const epochs = new Set(held.attempts().map(({ epoch }) => epoch))
    expect(epochs.size).toBe(1)
    await endEngine(first)
    second.wake()
    await second.until(() => (second.status().sends ? true : undefined))
    await settled(second, requestId)
    expect(held.states(requestId)).toEqual(all(16, 'erased'))
    expect([...timesErased(held).values()]).toEqual(Array.from({ length: 16 }, () => 1))
  })
})
