import { afterEach, describe, expect, it } from 'vitest'
import {
  askDeletion,
  cancel,
  deletionOf,
  errorText,
  remove,
  removeAccepted,
  startMixpanel,
  statusOf,
  untilOver,
  untilStarted,
} from './mixpanel-support.ts'
import type { Bench } from './support.ts'

const open: Bench[] = []

async function bench(...choices: Parameters<typeof startMixpanel>): Promise<Bench> {
  const started = await startMixpanel(...choices)
  open.push(started)
  return started
}

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ sandbox }) => sandbox.close()))
})

const id = (name: string) => `sandbox-${name}-0007`
const plain = 'ana'
const stranger = expect.stringMatching(/^somebody-else-[0-9a-f]{16}$/)
const erasedIds = (vendor: Bench) => vendor.sandbox.tasks().flatMap((task) => task.erasedIds)

type ConflictBody = {
  readonly error: { readonly conflicting_distinct_ids: string[]; readonly conflicting_task_ids: string[] }
}

async function conflictOf(vendor: Bench, ...distinctIds: readonly string[]): Promise<ConflictBody['error']> {
  const answer = await remove(vendor, distinctIds)
  expect(answer.status).toBe(409)
  return (JSON.parse(answer.text) as ConflictBody).error
}

it('invalid-rejected: the whole call is refused, every time, with nobody erased', async () => {
  const vendor = await bench()
  for (let time = 0; time < 2; time += 1)
    expect(await remove(vendor, [plain, id('invalid-rejected')])).toMatchObject({
      status: 400,
      text: errorText('Bad Request: invalid distinct_id'),
    })
  expect(vendor.sandbox.ledger()[0]).toMatchObject({
    verdict: 'identifier-refused',
    tookEffect: false,
    behaviours: ['invalid-rejected'],
    identifierCount: 2,
  })
  expect((await remove(vendor, [plain])).status).toBe(201)
})

describe('ids in somebody else’s running task', () => {
  it('refuse the whole call; that task echoes them, and succeeds', async () => {
    const vendor = await bench()
    const mine = id('in-running-task')
    const { conflicting_distinct_ids, conflicting_task_ids } = await conflictOf(vendor, plain, mine)
    expect(conflicting_distinct_ids).toEqual([mine])
    expect(conflicting_task_ids).toHaveLength(1)
    const [foreign = ''] = conflicting_task_ids
    expect(await deletionOf(vendor, foreign)).toMatchObject({
      status: 'PENDING',
      requesting_user: 'somebody-else@sandbox.example',
      distinct_ids: [mine, stranger],
    })
    expect((await remove(vendor, [plain])).status).toBe(201)
    vendor.clock.advance(untilOver)
    expect(await statusOf(vendor, foreign)).toBe('SUCCESS')
    expect(erasedIds(vendor)).toEqual([mine, stranger, plain])
    expect((await remove(vendor, [mine])).status).toBe(201)
  })

  it('or that task is revoked, and they can be sent', async () => {
    const vendor = await bench()
    const mine = id('in-running-task-revoked')
    const [foreign = ''] = (await conflictOf(vendor, mine)).conflicting_task_ids
    vendor.clock.advance(untilStarted)
    expect(await statusOf(vendor, foreign)).toBe('REVOKED')
    expect(vendor.sandbox.tasks()).toMatchObject([{ origin: 'somebody else', status: 'REVOKED', erasedIds: [] }])
    await removeAccepted(vendor, mine)
    vendor.clock.advance(untilOver)
    expect(erasedIds(vendor)).toEqual([mine])
  })

  it('of two kinds are in two tasks, those of one kind in one', async () => {
    const vendor = await bench()
    const ids = ['sandbox-in-running-task-1', 'sandbox-in-running-task-2', 'sandbox-in-running-task-revoked-3']
    const { conflicting_distinct_ids, conflicting_task_ids } = await conflictOf(vendor, ...ids, plain)
    expect(conflicting_distinct_ids).toEqual(ids)
    expect(conflicting_task_ids).toHaveLength(2)
  })

  it('are told again while the task runs, and by no second task', async () => {
    const vendor = await bench()
    const first = await conflictOf(vendor, id('in-running-task'))
    expect(await conflictOf(vendor, id('in-running-task'), plain)).toEqual(first)
    expect(vendor.sandbox.tasks()).toHaveLength(1)
  })

  it('win over a fault, and leave it to strike later', async () => {
    const vendor = await bench()
    await conflictOf(vendor, id('500-before'), id('in-running-task'))
    expect((await remove(vendor, [id('500-before')])).status).toBe(500)
  })
})

