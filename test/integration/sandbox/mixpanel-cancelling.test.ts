import { afterEach, describe, expect, it } from 'vitest'
import {
  account,
  askDeletion,
  callMixpanel,
  cancel,
  deletionOf,
  errorText,
  pending,
  projectToken,
  removeAccepted,
  retrievals,
  startMixpanel,
  statusOf,
  trackingIdOf,
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

describe('cancelling', () => {
  it.each([
    ['PENDING', 0],
    ['STAGING', pending],
  ])('while %s revokes the task, and nobody is erased', async (before, wait) => {
    const vendor = await bench()
    const trackingId = await removeAccepted(vendor, 'a')
    vendor.clock.advance(wait)
    expect(await statusOf(vendor, trackingId)).toBe(before)
    const answer = await cancel(vendor, trackingId)
    expect(answer).toMatchObject({ status: 204, text: '' })
    expect(answer.headers).not.toHaveProperty('content-length')
    expect(answer.headers).not.toHaveProperty('content-type')
    expect(vendor.sandbox.ledger().at(-1)).toMatchObject({ call: 'cancel', tookEffect: true, requestId: trackingId })
    vendor.clock.advance(untilOver)
    expect(await statusOf(vendor, trackingId)).toBe('REVOKED')
    expect(vendor.sandbox.tasks()).toMatchObject([{ status: 'REVOKED', erasedIds: [] }])
  })

  it.each([
    ['STARTED', untilStarted],
    ['SUCCESS', untilOver],
  ])('is too late when %s', async (before, wait) => {
    const vendor = await bench()
    const trackingId = await removeAccepted(vendor, 'a')
    vendor.clock.advance(wait)
    expect(await statusOf(vendor, trackingId)).toBe(before)
    expect(await cancel(vendor, trackingId)).toMatchObject({
      status: 405,
      text: errorText('Method Not Allowed: the task has started and cannot be canceled'),
    })
    expect(vendor.sandbox.ledger().at(-1)).toMatchObject({ verdict: 'too-late', tookEffect: false })
    vendor.clock.advance(untilOver)
    expect(vendor.sandbox.tasks()).toMatchObject([{ status: 'SUCCESS', erasedIds: ['a'] }])
  })

  it('is too late when it was cancelled before', async () => {
    const vendor = await bench()
    const trackingId = await removeAccepted(vendor, 'a')
    expect((await cancel(vendor, trackingId)).status).toBe(204)
    expect((await cancel(vendor, trackingId)).status).toBe(405)
  })

  it('does not find a task of nobody, of another project, or a retrieval', async () => {
    const vendor = await bench({
      accounts: [account({ projects: [{ projectToken }, { projectToken: 'another' }] })],
    })
    const trackingId = await removeAccepted(vendor, 'a')
    const retrieval = trackingIdOf(await callMixpanel(vendor, 'POST', retrievals, { distinct_ids: ['a'] }))
    const answers = [
      await cancel(vendor, 'nobody'),
      await cancel(vendor, trackingId, { token: 'another' }),
      await cancel(vendor, retrieval),
    ]
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 404, text: errorText('Not Found: no such task') })
    expect(await statusOf(vendor, trackingId)).toBe('PENDING')
  })
})

describe('a task nobody knows', () => {
  it('is NOT_FOUND, with every field of the OpenAPI and nothing in it', async () => {
    const vendor = await bench()
    expect(await deletionOf(vendor, 'nobody')).toEqual({
      tracking_id: 'nobody',
      status: 'NOT_FOUND',
      requesting_user: '',
      compliance_type: '',
      project_id: 3_000_001,
      date_requested: '',
      distinct_ids: [],
    })
    expect(vendor.sandbox.ledger()[0]).toMatchObject({ verdict: 'unknown-request', taskStatus: 'NOT_FOUND' })
  })

  it('is an error where told to', async () => {
    const vendor = await bench({ unknownTask: 'error' })
    expect(await askDeletion(vendor, 'nobody')).toMatchObject({
      status: 404,
      text: errorText('Not Found: no such task'),
    })
  })
})
