/** Tasks that are taken back while the vendor allows it. */
import { describe, expect, test } from 'vitest'
import type { BatchId, RequestId } from '../../../src/shared/model/ids.ts'
import { must, type EngineBench, type RunningEngine } from '../../support/engine.ts'
import {
  batchesOf,
  calls,
  decide,
  deletions,
  detailOf,
  endEngine,
  engineFor,
  eventsOf,
  ids,
  judgeAfterEach,
  newBench,
  settled,
  timesErased,
  untilAll,
  windowOver,
} from './support.ts'

judgeAfterEach()

const day = 86_400_000
/** A task that waits at the vendor for as long as the test needs. */
const waiting = { pendingMilliseconds: day, stagingMilliseconds: 0, startedMilliseconds: 0 }
const started = { pendingMilliseconds: 0, stagingMilliseconds: 0, startedMilliseconds: 2500 }

/** The first batch of the request once the vendor has accepted it. */
async function acceptedBatch(engine: RunningEngine, requestId: RequestId): Promise<BatchId> {
  return await engine.until(async () => {
    const [batch] = await batchesOf(engine.database, requestId)
    return batch?.status === 'accepted' ? batch.id : undefined
  })
}

async function askToCancel(bench: EngineBench, engine: RunningEngine, requestId: RequestId): Promise<void> {
  const batchId = await acceptedBatch(engine, requestId)
  must(await windowOver(bench, engine).cancel(requestId, batchId))
}

describe('in time', () => {
  test.each([
    ['PENDING', { ...waiting }],
    ['STAGING', { ...waiting, pendingMilliseconds: 0, stagingMilliseconds: day }],
  ])('while it is %s the batch is taken back, and nobody is erased', async (word, processing) => {
    const bench = await newBench({ mixpanel: { processing } })
    const requestId = await bench.sendRequest(ids('ana', 'ben'))
    const engine = await engineFor(bench)
    await engine.until(async () => {
      const [batch] = await windowOver(bench, engine).batches(requestId)
      return batch?.vendorWords === word && batch.polls > 0 ? true : undefined
    })
    expect(await windowOver(bench, engine).batches(requestId)).toMatchObject([
      { mayBeCancelled: true, cancelAsked: false },
    ])
    await askToCancel(bench, engine, requestId)
    expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { revoked: 2 } })
    expect(calls(bench, 'cancel').map(({ verdict }) => verdict)).toEqual(['accepted'])
    expect(bench.sandbox.tasks()).toMatchObject([{ status: 'REVOKED', erasedIds: [] }])
    expect(await windowOver(bench, engine).batches(requestId)).toMatchObject([
      { status: 'finished', mayBeCancelled: false, cancelAsked: false, nextPollAt: null },
    ])
    const events = (await eventsOf(engine.database, requestId)).join('\n')
    expect(events).toContain('Batch 1 is to be taken back at the vendor.')
    expect(events).toContain('Batch 1 was taken back at the vendor: 2 identifiers. Nothing of it is erased.')
  })

  test('ahead of everything that waits to be sent, and others go on', async () => {
    const bench = await newBench({
      perCall: 1,
      windows: [{ milliseconds: 400, calls: 1 }],
      mixpanel: { processing: waiting },
    })
    const requestId = await bench.sendRequest(ids('a', 'b', 'c', 'd', 'e', 'f'))
    const engine = await engineFor(bench)
    await askToCancel(bench, engine, requestId)
    await engine.until(() => (bench.states(requestId)['a'] === 'revoked' ? true : undefined))
    const kinds = bench.sandbox.ledger().map(({ call }) => call)
    expect(kinds.indexOf('cancel')).toBeLessThan(6)
    await engine.until(() => (deletions(bench).length === 6 ? true : undefined))
  })

  test('while the request is paused', async () => {
    const bench = await newBench({ mixpanel: { processing: waiting } })
    const requestId = await bench.sendRequest(ids('ana'))
    const engine = await engineFor(bench)
    const batchId = await acceptedBatch(engine, requestId)
    must(await engine.database.setPaused({ requestId, paused: true, now: Date.now() }))
    must(await windowOver(bench, engine).cancel(requestId, batchId))
    await untilAll(bench, engine, requestId, 'revoked')
    expect(bench.sandbox.tasks()).toMatchObject([{ status: 'REVOKED' }])
  })

  test('asked for twice, it is one call', async () => {
    const bench = await newBench({ mixpanel: { processing: waiting } })
    const requestId = await bench.sendRequest(ids('ana'))
    const engine = await engineFor(bench)
    const batchId = await acceptedBatch(engine, requestId)
    const window = windowOver(bench, engine)
    await Promise.all([window.cancel(requestId, batchId), window.cancel(requestId, batchId)])
    await untilAll(bench, engine, requestId, 'revoked')
    expect(calls(bench, 'cancel')).toHaveLength(1)
    expect(await window.cancel(requestId, batchId)).toMatchObject({ ok: false, failure: { code: 'wrong-state' } })
  })
})

