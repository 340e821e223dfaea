import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LedgerEntry } from '../../../src/sandbox/ledger.ts'
import {
  account,
  askDeletion,
  callMixpanel,
  cancel,
  deletions,
  foreignToken,
  projectToken,
  remove,
  removeAccepted,
  retrievals,
  startMixpanel,
  statusOf,
  trackingIdOf,
  untilOver,
} from './mixpanel-support.ts'
import { call, eraseIds, type Bench } from './support.ts'

let bench: Bench

beforeEach(async () => {
  bench = await startMixpanel()
})

afterEach(() => bench.sandbox.close())

const control = () => ({ [bench.sandbox.ready.control.header]: bench.sandbox.ready.control.token })

describe('the ledger', () => {
  it('holds every call with the id its caller gave it, its ids, and what it was told', async () => {
    const answer = await remove(bench, ['ana', 'sandbox-failure'], { requestId: 'the-first' })
    const trackingId = trackingIdOf(answer)
    await askDeletion(bench, trackingId, { requestId: 'the-second' })
    await cancel(bench, trackingId, { requestId: 'the-third' })
    const [first, second, third] = bench.sandbox.ledger()
    const expected: LedgerEntry = {
      sequence: 1,
      receivedAt: bench.clock.now(),
      method: 'POST',
      path: `${deletions}?token=${projectToken}`,
      vendor: 'mixpanel',
      call: 'erase',
      jti: 'the-first',
      appId: null,
      projectToken,
      accountId: 'sandbox-mixpanel',
      verdict: 'accepted',
      tookEffect: true,
      requestId: trackingId,
      removeDataFromAllBots: null,
      botIds: [],
      complianceType: 'GDPR',
      disclosureType: null,
      taskStatus: null,
      identifierCount: 2,
      identifiers: ['ana', 'sandbox-failure'],
      behaviours: ['failure'],
      status: 201,
      ended: 'answered',
      endedAt: bench.clock.now(),
    }
    expect(first).toEqual(expected)
    expect(second).toMatchObject({
      call: 'status',
      jti: 'the-second',
      requestId: trackingId,
      taskStatus: 'PENDING',
      tookEffect: false,
    })
    expect(third).toMatchObject({
      call: 'cancel',
      jti: 'the-third',
      requestId: trackingId,
      tookEffect: true,
      status: 204,
    })
  })

  it('holds the calls of both vendors in one order', async () => {
    await remove(bench, ['a'])
    await eraseIds(bench, 'a')
    await callMixpanel(bench, 'POST', retrievals, { distinct_ids: ['a'], compliance_type: 'CCPA' })
    expect(bench.sandbox.ledger().map(({ sequence, vendor, call: name }) => [sequence, vendor, name])).toEqual([
      [1, 'mixpanel', 'erase'],
      [2, 'kore', 'erase'],
      [3, 'mixpanel', 'retrieve'],
    ])
  })

  it('has no token of a bearer in it', async () => {
    await remove(bench, ['a'], { bearer: 'Bearer a-secret-that-was-typed-wrong' })
    await remove(bench, ['a'])
    const written = JSON.stringify(bench.sandbox.ledger())
    expect(written).not.toContain('a-secret-that-was-typed-wrong')
    expect(written).not.toContain('oauth-token-of-the-sandbox')
  })

  it('has no id of a call that came without one', async () => {
    const { origin } = bench.sandbox.ready
    await call(origin, 'GET', `${deletions}/a?token=${projectToken}`)
    expect(bench.sandbox.ledger()[0]).toMatchObject({ jti: null, verdict: 'token-refused' })
  })
})

describe('the tasks', () => {
  it('say who was really erased, whatever was answered, for the control token alone', async () => {
    const { origin } = bench.sandbox.ready
    await removeAccepted(bench, 'ana', 'sandbox-left-out')
    await removeAccepted(bench, 'sandbox-failure')
    await remove(bench, ['sandbox-500-after'])
    await remove(bench, ['sandbox-in-running-task'])
    await remove(bench, ['nobody'], { token: foreignToken })
    bench.clock.advance(untilOver)
    expect((await call(origin, 'GET', '/__sandbox/tasks')).status).toBe(403)
    const read = await call(origin, 'GET', '/__sandbox/tasks', control())
    expect(JSON.parse(read.text)).toEqual({ tasks: bench.sandbox.tasks() })
    const seen = bench.sandbox.tasks().map((task) => [task.origin, task.status, task.erasedIds])
    expect(seen).toEqual([
      ['caller', 'SUCCESS', ['ana']],
      ['caller', 'FAILURE', []],
      ['caller', 'SUCCESS', ['sandbox-500-after']],
      ['somebody else', 'SUCCESS', ['sandbox-in-running-task', expect.stringMatching(/^somebody-else-/)]],
    ])
    expect(bench.sandbox.tasks()[0]).toMatchObject({
      trackingId: bench.sandbox.ledger()[0]?.requestId,
      kind: 'deletion',
      projectToken,
      distinctIds: ['ana', 'sandbox-left-out'],
    })
  })
})

describe('reset', () => {
  it('forgets tasks, limits, faults and conflicts, and keeps the credentials', async () => {
    await bench.sandbox.close()
    bench = await startMixpanel({ accounts: [account({ windows: [{ milliseconds: 60_000, calls: 3 }] })] })
    const trackingId = await removeAccepted(bench, 'a')
    expect((await remove(bench, ['sandbox-500-before'])).status).toBe(500)
    expect((await remove(bench, ['sandbox-in-running-task'])).status).toBe(409)
    expect((await remove(bench, ['b'])).status).toBe(429)

    expect((await call(bench.sandbox.ready.origin, 'POST', '/__sandbox/reset', control())).status).toBe(200)
    expect(bench.sandbox.tasks()).toEqual([])
    expect(bench.sandbox.ledger()).toEqual([])
    expect(await statusOf(bench, trackingId)).toBe('NOT_FOUND')
    expect((await remove(bench, ['sandbox-500-before'])).status).toBe(500)
    expect((await remove(bench, ['sandbox-in-running-task'])).status).toBe(409)
  })
})
