import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { IdentifierState } from '../../../src/shared/model/state.ts'
import { openSendingDesk } from '../../support/chaos/desk.ts'
import type { Kill } from '../../support/chaos/engine-process.ts'
import { buildEngines, type Engines, type Started } from '../../support/chaos/processes.ts'
import type { Step } from '../../support/chaos/steps.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'
import {
  must,
  person,
  runEngine,
  startBench,
  withHistory,
  type EngineBench,
  type RunningEngine,
} from '../../support/engine.ts'

const built: { engines?: Engines } = {}
let held: Readonly<{ bench: EngineBench; remove: () => Promise<void> }> | undefined
const ending: (() => Promise<void>)[] = []

beforeAll(async () => {
  built.engines = await buildEngines()
})

afterAll(() => built.engines?.remove())

afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
  if (held === undefined) return
  expectLedgerMatches({ ledgerEntries: held.bench.sandbox.ledger(), attempts: held.bench.attempts() })
  await held.remove()
  held = undefined
})

const people = Array.from({ length: 8 }, (_, index) => person(`person-${index}`))

function engines(): Engines {
  if (built.engines === undefined) throw new Error('The engines are built')
  return built.engines
}

/** An engine in a process of its own, one call at a time. */
async function startProcess({ folder, secrets }: EngineBench, kill: Kill | null): Promise<Started> {
  const secret = must(await secrets.read('secret of the sandbox')) ?? ''
  return engines().start({ folder, kill, work: { kind: 'send', secret, callsAtOnce: 1, sentAgain: [] } })
}

async function restart(bench: EngineBench): Promise<RunningEngine> {
  const engine = await runEngine(bench.folder, bench.secrets)
  ending.push(engine.end)
  return engine
}

function count(states: Readonly<Record<string, IdentifierState>>): Readonly<Partial<Record<IdentifierState, number>>> {
  const names = Object.values(states)
  return Object.fromEntries(names.map((name) => [name, names.filter((other) => other === name).length]))
}

function eraseCalls({ sandbox }: EngineBench) {
  return sandbox.ledger().filter(({ call }) => call === 'erase')
}

/** How often each identifier was in a call that reached the vendor. */
function timesSeen(bench: EngineBench): Readonly<Record<string, number>> {
  const seen = eraseCalls(bench).flatMap(({ identifiers }) => identifiers.map((one) => JSON.stringify(one)))
  return Object.fromEntries(seen.map((name) => [name, seen.filter((other) => other === name).length]))
}

// Two of eight identifiers are in the call that dies. `missing`: how many of them the vendor never saw.
test.each<{ step: Step; unknown: number; missing: number }>([
  { step: 'before the journal commit', unknown: 0, missing: 0 },
  { step: 'after the journal commit', unknown: 2, missing: 2 },
  { step: 'after the call is noted', unknown: 2, missing: 2 },
  { step: 'after connect', unknown: 2, missing: 2 },
  { step: 'after the first byte', unknown: 2, missing: 2 },
  { step: 'in the middle of the body', unknown: 2, missing: 2 },
  { step: 'after the body', unknown: 2, missing: 0 },
  { step: 'in the middle of the answer', unknown: 2, missing: 0 },
  { step: 'when the answer has begun', unknown: 2, missing: 0 },
  { step: 'before the answer is stored', unknown: 2, missing: 0 },
  { step: 'after the answer is stored', unknown: 0, missing: 0 },
  { step: 'in a poll, after its journal commit', unknown: 0, missing: 0 },
  { step: 'in a poll, before the answer is stored', unknown: 0, missing: 0 },
  { step: 'in a poll, after the answer is stored', unknown: 0, missing: 0 },
])('killed $step', async ({ step, unknown, missing }) => {
  const desk = await openSendingDesk(engines(), { perCall: 2 })
  held = desk
  const { bench } = desk
  const requestId = await desk.send(people.length)
  await desk.killed({ step, skip: 1, microseconds: 0 })

  // What the journal holds was written before the call; a call without an end is the one that died.
  const before = bench.attempts()
  expect(before.filter(({ ending: end }) => end === null).length).toBeLessThanOrEqual(1)
  const callsBefore = eraseCalls(bench).length

  const engine = await restart(bench)
  await engine.until(() => {
    const { queued = 0, sending = 0, accepted = 0 } = count(bench.states(requestId))
    return queued + sending + accepted === 0 ? true : undefined
  })
  const expected = unknown === 0 ? { erased: 8 } : { erased: 8 - unknown, 'outcome unknown': unknown }
  expect(count(bench.states(requestId))).toEqual(expected)

  const times = timesSeen(bench)
  expect(Object.values(times).every((seen) => seen === 1)).toBe(true)
  const unseen = people.filter(({ value }) => times[JSON.stringify(value)] === undefined)
  expect(unseen).toHaveLength(missing)
  const lost = people.filter(({ value }) => bench.states(requestId)[value] === 'outcome unknown')
  expect(lost.map(({ value }) => value)).toEqual(expect.arrayContaining(unseen.map(({ value }) => value)))
  expect(eraseCalls(bench).length - callsBefore).toBeLessThanOrEqual(4)
  expect(bench.attempts().every(({ ending: end }) => end !== null)).toBe(true)

  const detail = must(await engine.database.read('getRequest', { requestId }, Date.now()))
  expect(detail).toMatchObject({ waiting: unknown, phase: unknown === 0 ? 'closed' : 'open' })
})

