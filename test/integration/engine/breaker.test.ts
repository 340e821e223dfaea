/** Repeated failures of one connection: its line stops with one notice, the others go on, and one call is tried first. */
import { afterEach, expect, test } from 'vitest'
import type { Database } from '../../../src/main/core/ports.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import { unclearLimits } from '../../../src/shared/model/unclear-calls.ts'
import {
  must,
  person,
  runEngine,
  secretReference,
  startBench,
  withHistory,
  type EngineBench,
  type RunningEngine,
} from '../../support/engine.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'
import { startVirtualTime } from '../../support/virtual-time.ts'

const ending: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

async function started(bench: EngineBench, virtual: ReturnType<typeof startVirtualTime>): Promise<RunningEngine> {
  const engine = await virtual.run(bench)
  ending.push(() => endBoth(engine, bench))
  return engine
}

async function endBoth(engine: RunningEngine, bench: EngineBench): Promise<void> {
  await engine.end()
  expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
  await bench.remove()
}

function detailOf(database: Database, requestId: RequestId) {
  return database.read('getRequest', { requestId }, Date.now()).then(must)
}

function stoppedAndQuiet(engine: RunningEngine, requestId: RequestId) {
  return engine.until(async () => {
    const detail = await detailOf(engine.database, requestId)
    return detail.connectionStopped && detail.counts.sending === undefined ? detail : undefined
  })
}

function stopsIn(bench: EngineBench): number {
  return withHistory(
    bench.folder,
    (file) =>
      file.prepare<[], { count: number }>(`SELECT count(*) AS count FROM event WHERE kind = 'stopped'`).get()?.count ??
      0,
  )
}

const failing = (count: number) => Array.from({ length: count }, (_, index) => person(`sandbox-503-before-${index}`))
const fine = (count: number) => Array.from({ length: count }, (_, index) => person(`person-${index}`))

test('server errors in a row stop the line, with few batches in doubt; resumed, one call goes first, then all', async () => {
  const virtual = startVirtualTime()
  const bench = await startBench({ clock: virtual.clock, perCall: 1 })
  // Twelve calls in a row would be answered with 503, had the line not stopped before.
  const requestId = await bench.sendRequest([...failing(12), ...fine(20)])
  const engine = await started(bench, virtual)
  const begun = virtual.clock.now()
  const stopped = await stoppedAndQuiet(engine, requestId)
  expect(virtual.clock.now() - begun).toBeGreaterThanOrEqual(unclearLimits.overMilliseconds)
  const unknown = stopped.counts['outcome unknown'] ?? 0
  expect(unknown).toBeGreaterThanOrEqual(unclearLimits.inARow)
  expect(unknown).toBeLessThanOrEqual(unclearLimits.inARow + 2)
  expect(stopped).toMatchObject({
    counts: { queued: 32 - unknown },
    standstill: `${unknown} calls in a row got no yes or no from the vendor`,
  })
  expect(stopsIn(bench)).toBe(1)

  // The next is answered so too: one call is tried, and the line stops again.
  must(await engine.database.resumeConnection({ connectionId: bench.connection.id, now: virtual.clock.now() }))
  engine.wake()
  const again = await engine.until(async () => {
    const detail = await detailOf(engine.database, requestId)
    return detail.connectionStopped && (detail.counts['outcome unknown'] ?? 0) > unknown ? detail : undefined
  })
  expect(again).toMatchObject({
    counts: { 'outcome unknown': unknown + 1, queued: 31 - unknown },
    standstill: 'The vendor still gives no yes or no to a call',
  })

  // What still would be answered so is taken back, and the vendor is well again.
  withHistory(bench.folder, (file) =>
    file.exec(`UPDATE identifier SET value = 'well-' || id || '@example.org' WHERE state = 2`),
  )
  const callsBefore = bench.attempts().length
  must(await engine.database.resumeConnection({ connectionId: bench.connection.id, now: virtual.clock.now() }))
  engine.wake()
  await engine.until(async () =>
    (await detailOf(engine.database, requestId)).counts.erased === 31 - unknown ? true : undefined,
  )
  const [trial, second] = bench.attempts().slice(callsBefore)
  expect(second?.reservedAt).toBeGreaterThanOrEqual(trial?.endedAt ?? Infinity)
  expect(stopsIn(bench)).toBe(2)
}, 60_000)

test('a server error now and then slows nothing down for good and stops nothing', async () => {
  const virtual = startVirtualTime()
  const bench = await startBench({ clock: virtual.clock, perCall: 1 })
  const requestId = await bench.sendRequest([...failing(2), ...fine(5), ...failing(4).slice(2), ...fine(12).slice(5)])
  const engine = await started(bench, virtual)
  const detail = await engine.until(async () => {
    const now = await detailOf(engine.database, requestId)
    return now.counts.erased === 12 ? now : undefined
  })
  expect(detail).toMatchObject({ connectionStopped: false, counts: { erased: 12, 'outcome unknown': 4 } })
  expect(stopsIn(bench)).toBe(0)
  expect(
    withHistory(bench.folder, (file) => file.prepare('SELECT pace, unclear_calls, hold_until FROM connection').all()),
  ).toEqual([{ pace: 'full', unclear_calls: 0, hold_until: 0 }])
}, 60_000)

test('after refused credentials other connections go on, and a resume without a fix tries one call alone', async () => {
  const bench = await startBench({ perCall: 1, secret: 'not the secret of this app' })
  const secret = bench.sandbox.ready.apps[0]?.clientSecret ?? ''
  const other = await bench.addConnection()
  must(await bench.secrets.write('the right one', secret))
  withHistory(bench.folder, (file) =>
    file.prepare(`UPDATE connection SET secret_reference = 'the right one' WHERE id = ?`).run(other.id),
  )
  const requestId = await bench.sendRequest(fine(8))
  const free = await bench.sendRequest(fine(6), other)
  const engine = await runEngine(bench.folder, bench.secrets)
  ending.push(() => endBoth(engine, bench))
  await stoppedAndQuiet(engine, requestId)
  await engine.until(async () => ((await detailOf(engine.database, free)).counts.erased === 6 ? true : undefined))
  expect(stopsIn(bench)).toBe(1)
  const own = () => attemptsOf(bench, requestId)
  const refused = own().length

  must(await engine.database.resumeConnection({ connectionId: bench.connection.id, now: Date.now() }))
  engine.wake()
  await engine.until(() => (stopsIn(bench) === 2 ? true : undefined))
  expect(own()).toHaveLength(refused + 1)
  expect((await detailOf(engine.database, requestId)).counts).toEqual({ queued: 8 })

  must(await bench.secrets.write(secretReference, secret))
  must(await engine.database.resumeConnection({ connectionId: bench.connection.id, now: Date.now() }))
  engine.wake()
  await engine.until(async () => ((await detailOf(engine.database, requestId)).counts.erased === 8 ? true : undefined))
  const [trial, second] = own().slice(refused + 1)
  expect(second?.reservedAt).toBeGreaterThanOrEqual(trial?.endedAt ?? Infinity)
}, 60_000)

/** Erase and status calls of one request, in the order in which they were journalled. */
function attemptsOf(bench: EngineBench, requestId: RequestId) {
  return withHistory(bench.folder, (file) =>
    file
      .prepare<[number], { reservedAt: number; endedAt: number | null }>(
        'SELECT reserved_at AS reservedAt, ended_at AS endedAt FROM attempt WHERE request_id = ? ORDER BY id',
      )
      .all(requestId),
  )
}
