import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import {
  botId,
  call,
  clientId,
  clientSecret,
  erase,
  eraseAccepted,
  eraseIds,
  erasePath,
  errorBody,
  responseOf,
  signToken,
  startBench,
  status,
  success,
  untilSettled,
  type Bench,
  type RawAnswer,
} from './support.ts'
import type { SandboxConfigInput } from '../../../src/sandbox/config.ts'

const open: Bench[] = []

async function bench(input: SandboxConfigInput = {}): Promise<Bench> {
  const started = await startBench(input)
  open.push(started)
  return started
}

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ sandbox }) => sandbox.close()))
})

const order = { userIds: ['ana@example.com'], botIds: [botId], RemoveDataFromAllBots: false }

/** A refusal as the vendor writes it. */
function refusal(httpStatus: number, msg: string, code: number): Pick<RawAnswer, 'status' | 'text'> {
  return { status: httpStatus, text: errorBody(msg, code) }
}

describe('erase and status', () => {
  it('accepts, answers with a request id, and settles every identifier in time', async () => {
    const vendor = await bench({ processing: { inProgress: ['status-in-progress'] } })
    const answer = await eraseIds(vendor, 'ana@example.com', 'u-77')
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    const { requestId, ...rest } = JSON.parse(answer.text) as { requestId: string }
    expect(requestId).toMatch(/^eud-/)
    expect(rest).toEqual({ status: 'in-progress' })

    const early = await status(vendor, requestId)
    expect(responseOf(early)).toEqual([
      { userId: 'ana@example.com', status: 'IN_PROGRESS' },
      { userId: 'u-77', status: 'IN_PROGRESS' },
    ])
    vendor.clock.advance(untilSettled)
    const late = await status(vendor, requestId)
    expect(JSON.parse(late.text)).toMatchObject({ _id: requestId, RemoveDataFromAllBots: false })
    expect(responseOf(late)).toEqual(success('ana@example.com', 'u-77'))
  })

  it('takes strings, channel pairs as objects, and text of any form', async () => {
    const vendor = await bench()
    const pair = { channel_id: 'whatsapp', channel_user_id: '33140990000' }
    const requestId = await eraseAccepted(vendor, 'ana@example.com', pair, 'whatsapp|33140990001')
    vendor.clock.advance(untilSettled)
    expect(responseOf(await status(vendor, requestId))).toEqual(
      success('ana@example.com', pair, 'whatsapp|33140990001'),
    )
    expect(vendor.sandbox.ledger()[0]?.identifiers).toEqual(['ana@example.com', pair, 'whatsapp|33140990001'])
  })

  it('ignores bot ids when all bots are meant', async () => {
    const vendor = await bench()
    await erase(vendor, { userIds: ['a'], botIds: [botId], RemoveDataFromAllBots: true })
    expect(vendor.sandbox.ledger()[0]).toMatchObject({ tookEffect: true, removeDataFromAllBots: true, botIds: [] })
  })

  it('does not know a request id that is another account’s, or nobody’s', async () => {
    const vendor = await bench({
      accounts: [{ accountId: 'one' }, { accountId: 'two' }],
      apps: [
        { accountId: 'one', clientId, clientSecret },
        { accountId: 'two', clientId: 'cs-two', clientSecret: 'two' },
      ],
    })
    const requestId = await eraseAccepted(vendor, 'a')
    expect(await status(vendor, requestId, { appId: 'cs-two', secret: 'two' })).toMatchObject(
      refusal(404, 'Invalid request id', 404),
    )
    expect(await status(vendor, 'eud-nobody')).toMatchObject(refusal(404, 'Invalid request id', 404))
    expect((await status(vendor, requestId)).status).toBe(200)
  })

  it('answers an unknown request id as the configuration says', async () => {
    const vendor = await bench({ errors: { unknownRequest: { status: 400, code: 400, message: 'No such request' } } })
    expect(await status(vendor, 'eud-nobody')).toMatchObject(refusal(400, 'No such request', 400))
  })
})

