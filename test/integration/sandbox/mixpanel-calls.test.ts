import { afterEach, describe, expect, it } from 'vitest'
import {
  account,
  askDeletion,
  callMixpanel,
  cancel,
  deletionOf,
  deletions,
  errorText,
  pending,
  projectToken,
  remove,
  removeAccepted,
  requestingUser,
  retrievals,
  startMixpanel,
  statusOf,
  trackingIdOf,
  untilOver,
  untilStarted,
  type CallChoices,
} from './mixpanel-support.ts'
import { eraseIds, type Bench } from './support.ts'

const open: Bench[] = []

async function bench(...choices: Parameters<typeof startMixpanel>): Promise<Bench> {
  const started = await startMixpanel(...choices)
  open.push(started)
  return started
}

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ sandbox }) => sandbox.close()))
})

const verdicts = (vendor: Bench) => vendor.sandbox.ledger().map(({ verdict }) => verdict)

describe('a deletion', () => {
  it('is created, goes through every state, and ends with its ids erased', async () => {
    const vendor = await bench()
    const answer = await remove(vendor, ['ana', 'u-77'])
    expect(answer.status).toBe(201)
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    const trackingId = trackingIdOf(answer)
    expect(trackingId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)

    const job = {
      tracking_id: trackingId,
      requesting_user: requestingUser,
      compliance_type: 'GDPR',
      project_id: 3_000_001,
      date_requested: '2026-11-23T09:00:00',
      distinct_ids: ['ana', 'u-77'],
    }
    const seen: [string, readonly string[]][] = []
    for (const wait of [0, pending - 1, 1, untilStarted - pending - 1, 1, untilOver - untilStarted - 1, 1]) {
      vendor.clock.advance(wait)
      const results = await deletionOf(vendor, trackingId)
      expect(results).toEqual({ ...job, status: results.status })
      seen.push([results.status, vendor.sandbox.tasks()[0]?.erasedIds ?? []])
    }
    expect(seen).toEqual([
      ['PENDING', []],
      ['PENDING', []],
      ['STAGING', []],
      ['STAGING', []],
      ['STARTED', []],
      ['STARTED', []],
      ['SUCCESS', ['ana', 'u-77']],
    ])
  })

  it('takes either compliance type, GDPR where none is given, and tells it in lower case where told to', async () => {
    const vendor = await bench()
    const ask = async (body: object) => {
      const trackingId = trackingIdOf(await callMixpanel(vendor, 'POST', deletions, body))
      return (await deletionOf(vendor, trackingId)).compliance_type
    }
    expect(await ask({ distinct_ids: ['a'] })).toBe('GDPR')
    expect(await ask({ distinct_ids: ['b'], compliance_type: 'CCPA' })).toBe('CCPA')
    const lower = await bench({ complianceTypeCase: 'lower' })
    expect((await deletionOf(lower, await removeAccepted(lower, 'a'))).compliance_type).toBe('gdpr')
  })

  it('keeps to the times of the configuration', async () => {
    const vendor = await bench({
      processing: { pendingMilliseconds: 10, stagingMilliseconds: 0, startedMilliseconds: 5 },
    })
    const trackingId = await removeAccepted(vendor, 'a')
    vendor.clock.advance(10)
    expect(await statusOf(vendor, trackingId)).toBe('STARTED')
    vendor.clock.advance(5)
    expect(await statusOf(vendor, trackingId)).toBe('SUCCESS')
  })

  it('takes a path that ends with a slash too', async () => {
    const vendor = await bench()
    const answer = await callMixpanel(vendor, 'POST', `${deletions}/`, { distinct_ids: ['a'] })
    expect(answer.status).toBe(201)
    expect((await askDeletion(vendor, `${trackingIdOf(answer)}/`)).status).toBe(200)
  })
})

