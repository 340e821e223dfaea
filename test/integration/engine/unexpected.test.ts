/** What nobody foresaw breaks in the middle of a call: every attempt still gets its end, and sending goes on. */
import { afterEach, expect, test } from 'vitest'
import { systemRandom } from '../../../src/main/adapters/clock/clock.ts'
import { fail } from '../../../src/shared/failure.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import { vendors } from '../../../src/main/vendors/index.ts'
import { must, person, runEngine, startBench, type EngineBench, type RunningEngine } from '../../support/engine.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'

const ending: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

async function start(changed: Parameters<typeof runEngine>[2]) {
  const bench = await startBench({ perCall: 1 })
  const requestId = await bench.sendRequest([person('ana'), person('ben'), person('cem')])
  const engine = await runEngine(bench.folder, bench.secrets, (database) => ({
    callsAtOnce: 1,
    ...changed?.(database),
  }))
  ending.push(bench.remove, engine.end)
  return { bench, requestId, engine }
}

function broken(): never {
  throw new Error('Nobody foresaw this')
}

/** Breaks the first time it is called, and does what it should from then on. */
function brokenOnce<A extends readonly unknown[], R>(work: (...input: A) => R): (...input: A) => R {
  let calls = 0
  return (...input) => {
    calls += 1
    return calls === 1 ? broken() : work(...input)
  }
}

function allErased({ states }: EngineBench, requestId: RequestId): true | undefined {
  return Object.values(states(requestId)).every((state) => state === 'erased') ? true : undefined
}

function standstill({ database, status }: RunningEngine, requestId: RequestId) {
  return async () => {
    if (status().callsUnderWay > 0) return undefined
    const detail = must(await database.read('getRequest', { requestId }, Date.now()))
    return detail.connectionStopped ? detail : undefined
  }
}

const { kore } = vendors

test.each<[string, Parameters<typeof runEngine>[2]]>([
  ['the call cannot be written', () => ({ vendors: { kore: { ...kore, eraseCall: brokenOnce(kore.eraseCall) } } })],
  ['its sent form cannot be written', () => ({ vendors: { kore: { ...kore, sentForm: brokenOnce(kore.sentForm) } } })],
  ['the signer breaks', () => ({ signer: { sign: async () => broken() } })],
])('before an erase call leaves, %s: nothing was sent, and the line stops with words', async (_what, changed) => {
  const { bench, requestId, engine } = await start(changed)
  const detail = await engine.until(standstill(engine, requestId))
  expect(detail.counts).toEqual({ queued: 3 })
  expect(bench.attempts().map(({ kind, ending: end }) => [kind, end])).toEqual([['erase', 'not sent']])
  expect(bench.sandbox.ledger()).toEqual([])
  const connectionId = bench.connection.id
  const { stopped } = must(await engine.database.read('getConnection', { connectionId }, Date.now()))
  expect(stopped).toMatchObject({ explanation: 'Nothing was sent.' })
  expect(JSON.stringify(stopped)).not.toContain('Nobody foresaw')
})

test('after an erase call has left: the outcome is unknown, and the others go on', async () => {
  const { bench, requestId, engine } = await start(() => ({
    random: { ...systemRandom, fraction: brokenOnce(systemRandom.fraction) },
  }))
  await engine.until(() =>
    Object.values(bench.states(requestId)).filter((state) => state === 'erased').length === 2 ? true : undefined,
  )
  expect(bench.states(requestId)['ana@example.org']).toBe('outcome unknown')
  expect(bench.attempts()[0]).toMatchObject({ kind: 'erase', ending: 'outcome unknown', stage: 'body' })
  expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
})

test('in a status call: it is asked again', async () => {
  const { bench, requestId, engine } = await start(() => ({
    vendors: { kore: { ...kore, namesOf: brokenOnce(kore.namesOf) } },
  }))
  await engine.until(() => allErased(bench, requestId))
  expect(bench.attempts().filter(({ kind, ending: end }) => kind === 'status' && end === 'no answer')).toHaveLength(1)
})

test('an answer that the history never takes in is given up, and asked for again', async () => {
  let refused: number | null = null
  const { bench, requestId, engine } = await start((database) => ({
    database: {
      ...database,
      finishPoll: async (result, outcome) => {
        refused ??= result.attemptId
        return result.attemptId === refused && outcome.kind === 'answer'
          ? fail('internal', 'The history could not do this.')
          : await database.finishPoll(result, outcome)
      },
    },
  }))
  await engine.until(() => allErased(bench, requestId))
  expect(engine.status()).toMatchObject({ reason: null, trouble: null })
  expect(bench.attempts().every(({ ending: end }) => end !== null)).toBe(true)
})

test('before a status call leaves: nothing was sent, and the line stops', async () => {
  const { bench, requestId, engine } = await start(() => ({
    vendors: { kore: { ...kore, statusCall: brokenOnce(kore.statusCall) } },
  }))
  const detail = await engine.until(standstill(engine, requestId))
  expect(bench.attempts().at(-1)).toMatchObject({ kind: 'status', ending: 'not sent' })
  expect(detail.counts.accepted).toBeGreaterThan(0)
  must(await engine.database.resumeConnection({ connectionId: bench.connection.id, now: Date.now() }))
  engine.wake()
  await engine.until(() => allErased(bench, requestId))
})

test('a window or a log that is gone takes no call with it', async () => {
  const { bench, requestId, engine } = await start(() => ({
    onChange: (topic) => (topic === 'budget' ? broken() : undefined),
    log: { info: broken, problem: broken },
  }))
  await engine.until(() => allErased(bench, requestId))
  expect(bench.attempts().every(({ ending: end }) => end !== null)).toBe(true)
})

test('a loop that breaks off is said on screen and begins anew', async () => {
  const { bench, requestId, engine } = await start(() => ({
    random: { ...systemRandom, uuid: brokenOnce(systemRandom.uuid) },
  }))
  await engine.until(() => engine.status().trouble ?? undefined)
  expect(engine.status().reason).toContain('begins anew')
  engine.wake()
  await engine.until(() => allErased(bench, requestId))
  expect(engine.status()).toMatchObject({ reason: null, trouble: null, callsUnderWay: 0 })
})