describe('token, scope, method and body', () => {
  it.each([
    ['a wrong secret', { secret: 'wrong' }, 'Invalid JWT token', 4002],
    ['an unknown client id', { appId: 'cs-unknown' }, 'Invalid SDK credentials', 4002],
    ['another algorithm', { algorithm: 'HS512' }, 'Invalid JWT token', 4002],
    ['an expired token', { lifetimeSeconds: -10 }, 'Invalid JWT token', 4002],
    ['a token for longer than an hour', { lifetimeSeconds: 3_700 }, 'Invalid JWT token', 4002],
  ])('refuses %s', async (_, choices, msg, code) => {
    const vendor = await bench()
    expect(await erase(vendor, order, choices)).toMatchObject(refusal(401, msg, code))
    expect(await status(vendor, 'eud-1', choices)).toMatchObject(refusal(401, msg, code))
    expect(vendor.sandbox.ledger().map(({ verdict }) => verdict)).toEqual(['token-refused', 'token-refused'])
  })

  it('refuses a token used twice, in the vendor’s words', async () => {
    const vendor = await bench()
    const jti = randomUUID()
    expect((await erase(vendor, order, { jti })).status).toBe(200)
    expect(await erase(vendor, order, { jti })).toMatchObject(
      refusal(401, 'error verifying the jwt: possibly a replay', 401),
    )
  })

  it('asks for a jti only where it is enforced', async () => {
    const lax = await bench()
    expect((await erase(lax, order, { jti: null })).status).toBe(200)
    const strict = await bench({ apps: [{ clientId, clientSecret, enforceJti: true }] })
    expect(await erase(strict, order, { jti: null })).toMatchObject(refusal(401, 'Invalid JWT token', 4002))
  })

  it('refuses a signed token where encrypted ones are enforced', async () => {
    const vendor = await bench({ apps: [{ clientId, clientSecret, jweEnforced: true }] })
    expect(await erase(vendor, order)).toMatchObject(refusal(401, 'Invalid JWT token', 4002))
  })

  it('reads the header auth, not Authorization', async () => {
    const vendor = await bench()
    const authorization = `Bearer ${await signToken(vendor.clock)}`
    const headers = { authorization, 'content-type': 'application/json' }
    const answer = await call(vendor.sandbox.ready.origin, 'DELETE', erasePath, headers, JSON.stringify(order))
    expect(answer).toMatchObject(refusal(401, 'Invalid JWT token', 4002))
  })

  it('refuses an app without the scope', async () => {
    const vendor = await bench({ apps: [{ clientId, clientSecret, scopes: ['status'] }] })
    expect(await erase(vendor, order)).toMatchObject(refusal(401, 'Permission denied. Scope is incorrect!', 4002))
    expect((await status(vendor, 'eud-1')).status).toBe(404)
  })

  it('refuses other methods', async () => {
    const vendor = await bench()
    expect(await erase(vendor, order, { method: 'POST' })).toMatchObject(refusal(405, 'Method Not Allowed', 405))
    expect(await erase(vendor, order, { method: 'PUT' })).toMatchObject(refusal(405, 'Method Not Allowed', 405))
    expect(await status(vendor, 'eud-1', { method: 'DELETE' })).toMatchObject(refusal(405, 'Method Not Allowed', 405))
    expect(vendor.sandbox.ledger().some(({ tookEffect }) => tookEffect)).toBe(false)
  })

  it('takes POST with x-http-method-override only where that is allowed', async () => {
    const overridden = { method: 'POST', headers: { 'x-http-method-override': 'delete' } }
    const closed = await bench()
    expect(await erase(closed, order, overridden)).toMatchObject(refusal(405, 'Method Not Allowed', 405))
    const allowed = await bench({ allowMethodOverride: true })
    expect((await erase(allowed, order, overridden)).status).toBe(200)
    expect(allowed.sandbox.ledger()[0]).toMatchObject({ method: 'POST', tookEffect: true })
  })

  const invalid = 'Validation errors/ Invalid arguments'
  it.each<[string, unknown, number, string]>([
    ['not JSON', '{"userIds":', 400, 'Bad Request'],
    ['an array', [], 412, invalid],
    ['no userIds', { botIds: [botId] }, 412, invalid],
    ['empty userIds', { userIds: [], botIds: [botId] }, 412, invalid],
    ['userIds that are no list', { userIds: 'a', botIds: [botId] }, 412, invalid],
    ['a blank user id', { userIds: ['a', ' '], botIds: [botId] }, 412, invalid],
    ['a number among the user ids', { userIds: [7], botIds: [botId] }, 412, invalid],
    ['half a channel pair', { userIds: [{ channel_id: 'whatsapp' }], botIds: [botId] }, 412, invalid],
    ['false and no bot ids', { userIds: ['a'], RemoveDataFromAllBots: false }, 412, invalid],
    ['neither flag nor bot ids', { userIds: ['a'] }, 412, invalid],
    ['empty bot ids', { userIds: ['a'], botIds: [] }, 412, invalid],
    ['bot ids that are no list', { userIds: ['a'], botIds: botId }, 412, invalid],
    ['a flag that is text', { userIds: ['a'], botIds: [botId], RemoveDataFromAllBots: 'true' }, 412, invalid],
  ])('refuses a body with %s', async (_, body, httpStatus, msg) => {
    const vendor = await bench()
    expect(await erase(vendor, body)).toMatchObject(refusal(httpStatus, msg, httpStatus))
    expect(vendor.sandbox.ledger()[0]).toMatchObject({ verdict: 'body-refused', tookEffect: false })
  })

  it('does not read a body that is not declared as JSON', async () => {
    const vendor = await bench()
    expect(await erase(vendor, order, { headers: { 'content-type': 'text/plain' } })).toMatchObject(
      refusal(412, invalid, 412),
    )
  })

  it('refuses a call that is too large, by bytes or by identifiers', async () => {
    const small = await bench({ bodyLimitBytes: 2_000 })
    const many = { ...order, userIds: Array.from({ length: 300 }, (_, index) => `user-${index}@example.com`) }
    expect(await erase(small, many)).toMatchObject(refusal(413, 'request entity too large', 413))
    const few = await bench({ maximumIdentifiers: 299 })
    expect(await erase(few, many)).toMatchObject(refusal(413, 'request entity too large', 413))
    expect(few.sandbox.ledger()[0]).toMatchObject({ verdict: 'too-large', identifierCount: 300, tookEffect: false })
  })

  it('answers an unknown path with 404 and a page, and writes it down', async () => {
    const vendor = await bench()
    const answer = await call(vendor.sandbox.ready.origin, 'GET', '/api/<nothing>')
    expect(answer.status).toBe(404)
    expect(answer.headers['content-type']).toMatch(/^text\/html/)
    expect(answer.text).not.toContain('<nothing>')
    expect(vendor.sandbox.ledger()[0]).toMatchObject({ verdict: 'unknown-path', call: 'other' })
  })

  it('shows its own time in the Date header and judges expiry by it', async () => {
    const vendor = await bench({ clockSkewMilliseconds: 600_000 })
    const answer = await erase(vendor, order)
    expect(answer).toMatchObject(refusal(401, 'Invalid JWT token', 4002))
    expect(Date.parse(answer.headers.date ?? '')).toBe(vendor.clock.now() + 600_000)
  })
})

