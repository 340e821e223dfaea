/** A keychain that asks for a password first: what the operator does meanwhile holds for the calls that wait. */
import { afterEach, expect, test } from 'vitest'
import { must, person, runEngine, startBench } from '../../support/engine.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'

const ending: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

test('a status call that was reserved before a pause does not leave after it', async () => {
  const bench = await startBench({ perCall: 2 })
  const requestId = await bench.sendRequest([person('ana'), person('ben')])
  let asked = () => {}
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve
  })
  let open = () => {}
  const isOpen = new Promise<void>((resolve) => {
    open = resolve
  })
  let reads = 0
  const engine = await runEngine(bench.folder, bench.secrets, () => ({
    secrets: {
      ...bench.secrets,
      read: async (name) => {
        reads += 1
        // The erase call gets its secret at once, the status call after it waits.
        if (reads === 2) {
          asked()
          await isOpen
        }
        return await bench.secrets.read(name)
      },
    },
  }))
  ending.push(bench.remove, engine.end)
  await isAsked
  must(await engine.database.setPaused({ requestId, paused: true, now: Date.now() }))
  open()
  await engine.until(() => (engine.status().callsUnderWay === 0 ? true : undefined))
  expect(bench.sandbox.ledger().map(({ call }) => call)).toEqual(['erase'])
  expect(bench.attempts().map(({ kind, ending: end }) => [kind, end])).toEqual([
    ['erase', 'accepted'],
    ['status', 'not sent'],
  ])

  must(await engine.database.setPaused({ requestId, paused: false, now: Date.now() }))
  engine.wake()
  await engine.until(() =>
    Object.values(bench.states(requestId)).every((state) => state === 'erased') ? true : undefined,
  )
  expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
})
