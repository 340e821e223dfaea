/** A status value that nobody documents, for days: it keeps running, is shown raw, and raises a notice. */
import { afterEach, expect, test } from 'vitest'
import { stuckAfterMilliseconds } from '../../../src/shared/model/request.ts'
import { must, person, startBench } from '../../support/engine.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'
import { startVirtualTime } from '../../support/virtual-time.ts'

const hour = 3_600_000

const ending: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

test('no change in seven days is told on the overview and on the request, in the words of the vendor', async () => {
  const virtual = startVirtualTime()
  const { clock } = virtual
  const bench = await startBench({
    clock,
    perCall: 2,
    settings: { firstPollMilliseconds: hour, longestPollMilliseconds: 12 * hour, quietMilliseconds: hour },
    sandbox: { processing: { batchMilliseconds: 1000 } },
  })
  const requestId = await bench.sendRequest([person('sandbox-on-hold'), person('a'), person('b')])
  const engine = await virtual.run(bench)
  ending.push(bench.remove, engine.end)
  const look = async () => {
    const now = clock.now()
    const request = must(await engine.database.read('getRequest', { requestId }, now))
    const overview = must(await engine.database.read('getOverview', {}, now))
    return { now, request, stuck: overview.stuck }
  }
  const early = await engine.until(async () => {
    const seen = await look()
    return seen.request.counts.erased === 2 ? seen : undefined
  })
  expect(early).toMatchObject({ request: { stuck: null, phase: 'open' }, stuck: [] })

  // A machine that sleeps over most of the week makes no call meanwhile, and the test is soon done.
  clock.sleepMachine(stuckAfterMilliseconds - 24 * hour)
  const late = await engine.until(async () => {
    const seen = await look()
    return seen.request.stuck === null ? undefined : seen
  })
  const stuck = { batches: 1, vendorWords: 'ON_HOLD', since: expect.any(Number) }
  expect(late.request).toMatchObject({ stuck, counts: { accepted: 1, erased: 2 }, waiting: 0, phase: 'open' })
  expect(late.request.nextPollAt).not.toBeNull()
  expect(late.stuck).toEqual([{ ...stuck, requestId, requestName: 'Request' }])
  expect(late.now - (late.request.stuck?.since ?? 0)).toBeGreaterThan(stuckAfterMilliseconds)
  // Beside the identifier, and beside its batch, stands what the vendor says.
  const page = { requestId, anchor: { index: 0 }, limit: 10 } as const
  const rows = must(
    await engine.database.read('listIdentifiers', { ...page, states: ['accepted'], search: '' }, late.now),
  ).rows
  expect(rows).toMatchObject([{ value: 'sandbox-on-hold@example.org', vendorWords: 'ON_HOLD' }])
  const batches = must(await engine.database.read('listBatches', page, late.now)).rows
  expect(batches.map(({ vendorWords }) => vendorWords)).toContain('ON_HOLD')
  expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
})
