import { fork } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import type { IdentifierState } from '../../../src/shared/model/state.ts'
import type { ChildOrder, KillPoint } from '../../support/engine-child.ts'
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

let held: EngineBench | undefined
const ending: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
  if (held === undefined) return
  expectLedgerMatches({ ledgerEntries: held.sandbox.ledger(), attempts: held.attempts() })
  await held.remove()
  held = undefined
})

const people = Array.from({ length: 8 }, (_, index) => person(`person-${index}`))

/** A bench whose answers come so late that a call is still under way when it is looked for. */
async function start(): Promise<EngineBench> {
  held = await startBench({ perCall: 2, sandbox: { latencyMilliseconds: { minimum: 30, maximum: 60 } } })
  return held
}

/** Runs an engine in a process of its own until it kills itself. */
async function runUntilKilled({ folder, secrets }: EngineBench, point: KillPoint, calls: number): Promise<void> {
  const secret = must(await secrets.read('secret of the sandbox')) ?? ''
  const order: ChildOrder = { folder, secret, point, calls }
  const child = fork(new URL('../../support/engine-child.ts', import.meta.url), [JSON.stringify(order)])
  ending.push(async () => {
    child.kill('SIGKILL')
  })
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' })
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

// Two of eight identifiers are in the call that dies. `missing`: how many of them the vendor may never have seen.
test.each<{ point: KillPoint; unknown: number; missing: readonly number[] }>([
  { point: 'before a batch is journalled', unknown: 0, missing: [0] },
  { point: 'after a batch is journalled', unknown: 2, missing: [2] },
  { point: 'after the call is noted, before it is made', unknown: 2, missing: [2] },
  { point: 'at the first byte', unknown: 2, missing: [0, 2] },
  { point: 'when the whole call is sent', unknown: 2, missing: [0, 2] },
  { point: 'when the answer begins', unknown: 2, missing: [0] },
  { point: 'before the answer is stored', unknown: 2, missing: [0] },
  { point: 'after the answer is stored', unknown: 0, missing: [0] },
  { point: 'before a status call is made', unknown: 0, missing: [0] },
  { point: 'before the status answer is stored', unknown: 0, missing: [0] },
  { point: 'after the status answer is stored', unknown: 0, missing: [0] },
])('killed $point', async ({ point, unknown, missing: mayBeMissing }) => {
  const bench = await start()
  const requestId = await bench.sendRequest(people)
  await runUntilKilled(bench, point, 1)

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
  const missing = people.filter(({ value }) => times[JSON.stringify(value)] === undefined)
  expect(mayBeMissing).toContain(missing.length)
  const lost = people.filter(({ value }) => bench.states(requestId)[value] === 'outcome unknown')
  expect(lost.map(({ value }) => value)).toEqual(expect.arrayContaining(missing.map(({ value }) => value)))
  expect(eraseCalls(bench).length - callsBefore).toBeLessThanOrEqual(4)
  expect(bench.attempts().every(({ ending: end }) => end !== null)).toBe(true)

  const detail = must(await engine.database.read('getRequest', { requestId }, Date.now()))
  expect(detail).toMatchObject({ waiting: unknown, phase: unknown === 0 ? 'closed' : 'open' })
})

test.each<{ point: KillPoint; split: boolean }>([
  { point: 'before the answer is stored', split: false },
  { point: 'after the answer is stored', split: true },
])(
  'killed $point of a rejected call: its batch is in doubt and whole, or split with both of its halves',
  async (order) => {
    const bench = await start()
    const atFault = person('sandbox-account-owner-rejected-1')
    const requestId = await bench.sendRequest([atFault, ...people.slice(0, 3)])
    await runUntilKilled(bench, order.point, 0)
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
  held = await startBench({ perCall: 2, sandbox: { latencyMilliseconds: { minimum: 400, maximum: 400 } } })
  const bench = held
  const requestId = await bench.sendRequest(people)
  const order: ChildOrder = {
    folder: bench.folder,
    secret: must(await bench.secrets.read('secret of the sandbox')) ?? '',
    point: 'before the answer is stored',
    calls: 100,
  }
  const child = fork(new URL('../../support/engine-child.ts', import.meta.url), [JSON.stringify(order)])
  await bench.sandbox.waitForCall(({ tookEffect }) => tookEffect)
  child.kill('SIGKILL')
  await once(child, 'exit')

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
  held = await startBench({ perCall: 1, windows: [{ milliseconds: 3000, calls: 2 }], callTimeoutMilliseconds: 1000 })
  const bench = held
  const requestId = await bench.sendRequest(people.slice(0, 3))
  await runUntilKilled(bench, 'at the first byte', 1)
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
