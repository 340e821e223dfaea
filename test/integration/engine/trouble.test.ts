import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { deriveKeys } from '../../../src/main/adapters/database/keys.ts'
import { startSandbox } from '../../../src/sandbox/server.ts'
import { fail } from '../../../src/shared/failure.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import { holdInAnotherProcess } from '../../support/holder.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'
import {
  historyKey,
  must,
  openHistoryIn,
  person,
  runEngine,
  startBench,
  type EngineBench,
  type RunningEngine,
} from '../../support/engine.ts'

const ending: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

async function started(bench: EngineBench, changed?: Parameters<typeof runEngine>[2]): Promise<RunningEngine> {
  const engine = await runEngine(bench.folder, bench.secrets, changed)
  ending.push(bench.remove, engine.end)
  return engine
}

function allErased(bench: EngineBench, requestId: RequestId): true | undefined {
  return Object.values(bench.states(requestId)).every((state) => state === 'erased') ? true : undefined
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
  await engine.until(() => allErased(bench, requestId))
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
  const unreached = must(await engine.database.read('getRequest', { requestId }, Date.now()))
  expect(unreached.standstill).toMatch(
    /^The last call did not leave\. .+ It is tried again by itself, with longer pauses\.$/,
  )

  const back = await startSandbox({
    port,
    apps: [...apps],
    accounts: [...accounts],
    processing: { batchMilliseconds: 100 },
  })
  ending.push(back.close)
  online = true
  engine.wake()
  await engine.until(() => allErased(bench, requestId))
  expect(back.ledger().filter(({ call }) => call === 'erase')).toHaveLength(2)
  expectLedgerMatches({ ledgerEntries: back.ledger(), attempts: bench.attempts() })
})

test('an account whose next call cannot be journalled says why, and the others go on', async () => {
  const bench = await startBench({ perCall: 1 })
  const other = await bench.addConnection()
  const stuck = await bench.sendRequest([person(1), person(2)])
  const free = await bench.sendRequest([person(3), person(4)], other)
  let full = true
  const engine = await started(bench, (database) => ({
    database: {
      ...database,
      reserveCall: async (input) =>
        full && input.accountId === bench.connection.accountId
          ? fail('disk-full', 'The disk is full.', { next: 'Free some space.', retryable: true })
          : await database.reserveCall(input),
    },
  }))
  await engine.until(() => allErased(bench, free))
  expect(engine.status()).toMatchObject({
    sends: true,
    reason: 'Nothing is sent for one account: The disk is full. Free some space.',
    trouble: { code: 'disk-full' },
  })
  expect(new Set(Object.values(bench.states(stuck)))).toEqual(new Set(['queued']))

  full = false
  engine.wake()
  await engine.until(() => allErased(bench, stuck))
  expect(engine.status()).toMatchObject({ sends: true, reason: null, trouble: null })
  expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
})

test('a history that another process holds is said on screen until it lets go', async () => {
  const bench = await startBench({ perCall: 1 })
  const requestId = await bench.sendRequest([person(1), person(2)])
  let letGo = async () => {}
  ending.push(async () => await letGo())
  const engine = await started(bench, (database) => ({
    database: {
      ...database,
      takeSenderLock: async (moment) => {
        const taken = await database.takeSenderLock(moment)
        letGo = await holdInAnotherProcess(bench.folder, deriveKeys(historyKey).cipher, 'BEGIN IMMEDIATE')
        return taken
      },
    },
  }))
  const trouble = await engine.until(() => engine.status().trouble ?? undefined)
  expect(trouble.code).toBe('history-locked')
  expect(engine.status().reason).toContain('Nothing is sent: Another process is using the history')
  expect(bench.sandbox.ledger()).toEqual([])
  await letGo()
  await engine.until(() => allErased(bench, requestId))
  expect(engine.status()).toMatchObject({ reason: null, trouble: null })
})

test('accounts that cannot be looked up are said on screen until they can', async () => {
  const bench = await startBench({ perCall: 1 })
  const requestId = await bench.sendRequest([person(1)])
  let broken = true
  const engine = await started(bench, (database) => ({
    database: {
      ...database,
      accountsAtWork: async () =>
        broken ? fail('internal', 'The disk did not answer.') : await database.accountsAtWork(),
    },
  }))
  await engine.until(() => engine.status().trouble ?? undefined)
  expect(engine.status().reason).toBe('Nothing is sent: The disk did not answer.')
  broken = false
  engine.wake()
  await engine.until(() => allErased(bench, requestId))
  expect(engine.status()).toMatchObject({ reason: null, trouble: null })
})

test('a history made read-only while it is open is written to the end; opened again it says so, and nothing is lost', async () => {
  const bench = await startBench({ perCall: 1 })
  const requestId = await bench.sendRequest([person(1), person(2), person(3)])
  const file = join(bench.folder, 'history.db')
  const engine = await started(bench, (database) => ({
    callsAtOnce: 1,
    database: {
      ...database,
      finishErase: async (result, outcome) => {
        chmodSync(file, 0o400)
        chmodSync(bench.folder, 0o500)
        return await database.finishErase(result, outcome)
      },
    },
  }))
  const allClosed = async () => {
    const detail = must(await engine.database.read('getRequest', { requestId }, Date.now()))
    return detail.phase === 'closed' ? detail : undefined
  }
  expect(await engine.until(allClosed)).toMatchObject({ counts: { erased: 3 } })
  await ending.pop()?.()
  await expect(openHistoryIn(bench.folder)).rejects.toThrow('history-read-only')

  chmodSync(bench.folder, 0o700)
  chmodSync(file, 0o600)
  expect(allErased(bench, requestId)).toBe(true)
  expect(bench.sandbox.ledger().filter(({ call }) => call === 'erase')).toHaveLength(3)
  expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
})
