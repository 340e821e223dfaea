/** A new client secret: the old entry of the keychain lives as long as a call may want it, and no longer. */
import { afterEach, expect, test } from 'vitest'
import { systemClock, systemRandom } from '../../../src/main/adapters/clock/clock.ts'
import { saveConnection } from '../../../src/main/core/connections/save.ts'
import { testConnection } from '../../../src/main/core/connections/test.ts'
import type { Database, SecretStore } from '../../../src/main/core/ports.ts'
import { vendors } from '../../../src/main/vendors/index.ts'
import { fail } from '../../../src/shared/failure.ts'
import type { ConnectionInput } from '../../../src/shared/model/connection.ts'
import {
  engineParts,
  must,
  openHistoryIn,
  person,
  runEngine,
  secretReference,
  startBench,
  type EngineBench,
} from '../../support/engine.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'

const ending: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

/** Memory secrets whose names can be looked at, and a promise of the first that goes. */
function watched(secrets: SecretStore) {
  const names = new Set([secretReference])
  let onGone = () => {}
  const oneGone = new Promise<void>((resolve) => {
    onGone = resolve
  })
  const store: SecretStore = {
    ...secrets,
    write: async (name, secret) => {
      names.add(name)
      return await secrets.write(name, secret)
    },
    remove: async (name) => {
      names.delete(name)
      onGone()
      return await secrets.remove(name)
    },
  }
  return { store, names: () => [...names], oneGone }
}

function save(database: Database, secrets: SecretStore, bench: EngineBench, changed: Partial<ConnectionInput> = {}) {
  const { id, vendor, name, origin, clientId, settings, margin } = bench.connection
  const ports = { database: () => database, secrets, vendors, clock: systemClock, random: systemRandom }
  const secret = bench.sandbox.ready.apps[0]?.clientSecret ?? ''
  const input = { id, vendor, name, origin, clientId, settings, margin, secret, environment: 'production' } as const
  return saveConnection(ports, { ...input, ...changed })
}

async function referenceOf(database: Database, bench: EngineBench): Promise<string> {
  return must(await database.storedConnection(bench.connection.id)).secretReference
}

test('the old entry stays until the calls that were reserved with it have ended', async () => {
  const bench = await startBench({ perCall: 1 })
  const requestId = await bench.sendRequest([person('ana')])
  const { store, names, oneGone } = watched(bench.secrets)
  let open = () => {}
  const isOpen = new Promise<void>((resolve) => {
    open = resolve
  })
  let asked = () => {}
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve
  })
  let reads = 0
  let looks = 0
  let onLook = () => {}
  const engine = await runEngine(bench.folder, bench.secrets, (database) => ({
    database: {
      ...database,
      leftSecrets: async () => {
        const left = await database.leftSecrets()
        looks += 1
        onLook()
        return left
      },
    },
    secrets: {
      ...store,
      read: async (name) => {
        reads += 1
        if (reads === 1) {
          asked()
          await isOpen
        }
        return await store.read(name)
      },
    },
  }))
  ending.push(bench.remove, engine.end)
  await isAsked
  must(await save(engine.database, store, bench))
  const reference = await referenceOf(engine.database, bench)
  expect(reference).not.toBe(secretReference)
  const before = looks
  await new Promise<void>((resolve) => {
    onLook = () => (looks > before ? resolve() : undefined)
    engine.wake()
  })
  expect(names()).toEqual([secretReference, reference])

  open()
  await engine.until(() => (bench.states(requestId)['ana@example.org'] === 'erased' ? true : undefined))
  expect(bench.attempts()[0]).toMatchObject({ kind: 'erase', ending: 'accepted' })
  expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
  engine.wake()
  await oneGone
  expect(names()).toEqual([reference])
})

