/** The refusal of a whole call because some of its ids are in tasks that run already. */
import { describe, expect, test } from 'vitest'
import { all } from '../../../src/main/adapters/database/sql.ts'
import { withHistory, type EngineBench } from '../../support/engine.ts'
import { answering, conflictAnswer, statusAnswer } from './between.ts'
import {
  batchesOf,
  calls,
  decide,
  deletions,
  engineFor,
  eventsOf,
  ids,
  judgeAfterEach,
  newBench,
  settled,
  timesErased,
  untilAll,
} from './support.ts'

judgeAfterEach()

/** No two calls named the same ids, unless the operator wanted that. */
function expectNoIdenticalRetry(bench: EngineBench): void {
  const lists = deletions(bench).map(([, ...names]) => names.join(' '))
  expect(lists).toEqual([...new Set(lists)])
}

function strangersIn({ folder }: EngineBench): readonly unknown[] {
  return withHistory(folder, (sql) => all(sql, 'SELECT value FROM named_stranger'))
}

const long = { pendingMilliseconds: 0, stagingMilliseconds: 0, startedMilliseconds: 2500 }
/** Until a task has started it may be revoked. */
const slow = { pendingMilliseconds: 1500, stagingMilliseconds: 0, startedMilliseconds: 300 }

describe('tasks of somebody else', () => {
  test('one: its ids are tied to it, the others go again at once, and nothing of it is cancelled', async () => {
    const bench = await newBench({ perCall: 5, mixpanel: { processing: long } })
    const requestId = await bench.sendRequest(ids('ana', 'sandbox-in-running-task-1', 'ben', 'cleo'))
    const engine = await engineFor(bench)
    await engine.until(() => (bench.states(requestId)['ana'] === 'accepted' ? true : undefined))
    expect(deletions(bench)).toEqual([
      ['conflict', 'ana', 'sandbox-in-running-task-1', 'ben', 'cleo'],
      ['accepted', 'ana', 'ben', 'cleo'],
    ])
    const [foreign, ours] = bench.sandbox.tasks()
    expect(await batchesOf(engine.database, requestId)).toMatchObject([
      {
        number: 1,
        status: 'resolved',
        adopted: false,
        vendorRequestId: null,
        children: [
          { reason: 'tied', numbers: [2] },
          { reason: 'rest', numbers: [3] },
        ],
      },
      {
        number: 2,
        size: 1,
        adopted: true,
        vendorRequestId: foreign?.trackingId,
        parent: 'batch 1, in a task that runs already',
        mayBeCancelled: false,
      },
      {
        number: 3,
        size: 3,
        adopted: false,
        vendorRequestId: ours?.trackingId,
        parent: 'batch 1, without those in a task that runs already',
      },
    ])

    expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { erased: 4 } })
    expect(timesErased(bench)).toMatchObject({ ana: 1, 'sandbox-in-running-task-1': 1, ben: 1, cleo: 1 })
    expect(calls(bench, 'cancel')).toEqual([])
    // Whom else somebody erases is nobody's business here.
    expect(foreign?.distinctIds).toHaveLength(2)
    expect(strangersIn(bench)).toEqual([])
    const events = (await eventsOf(engine.database, requestId)).join('\n')
    expect(events).toContain(
      'Batch 1 was refused: 1 identifier in a task that the vendor runs already. Batch 2 follows it there; the other 3 identifiers go again as batch 3.',
    )
  })

  test('several: each id is found in the task that echoes it', async () => {
    const bench = await newBench({ perCall: 5, mixpanel: { processing: slow } })
    const requestId = await bench.sendRequest(
      ids('sandbox-in-running-task-revoked-1', 'ana', 'sandbox-in-running-task-2', 'sandbox-in-running-task-3'),
    )
    const engine = await engineFor(bench)
    expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { erased: 4 } })
    expect(timesErased(bench)).toMatchObject({
      'sandbox-in-running-task-revoked-1': 1,
      ana: 1,
      'sandbox-in-running-task-2': 1,
      'sandbox-in-running-task-3': 1,
    })
    const adopted = (await batchesOf(engine.database, requestId)).filter(({ adopted: isAdopted }) => isAdopted)
    expect(adopted.map(({ size }) => size)).toEqual([3, 1])
    expect(adopted[0]?.children).toContainEqual({ reason: 'tied', numbers: [adopted[1]?.number] })
    expectNoIdenticalRetry(bench)
  })

  test('all ids in conflict: no other call goes out for them', async () => {
    const bench = await newBench()
    const requestId = await bench.sendRequest(ids('sandbox-in-running-task-1', 'sandbox-in-running-task-2'))
    const engine = await engineFor(bench)
    expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { erased: 2 } })
    expect(calls(bench, 'erase')).toHaveLength(1)
    expect(await batchesOf(engine.database, requestId)).toHaveLength(2)
  })

  test('one that is revoked by its owner: its ids go again, in a task of ours', async () => {
    const bench = await newBench({ mixpanel: { processing: slow } })
    const requestId = await bench.sendRequest(ids('sandbox-in-running-task-revoked-1', 'ana'))
    const engine = await engineFor(bench)
    expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { erased: 2 } })
    expect(timesErased(bench)).toEqual({ 'sandbox-in-running-task-revoked-1': 1, ana: 1 })
    expect(deletions(bench).at(-1)).toEqual(['accepted', 'sandbox-in-running-task-revoked-1'])
    expect((await eventsOf(engine.database, requestId)).join('\n')).toContain(
      'The task that batch 2 followed was revoked: its 1 identifier goes again as batch 4.',
    )
  })

  test('one that fails: its ids have failed, and retried they are in a task of ours', async () => {
    const task = 'b1a1d3c4-0000-4000-8000-000000000001'
    let refusals = 0
    const between = answering(({ method, path, distinctIds }) => {
      if (method === 'GET' && path.endsWith(task)) return statusAnswer(task, 'FAILURE', ['ana', 'a stranger'])
      if (method !== 'POST' || !distinctIds.includes('ana')) return null
      refusals += 1
      return refusals === 1 ? conflictAnswer(['ana'], [task]) : null
    })
    const bench = await newBench({ between })
    const requestId = await bench.sendRequest(ids('ana', 'ben'))
    const engine = await engineFor(bench)
    await settled(engine, requestId)
    expect(bench.states(requestId)).toEqual({ ana: 'failed', ben: 'erased' })
    await decide(engine, requestId, 'failed', 'send again')
    expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { erased: 2 } })
    expect(strangersIn(bench)).toEqual([])
  })
})

