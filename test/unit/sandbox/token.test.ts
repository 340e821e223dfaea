import { randomUUID } from 'node:crypto'
import { EncryptJWT, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import type { SandboxApp } from '../../../src/sandbox/config.ts'
import { checkToken, createUsedTokens, readClaims } from '../../../src/sandbox/kore/token.ts'

const now = Date.UTC(2026, 10, 23, 9, 0, 0)
const seconds = now / 1_000
const app: SandboxApp = {
  accountId: 'account',
  clientId: 'cs-one',
  clientSecret: 'bG9va3MtbGlrZS1iYXNlNjQ=',
  algorithm: 'HS256',
  scopes: ['erase'],
  enforceJti: false,
  jweEnforced: false,
}

type Choices = {
  readonly secret?: string | Uint8Array
  readonly algorithm?: string
  readonly claims?: Record<string, unknown>
}

function sign({ secret = app.clientSecret, algorithm = 'HS256', claims = {} }: Choices = {}): Promise<string> {
  const payload = { appId: 'cs-one', sub: 'desk', jti: randomUUID(), exp: seconds + 60, ...claims }
  const key = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret
  return new SignJWT(payload).setProtectedHeader({ alg: algorithm, typ: 'JWT' }).sign(key)
}

const check = (token: string | undefined, changed: Partial<SandboxApp> = {}, used = createUsedTokens()) =>
  checkToken(token, [{ ...app, ...changed }], used, now)

const refused = (refusal: string) => ({ accepted: false, refusal })

describe('token check', () => {
  it('accepts HS256 over the secret as raw UTF-8', async () => {
    expect(await check(await sign())).toEqual({ accepted: true, app })
  })

  it('refuses a token signed with the secret base64-decoded', async () => {
    const token = await sign({ secret: Buffer.from(app.clientSecret, 'base64') })
    expect(await check(token)).toEqual(refused('invalidToken'))
  })

  it('takes the algorithm the app is set to, and that one alone', async () => {
    const hs512 = await sign({ algorithm: 'HS512', secret: app.clientSecret })
    expect(await check(hs512)).toEqual(refused('invalidToken'))
    expect((await check(hs512, { algorithm: 'HS512' })).accepted).toBe(true)
    expect(await check(await sign(), { algorithm: 'HS512' })).toEqual(refused('invalidToken'))
  })

  it('refuses an unsigned token, a changed token, an encrypted token, none, and one behind Bearer', async () => {
    const good = await sign()
    const encrypted = await new EncryptJWT({ appId: 'cs-one' })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(new Uint8Array(32))
    const unsigned = new UnsecuredJWT({ appId: 'cs-one' }).encode()
    const [head, , signature] = good.split('.')
    const changed = [
      head,
      Buffer.from(JSON.stringify({ appId: 'cs-one', x: 1 })).toString('base64url'),
      signature,
    ].join('.')
    const tokens = [unsigned, changed, encrypted, undefined, '', 'abc', `Bearer ${good}`]
    const checks = await Promise.all(tokens.map((token) => check(token)))
    expect(checks).toEqual(tokens.map(() => refused('invalidToken')))
  })

  it('does not know an app whose id is another, missing, or under another key', async () => {
    expect(await check(await sign({ claims: { appId: 'cs-two' } }))).toEqual(refused('invalidCredentials'))
    expect(await check(await sign({ claims: { appId: undefined } }))).toEqual(refused('invalidCredentials'))
    expect(await check(await sign({ claims: { appId: undefined, appid: 'cs-one' } }))).toEqual(
      refused('invalidCredentials'),
    )
  })

  it('refuses an expired token and one that lives longer than an hour', async () => {
    expect(await check(await sign({ claims: { exp: seconds - 1 } }))).toEqual(refused('invalidToken'))
    expect(await check(await sign({ claims: { exp: seconds + 3_601 } }))).toEqual(refused('invalidToken'))
    expect((await check(await sign({ claims: { exp: seconds + 3_600 } }))).accepted).toBe(true)
  })

  it('refuses the second use of a jti, and does not spend one on a token that was not genuine', async () => {
    const used = createUsedTokens()
    const forged = await sign({ secret: 'not the secret', claims: { jti: 'j1' } })
    expect(await check(forged, {}, used)).toEqual(refused('invalidToken'))
    const genuine = await sign({ claims: { jti: 'j1' } })
    expect((await check(genuine, {}, used)).accepted).toBe(true)
    expect(await check(genuine, {}, used)).toEqual(refused('replay'))
    used.reset()
    expect((await check(genuine, {}, used)).accepted).toBe(true)
  })

  it('asks for jti and exp only where JTI is enforced', async () => {
    const withoutJti = await sign({ claims: { jti: undefined } })
    const withoutExp = await sign({ claims: { exp: undefined } })
    expect((await check(withoutJti)).accepted).toBe(true)
    expect((await check(withoutExp)).accepted).toBe(true)
    expect(await check(withoutJti, { enforceJti: true })).toEqual(refused('invalidToken'))
    expect(await check(withoutExp, { enforceJti: true })).toEqual(refused('invalidToken'))
    expect((await check(await sign(), { enforceJti: true })).accepted).toBe(true)
  })

  it('refuses every signed token where JWE is enforced', async () => {
    expect(await check(await sign(), { jweEnforced: true })).toEqual(refused('invalidToken'))
  })

  it('reads appId and jti without verifying', async () => {
    const token = await sign({ secret: 'not the secret', claims: { jti: 'j9' } })
    expect(readClaims(token)).toEqual({ appId: 'cs-one', jti: 'j9' })
    expect(readClaims(undefined)).toEqual({ appId: null, jti: null })
    expect(readClaims('a.b.c')).toEqual({ appId: null, jti: null })
  })
})
