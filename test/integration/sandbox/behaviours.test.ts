import { afterEach, describe, expect, it } from 'vitest'
import {
  erase,
  eraseAccepted,
  eraseIds,
  erasePath,
  errorBody,
  responseOf,
  startBench,
  status,
  success,
  untilSettled,
  type Bench,
} from './support.ts'
import { vendorUserId } from '../../../src/sandbox/kore/erasure.ts'

const open: Bench[] = []

async function bench(): Promise<Bench> {
  const started = await startBench()
  open.push(started)
  return started
}

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ sandbox }) => sandbox.close()))
})

const id = (name: string) => `sandbox-${name}@example.com`
const plain = 'ana@example.com'

/** What the status says of one id sent beside an ordinary one, when all is done. */
async function settledBeside(vendor: Bench, userId: string): Promise<unknown> {
  const requestId = await eraseAccepted(vendor, plain, userId)
  vendor.clock.advance(untilSettled)
  return responseOf(await status(vendor, requestId))
}

describe('the whole call is rejected', () => {
  it.each([
    ['account-owner-rejected', 400, 'User cannot be deleted: account owner'],
    ['account-member-rejected', 400, 'User cannot be deleted: belongs to one or more accounts'],
    ['bot-owner-rejected', 400, 'User cannot be deleted: bot owner'],
    ['co-developer-rejected', 400, 'User cannot be deleted: bot co-developer'],
    ['invalid-rejected', 412, 'Validation errors/ Invalid arguments'],
  ])('%s, every time, with nobody erased', async (name, httpStatus, msg) => {
    const vendor = await bench()
    for (let time = 0; time < 2; time += 1) {
      const answer = await eraseIds(vendor, plain, id(name))
      expect({ status: answer.status, text: answer.text }).toEqual({
        status: httpStatus,
        text: errorBody(msg, httpStatus),
      })
    }
    expect(vendor.sandbox.ledger()).toHaveLength(2)
    for (const entry of vendor.sandbox.ledger())
      expect(entry).toMatchObject({
        verdict: 'identifier-refused',
        tookEffect: false,
        behaviours: [name],
        identifierCount: 2,
      })
    expect((await eraseIds(vendor, plain)).status).toBe(200)
  })

  it('wins over a fault, and leaves the fault to strike later', async () => {
    const vendor = await bench()
    expect((await eraseIds(vendor, id('500-after'), id('account-owner-rejected'))).status).toBe(400)
    expect((await eraseIds(vendor, id('500-after'))).status).toBe(500)
  })
})

describe('one id has a status of its own', () => {
  it.each([
    ['account-owner-failed', 'FAILED'],
    ['account-member-failed', 'FAILED'],
    ['bot-owner-failed', 'FAILED'],
    ['co-developer-failed', 'FAILED'],
    ['failed', 'FAILED'],
    ['failed-lower-case', 'failed'],
    ['failure', 'FAILURE'],
    ['error', 'ERROR'],
    ['rejected', 'REJECTED'],
    ['on-hold', 'ON_HOLD'],
  ])('%s → %s', async (name, value) => {
    expect(await settledBeside(await bench(), id(name))).toEqual([
      ...success(plain),
      { userId: id(name), status: value },
    ])
  })

  it('unknown-user is never named', async () => {
    expect(await settledBeside(await bench(), id('unknown-user'))).toEqual(success(plain))
  })

  it('renamed is named by a u- id', async () => {
    const renamed = id('renamed')
    expect(await settledBeside(await bench(), renamed)).toEqual(success(plain, vendorUserId(renamed)))
  })

  it('named-twice has two statuses', async () => {
    const userId = id('named-twice')
    expect(await settledBeside(await bench(), userId)).toEqual([
      ...success(plain, userId),
      { userId, status: 'FAILED' },
    ])
  })

  it('strangers brings an id that nobody submitted', async () => {
    const answered = await settledBeside(await bench(), id('strangers'))
    expect(answered).toHaveLength(3)
    expect(answered).toMatchObject([
      { userId: plain },
      { userId: id('strangers') },
      { userId: expect.stringMatching(/^u-/) },
    ])
  })

  it('late is named long after the others', async () => {
    const vendor = await bench()
    const requestId = await eraseAccepted(vendor, plain, id('late'))
    vendor.clock.advance(60_000)
    expect(responseOf(await status(vendor, requestId))).toEqual(success(plain))
    vendor.clock.advance(60_000)
    expect(responseOf(await status(vendor, requestId))).toEqual(success(plain, id('late')))
  })

  it('works in u- ids, channel user ids and channel pairs', async () => {
    const vendor = await bench()
    const pair = { channel_id: 'whatsapp', channel_user_id: 'x_sandbox-failed' }
    const requestId = await eraseAccepted(vendor, 'u-sandbox-failed-1', '331_sandbox-failed', pair)
    vendor.clock.advance(untilSettled)
    expect(responseOf(await status(vendor, requestId))).toEqual(
      ['u-sandbox-failed-1', '331_sandbox-failed', pair].map((userId) => ({ userId, status: 'FAILED' })),
    )
  })
})