describe('rate windows', () => {
  it('holds an account to 60 calls a minute over erase and status calls together', async () => {
    const vendor = await bench()
    const requestId = await eraseAccepted(vendor, 'a')
    for (let count = 1; count < 60; count += 1) expect((await status(vendor, requestId)).status).toBe(200)
    const over = await eraseIds(vendor, 'b')
    expect(over.status).toBe(429)
    expect(over.headers['retry-after']).toBeUndefined()
    expect(JSON.parse(over.text)).toEqual({
      errors: [{ msg: expect.stringMatching(/^Rate limit for this API has been reached/), code: 429 }],
    })
    expect(vendor.sandbox.ledger().at(-1)).toMatchObject({ verdict: 'rate-limited', tookEffect: false, status: 429 })

    vendor.clock.advance(59_999)
    expect((await status(vendor, requestId)).status).toBe(429)
    vendor.clock.advance(1)
    expect((await status(vendor, requestId)).status).toBe(200)
  })

  it('enforces the hour as well', async () => {
    const vendor = await bench({
      accounts: [
        {
          windows: [
            { milliseconds: 60_000, calls: 3 },
            { milliseconds: 3_600_000, calls: 5 },
          ],
        },
      ],
    })
    const statuses: number[] = []
    for (let count = 0; count < 6; count += 1) {
      statuses.push((await eraseIds(vendor, 'a')).status)
      vendor.clock.advance(60_000)
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429])
  })

  it('counts rejected calls, and those of every app of the account', async () => {
    const vendor = await bench({
      accounts: [{ windows: [{ milliseconds: 60_000, calls: 2 }] }],
      apps: [
        { clientId, clientSecret },
        { clientId: 'cs-two', clientSecret: 'two' },
      ],
    })
    expect((await erase(vendor, order, { secret: 'wrong' })).status).toBe(401)
    expect((await erase(vendor, order, { appId: 'cs-two', secret: 'two' })).status).toBe(200)
    expect((await eraseIds(vendor, 'a')).status).toBe(429)
  })

  it('keeps accounts apart', async () => {
    const windows = [{ milliseconds: 60_000, calls: 1 }]
    const vendor = await bench({
      accounts: [
        { accountId: 'one', windows },
        { accountId: 'two', windows },
      ],
      apps: [
        { accountId: 'one', clientId, clientSecret },
        { accountId: 'two', clientId: 'cs-two', clientSecret: 'two' },
      ],
    })
    expect((await eraseIds(vendor, 'a')).status).toBe(200)
    expect((await eraseIds(vendor, 'a')).status).toBe(429)
    expect((await erase(vendor, order, { appId: 'cs-two', secret: 'two' })).status).toBe(200)
  })

  it.each([
    ['seconds', '60'],
    ['date', 'Mon, 23 Nov 2026 09:01:00 GMT'],
  ] as const)(
    'says Retry-After in %s, and the limit as plain text under another status, where told to',
    async (how, expected) => {
      const vendor = await bench({
        accounts: [{ windows: [{ milliseconds: 60_000, calls: 1 }] }],
        overLimit: { status: 400, body: 'text', retryAfter: how },
      })
      await eraseIds(vendor, 'a')
      const over = await eraseIds(vendor, 'a')
      expect(over.status).toBe(400)
      expect(over.text).toMatch(/^Rate limit for this API has been reached/)
      expect(over.headers['retry-after']).toBe(expected)
    },
  )
})

