import { decodeProtectedHeader, jwtVerify } from 'jose'
import { expect, test } from 'vitest'
import { jwtSigner } from '../../../../../src/main/adapters/signing/signer.ts'
import { signingSettingsSchema } from '../../../../../src/shared/model/connection.ts'

const secret = 'c2VjcmV0LXRoYXQtbG9va3MtbGlrZS1iYXNlNjQ='
const now = 1_800_000_000_999
const claims = { appId: 'cs-1', jti: 'jti-1', now }

test.each(['HS256', 'HS384', 'HS512'] as const)(
  '%s with the secret’s own bytes, and nothing but the documented claims',
  async (algorithm) => {
    const signed = await jwtSigner.sign(claims, signingSettingsSchema.parse({ algorithm, lifetimeSeconds: 90 }), secret)
    const token = signed.ok ? signed.value : ''
    expect(decodeProtectedHeader(token)).toEqual({ alg: algorithm, typ: 'JWT' })
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), { currentDate: new Date(now) })
    expect(payload).toEqual({ appId: 'cs-1', sub: 'cs-1', jti: 'jti-1', iat: 1_800_000_000, exp: 1_800_000_090 })
  },
)

test('a subject of the operator’s own stands in sub', async () => {
  const signed = await jwtSigner.sign(claims, signingSettingsSchema.parse({ subject: 'privacy-desk' }), secret)
  const token = signed.ok ? signed.value : ''
  const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), { currentDate: new Date(now) })
  expect(payload.sub).toBe('privacy-desk')
})

test('a secret that cannot sign is a failure in words that do not hold it', async () => {
  const signed = await jwtSigner.sign(claims, signingSettingsSchema.parse({}), '')
  expect(signed).toMatchObject({ ok: false, failure: { code: 'secret-missing' } })
})