describe('the answer is broken', () => {
  it.each([
    ['cut-before-recorded', false],
    ['cut-after-recorded', true],
  ])('%s: no answer at all', async (name, tookEffect) => {
    const vendor = await bench()
    await expect(eraseIds(vendor, plain, id(name))).rejects.toThrow(/socket hang up|ECONNRESET/)
    const entry = await vendor.sandbox.waitForCall(({ ended }) => ended === 'cut')
    expect(entry).toMatchObject({ verdict: 'fault', tookEffect, status: 'cut', identifierCount: 2 })
    expect(entry.requestId !== null).toBe(tookEffect)
  })

  it('cut-mid-body: a status line and half a body', async () => {
    const vendor = await bench()
    await expect(eraseIds(vendor, id('cut-mid-body'))).rejects.toThrow(/aborted|ECONNRESET/)
    const entry = await vendor.sandbox.waitForCall(({ ended }) => ended === 'cut')
    expect(entry).toMatchObject({ tookEffect: true, status: 'cut' })
  })

  it('no-answer: the call stays open until the caller leaves', async () => {
    const vendor = await bench()
    const hanging = eraseIds(vendor, id('no-answer'))
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
  ])('%s', async (name, httpStatus, tookEffect) => {
    const vendor = await bench()
    expect((await eraseIds(vendor, id(name))).status).toBe(httpStatus)
    expect(vendor.sandbox.ledger()[0]).toMatchObject({ verdict: 'fault', tookEffect, status: httpStatus })
  })

  it.each([
    ['html-before', false],
    ['html-after', true],
  ])('%s: 200 with a page', async (name, tookEffect) => {
    const vendor = await bench()
    const answer = await eraseIds(vendor, id(name))
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toMatch(/^text\/html/)
    expect(vendor.sandbox.ledger()[0]).toMatchObject({ tookEffect })
  })

  it('no-request-id: 200 without the id', async () => {
    const vendor = await bench()
    const answer = await eraseIds(vendor, id('no-request-id'))
    expect(JSON.parse(answer.text)).toEqual({ status: 'in-progress' })
    expect(vendor.sandbox.ledger()[0]).toMatchObject({ tookEffect: true, requestId: expect.stringMatching(/^eud-/) })
  })

  it('redirect: 302 to a path of the sandbox', async () => {
    const vendor = await bench()
    const answer = await eraseIds(vendor, id('redirect'))
    expect(answer.status).toBe(302)
    expect(answer.headers.location).toMatch(/^\//)
    expect(vendor.sandbox.ledger()[0]).toMatchObject({ tookEffect: false, status: 302 })
  })

  it('slow: the call takes effect at once and the answer comes late', async () => {
    const vendor = await bench()
    const answer = eraseIds(vendor, id('slow'))
    const entry = await vendor.sandbox.waitForCall(({ verdict }) => verdict === 'accepted')
    expect(entry).toMatchObject({ tookEffect: true, status: null, ended: 'open' })
    vendor.clock.advance(7_999)
    expect(vendor.sandbox.ledger()[0]?.ended).toBe('open')
    vendor.clock.advance(1)
    expect((await answer).status).toBe(200)
  })

  it('strikes once for an identifier; sent again, the vendor behaves', async () => {
    const vendor = await bench()
    expect((await eraseIds(vendor, plain, id('503-before'))).status).toBe(503)
    expect((await eraseIds(vendor, plain, id('503-before'))).status).toBe(200)
    expect((await eraseIds(vendor, 'u-sandbox-503-before')).status).toBe(503)
  })

  it('strikes as often as it is told', async () => {
    const started = await startBench({ faults: { times: 2 } })
    open.push(started)
    const statuses: number[] = []
    for (let time = 0; time < 3; time += 1) statuses.push((await eraseIds(started, id('500-before'))).status)
    expect(statuses).toEqual([500, 500, 200])
  })
})

describe('the status call is broken', () => {
  it.each([['status-cut'], ['status-cut-mid-body']])('%s, once', async (name) => {
    const vendor = await bench()
    const requestId = await eraseAccepted(vendor, id(name))
    await expect(status(vendor, requestId)).rejects.toThrow(/socket hang up|aborted|ECONNRESET/)
    expect((await status(vendor, requestId)).status).toBe(200)
  })

  it.each([
    ['status-500', 500],
    ['status-503', 503],
  ])('%s, once', async (name, httpStatus) => {
    const vendor = await bench()
    const requestId = await eraseAccepted(vendor, id(name))
    expect((await status(vendor, requestId)).status).toBe(httpStatus)
    expect((await status(vendor, requestId)).status).toBe(200)
  })

  it('status-html, once', async () => {
    const vendor = await bench()
    const requestId = await eraseAccepted(vendor, id('status-html'))
    expect((await status(vendor, requestId)).headers['content-type']).toMatch(/^text\/html/)
    expect((await status(vendor, requestId)).headers['content-type']).toMatch(/^application\/json/)
  })

  it('status-slow, always', async () => {
    const vendor = await bench()
    const requestId = await eraseAccepted(vendor, id('status-slow'))
    for (let time = 1; time <= 2; time += 1) {
      const answer = status(vendor, requestId)
      await vendor.sandbox.waitForCall(({ sequence, verdict }) => sequence === 1 + time && verdict === 'accepted')
      vendor.clock.advance(8_000)
      expect((await answer).status).toBe(200)
    }
  })

  it('vanished: known while under way, then not any more', async () => {
    const vendor = await bench()
    const requestId = await eraseAccepted(vendor, id('vanished'))
    expect((await status(vendor, requestId)).status).toBe(200)
    vendor.clock.advance(untilSettled)
    expect((await status(vendor, requestId)).status).toBe(404)
  })
})

it('takes a behaviour in the scope of all bots too', async () => {
  const vendor = await bench()
  const answer = await erase(vendor, { userIds: [id('account-owner-rejected')], RemoveDataFromAllBots: true })
  expect(answer.status).toBe(400)
  expect(vendor.sandbox.ledger()[0]?.path).toBe(erasePath)
})
