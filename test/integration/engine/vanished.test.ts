/** A vendor that does not know a request id: once it may be slow to know it, twice it is an answer. */
import { afterEach, expect, test } from 'vitest'
import type { HttpReport } from '../../../src/main/core/ports.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import { engineParts, must, person, runEngine, startBench, type RunningEngine } from '../../support/engine.ts'

const ending: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

/** Two people; the first `unknown` status calls are answered with 404 in the vendor's shape. */
async function start(unknown: number) {
  const bench = await startBench({ perCall: 2 })
  const requestId = await bench.sendRequest([person('ana'), person('ben')])
  let asked = 0
  const engine = await runEngine(bench.folder, bench.secrets, (database) => {
    const { http } = engineParts(database, bench.secrets)
    return {
      http: {
        send: async (call, onStage) => {
          const report = await http.send(call, onStage)
          if (call.body !== null) return report
          asked += 1
          return asked <= unknown ? notFound(report) : report
        },
      },
    }
  })
  ending.push(bench.remove, engine.end)
  return { bench, requestId, engine }
}

function notFound(report: HttpReport): HttpReport {
  const body = JSON.stringify({ errors: [{ msg: 'Invalid request id', code: 404 }] })
  return { ...report, answer: { status: 404, headers: {}, body, cut: false } }
}

async function events({ database }: RunningEngine, requestId: RequestId): Promise<readonly string[]> {
  const page = must(await database.read('listEvents', { requestId, anchor: { index: 0 }, limit: 100 }, Date.now()))
  return page.rows.map(({ words }) => words)
}

test('one 404 right after the acceptance settles nobody: it is asked again, and the answer counts', async () => {
  const { bench, requestId, engine } = await start(1)
  const erased = { 'ana@example.org': 'erased', 'ben@example.org': 'erased' }
  await engine.until(() => (JSON.stringify(bench.states(requestId)) === JSON.stringify(erased) ? true : undefined))
  expect((await events(engine, requestId)).filter((words) => words.includes('unconfirmed'))).toEqual([])
})

test('404 again makes the identifiers unconfirmed, with the words of the vendor; a later answer still makes them erased', async () => {
  const { bench, requestId, engine } = await start(3)
  await engine.until(() =>
    Object.values(bench.states(requestId)).every((state) => state === 'unconfirmed') ? true : undefined,
  )
  const page = { requestId, anchor: { index: 0 }, limit: 10 } as const
  const [batch] = must(await engine.database.read('listBatches', page, Date.now())).rows
  expect(batch).toMatchObject({ status: 'finished', vendorWords: 'Invalid request id (404)' })
  expect(batch?.nextPollAt).not.toBeNull()
  expect(await events(engine, requestId)).toContain(
    'Batch 1 is finished, since the vendor no longer knows its request: 2 unconfirmed.',
  )

  await engine.until(() =>
    Object.values(bench.states(requestId)).every((state) => state === 'erased') ? true : undefined,
  )
  const detail = must(await engine.database.read('getRequest', { requestId }, Date.now()))
  expect(detail).toMatchObject({ phase: 'closed', waiting: 0 })
})