describe('too late', () => {
  test('once it has STARTED it is not offered; refused by the vendor it goes on and is erased', async () => {
    const bench = await newBench({ mixpanel: { processing: started } })
    const requestId = await bench.sendRequest(ids('ana'))
    const engine = await engineFor(bench)
    await askToCancel(bench, engine, requestId)
    expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { erased: 1 } })
    expect(calls(bench, 'cancel').map(({ verdict, status }) => [verdict, status])).toEqual([['too-late', 405]])
    // It is settled: how the try to take it back ended says nothing more.
    expect(await windowOver(bench, engine).batches(requestId)).toMatchObject([{ lastCancel: null }])
    expect(await eventsOf(engine.database, requestId)).toContain(
      'Batch 1 is not taken back: the vendor says that it is too late. It goes on.',
    )
  })

  test('the vendor’s words for it, whoever they name, stand with the call and not in the event log', async () => {
    const words = 'Method Not Allowed: ana is being deleted'
    const bench = await newBench({ mixpanel: { processing: started, errors: { tooLate: { message: words } } } })
    const requestId = await bench.sendRequest(ids('ana'))
    const engine = await engineFor(bench)
    await askToCancel(bench, engine, requestId)
    await settled(engine, requestId)
    expect((await eventsOf(engine.database, requestId)).join('\n')).not.toContain('ana is')
    const page = { requestId, anchor: { index: 0 }, limit: 100 } as const
    const { rows } = must(await engine.database.read('listAttempts', page, Date.now()))
    expect(rows.find(({ kind }) => kind === 'cancel')).toMatchObject({ vendorWords: words })
  })

  test('while it goes on, the batch says that it was too late, with the vendor’s words', async () => {
    const words = 'Method Not Allowed: it is being deleted'
    const slow = { ...started, startedMilliseconds: day }
    const bench = await newBench({ mixpanel: { processing: slow, errors: { tooLate: { message: words } } } })
    const requestId = await bench.sendRequest(ids('ana'))
    const engine = await engineFor(bench)
    await askToCancel(bench, engine, requestId)
    const batch = await engine.until(async () => {
      const [row] = await windowOver(bench, engine).batches(requestId)
      return row?.lastCancel === null ? undefined : row
    })
    expect(batch).toMatchObject({ status: 'accepted', lastCancel: { came: 'too late', vendorWords: words } })
  })

  test('is offered by the vendor’s last word alone', async () => {
    const bench = await newBench({ mixpanel: { processing: started } })
    const requestId = await bench.sendRequest(ids('ana'))
    const engine = await engineFor(bench)
    await engine.until(async () => {
      const [batch] = await windowOver(bench, engine).batches(requestId)
      return batch?.vendorWords === 'STARTED' ? true : undefined
    })
    expect(await windowOver(bench, engine).batches(requestId)).toMatchObject([{ mayBeCancelled: false }])
  })

  test('finished meanwhile: the batch keeps the result that the vendor gave it', async () => {
    const bench = await newBench({ mixpanel: { processing: { ...started, startedMilliseconds: 0 } } })
    const requestId = await bench.sendRequest(ids('ana'))
    const engine = await engineFor(bench)
    await askToCancel(bench, engine, requestId)
    expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { erased: 1 } })
    expect(timesErased(bench)).toEqual({ ana: 1 })
  })
})

test('a wish that nobody carried out before the vendor was done stands no longer', async () => {
  const bench = await newBench({ mixpanel: { processing: started } })
  const requestId = await bench.sendRequest(ids('ana'))
  const engine = await engineFor(bench, (database) => ({
    database: {
      ...database,
      // While a cancellation is due it goes first: it is asked for between the last status call and its answer.
      finishPoll: async (result, outcome) => {
        if (outcome.kind === 'answer' && outcome.finished) {
          const batchId = await acceptedBatch(engine, requestId)
          must(await database.askToCancel({ requestId, batchId, reason: 'Sent by mistake.', now: Date.now() }))
        }
        return await database.finishPoll(result, outcome)
      },
    },
  }))
  expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { erased: 1 } })
  expect(await batchesOf(engine.database, requestId)).toMatchObject([{ status: 'finished', cancelAsked: false }])
  expect(calls(bench, 'cancel')).toEqual([])
})