describe('a caller', () => {
  const noToken = 'Unauthorized: a valid OAuth token is required'
  const noProject = 'Forbidden: no access to this project'

  it.each<[string, CallChoices, number, string]>([
    ['no bearer token', { bearer: null }, 401, noToken],
    ['a wrong bearer token', { bearer: 'Bearer wrong' }, 401, noToken],
    ['a token without Bearer', { bearer: 'oauth-token-of-the-sandbox' }, 401, noToken],
    ['no project token', { token: null }, 403, noProject],
    ['a project token of nobody', { token: 'nobody' }, 403, noProject],
  ])('with %s is refused by every call', async (_, choices, httpStatus, error) => {
    const vendor = await bench()
    const answers = [
      await remove(vendor, ['a'], choices),
      await askDeletion(vendor, 'a-task', choices),
      await cancel(vendor, 'a-task', choices),
      await callMixpanel(vendor, 'POST', retrievals, { distinct_ids: ['a'] }, choices),
      await callMixpanel(vendor, 'GET', `${retrievals}/a-task`, undefined, choices),
    ]
    for (const { status, text } of answers)
      expect({ status, text }).toEqual({ status: httpStatus, text: errorText(error) })
    expect(new Set(verdicts(vendor))).toEqual(new Set([httpStatus === 401 ? 'token-refused' : 'project-refused']))
    expect(vendor.sandbox.tasks()).toEqual([])
  })

  it('has no access to the project of another account', async () => {
    const vendor = await bench({
      accounts: [
        account({ accountId: 'one' }),
        account({ accountId: 'two', oauthToken: 'two', projects: [{ projectToken: 'of-two' }] }),
      ],
    })
    expect((await remove(vendor, ['a'], { token: 'of-two' })).status).toBe(403)
    expect((await remove(vendor, ['a'], { token: 'of-two', bearer: 'Bearer two' })).status).toBe(201)
  })

  it('has a token that expires, by the vendor’s own clock', async () => {
    const year = 365 * 86_400_000
    const vendor = await bench()
    vendor.clock.advance(year - 1)
    expect((await remove(vendor, ['a'])).status).toBe(201)
    vendor.clock.advance(1)
    expect(await remove(vendor, ['b'])).toMatchObject({
      status: 401,
      text: errorText('Unauthorized: the OAuth token has expired'),
    })
    const shortLived = { accounts: [account({ tokenLifetimeMilliseconds: 60_000 })] }
    const ahead = await bench(shortLived, { clockSkewMilliseconds: 60_000 })
    expect((await remove(ahead, ['a'])).status).toBe(401)
  })
})

describe('a call', () => {
  const invalid = 'Bad Request: invalid arguments'

  it.each<[string, unknown, string]>([
    ['not JSON', '{"distinct_ids":', 'Bad Request: the body is not JSON'],
    ['an array', [], invalid],
    ['no ids', {}, invalid],
    ['an empty list of ids', { distinct_ids: [] }, invalid],
    ['ids that are no list', { distinct_ids: 'a' }, invalid],
    ['a blank id', { distinct_ids: ['a', ' '] }, invalid],
    ['a number among the ids', { distinct_ids: [7] }, invalid],
    ['another compliance type', { distinct_ids: ['a'], compliance_type: 'LGPD' }, invalid],
    ['a compliance type in lower case', { distinct_ids: ['a'], compliance_type: 'gdpr' }, invalid],
    ['a disclosure type', { distinct_ids: ['a'], disclosure_type: 'Data' }, invalid],
  ])('with a body of %s is refused', async (_, body, error) => {
    const vendor = await bench()
    expect(await callMixpanel(vendor, 'POST', deletions, body)).toMatchObject({ status: 400, text: errorText(error) })
    expect(vendor.sandbox.ledger()[0]).toMatchObject({ verdict: 'body-refused', tookEffect: false })
  })

  it('whose body is not declared as JSON is refused', async () => {
    const vendor = await bench()
    const answer = await remove(vendor, ['a'], { headers: { 'content-type': 'text/plain' } })
    expect(answer).toMatchObject({ status: 400, text: errorText(invalid) })
  })

  it.each([
    { dataGroups: 0, cap: 500, allowed: 500 },
    { dataGroups: 3, cap: 500, allowed: 500 },
    { dataGroups: 4, cap: 500, allowed: 400 },
    { dataGroups: 0, cap: 7, allowed: 7 },
  ])('with a cap of $cap and $dataGroups data groups may hold $allowed ids', async ({ dataGroups, cap, allowed }) => {
    const vendor = await bench({
      maximumDistinctIds: cap,
      accounts: [account({ projects: [{ projectToken, dataGroups }] })],
    })
    const ids = (count: number) => Array.from({ length: count }, (_, index) => `id-${index}`)
    const over = await remove(vendor, ids(allowed + 1))
    expect(over).toMatchObject({ status: 400, text: errorText('Bad Request: too many distinct_ids') })
    expect(vendor.sandbox.ledger()[0]).toMatchObject({ verdict: 'too-large', identifierCount: allowed + 1 })
    expect((await remove(vendor, ids(allowed))).status).toBe(201)
  })

  it('that is too long is refused', async () => {
    const vendor = await bench({}, { bodyLimitBytes: 100 })
    expect((await remove(vendor, ['x'.repeat(200)])).status).toBe(413)
  })

  it('with another method is refused', async () => {
    const vendor = await bench()
    const calls = [
      ['GET', deletions],
      ['DELETE', deletions],
      ['PUT', `${deletions}/a-task`],
      ['POST', `${deletions}/a-task`],
      ['GET', retrievals],
      ['DELETE', `${retrievals}/a-task`],
    ] as const
    for (const [method, path] of calls)
      expect(await callMixpanel(vendor, method, path)).toMatchObject({
        status: 405,
        text: errorText('Method Not Allowed'),
      })
    expect(new Set(verdicts(vendor))).toEqual(new Set(['method-refused']))
  })

  it('to an unknown path is answered 404, and written down', async () => {
    const vendor = await bench()
    const answer = await callMixpanel(vendor, 'GET', '/api/app/data-deletions/v2.0')
    expect(answer).toMatchObject({ status: 404, text: errorText('Not Found') })
    expect(vendor.sandbox.ledger()[0]).toMatchObject({ vendor: 'mixpanel', verdict: 'unknown-path', call: 'other' })
  })

  it('gets the words and statuses of the configuration', async () => {
    const vendor = await bench({ errors: { forbidden: { status: 400, message: 'No such project' } } })
    expect(await remove(vendor, ['a'], { token: 'nobody' })).toMatchObject({
      status: 400,
      text: errorText('No such project'),
    })
  })
})