test('a connection test is made with the secret that is in use when it leaves', async () => {
  const bench = await startBench({ secret: 'a secret that the vendor does not know' })
  const { store } = watched(bench.secrets)
  const engine = await runEngine(bench.folder, bench.secrets, () => ({ secrets: store }))
  ending.push(bench.remove, engine.end)
  const epoch = await engine.until(() => engine.status().epoch ?? undefined)
  const { database } = engine
  let reads = 0
  const secrets: SecretStore = {
    ...store,
    read: async (name) => {
      reads += 1
      const read = await store.read(name)
      if (reads === 1) must(await save(database, store, bench))
      return read
    },
  }
  const ports = { database: () => database, epoch: () => epoch, mayLeave: () => true }
  const parts = { ...engineParts(database, secrets), ...ports }
  expect(must(await testConnection(parts, bench.connection.id))).toMatchObject({ verdict: 'accepted' })
  expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
})

test('with no call under way the old entry goes at once', async () => {
  const bench = await startBench()
  const { store, names, oneGone } = watched(bench.secrets)
  const engine = await runEngine(bench.folder, bench.secrets, () => ({ secrets: store }))
  ending.push(bench.remove, engine.end)
  await engine.until(() => (engine.status().sends ? true : undefined))
  must(await save(engine.database, store, bench))
  engine.wake()
  await oneGone
  expect(names()).toEqual([await referenceOf(engine.database, bench)])
})

test.each([
  ['before the row names the new entry', true],
  ['before the old entry is removed', false],
])('what an end of the process %s leaves behind goes at the next start', async (_when, beforeRow) => {
  const bench = await startBench()
  const { store, names, oneGone } = watched(bench.secrets)
  const database = await openHistoryIn(bench.folder)
  const gone = async () => fail('internal', 'The process ended here.')
  const dying: Database = { ...database, saveConnection: gone, leaveSecret: gone }
  await save(beforeRow ? dying : database, store, bench)
  const reference = await referenceOf(database, bench)
  await database.close()
  expect(names()).toHaveLength(2)

  const engine = await runEngine(bench.folder, bench.secrets, () => ({ secrets: store }))
  ending.push(bench.remove, engine.end)
  await oneGone
  expect(names()).toEqual([reference])
})

test('a save that is refused leaves the old entry alone, and the new one goes', async () => {
  const bench = await startBench()
  const { store, names, oneGone } = watched(bench.secrets)
  const engine = await runEngine(bench.folder, bench.secrets, () => ({ secrets: store }))
  ending.push(bench.remove, engine.end)
  await engine.until(() => (engine.status().sends ? true : undefined))
  const refused = await save(engine.database, store, bench, { accountId: 999 as never })
  expect(refused).toMatchObject({ ok: false, failure: { code: 'invalid-input', field: 'accountId' } })
  engine.wake()
  await oneGone
  expect(names()).toEqual([secretReference])
})

test('a keychain that refuses to remove an entry is asked once, and again at the next start', async () => {
  const bench = await startBench()
  const requestId = await bench.sendRequest([person('ana')])
  const { store, names, oneGone } = watched(bench.secrets)
  let asked = 0
  let onAsked = () => {}
  const isAsked = new Promise<void>((resolve) => {
    onAsked = resolve
  })
  const refusing: SecretStore = {
    ...store,
    remove: async () => {
      asked += 1
      onAsked()
      return fail('keychain-locked', 'The keychain is locked.')
    },
  }
  const engine = await runEngine(bench.folder, bench.secrets, () => ({ secrets: refusing }))
  ending.push(bench.remove)
  await engine.until(() => (engine.status().sends ? true : undefined))
  must(await save(engine.database, store, bench))
  engine.wake()
  await isAsked
  engine.wake()
  await engine.until(() => (bench.states(requestId)['ana@example.org'] === 'erased' ? true : undefined))
  await engine.end()
  expect(asked).toBe(1)
  expect(names()).toHaveLength(2)

  const next = await runEngine(bench.folder, bench.secrets, () => ({ secrets: store }))
  ending.push(next.end)
  await oneGone
})
