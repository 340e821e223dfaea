/** A call that is rejected as a whole, searched for the identifier at fault: the vendor's list of calls is the judge. */
import * as fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { makePlan } from '../../../src/main/core/plan/plan.ts'
import type { Database } from '../../../src/main/core/ports.ts'
import { vendors } from '../../../src/main/vendors/index.ts'
import { callsToFindOne } from '../../../src/shared/model/bisection.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import type { IdentifierState } from '../../../src/shared/model/state.ts'
import {
  must,
  openHistoryIn,
  person,
  runEngine,
  startBench,
  withHistory,
  type BenchChoices,
  type EngineBench,
  type RunningEngine,
  type TestIdentifier,
} from '../../support/engine.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'
import { checkHistory } from '../database/invariants.ts'

const benches: EngineBench[] = []
const engines: RunningEngine[] = []

afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.end()
  for (const bench of benches.splice(0)) await endBench(bench)
})

async function endBench(bench: EngineBench): Promise<void> {
  expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
  withHistory(bench.folder, checkHistory)
  await bench.remove()
}

async function newBench(choices?: BenchChoices): Promise<EngineBench> {
  const bench = await startBench(choices)
  benches.push(bench)
  return bench
}

async function engineFor({ folder, secrets }: EngineBench, callsAtOnce = 4): Promise<RunningEngine> {
  const engine = await runEngine(folder, secrets, () => ({ callsAtOnce }))
  engines.push(engine)
  return engine
}

function detailOf(database: Database, requestId: RequestId) {
  return database.read('getRequest', { requestId }, Date.now()).then(must)
}

/** Waits until nothing of the request is under way, queued only where it is paused. */
function atRest({ until, database }: RunningEngine, requestId: RequestId) {
  return until(async () => {
    const detail = await detailOf(database, requestId)
    const { queued = 0, sending = 0, accepted = 0 } = detail.counts
    return sending + accepted + (detail.paused ? 0 : queued) === 0 ? detail : undefined
  })
}

function batchesOf(database: Database, requestId: RequestId) {
  return database
    .read('listBatches', { requestId, anchor: { index: 0 }, limit: 500 }, Date.now())
    .then((page) => must(page).rows)
}

function eraseCalls({ sandbox }: EngineBench) {
  return sandbox.ledger().filter(({ call }) => call === 'erase')
}

/** How often each identifier stood in a call that the vendor carried out. */
function timesErased(bench: EngineBench): ReadonlyMap<string, number> {
  const names = eraseCalls(bench)
    .filter(({ tookEffect }) => tookEffect)
    .flatMap(({ identifiers }) => identifiers.map((one) => JSON.stringify(one)))
  return new Map(names.map((name) => [name, names.filter((other) => other === name).length]))
}

function countOf(states: Readonly<Record<string, IdentifierState>>, state: IdentifierState): number {
  return Object.values(states).filter((other) => other === state).length
}

const owner = (name: string | number) => person(`sandbox-account-owner-rejected-${name}`)
const invalid = (name: string | number) => person(`sandbox-invalid-rejected-${name}`)
const people = (count: number, name = 'person') =>
  Array.from({ length: count }, (_, index) => person(`${name}-${index}`))

