/** Deletions at Mixpanel from their creation to what is settled by their status. */
import { describe, expect, test } from 'vitest'
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
} from './support.ts'

judgeAfterEach()

describe('a task is created and asked about', () => {
  test.each([
    ['array', 'uuid', 'openapi'],
    ['array', 'digits', 'short'],
    ['array', 'number', 'openapi'],
    ['object', 'uuid', 'short'],
    ['object', 'digits', 'openapi'],
    ['object', 'number', 'openapi'],
  ] as const)('answered with an %s, the id a %s, its status %s', async (createAnswer, idForm, statusAnswer) => {
    const bench = await newBench({ mixpanel: { createAnswer, idForm, statusAnswer }, perCall: 2 })
    const requestId = await bench.sendRequest(ids('ana', 'ben', '$device:3'))
    const engine = await engineFor(bench)
    expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { erased: 3 } })

    const batches = await batchesOf(engine.database, requestId)
    expect(batches.map(({ vendorRequestId }) => vendorRequestId)).toEqual(
      bench.sandbox.tasks().map(({ trackingId }) => trackingId),
    )
    expect(deletions(bench)).toEqual([
      ['accepted', 'ana', 'ben'],
      ['accepted', '$device:3'],
    ])
    expect(calls(bench, 'erase').map(({ complianceType }) => complianceType)).toEqual(['GDPR', 'GDPR'])
    expect(timesErased(bench)).toEqual({ ana: 1, ben: 1, '$device:3': 1 })
  })

  test('what runs is not erased: PENDING, STAGING and STARTED are shown in the vendor’s words', async () => {
    const processing = { pendingMilliseconds: 900, stagingMilliseconds: 1100, startedMilliseconds: 1500 }
    const bench = await newBench({ mixpanel: { processing } })
    const requestId = await bench.sendRequest(ids('ana'))
    const engine = await engineFor(bench)
    const seen = new Set<string>()
    await engine.until(async () => {
      const [batch] = await batchesOf(engine.database, requestId)
      if (batch?.status === 'accepted') seen.add(`${Object.keys(batch.counts).join()} ${batch.vendorWords}`)
      return batch?.counts.erased === 1 ? true : undefined
    })
    expect(seen).toEqual(new Set(['accepted PENDING', 'accepted STAGING', 'accepted STARTED']))
  })

  test('every id has the result of its task, and no other', async () => {
    const bench = await newBench({ perCall: 1 })
    const requestId = await bench.sendRequest(
      ids('ana', 'sandbox-failure', 'sandbox-revoked', 'sandbox-not-found', 'sandbox-unknown', 'sandbox-left-out'),
    )
    const engine = await engineFor(bench)
    const detail = await settled(engine, requestId)
    expect(bench.states(requestId)).toEqual({
      ana: 'erased',
      'sandbox-failure': 'failed',
      'sandbox-revoked': 'revoked',
      'sandbox-not-found': 'unconfirmed',
      'sandbox-unknown': 'erased',
      'sandbox-left-out': 'unconfirmed',
    })
    // Only what nobody can know from the vendor's word waits for a person.
    expect(detail).toMatchObject({ phase: 'open', waiting: 2 })
  })
})