describe('the answer to a new task is broken', () => {
  it.each([
    ['cut-before-recorded', false],
    ['cut-after-recorded', true],
  ])('%s: no answer at all', async (name, tookEffect) => {
    const vendor = await bench()
    await expect(remove(vendor, [plain, id(name)])).rejects.toThrow(/socket hang up|ECONNRESET/)
    const entry = await vendor.sandbox.waitForCall(({ ended }) => ended === 'cut')
    expect(entry).toMatchObject({ verdict: 'fault', tookEffect, status: 'cut', identifierCount: 2 })
    expect(entry.requestId !== null).toBe(tookEffect)
    expect(vendor.sandbox.tasks()).toHaveLength(tookEffect ? 1 : 0)
  })

  it('cut-after-recorded: sent again, the conflict names the task that was lost', async () => {
    const vendor = await bench()
    await expect(remove(vendor, [id('cut-after-recorded')])).rejects.toThrow(/socket hang up|ECONNRESET/)
    const [lost] = vendor.sandbox.tasks()
    const conflict = await conflictOf(vendor, id('cut-after-recorded'))
    expect(conflict.conflicting_task_ids).toEqual([lost?.trackingId])
  })

  it('cut-mid-body: a status line and half a body', async () => {
    const vendor = await bench()
    await expect(remove(vendor, [id('cut-mid-body')])).rejects.toThrow(/aborted|ECONNRESET/)
    const entry = await vendor.sandbox.waitForCall(({ ended }) => ended === 'cut')
    expect(entry).toMatchObject({ tookEffect: true, status: 'cut' })
  })

  it('no-answer: the call stays open until the caller leaves', async () => {
    const vendor = await bench()
    const hanging = remove(vendor, [id('no-answer')])
    const entry = await vendor.sandbox.waitForCall(({ verdict }) => verdict === 'fault')
    expect(entry).toMatchObject({ tookEffect: true, status: null, ended: 'open' })
    await vendor.sandbox.close()
    await expect(hanging).rejects.toThrow(/socket hang up|ECONNRESET/)
  })

  it.each([
    ['500-before', 500, false],
    ['500-after', 500, true],
    ['502-before', 502, false],
    ['502-after', 502, true],
    ['503-before', 503, false],
    ['503-after', 503, true],
    ['html-before', 200, false],
    ['html-after', 200, true],
    ['redirect', 302, false],
  ])('%s, once', async (name, httpStatus, tookEffect) => {
    const vendor = await bench()
    const answer = await remove(vendor, [id(name)])
    expect(answer.status).toBe(httpStatus)
    expect(answer.headers['content-type']).toMatch(httpStatus === 500 ? /^application\/json/ : /^text\/html/)
    expect(vendor.sandbox.ledger()[0]).toMatchObject({ verdict: 'fault', tookEffect, status: httpStatus })
    vendor.clock.advance(untilOver)
    expect((await remove(vendor, [id(name)])).status).toBe(201)
  })

  it('no-task-id: 201 without the id', async () => {
    const vendor = await bench()
    const answer = await remove(vendor, [id('no-task-id')])
    expect(answer).toMatchObject({ status: 201, text: '{"status":"ok","results":{}}' })
    expect(vendor.sandbox.ledger()[0]).toMatchObject({ tookEffect: true, requestId: expect.stringMatching(/./) })
  })

  it('slow: the task is there at once and the answer comes late', async () => {
    const vendor = await bench()
    const answer = remove(vendor, [id('slow')])
    const entry = await vendor.sandbox.waitForCall(({ verdict }) => verdict === 'accepted')
    expect(entry).toMatchObject({ tookEffect: true, status: null, ended: 'open' })
    vendor.clock.advance(8_000)
    expect((await answer).status).toBe(201)
  })

  it('strikes as often as it is told', async () => {
    const vendor = await bench({}, { faults: { times: 2 } })
    const statuses: number[] = []
    for (let time = 0; time < 3; time += 1) statuses.push((await remove(vendor, [id('500-before')])).status)
    expect(statuses).toEqual([500, 500, 201])
  })
})