test.each<{ step: Step; split: boolean }>([
  { step: 'before the answer is stored', split: false },
  { step: 'after the answer is stored', split: true },
])(
  'killed $step of a rejected call: its batch is in doubt and whole, or split with both of its halves',
  async (order) => {
    const desk = await openSendingDesk(engines(), { perCall: 2 })
    held = desk
    const { bench } = desk
    const atFault = person('sandbox-account-owner-rejected-1')
    const requestId = await bench.sendRequest([atFault, ...people.slice(0, 3)])
    await desk.killed({ step: order.step, skip: 0, microseconds: 0 })
    const batches = withHistory(bench.folder, (file) =>
      file.prepare('SELECT number, status, size, parent_id FROM batch ORDER BY number').all(),
    )
    expect(batches).toEqual(
      order.split
        ? [
            { number: 1, status: 'resolved', size: 2, parent_id: null },
            { number: 2, status: 'queued', size: 1, parent_id: 1 },
            { number: 3, status: 'queued', size: 1, parent_id: 1 },
          ]
        : [{ number: 1, status: 'sending', size: 2, parent_id: null }],
    )

    const engine = await restart(bench)
    await engine.until(() => {
      const { queued = 0, sending = 0, accepted = 0 } = count(bench.states(requestId))
      return queued + sending + accepted === 0 ? true : undefined
    })
    // The vendor did reject it, but nobody knows: a doubt is never split.
    expect(count(bench.states(requestId))).toEqual(
      order.split ? { refused: 1, erased: 3 } : { 'outcome unknown': 2, erased: 2 },
    )
    expect(eraseCalls(bench)).toHaveLength(order.split ? 4 : 2)
  },
)

test('killed from outside with calls under way: every one of them waits for a person, and each is resolved once', async () => {
  const bench = await startBench({ perCall: 2, sandbox: { latencyMilliseconds: { minimum: 400, maximum: 400 } } })
  held = { bench, remove: bench.remove }
  const requestId = await bench.sendRequest(people)
  const { process: child, ended } = await startProcess(bench, null)
  await bench.sandbox.waitForCall(({ tookEffect }) => tookEffect)
  child.kill('SIGKILL')
  expect(await ended).toBe('SIGKILL')

  const engine = await restart(bench)
  await engine.until(() => (count(bench.states(requestId)).erased === 6 ? true : undefined))
  expect(count(bench.states(requestId))).toEqual({ erased: 6, 'outcome unknown': 2 })
  must(
    await engine.database.decide({
      requestId,
      target: { all: true },
      state: 'outcome unknown',
      decision: 'treat as sent',
      reason: 'The vendor confirmed by telephone that it arrived.',
      now: Date.now(),
    }),
  )
  expect(count(bench.states(requestId))).toEqual({ erased: 6, unconfirmed: 2 })
  expect(eraseCalls(bench)).toHaveLength(4)
  expect(must(await engine.database.read('getRequest', { requestId }, Date.now()))).toMatchObject({
    waiting: 0,
    phase: 'closed',
  })
})

test('a call that died weighs on the budget until it could have arrived at the latest', async () => {
  const windows = [{ milliseconds: 3000, calls: 2 }]
  const bench = await startBench({ perCall: 1, windows, callTimeoutMilliseconds: 1000 })
  held = { bench, remove: bench.remove }
  const requestId = await bench.sendRequest(people.slice(0, 3))
  const { ended } = await startProcess(bench, { step: 'after connect', skip: 1, microseconds: 0 })
  expect(await ended).toBe('SIGKILL')
  const [first, died] = bench.attempts()
  const engine = await restart(bench)
  await engine.until(() => {
    const { queued = 0, sending = 0 } = count(bench.states(requestId))
    return queued + sending === 0 ? true : undefined
  })
  const third = bench.attempts().find(({ kind, batchId }) => kind === 'erase' && batchId === 3)
  expect(third?.reservedAt).toBeGreaterThanOrEqual((first?.endedAt ?? 0) + 3000)
  const inDeadCallsWindow = bench
    .attempts()
    .filter(({ reservedAt }) => reservedAt > (died?.reservedAt ?? 0) && reservedAt < (died?.reservedAt ?? 0) + 4000)
  expect(inDeadCallsWindow.length).toBeLessThanOrEqual(1)
  expect(bench.sandbox.ledger().filter(({ verdict }) => verdict === 'rate-limited')).toEqual([])
})
