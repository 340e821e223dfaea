import { afterEach, expect, test } from 'vitest'
import { startSandbox } from '../../../src/sandbox/server.ts'
import { fail } from '../../../src/shared/failure.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'
import { must, person, runEngine, startBench, type EngineBench, type RunningEngine } from '../../support/engine.ts'

const ending: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

async function started(bench: EngineBench, changed?: Parameters<typeof runEngine>[2]): Promise<RunningEngine> {
  const engine = await runEngine(bench.folder, bench.secrets, changed)
  ending.push(bench.remove, engine.end)
  return engine
}

test('an answer that cannot be written is kept until it can; meanwhile nothing more is sent', async () => {
  const bench = await startBench({ perCall: 1 })
  const requestId = await bench.sendRequest([person(1), person(2), person(3)])
  let full = 2
  let seenWhileFull = 0
  const engine = await started(bench, (database) => ({
    callsAtOnce: 1,
    database: {
      ...database,
      finishErase: async (result, outcome) => {
        if (full === 0) return database.finishErase(result, outcome)
        full -= 1
        seenWhileFull = bench.sandbox.ledger().length
        return fail('disk-full', 'There is no room left on the disk.', { retryable: true })
      },
    },
  }))
  const trouble = await engine.until(() => engine.status().trouble ?? undefined)
  expect(trouble.code).toBe('disk-full')
  expect(engine.status().reason).toBe('Nothing is sent: There is no room left on the disk.')
  await engine.until(() =>
    Object.values(bench.states(requestId)).every((state) => state === 'erased') ? true : undefined,
  )
  expect(seenWhileFull).toBe(1)
  expect(engine.status()).toMatchObject({ trouble: null, reason: null })
  expect(bench.sandbox.ledger().filter(({ call }) => call === 'erase')).toHaveLength(3)
  expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
})

test('a vendor that cannot be reached is tried again later, costs no budget, and nobody is lost', async () => {
  const bench = await startBench({ perCall: 2 })
  const { port, apps, accounts } = bench.sandbox.ready
  const requestId = await bench.sendRequest([person(1), person(2), person(3), person(4)])
  await bench.sandbox.close()
  let online = false
  const engine = await started(bench, () => ({ online: () => online }))
  await engine.until(() =>
    bench.attempts().some(({ ending: end }) => end === 'not sent') && engine.status().callsUnderWay === 0
      ? true
      : undefined,
  )
  expect(new Set(bench.attempts().map(({ ending: end }) => end))).toEqual(new Set(['not sent']))
  expect(new Set(Object.values(bench.states(requestId)))).toEqual(new Set(['queued']))
  expect(must(await engine.database.read('listBudgets', {}, Date.now()))[0]?.windows[0]?.used).toBe(0)

  const back = await startSandbox({
    port,
    apps: [...apps],
    accounts: [...accounts],
    processing: { batchMilliseconds: 100 },
  })
  ending.push(back.close)
  online = true
  engine.wake()
  await engine.until(() =>
    Object.values(bench.states(requestId)).every((state) => state === 'erased') ? true : undefined,
  )
  expect(back.ledger().filter(({ call }) => call === 'erase')).toHaveLength(2)
  expectLedgerMatches({ ledgerEntries: back.ledger(), attempts: bench.attempts() })
})