describe('in doubt', () => {
  test.each([
    ['sandbox-cancel-cut-after', 'revoked'],
    ['sandbox-cancel-500-after', 'revoked'],
  ])('%s: it was cancelled, and the next status call shows it', async (name, state) => {
    const bench = await newBench({ mixpanel: { processing: waiting } })
    const requestId = await bench.sendRequest(ids(name, 'beside'))
    const engine = await engineFor(bench)
    await askToCancel(bench, engine, requestId)
    await settled(engine, requestId)
    expect(bench.states(requestId)).toEqual({ [name]: state, beside: state })
    expect(calls(bench, 'cancel')).toHaveLength(1)
    const events = (await eventsOf(engine.database, requestId)).join('\n')
    expect(events).toContain('Batch 1 may or may not have been taken back: the next status call shows it.')
    expect(events).not.toContain('was not taken back')
  })

  test('until the vendor has answered a status call it stays in doubt, and may be asked for again all the same', async () => {
    const bench = await newBench({ mixpanel: { processing: waiting } })
    const requestId = await bench.sendRequest(ids('sandbox-cancel-cut-before'))
    const engine = await engineFor(bench, (database) => ({
      database: {
        ...database,
        // No answer about it can be used.
        finishPoll: async (result, _outcome) => {
          const again = { kind: 'again', nextPollAt: result.endedAt + 100, words: null } as const
          return await database.finishPoll({ ...result, ending: 'no answer' }, again)
        },
      },
    }))
    await askToCancel(bench, engine, requestId)
    await engine.until(() => (calls(bench, 'cancel', 'status').at(-1)?.call === 'status' ? true : undefined))
    const [batch] = await engine.until(async () => {
      const rows = await windowOver(bench, engine).batches(requestId)
      return rows[0]?.cancelAsked === false && rows[0].polls > 0 ? rows : undefined
    })
    expect(batch).toMatchObject({ mayBeCancelled: true, lastCancel: { came: 'in doubt' } })
  })

  test.each([['sandbox-cancel-cut-before'], ['sandbox-cancel-500-before']])(
    '%s: it was not cancelled; the batch goes on and may be asked for again',
    async (name) => {
      const bench = await newBench({ mixpanel: { processing: waiting } })
      const requestId = await bench.sendRequest(ids(name))
      const engine = await engineFor(bench)
      await askToCancel(bench, engine, requestId)
      const batch = await engine.until(async () => {
        const [row] = await windowOver(bench, engine).batches(requestId)
        return row?.lastCancel?.came === 'not done' ? row : undefined
      })
      expect(calls(bench, 'cancel')).toHaveLength(1)
      expect(batch).toMatchObject({
        status: 'accepted',
        mayBeCancelled: true,
        cancelAsked: false,
        lastCancel: { came: 'not done', vendorWords: null },
      })
      const events = await eventsOf(engine.database, requestId)
      const told = 'Batch 1 was not taken back, as the vendor’s next answer shows.'
      expect(events.filter((words) => words === told)).toHaveLength(1)
      await askToCancel(bench, engine, requestId)
      await untilAll(bench, engine, requestId, 'revoked')
      expect(await windowOver(bench, engine).batches(requestId)).toMatchObject([{ lastCancel: null }])
      expect((await eventsOf(engine.database, requestId)).filter((words) => words === told)).toHaveLength(1)
      expect(bench.sandbox.tasks()).toMatchObject([{ status: 'REVOKED' }])
    },
  )
})

describe('over a restart', () => {
  test('a wish that was written down is carried out by the next engine', async () => {
    const bench = await newBench({ mixpanel: { processing: waiting } })
    const requestId = await bench.sendRequest(ids('ana'))
    const first = await engineFor(bench)
    const batchId = await acceptedBatch(first, requestId)
    await first.stop()
    const now = Date.now()
    must(await first.database.askToCancel({ requestId, batchId, reason: 'Sent by mistake.', now }))
    await endEngine(first)
    expect(calls(bench, 'cancel')).toEqual([])

    const second = await engineFor(bench)
    await untilAll(bench, second, requestId, 'revoked')
    expect(await detailOf(second.database, requestId)).toMatchObject({ phase: 'closed', counts: { revoked: 1 } })
    expect(calls(bench, 'cancel').map(({ verdict }) => verdict)).toEqual(['accepted'])
  })

  test('the app ends while the call is under way: the next engine asks again, and learns that it was done', async () => {
    const bench = await newBench({ mixpanel: { processing: waiting } })
    const requestId = await bench.sendRequest(ids('ana'))
    // Its answer is never written down, as where the process dies.
    const lost = await engineFor(bench, (database) => ({
      database: {
        ...database,
        finishCancel: async () => ({
          ok: false,
          failure: { code: 'not-the-sender', message: 'Gone.', retryable: false },
        }),
      },
    }))
    await askToCancel(bench, lost, requestId)
    await bench.sandbox.waitForCall(({ call, ended }) => call === 'cancel' && ended !== 'open')
    await endEngine(lost)
    expect(bench.states(requestId)).toEqual({ ana: 'accepted' })

    const next = await engineFor(bench)
    await untilAll(bench, next, requestId, 'revoked')
    expect(calls(bench, 'cancel').map(({ verdict }) => verdict)).toEqual(['accepted', 'too-late'])
    expect(await detailOf(next.database, requestId)).toMatchObject({ phase: 'closed', counts: { revoked: 1 } })
  })
})

