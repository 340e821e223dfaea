import { afterEach, describe, expect, it } from 'vitest'
import {
  account,
  callMixpanel,
  cancel,
  deletionOf,
  foreignToken,
  projectToken,
  remove,
  removeAccepted,
  retrievals,
  startMixpanel,
  trackingIdOf,
  untilOver,
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

describe('a project of another residency', () => {
  const elsewhere = { token: foreignToken }

  it('is answered as if all were well, and nothing is done', async () => {
    const vendor = await bench()
    const created = await remove(vendor, ['a'], elsewhere)
    expect(created.status).toBe(201)
    const trackingId = trackingIdOf(created)
    vendor.clock.advance(untilOver)
    expect(await deletionOf(vendor, trackingId, elsewhere)).toMatchObject({ status: 'NOT_FOUND', distinct_ids: [] })
    expect((await cancel(vendor, trackingId, elsewhere)).status).toBe(204)
    const retrieval = await callMixpanel(vendor, 'POST', retrievals, { distinct_ids: ['a'] }, elsewhere)
    expect(retrieval.status).toBe(201)
    const told = await callMixpanel(vendor, 'GET', `${retrievals}/${trackingIdOf(retrieval)}`, undefined, elsewhere)
    expect(JSON.parse(told.text)).toEqual({
      status: 'ok',
      results: { status: 'NOT_FOUND', results: '', distinct_ids: [] },
    })
    for (const entry of vendor.sandbox.ledger())
      expect(entry).toMatchObject({ verdict: 'wrong-residency', tookEffect: false })
    expect(vendor.sandbox.tasks()).toEqual([])
  })

  it('is UNKNOWN afterwards where told to', async () => {
    const vendor = await bench({ wrongResidencyStatus: 'UNKNOWN' })
    expect((await deletionOf(vendor, 'any', elsewhere)).status).toBe('UNKNOWN')
  })

  it('is refused with a body that is none, like any other', async () => {
    const vendor = await bench()
    expect((await remove(vendor, [], elsewhere)).status).toBe(400)
  })

  it('is told by where its data is, not by where the first project’s is', async () => {
    const vendor = await bench({ residency: 'EU' })
    expect((await remove(vendor, ['a'], elsewhere)).status).toBe(201)
    expect(vendor.sandbox.ledger()[0]).toMatchObject({ verdict: 'accepted', tookEffect: true })
  })
})

describe('ids in a running task', () => {
  it('make the whole call fail, and name the ids and their tasks', async () => {
    const vendor = await bench()
    const first = await removeAccepted(vendor, 'a', 'b')
    const second = await removeAccepted(vendor, 'c')
    const refused = await remove(vendor, ['d', 'c', 'a'])
    expect(refused.status).toBe(409)
    expect(JSON.parse(refused.text)).toEqual({
      status: 'error',
      error: {
        conflicting_distinct_ids: ['c', 'a'],
        conflicting_task_ids: [first, second],
        error: expect.stringMatching(/./),
      },
    })
    expect(vendor.sandbox.ledger().at(-1)).toMatchObject({ verdict: 'conflict', tookEffect: false, status: 409 })
    expect(vendor.sandbox.tasks()).toHaveLength(2)
  })

  it('are free again when the task is over, or was cancelled', async () => {
    const vendor = await bench()
    const cancelled = await removeAccepted(vendor, 'a')
    await removeAccepted(vendor, 'b')
    await cancel(vendor, cancelled)
    expect((await remove(vendor, ['a'])).status).toBe(201)
    vendor.clock.advance(untilOver - 1)
    expect((await remove(vendor, ['b'])).status).toBe(409)
    vendor.clock.advance(1)
    expect((await remove(vendor, ['b'])).status).toBe(201)
  })

  it('stand in the way of their own project alone, and of no retrieval', async () => {
    const vendor = await bench({
      accounts: [account({ projects: [{ projectToken }, { projectToken: 'another' }] })],
    })
    await removeAccepted(vendor, 'a')
    expect((await remove(vendor, ['a'], { token: 'another' })).status).toBe(201)
    expect((await callMixpanel(vendor, 'POST', retrievals, { distinct_ids: ['a'] })).status).toBe(201)
  })

  it('are told apart letter by letter', async () => {
    const vendor = await bench()
    await removeAccepted(vendor, 'Ana')
    expect((await remove(vendor, ['ana'])).status).toBe(201)
  })
})