describe('one identifier at fault', () => {
  test('is found alone and refused with the vendor’s words; all others are erased, once each', async () => {
    const bench = await newBench({ perCall: 8 })
    const requestId = await bench.sendRequest([...people(5), owner(1), ...people(10, 'other')])
    const engine = await engineFor(bench)
    const detail = await atRest(engine, requestId)
    expect(detail).toMatchObject({ phase: 'closed', waiting: 0, counts: { erased: 15, refused: 1 } })
    expect(detail.retryGroups).toMatchObject([
      { state: 'refused', count: 1, vendorWords: 'User cannot be deleted: account owner (400)' },
    ])
    expect(eraseCalls(bench)).toHaveLength(2 + callsToFindOne(8))
    expect(new Set(timesErased(bench).values())).toEqual(new Set([1]))
    expect(timesErased(bench).size).toBe(15)

    const batches = await batchesOf(engine.database, requestId)
    const [first] = batches
    expect(first).toMatchObject({ status: 'resolved', children: [{ reason: 'split' }] })
    for (const number of first?.children[0]?.numbers ?? []) {
      expect(batches[number - 1]).toMatchObject({ size: 4, parent: 'batch 1, split' })
    }
    const events = must(
      await engine.database.read('listEvents', { requestId, anchor: { index: 0 }, limit: 100 }, Date.now()),
    )
    expect(events.rows.filter(({ kind }) => kind === 'split').map(({ words }) => words)).toContainEqual(
      expect.stringMatching(
        /^Batch 1 was rejected as a whole: its 8 identifiers go again in halves, as batches \d+ and \d+\.$/,
      ),
    )
  })

  test('two of them in different halves are both found, and nobody is asked', async () => {
    const bench = await newBench({ perCall: 8 })
    const requestId = await bench.sendRequest([owner(1), ...people(6), owner(2)])
    const detail = await atRest(await engineFor(bench), requestId)
    expect(detail).toMatchObject({ phase: 'closed', paused: false, counts: { erased: 6, refused: 2 } })
  })
})

describe('what is not split', () => {
  test('a call in doubt, also where it is one of a rejected call’s halves', async () => {
    const bench = await newBench({ perCall: 4 })
    const requestId = await bench.sendRequest([
      owner(1),
      person('ana'),
      person('sandbox-cut-after-recorded-1'),
      person('ben'),
    ])
    const engine = await engineFor(bench)
    const detail = await atRest(engine, requestId)
    expect(detail.counts).toEqual({ refused: 1, erased: 1, 'outcome unknown': 2 })
    const unknown = (await batchesOf(engine.database, requestId)).filter(({ status }) => status === 'outcome unknown')
    expect(unknown).toMatchObject([{ size: 2, children: [] }])
    expect(timesErased(bench).get(JSON.stringify('ben@example.org'))).toBe(1)
  })

  test('a call that is rejected for its credentials, under 400 too', async () => {
    const errors = { accountOwner: { status: 400, code: 4002, message: 'Permission denied. Scope is incorrect!' } }
    const bench = await newBench({ perCall: 4, sandbox: { errors } })
    const requestId = await bench.sendRequest([owner(1), ...people(3)])
    const engine = await engineFor(bench)
    await engine.until(async () =>
      (await detailOf(engine.database, requestId)).connectionStopped && engine.status().callsUnderWay === 0
        ? true
        : undefined,
    )
    expect(bench.states(requestId)).toEqual(
      Object.fromEntries([owner(1), ...people(3)].map(({ value }) => [value, 'queued'])),
    )
    expect(await batchesOf(engine.database, requestId)).toMatchObject([{ status: 'queued', children: [] }])
  })
})