describe('a task of our own', () => {
  test('of another request: followed like any other, and the id is erased once', async () => {
    const bench = await newBench({ mixpanel: { processing: long } })
    const first = await bench.sendRequest(ids('ana', 'ben'))
    const second = await bench.sendRequest(ids('ben', 'cleo'))
    const engine = await engineFor(bench)
    expect(await settled(engine, first)).toMatchObject({ phase: 'closed', counts: { erased: 2 } })
    expect(await settled(engine, second)).toMatchObject({ phase: 'closed', counts: { erased: 2 } })
    expect(timesErased(bench)).toEqual({ ana: 1, ben: 1, cleo: 1 })
    const [task] = await batchesOf(engine.database, first)
    const followed = (await batchesOf(engine.database, second)).find(({ adopted }) => adopted)
    expect(followed).toMatchObject({ size: 1, vendorRequestId: task?.vendorRequestId })
  })

  test('that nobody knew to exist: sent again after a doubt, its ids are found in the task that was created after all', async () => {
    const bench = await newBench({ mixpanel: { processing: { ...long, startedMilliseconds: 6000 } } })
    const requestId = await bench.sendRequest(ids('sandbox-cut-after-recorded', 'ana'))
    const engine = await engineFor(bench)
    await untilAll(bench, engine, requestId, 'outcome unknown')
    await decide(engine, requestId, 'outcome unknown', 'send again')
    expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { erased: 2 } })
    expect(bench.sandbox.tasks()).toHaveLength(1)
    expect(deletions(bench).map(([verdict]) => verdict)).toEqual(['fault', 'conflict'])
  })
})

