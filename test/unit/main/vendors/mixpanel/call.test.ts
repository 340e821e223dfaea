import { expect, test } from 'vitest'
import type { Submitted, VendorCall } from '../../../../../src/main/core/ports.ts'
import { mixpanel } from '../../../../../src/main/vendors/mixpanel/index.ts'
import type { Scope } from '../../../../../src/shared/model/scope.ts'
import { connection, projectToken } from './reports.ts'

const base = 'https://eu.mixpanel.com/api/app/data-deletions/v3.0'
const gdpr: Scope = { kind: 'choice', value: 'GDPR' }
const distinct = (value: string): Submitted => ({ kind: 'distinct id', value, channelId: null })
const authority = { token: 'oauth-token-of-a-year', jti: 'jti-1' }

function eraseCall(values: readonly string[], scope: Scope = gdpr): VendorCall {
  const call = mixpanel.eraseCall(connection, values.map(distinct), scope)
  if (!call.ok) throw new Error(call.failure.message)
  return call.value
}

test('a deletion is a POST with the identifiers as they stand in the file and the compliance type that was chosen', () => {
  const call = eraseCall(['  user-1 ', 'Ünï "2"', '\u{1F600}'], { kind: 'choice', value: 'CCPA' })
  expect(call).toMatchObject({ method: 'POST', url: `${base}/?token=${projectToken}` })
  expect(call.headers).toMatchObject({ 'content-type': 'application/json' })
  expect(JSON.parse(call.body ?? '')).toEqual({
    distinct_ids: ['user-1', 'Ünï "2"', '\u{1F600}'],
    compliance_type: 'CCPA',
  })
})

test('what stands in the call is what is noted as sent', () => {
  const values = ['a"b', 'back\\slash', 'a\u2028b', 'half \ud800']
  expect(eraseCall(values).body).toContain(
    `[${values.map((value) => mixpanel.sentForm(distinct(value), connection.settings)).join(',')}]`,
  )
})

test.each<[string, readonly string[], Scope, string]>([
  ['nobody', [], gdpr, 'nothing-to-send'],
  ['an empty identifier', ['a', '  '], gdpr, 'invalid-input'],
  ['bots', ['a'], { kind: 'all bots' }, 'scope-missing'],
  ['no compliance type', ['a'], { kind: 'everything' }, 'scope-missing'],
  ['another compliance type', ['a'], { kind: 'choice', value: 'gdpr' }, 'scope-missing'],
])('a deletion of %s is not sent', (_, values, scope, code) => {
  const call = mixpanel.eraseCall(connection, values.map(distinct), scope)
  expect(call).toMatchObject({ ok: false, failure: { code, kept: 'It was not sent.' } })
})

test('an identifier of another kind is not sent', () => {
  const call = mixpanel.eraseCall(connection, [{ kind: 'email', value: 'ana@example.org', channelId: null }], gdpr)
  expect(call).toMatchObject({ ok: false, failure: { code: 'invalid-input' } })
})

test('a task is asked about and taken back under its own address, and nothing in its id leads elsewhere', () => {
  expect(mixpanel.statusCall(connection, '../7?x')).toMatchObject({
    method: 'GET',
    url: `${base}/..%2F7%3Fx?token=${projectToken}`,
    body: null,
  })
  expect(mixpanel.cancel?.call(connection, '4711')).toMatchObject({
    method: 'DELETE',
    url: `${base}/4711?token=${projectToken}`,
    body: null,
  })
})

test('a test asks about a task that does not exist, and changes nothing', () => {
  const call = mixpanel.testCall(connection)
  expect(call).toMatchObject({ method: 'GET', body: null })
  expect(call.url).toMatch(/v3\.0\/[0-9a-f-]{36}\?token=/)
})

test('a project token with marks in it stays one parameter', () => {
  const { url } = mixpanel.statusCall({ ...connection, clientId: 'a&b=c#d' }, '1')
  expect(new URL(url).searchParams.get('token')).toBe('a&b=c#d')
})

test('a call leaves with the token as it is, and with an id of its own', () => {
  expect(mixpanel.authorization).toBe('the secret itself')
  expect(mixpanel.authorize(eraseCall(['a']), authority).headers).toMatchObject({
    authorization: 'Bearer oauth-token-of-a-year',
    'x-request-id': 'jti-1',
  })
})

test('a plan shows the call without project token and without OAuth token, authorised or not', () => {
  const call = eraseCall(Array.from({ length: 500 }, (_, index) => `user-${index}`))
  const shown = mixpanel.redact(call)
  expect(shown).toEqual({
    method: 'POST',
    url: `${base}/?token=(the project token)`,
    headers: [
      ['accept', 'application/json'],
      ['content-type', 'application/json'],
      ['authorization', 'Bearer (the GDPR OAuth token)'],
      ['x-request-id', '(an id of its own for each call)'],
    ],
    body: '{\n  "distinct_ids": ["user-0", "user-1", … 498 more],\n  "compliance_type": "GDPR"\n}',
  })
  expect(mixpanel.redact(mixpanel.authorize(call, authority))).toEqual(shown)
  expect(JSON.stringify(shown)).not.toMatch(new RegExp(`${projectToken}|oauth-token-of-a-year|jti-1`))
})

test('in a plan no character hides and no identifier is longer than a line', () => {
  const { body } = mixpanel.redact(eraseCall(['left\u202Eright', 'x'.repeat(5000)]))
  expect(body).toContain('left\\u202eright')
  expect(body.length).toBeLessThan(250)
})

test('nothing of this vendor asks for the count to be typed: a task erases whom it names', () => {
  expect(mixpanel.needsTypedCount(gdpr)).toBe(false)
})