test('what was taken back may be sent again by a decision, in a batch of its own; the request is open again', async () => {
  const bench = await newBench({ perCall: 2, mixpanel: { processing: waiting } })
  const requestId = await bench.sendRequest(ids('ana', 'ben'))
  const engine = await engineFor(bench)
  await askToCancel(bench, engine, requestId)
  const closed = await settled(engine, requestId)
  expect(closed).toMatchObject({ phase: 'closed', waiting: 0, waitingGroups: [] })
  expect(closed.retryGroups).toMatchObject([
    { state: 'revoked', by: 'state', count: 2, title: '2 identifiers: revoked', decisions: ['send again'] },
  ])
  // The last word about the task, PENDING, says nothing of why they are revoked.
  expect(JSON.stringify(closed.retryGroups)).not.toContain('PENDING')
  expect(await windowOver(bench, engine).batches(requestId)).toMatchObject([{ open: [{ state: 'revoked', count: 2 }] }])

  await decide(engine, requestId, 'revoked', 'send again')
  await untilAll(bench, engine, requestId, 'accepted')
  const again = await detailOf(engine.database, requestId)
  expect(again).toMatchObject({ phase: 'open', counts: { accepted: 2 }, retryGroups: [] })
  expect(await windowOver(bench, engine).batches(requestId)).toMatchObject([
    { number: 1, status: 'finished', children: [{ reason: 'resend', numbers: [2] }], open: [] },
    { number: 2, status: 'accepted', parent: 'batch 1, sent again', mayBeCancelled: true },
  ])
  expect(await eventsOf(engine.database, requestId)).toContain(
    'Decided for 2 identifiers of batch 1 (revoked): send again.',
  )
  expect(deletions(bench)).toEqual([
    ['accepted', 'ana', 'ben'],
    ['accepted', 'ana', 'ben'],
  ])
})

test('a task of somebody else’s is never taken back, whoever asks for it', async () => {
  const processing = { pendingMilliseconds: 1500, stagingMilliseconds: 0, startedMilliseconds: 300 }
  const bench = await newBench({ mixpanel: { processing } })
  const requestId = await bench.sendRequest(ids('sandbox-in-running-task-1'))
  const engine = await engineFor(bench)
  const adopted = await engine.until(async () => {
    const rows = await windowOver(bench, engine).batches(requestId)
    return rows.find((row) => row.adopted)
  })
  expect(adopted).toMatchObject({ status: 'accepted', mayBeCancelled: false })
  expect(await windowOver(bench, engine).cancel(requestId, adopted.id)).toMatchObject({
    ok: false,
    failure: { code: 'wrong-state' },
  })
  expect(await settled(engine, requestId)).toMatchObject({ counts: { erased: 1 } })
  expect(calls(bench, 'cancel')).toEqual([])
})

test('a task of ours that another request follows: taken back, its ids go again there', async () => {
  const bench = await newBench({ mixpanel: { processing: { ...waiting, pendingMilliseconds: 2500 } } })
  const first = await bench.sendRequest(ids('ana'))
  const second = await bench.sendRequest(ids('ana', 'ben'))
  const engine = await engineFor(bench)
  await engine.until(async () => {
    const rows = await batchesOf(engine.database, second)
    return rows.some(({ adopted }) => adopted) ? true : undefined
  })
  await askToCancel(bench, engine, first)
  expect(await settled(engine, second)).toMatchObject({ phase: 'closed', counts: { erased: 2 } })
  expect(await detailOf(engine.database, first)).toMatchObject({ phase: 'closed', counts: { revoked: 1 } })
  expect(timesErased(bench)).toEqual({ ana: 1, ben: 1 })
})