describe('a call that is too large', () => {
  test.each([
    ['413', {}],
    [
      'the vendor’s words under 400',
      { errors: { tooLarge: { status: 400, code: 400, message: 'Payload too large' } } },
    ],
  ])('is halved until the vendor takes it, and refuses nobody: %s', async (_, more) => {
    const bench = await newBench({ perCall: 10, sandbox: { maximumIdentifiers: 3, ...more } })
    const requestId = await bench.sendRequest(people(10))
    const detail = await atRest(await engineFor(bench), requestId)
    expect(detail).toMatchObject({ phase: 'closed', counts: { erased: 10 } })
    expect(
      eraseCalls(bench)
        .map(({ identifierCount }) => identifierCount)
        .toSorted((a, b) => b - a),
    ).toEqual([10, 5, 5, 3, 3, 2, 2])
    expect(new Set(timesErased(bench).values())).toEqual(new Set([1]))
  })

  test('makes later calls smaller: the vendor refuses no full one again', async () => {
    const bench = await newBench({ perCall: 10, sandbox: { maximumIdentifiers: 6 } })
    const requestId = await bench.sendRequest(people(60))
    const detail = await atRest(await engineFor(bench, 1), requestId)
    expect(detail).toMatchObject({ phase: 'closed', counts: { erased: 60 } })
    const sizes = eraseCalls(bench).map(({ identifierCount }) => identifierCount)
    expect(sizes).toEqual([10, ...Array.from({ length: 12 }, () => 5)])
    expect(new Set(timesErased(bench).values())).toEqual(new Set([1]))
  })

  test('waits for a person where it is one identifier alone', async () => {
    const bench = await newBench({ perCall: 2, sandbox: { bodyLimitBytes: 600 } })
    const requestId = await bench.sendRequest([person('ana'), person('x'.repeat(700))])
    const detail = await atRest(await engineFor(bench), requestId)
    expect(detail.counts).toEqual({ erased: 1, held: 1 })
    expect(detail.waitingGroups).toMatchObject([{ state: 'held', decisions: ['send again', 'cancel'] }])
  })

  test('holds as many as before once the identifier that was too large is alone and the vendor takes a call', async () => {
    const bench = await newBench({ perCall: 4, sandbox: { bodyLimitBytes: 900 } })
    const requestId = await bench.sendRequest([...people(3), person('x'.repeat(900)), ...people(21, 'later')])
    const engine = await engineFor(bench, 1)
    const detail = await atRest(engine, requestId)
    expect(detail.counts).toEqual({ erased: 24, held: 1 })
    const sizes = eraseCalls(bench).map(({ identifierCount, verdict }) =>
      verdict === 'too-large' ? 'refused' : identifierCount,
    )
    expect(sizes.filter((size) => size === 'refused')).toHaveLength(3)
    expect(sizes.slice(-3)).toEqual([4, 4, 4])
    const connectionId = bench.connection.id
    expect(must(await engine.database.read('getConnection', { connectionId }, Date.now())).tooLarge).toBeNull()
  })
})

describe('where no identifier is at fault', () => {
  test('three in a row with the same words hold the rest back; a person resumes, and is not asked again', async () => {
    const bench = await newBench({ perCall: 32 })
    const ids = Array.from({ length: 320 }, (_, index) => invalid(index))
    const requestId = await bench.sendRequest(ids)
    const engine = await engineFor(bench, 1)
    const paused = await atRest(engine, requestId)
    expect(paused).toMatchObject({ phase: 'open', paused: true, counts: { refused: 3, queued: 317 } })
    expect(paused.pauseCause).toMatchObject({ vendorWords: 'Validation errors/ Invalid arguments (412)' })
    expect(paused.standstill).toBe(paused.pauseCause?.title)
    // One of 32, then half of the half each time, and the other one of the last two.
    expect(eraseCalls(bench).length).toBeLessThanOrEqual(1 + 5 + 1 + 2)
    const overview = must(await engine.database.read('getOverview', {}, Date.now()))
    expect(overview.pausedRequests).toMatchObject([{ requestId }])

    must(await engine.database.cancelUnsent({ requestId, reason: 'The bot was removed.', now: Date.now() }))
    expect(await detailOf(engine.database, requestId)).toMatchObject({
      phase: 'closed',
      pauseCause: null,
      counts: { refused: 3, cancelled: 317 },
    })
  })

  test('with calls side by side not many more are made, and other requests of the connection go on', async () => {
    const bench = await newBench({ perCall: 32 })
    const wrong = await bench.sendRequest(Array.from({ length: 320 }, (_, index) => invalid(index)))
    const right = await bench.sendRequest(people(40))
    const engine = await engineFor(bench)
    const detail = await atRest(engine, right)
    expect(detail).toMatchObject({ phase: 'closed', counts: { erased: 40 } })
    expect(await atRest(engine, wrong)).toMatchObject({ paused: true, connectionStopped: false })
    expect(eraseCalls(bench).length).toBeLessThanOrEqual(40)
  })

  test('resumed, the search goes on to its end and these words ask no more', async () => {
    const bench = await newBench({ perCall: 4 })
    const requestId = await bench.sendRequest([...Array.from({ length: 8 }, (_, index) => owner(index)), ...people(4)])
    const engine = await engineFor(bench, 1)
    expect(await atRest(engine, requestId)).toMatchObject({ paused: true, counts: { refused: 3, queued: 9 } })
    must(await engine.database.setPaused({ requestId, paused: false, now: Date.now() }))
    engine.wake()
    expect(await atRest(engine, requestId)).toMatchObject({
      phase: 'closed',
      pauseCause: null,
      counts: { refused: 8, erased: 4 },
    })
    // No batch of n costs more than 2n - 1 calls.
    expect(eraseCalls(bench)).toHaveLength(7 + 7 + 1)
  })
})