describe('the task ends in another way', () => {
  it('failure: FAILURE with everybody in it, every time', async () => {
    const vendor = await bench()
    for (let time = 0; time < 2; time += 1) {
      const trackingId = await removeAccepted(vendor, plain, id('failure'))
      vendor.clock.advance(untilOver)
      expect(await deletionOf(vendor, trackingId)).toMatchObject({
        status: 'FAILURE',
        distinct_ids: [plain, id('failure')],
      })
    }
    expect(erasedIds(vendor)).toEqual([])
  })

  it('failure-once: FAILURE, and a new task with the same ids succeeds', async () => {
    const vendor = await bench()
    const ids = ['sandbox-failure-once-1', 'sandbox-failure-once-2', plain]
    const first = await removeAccepted(vendor, ...ids)
    vendor.clock.advance(untilOver)
    expect(await statusOf(vendor, first)).toBe('FAILURE')
    const second = await removeAccepted(vendor, ...ids)
    vendor.clock.advance(untilOver)
    expect(await statusOf(vendor, second)).toBe('SUCCESS')
    expect(erasedIds(vendor)).toEqual(ids)
  })

  it('not-found: known while under way, then not any more', async () => {
    const vendor = await bench()
    const trackingId = await removeAccepted(vendor, id('not-found'))
    vendor.clock.advance(untilOver - 1)
    expect(await statusOf(vendor, trackingId)).toBe('STARTED')
    vendor.clock.advance(1)
    expect(await deletionOf(vendor, trackingId)).toMatchObject({ status: 'NOT_FOUND', distinct_ids: [] })
    expect((await cancel(vendor, trackingId)).status).toBe(404)
    expect(erasedIds(vendor)).toEqual([])
  })

  it('revoked: by somebody else, just before it starts', async () => {
    const vendor = await bench()
    const trackingId = await removeAccepted(vendor, id('revoked'))
    vendor.clock.advance(untilStarted - 1)
    expect(await statusOf(vendor, trackingId)).toBe('STAGING')
    vendor.clock.advance(1)
    expect(await statusOf(vendor, trackingId)).toBe('REVOKED')
    expect((await cancel(vendor, trackingId)).status).toBe(405)
    vendor.clock.advance(untilOver)
    expect(erasedIds(vendor)).toEqual([])
  })

  it('unknown: for a while, with nothing in the answer, and then what it is', async () => {
    const vendor = await bench()
    const trackingId = await removeAccepted(vendor, id('unknown'))
    expect(await deletionOf(vendor, trackingId)).toMatchObject({
      tracking_id: trackingId,
      status: 'UNKNOWN',
      distinct_ids: [],
    })
    vendor.clock.advance(3_999)
    expect(await statusOf(vendor, trackingId)).toBe('UNKNOWN')
    vendor.clock.advance(1)
    expect(await statusOf(vendor, trackingId)).toBe('STARTED')
    vendor.clock.advance(untilOver)
    expect(await statusOf(vendor, trackingId)).toBe('SUCCESS')
    expect(erasedIds(vendor)).toEqual([id('unknown')])
  })

  it('left-out: neither named nor erased', async () => {
    const vendor = await bench()
    const trackingId = await removeAccepted(vendor, plain, id('left-out'))
    vendor.clock.advance(untilOver)
    expect(await deletionOf(vendor, trackingId)).toMatchObject({ status: 'SUCCESS', distinct_ids: [plain] })
    expect(erasedIds(vendor)).toEqual([plain])
  })

  it('strangers: an id beside those that were submitted', async () => {
    const vendor = await bench()
    const trackingId = await removeAccepted(vendor, plain, id('strangers'))
    const { distinct_ids } = await deletionOf(vendor, trackingId)
    expect(distinct_ids).toEqual([plain, id('strangers'), stranger])
  })

  it('is as the first in the table says where several ids pull apart', async () => {
    const vendor = await bench()
    const trackingId = await removeAccepted(vendor, id('revoked'), id('failure'))
    vendor.clock.advance(untilOver)
    expect(await statusOf(vendor, trackingId)).toBe('FAILURE')
  })
})