describe('what a task ends with', () => {
  test('FAILURE: retried from its group, its ids are in a new task', async () => {
    const bench = await newBench({ perCall: 2 })
    const requestId = await bench.sendRequest(ids('sandbox-failure-once-1', 'beside'))
    const engine = await engineFor(bench)
    const failed = await settled(engine, requestId)
    expect(failed.counts).toEqual({ failed: 2 })
    expect(failed.retryGroups).toMatchObject([
      { state: 'failed', by: 'words', count: 2, vendorWords: 'FAILURE', decisions: ['send again'] },
    ])
    await decide(engine, requestId, 'failed', 'send again')
    expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { erased: 2 } })
    const [first, second] = bench.sandbox.tasks()
    expect([first?.status, second?.status]).toEqual(['FAILURE', 'SUCCESS'])
    expect(await batchesOf(engine.database, requestId)).toMatchObject([
      { number: 1, vendorRequestId: first?.trackingId, children: [{ reason: 'retry', numbers: [2] }] },
      { number: 2, vendorRequestId: second?.trackingId, parentNumber: 1 },
    ])
  })

  test('NOT_FOUND waits for a person, with the vendor’s words, and is never erased', async () => {
    const bench = await newBench()
    const requestId = await bench.sendRequest(ids('sandbox-not-found', 'beside'))
    const engine = await engineFor(bench)
    const detail = await settled(engine, requestId)
    expect(detail).toMatchObject({ phase: 'open', waiting: 2, counts: { unconfirmed: 2 } })
    expect(detail.waitingGroups).toMatchObject([
      { state: 'unconfirmed', count: 2, vendorWords: 'NOT_FOUND', decisions: ['accept as unconfirmed', 'send again'] },
    ])
    expect(detail.waitingGroups[0]?.explanation).toContain('The vendor no longer knows its request for batch 1')
    expect(calls(bench, 'erase')).toHaveLength(1)
  })

  test('UNKNOWN is asked again until the vendor can look the task up', async () => {
    const bench = await newBench()
    const requestId = await bench.sendRequest(ids('sandbox-unknown'))
    const engine = await engineFor(bench)
    expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { erased: 1 } })
    const told = calls(bench, 'status').map(({ taskStatus }) => taskStatus)
    expect(told[0]).toBe('UNKNOWN')
    expect(told.at(-1)).toBe('SUCCESS')
  })

  test('an id that its task does not name waits, and its end is told as the vendor’s', async () => {
    const bench = await newBench({ quietMilliseconds: 86_400_000 })
    const requestId = await bench.sendRequest(ids('ana', 'sandbox-left-out-1'))
    const engine = await engineFor(bench)
    const detail = await settled(engine, requestId)
    expect(bench.states(requestId)).toEqual({ ana: 'erased', 'sandbox-left-out-1': 'unconfirmed' })
    expect(detail.waitingGroups).toMatchObject([{ state: 'unconfirmed', count: 1, vendorWords: 'SUCCESS' }])
    const events = await eventsOf(engine.database, requestId)
    expect(events.join('\n')).toContain(
      'Batch 1 is finished, since the vendor says that it has ended: 1 erased, 1 unconfirmed.',
    )
    expect(events.join('\n')).not.toContain('has not changed')
  })

  test('an id that nobody submitted is shown beside one that is not named', async () => {
    const bench = await newBench()
    const requestId = await bench.sendRequest(ids('sandbox-strangers-sandbox-left-out'))
    const engine = await engineFor(bench)
    const detail = await settled(engine, requestId)
    expect(detail.waitingGroups).toMatchObject([
      { state: 'unconfirmed', strangers: 1, decisions: ['pair whole batch', 'accept as unconfirmed', 'send again'] },
    ])
  })
})

describe('calls that go wrong', () => {
  test.each([
    ['sandbox-cut-before-recorded', 0],
    ['sandbox-cut-after-recorded', 1],
    ['sandbox-cut-mid-body', 1],
    ['sandbox-502-after', 1],
    ['sandbox-html-after', 1],
    ['sandbox-no-task-id', 1],
  ])('%s: nobody knows, so nothing goes again by itself', async (name, tasks) => {
    const bench = await newBench()
    const requestId = await bench.sendRequest(ids(name, 'beside'))
    const engine = await engineFor(bench)
    expect(await settled(engine, requestId)).toMatchObject({ waiting: 2, counts: { 'outcome unknown': 2 } })
    expect(calls(bench, 'erase')).toHaveLength(1)
    expect(bench.sandbox.tasks()).toHaveLength(tasks)
  })

  test('an id that the vendor rejects is found, alone, and the others go on', async () => {
    const bench = await newBench()
    const requestId = await bench.sendRequest(ids('ana', 'ben', 'sandbox-invalid-rejected', 'dora'))
    const engine = await engineFor(bench)
    await settled(engine, requestId)
    expect(bench.states(requestId)).toEqual({
      ana: 'erased',
      ben: 'erased',
      'sandbox-invalid-rejected': 'refused',
      dora: 'erased',
    })
  })

  test('more ids than a task takes go again in halves, and nobody is refused', async () => {
    const bench = await newBench({ perCall: 8, mixpanel: { maximumDistinctIds: 3 } })
    const requestId = await bench.sendRequest(ids('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'))
    const engine = await engineFor(bench)
    expect(await settled(engine, requestId)).toMatchObject({ phase: 'closed', counts: { erased: 8 } })
    const sizes = calls(bench, 'erase').map(({ identifierCount }) => identifierCount)
    expect(sizes.toSorted((one, other) => other - one)).toEqual([8, 4, 4, 2, 2, 2, 2])
  })

  test('a host of another residency answers as if it worked and erases nobody: the id waits for a person', async () => {
    const bench = await newBench({ isElsewhere: true })
    const requestId = await bench.sendRequest(ids('ana'))
    const engine = await engineFor(bench)
    expect(await settled(engine, requestId)).toMatchObject({ phase: 'open', waiting: 1 })
    expect(calls(bench, 'erase').map(({ verdict }) => verdict)).toEqual(['wrong-residency'])
    expect(bench.states(requestId)).toEqual({ ana: 'unconfirmed' })
    expect(bench.sandbox.tasks()).toEqual([])
  })
})
