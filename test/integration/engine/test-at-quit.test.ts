/** A connection test is a call like any other: quitting awaits it, and none leaves after. */
import { afterEach, expect, test } from 'vitest'
import { testConnection, type TestConnectionPorts } from '../../../src/main/core/connections/test.ts'
import type { SecretStore } from '../../../src/main/core/ports.ts'
import { engineParts, must, runEngine, startBench, type RunningEngine } from '../../support/engine.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'

const ending: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

async function start(latency: number) {
  const bench = await startBench({ sandbox: { latencyMilliseconds: { minimum: latency, maximum: latency } } })
  const engine = await runEngine(bench.folder, bench.secrets)
  ending.push(bench.remove, engine.end)
  await engine.until(() => (engine.status().sends ? true : undefined))
  return { bench, engine }
}

function portsOf(engine: RunningEngine, secrets: SecretStore): TestConnectionPorts {
  return {
    ...engineParts(engine.database, secrets),
    database: () => engine.database,
    epoch: () => engine.status().epoch,
    mayLeave: () => engine.status().sends,
  }
}

test('a test under way is awaited, and its end is on record', async () => {
  const { bench, engine } = await start(400)
  const ports = portsOf(engine, bench.secrets)
  const testing = engine.alongside(async () => await testConnection(ports, bench.connection.id))
  await bench.sandbox.waitForCall(() => true)
  expect(engine.status().callsUnderWay).toBe(1)
  await engine.stop()
  expect(bench.attempts()).toMatchObject([{ kind: 'test', ending: 'answered' }])
  expect(must(await testing)).toMatchObject({ verdict: 'accepted' })
  expect(engine.status().callsUnderWay).toBe(0)
})

test('a test that still waits for the keychain does not leave', async () => {
  const { bench, engine } = await start(0)
  let stopping: Promise<void> | undefined
  const { database } = engine
  const ports: TestConnectionPorts = {
    ...portsOf(engine, bench.secrets),
    database: () => ({
      ...database,
      reserveTest: async (input) => {
        const reserved = await database.reserveTest(input)
        stopping = engine.stop()
        return reserved
      },
    }),
  }
  const tested = await engine.alongside(async () => await testConnection(ports, bench.connection.id))
  await stopping
  expect(must(tested)).toMatchObject({ verdict: 'unreachable' })
  expect(bench.sandbox.ledger()).toEqual([])
  expect(bench.attempts()).toMatchObject([{ kind: 'test', ending: 'not sent' }])
  expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
})