describe('answers that contradict themselves', () => {
  test('an id in none of the tasks that were named waits for a person', async () => {
    const between = answering(({ method, distinctIds }) =>
      method === 'POST' && distinctIds.includes('ben')
        ? conflictAnswer(
            ['ben', 'cleo'],
            bench.sandbox.tasks().map(({ trackingId }) => trackingId),
          )
        : null,
    )
    const bench: EngineBench = await newBench({ perCall: 2, between })
    const requestId = await bench.sendRequest(ids('ana', 'anton', 'ben', 'cleo'))
    // One call at a time: the first task is there when the second call is refused because of it.
    const engine = await engineFor(bench, () => ({ callsAtOnce: 1 }))
    const detail = await settled(engine, requestId)
    expect(bench.states(requestId)).toEqual({ ana: 'erased', anton: 'erased', ben: 'unconfirmed', cleo: 'unconfirmed' })
    expect(detail.waitingGroups).toMatchObject([
      { state: 'unconfirmed', count: 2, strangers: 0, decisions: ['accept as unconfirmed', 'send again'] },
    ])
    expect(detail.waitingGroups[0]?.explanation).toBe(
      'The vendor refused these because of tasks that it runs already, and none of the tasks that it named holds them.',
    )
    expect(strangersIn(bench)).toEqual([])
  })

  test('a task that is not known is left for the next one, and the last one waits for a person', async () => {
    const [gone, also] = ['c0000000-0000-4000-8000-000000000001', 'c0000000-0000-4000-8000-000000000002'] as const
    const between = answering(({ method, distinctIds }) =>
      method === 'POST' && distinctIds.includes('ana') ? conflictAnswer(['ana'], [gone, also]) : null,
    )
    const bench = await newBench({ between })
    const requestId = await bench.sendRequest(ids('ana', 'ben'))
    const engine = await engineFor(bench)
    const detail = await settled(engine, requestId)
    expect(bench.states(requestId)).toEqual({ ana: 'unconfirmed', ben: 'erased' })
    expect(detail.waitingGroups).toMatchObject([{ state: 'unconfirmed', vendorWords: 'NOT_FOUND' }])
    const followed = (await batchesOf(engine.database, requestId)).filter(({ adopted }) => adopted)
    expect(followed.map(({ vendorRequestId }) => vendorRequestId)).toEqual([gone, also])
  })

  test('a task that stays in conflict after it was revoked is not asked about without end', async () => {
    const task = 'd0000000-0000-4000-8000-000000000001'
    const seen: string[] = []
    const between = answering(({ method, path, distinctIds }) => {
      if (method === 'POST') seen.push(distinctIds.join(' '))
      if (method === 'POST') return conflictAnswer(['ana'], [task])
      return path.endsWith(task) ? statusAnswer(task, 'REVOKED', ['ana']) : null
    })
    const bench = await newBench({ between })
    const requestId = await bench.sendRequest(ids('ana'))
    const engine = await engineFor(bench)
    await untilAll(bench, engine, requestId, 'revoked')
    const detail = await settled(engine, requestId)
    expect(detail).toMatchObject({ phase: 'closed', counts: { revoked: 1 } })
    expect(seen).toEqual(['ana', 'ana'])
  })

  const task = 'e0000000-0000-4000-8000-000000000001'
  test.each([
    ['names nobody of the call', conflictAnswer(['somebody', 'else'], [task])],
    ['names nobody', conflictAnswer([], [task])],
    ['names no task', conflictAnswer(['ana'], [])],
    [
      'names tasks that are no ids',
      conflictAnswer(['ana'], ['..', '', null, { id: 1 }, 'with a blank', 'x'.repeat(500)]),
    ],
    ['names ids that are no text', conflictAnswer([null, 7, { ana: 1 }, ['ana']], [task])],
    ['is no object', { status: 409, body: { status: 'error', error: 'Conflict with a running task' } }],
    ['is no JSON', { status: 409, body: '<html><body>Conflict</body></html>' }],
    ['says ok', { status: 409, body: { status: 'ok', results: { task_id: task } } }],
  ])('a 409 that %s: nobody is taken for erased, and no call is repeated as it was', async (_how, answer) => {
    const seen: string[] = []
    const between = answering(({ method, distinctIds }) => {
      if (method !== 'POST') return null
      seen.push(distinctIds.join(' '))
      return answer
    })
    const bench = await newBench({ between })
    const requestId = await bench.sendRequest(ids('ana', 'ben', 'cleo', 'dora'))
    const engine = await engineFor(bench)
    const detail = await engine.until(async () => {
      const one = await engine.database.read('getRequest', { requestId }, Date.now())
      if (!one.ok) throw new Error(one.failure.message)
      const { queued = 0, sending = 0, accepted = 0 } = one.value.counts
      return sending + accepted + (one.value.paused ? 0 : queued) === 0 ? one.value : undefined
    })
    expect(detail.counts.erased ?? 0).toBe(0)
    expect(Object.keys(detail.counts).every((state) => ['refused', 'outcome unknown', 'queued'].includes(state))).toBe(
      true,
    )
    expect(seen).toEqual([...new Set(seen)])
    expect(strangersIn(bench)).toEqual([])
  })

  test('ten thousand ids and tasks in one refusal: only ours are taken out of the call', async () => {
    const many = Array.from({ length: 9000 }, (_, index) => `somebody-${index}`)
    const tasks = Array.from({ length: 1500 }, (_, index) => `task-${index}`)
    let refused = false
    const between = answering(({ method, path, distinctIds }) => {
      const [, name] = /(task-\d+)$/.exec(path) ?? []
      if (name !== undefined) return statusAnswer(name, 'SUCCESS', name === 'task-1' ? [...many, 'ana'] : many)
      if (method !== 'POST' || refused || !distinctIds.includes('ana')) return null
      refused = true
      return conflictAnswer([...many, 'ana'], tasks)
    })
    const bench = await newBench({ between })
    const requestId = await bench.sendRequest(ids('ana', 'ben'))
    const engine = await engineFor(bench)
    expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { erased: 2 } })
    expect(strangersIn(bench)).toEqual([])
  })
})