describe('the limit', () => {
  const windows = [{ milliseconds: 1_000, calls: 1 }]
  const limited = { accounts: [account({ windows })] }

  it('is one call a second over all of them, and a call over it costs nothing', async () => {
    const vendor = await bench(limited)
    const trackingId = await removeAccepted(vendor, 'a')
    const others = [
      () => remove(vendor, ['b']),
      () => askDeletion(vendor, trackingId),
      () => cancel(vendor, trackingId),
      () => callMixpanel(vendor, 'POST', retrievals, { distinct_ids: ['a'] }),
      () => callMixpanel(vendor, 'GET', `${retrievals}/a-task`),
    ]
    for (const other of others) {
      const over = await other()
      expect(over).toMatchObject({
        status: 429,
        text: errorText('Too Many Requests, this API is limited to 1 req/s'),
      })
      expect(over.headers['retry-after']).toBeUndefined()
    }
    expect(verdicts(vendor).slice(1)).toEqual(others.map(() => 'rate-limited'))
    vendor.clock.advance(999)
    expect((await askDeletion(vendor, trackingId)).status).toBe(429)
    vendor.clock.advance(1)
    expect((await askDeletion(vendor, trackingId)).status).toBe(200)
  })

  it('counts refused calls too, and those with a wrong bearer for a project of the account', async () => {
    const vendor = await bench(limited)
    expect((await remove(vendor, ['a'], { bearer: 'Bearer wrong' })).status).toBe(401)
    expect((await remove(vendor, ['a'])).status).toBe(429)
  })

  it('is each account’s own, and Kore.ai’s calls have no part in it', async () => {
    const vendor = await bench({
      accounts: [
        account({ accountId: 'one', windows }),
        account({ accountId: 'two', oauthToken: 'two', windows, projects: [{ projectToken: 'of-two' }] }),
      ],
    })
    expect((await remove(vendor, ['a'])).status).toBe(201)
    expect((await eraseIds(vendor, 'a')).status).toBe(200)
    expect((await remove(vendor, ['a'], { token: 'of-two', bearer: 'Bearer two' })).status).toBe(201)
    expect((await remove(vendor, ['b'])).status).toBe(429)
    expect((await eraseIds(vendor, 'b')).status).toBe(200)
  })

  it.each([
    ['seconds', '1'],
    ['date', 'Mon, 23 Nov 2026 09:00:01 GMT'],
  ] as const)('says Retry-After in %s, and as plain text, where told to', async (how, expected) => {
    const vendor = await bench({ ...limited, overLimit: { body: 'text', retryAfter: how } })
    await remove(vendor, ['a'])
    const over = await remove(vendor, ['b'])
    expect(over).toMatchObject({ status: 429, text: 'Too Many Requests, this API is limited to 1 req/s' })
    expect(over.headers['retry-after']).toBe(expected)
  })
})