describe('the status call is broken', () => {
  it.each([['status-cut'], ['status-cut-mid-body']])('%s, once', async (name) => {
    const vendor = await bench()
    const trackingId = await removeAccepted(vendor, id(name))
    await expect(askDeletion(vendor, trackingId)).rejects.toThrow(/socket hang up|aborted|ECONNRESET/)
    expect(await statusOf(vendor, trackingId)).toBe('PENDING')
  })

  it.each([
    ['status-500', 500],
    ['status-503', 503],
    ['status-html', 200],
  ])('%s, once', async (name, httpStatus) => {
    const vendor = await bench()
    const trackingId = await removeAccepted(vendor, id(name))
    const answer = await askDeletion(vendor, trackingId)
    expect(answer.status).toBe(httpStatus)
    expect(answer.headers['content-type']).toMatch(httpStatus === 500 ? /^application\/json/ : /^text\/html/)
    expect(await statusOf(vendor, trackingId)).toBe('PENDING')
  })

  it('status-slow, always', async () => {
    const vendor = await bench()
    const trackingId = await removeAccepted(vendor, id('status-slow'))
    for (let time = 1; time <= 2; time += 1) {
      const answer = askDeletion(vendor, trackingId)
      await vendor.sandbox.waitForCall(({ sequence, verdict }) => sequence === 1 + time && verdict === 'accepted')
      vendor.clock.advance(8_000)
      expect((await answer).status).toBe(200)
    }
  })
})

describe('the call that cancels is broken', () => {
  it.each([
    ['cancel-cut-before', 'PENDING', 204],
    ['cancel-cut-after', 'REVOKED', 405],
  ])('%s: no answer at all, and %s afterwards', async (name, after, again) => {
    const vendor = await bench()
    const trackingId = await removeAccepted(vendor, id(name))
    await expect(cancel(vendor, trackingId)).rejects.toThrow(/socket hang up|ECONNRESET/)
    const entry = await vendor.sandbox.waitForCall(({ ended }) => ended === 'cut')
    expect(entry).toMatchObject({ call: 'cancel', verdict: 'fault', tookEffect: after === 'REVOKED' })
    expect(await statusOf(vendor, trackingId)).toBe(after)
    expect((await cancel(vendor, trackingId)).status).toBe(again)
  })

  it.each([
    ['cancel-500-before', 'PENDING'],
    ['cancel-500-after', 'REVOKED'],
  ])('%s: 500, and %s afterwards', async (name, after) => {
    const vendor = await bench()
    const trackingId = await removeAccepted(vendor, id(name))
    expect((await cancel(vendor, trackingId)).status).toBe(500)
    expect(await statusOf(vendor, trackingId)).toBe(after)
  })
})