test('a child batch that cannot be written leaves the call without an end, and no parent split', async () => {
  const bench = await newBench({ perCall: 4 })
  const requestId = await bench.sendRequest([owner(1), ...people(3)])
  const forbid = `CREATE TRIGGER no_second_half BEFORE INSERT ON batch
    WHEN NEW.reason = 'split' AND EXISTS (SELECT 1 FROM batch b WHERE b.parent_id = NEW.parent_id)
    BEGIN SELECT RAISE(ABORT, 'the disk broke'); END`
  withHistory(bench.folder, (file) => file.exec(forbid))
  const engine = await engineFor(bench)
  await engine.until(() => engine.status().trouble ?? undefined)
  expect(await batchesOf(engine.database, requestId)).toMatchObject([{ status: 'sending', children: [] }])
  expect(countOf(bench.states(requestId), 'sending')).toBe(4)
  expect(bench.attempts()).toMatchObject([{ ending: null }])

  withHistory(bench.folder, (file) => file.exec('DROP TRIGGER no_second_half'))
  expect((await atRest(engine, requestId)).counts).toEqual({ refused: 1, erased: 3 })
})

/** Requests of any size, calls of any size, and in each call at most one identifier at fault, anywhere. */
const jobs = fc
  .record({
    perCall: fc.integer({ min: 2, max: 12 }),
    size: fc.integer({ min: 1, max: 30 }),
    callsAtOnce: fc.constantFrom(1, 4),
  })
  .chain(({ perCall, size, callsAtOnce }) =>
    fc.record({
      perCall: fc.constant(perCall),
      callsAtOnce: fc.constant(callsAtOnce),
      size: fc.constant(size),
      // One place a call; beyond the end of the call: none is at fault.
      places: fc.array(fc.nat(2 * perCall), {
        minLength: Math.ceil(size / perCall),
        maxLength: Math.ceil(size / perCall),
      }),
    }),
  )

test('a split loses and doubles no identifier, and takes no more calls than the plan says', async () => {
  await fc.assert(
    fc.asyncProperty(jobs, async ({ perCall, size, callsAtOnce, places }) => {
      const bench = await startBench({ perCall, sandbox: { latencyMilliseconds: { minimum: 0, maximum: 0 } } })
      const ids: readonly TestIdentifier[] = Array.from({ length: size }, (_, index) =>
        places[Math.floor(index / perCall)] === index % perCall ? owner(index) : person(index),
      )
      const requestId = await bench.sendRequest(ids)
      const database = await openHistoryIn(bench.folder)
      const basis = must(await database.planBasis({ requestId, now: Date.now(), samplePerGroup: perCall }))
      const plan = must(await makePlan(basis, vendors.kore, Date.now()))
      await database.close()
      const engine = await runEngine(bench.folder, bench.secrets, () => ({ callsAtOnce }))
      // Owners who stand side by side by chance are a question of their own: answered with yes.
      await engine.until(async () => {
        const { paused, counts } = await detailOf(engine.database, requestId)
        if (paused) must(await engine.database.setPaused({ requestId, paused: false, now: Date.now() }))
        if (paused) engine.wake()
        return (counts.queued ?? 0) + (counts.sending ?? 0) === 0 ? true : undefined
      })
      await engine.end()

      const states = bench.states(requestId)
      const owners = ids.filter(({ value }) => value.startsWith('sandbox-'))
      expect(Object.keys(states)).toHaveLength(size)
      expect(owners.map(({ value }) => states[value])).toEqual(owners.map(() => 'refused'))
      const others = ids.filter(({ value }) => !value.startsWith('sandbox-'))
      expect(timesErased(bench)).toEqual(new Map(others.map(({ value }) => [JSON.stringify(value), 1] as const)))
      expect(eraseCalls(bench).length).toBeLessThanOrEqual(plan.eraseCalls + plan.splitting.calls)
      await endBench(bench)
    }),
    { numRuns: 4, seed: Number(process.env['PROPERTY_SEED'] ?? 20261124) },
  )
}, 240_000)