describe('the calls beside', () => {
  it('lists bots, at most 50 a page, and gives the apps’ secrets away as the vendor does', async () => {
    const bots = Array.from({ length: 60 }, (_, index) => ({ botId: `st-${index}`, name: `Bot ${index}` }))
    const vendor = await bench({ bots })
    const read = async (query: string) => {
      const headers = { auth: await signToken(vendor.clock) }
      const answer = await call(vendor.sandbox.ready.origin, 'GET', `/api/public/bots${query}`, headers)
      return JSON.parse(answer.text) as {
        total: number
        availableMore: boolean
        bots: { _id: string; jwtApps: unknown[] }[]
      }
    }
    const first = await read('?offset=0&limit=500')
    expect({ total: first.total, more: first.availableMore, count: first.bots.length }).toEqual({
      total: 60,
      more: true,
      count: 50,
    })
    expect(first.bots[0]?.jwtApps[0]).toMatchObject({ clientId, clientSecret, jtiClaimEnforced: false })
    const second = await read('?offset=1&limit=50')
    expect(second.bots.map(({ _id }) => _id)).toEqual(bots.slice(50).map((bot) => bot.botId))
    expect(second.availableMore).toBe(false)
  })

  it('gives the u- id of an email, the one an erasure names it by, and the vendor’s words for an unknown user', async () => {
    const vendor = await bench()
    const renamed = 'sandbox-renamed@example.com'
    const headers = { auth: await signToken(vendor.clock), 'content-type': 'application/json' }
    const body = JSON.stringify({ emailIds: [renamed, 'sandbox-unknown-user@example.com'] })
    const answer = await call(vendor.sandbox.ready.origin, 'POST', '/api/public/usersInfo', headers, body)
    const [known, unknown] = JSON.parse(answer.text) as { userInfo: { userId?: string; reason?: unknown } }[]
    expect(unknown?.userInfo).toMatchObject({ status: 'failure' })
    const requestId = await eraseAccepted(vendor, renamed)
    vendor.clock.advance(untilSettled)
    expect(responseOf(await status(vendor, requestId))).toEqual(success(known?.userInfo.userId))
  })

  it('writes down whom a look-up asked about, and holds it to the limits', async () => {
    const vendor = await bench({ accounts: [{ windows: [{ milliseconds: 60_000, calls: 1 }] }] })
    const emailIds = ['ana@example.com', 'sandbox-look-up-not-found@example.com']
    const lookUp = async () => {
      const headers = { auth: await signToken(vendor.clock), 'content-type': 'application/json' }
      return await call(
        vendor.sandbox.ready.origin,
        'POST',
        '/api/public/usersInfo',
        headers,
        JSON.stringify({ emailIds }),
      )
    }
    const [known, unknown] = JSON.parse((await lookUp()).text) as { userInfo: { userId?: string } }[]
    expect(known?.userInfo.userId).toMatch(/^u-/)
    expect(unknown?.userInfo.userId).toBeUndefined()
    expect(await lookUp()).toMatchObject({ status: 429 })
    expect(vendor.sandbox.ledger()).toMatchObject([
      {
        call: 'users-info',
        verdict: 'accepted',
        identifiers: emailIds,
        behaviours: ['look-up-not-found'],
        tookEffect: false,
      },
      { call: 'users-info', verdict: 'rate-limited' },
    ])
  })

  it('cuts a look-up, or answers it with 500, once for each email that asks for it', async () => {
    const vendor = await bench()
    const lookUp = async (emailId: string) => {
      const headers = { auth: await signToken(vendor.clock), 'content-type': 'application/json' }
      const body = JSON.stringify({ emailIds: [emailId] })
      return await call(vendor.sandbox.ready.origin, 'POST', '/api/public/usersInfo', headers, body)
    }
    await expect(lookUp('sandbox-look-up-cut@example.com')).rejects.toThrow(/socket hang up|ECONNRESET/)
    expect((await lookUp('sandbox-look-up-cut@example.com')).status).toBe(200)
    expect((await lookUp('sandbox-look-up-500@example.com')).status).toBe(500)
    expect((await lookUp('sandbox-look-up-500@example.com')).status).toBe(200)
  })

  it('needs their scopes', async () => {
    const vendor = await bench({ apps: [{ clientId, clientSecret, scopes: ['erase', 'status'] }] })
    const headers = { auth: await signToken(vendor.clock) }
    const answer = await call(vendor.sandbox.ready.origin, 'GET', '/api/public/bots', headers)
    expect(answer).toMatchObject(refusal(401, 'Permission denied. Scope is incorrect!', 4002))
  })
})
