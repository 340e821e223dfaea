import { expect, test } from 'vitest'
import { checkOrigin, residencyOf } from '../../../../../src/main/vendors/mixpanel/origin.ts'

test.each([
  ['https://mixpanel.com', 'https://mixpanel.com', 'US'],
  [' EU.mixpanel.com/ ', 'https://eu.mixpanel.com', 'EU'],
  ['https://in.mixpanel.com:443', 'https://in.mixpanel.com', 'India'],
  ['http://127.0.0.1:4010', 'http://127.0.0.1:4010', null],
  ['http://localhost:4010', 'http://localhost:4010', null],
])('“%s” is allowed', (typed, origin, residency) => {
  expect(checkOrigin(typed)).toEqual({ ok: true, value: { origin, warning: null } })
  expect(residencyOf(origin)).toBe(residency)
})

test.each([
  '',
  'http://mixpanel.com',
  'https://mixpanel.com:8443',
  'https://www.mixpanel.com',
  'https://api.mixpanel.com',
  'https://api-eu.mixpanel.com',
  'https://mixpanel.com.example.org',
  'https://eu-mixpanel.com',
  'https://mixpanel.com@example.org',
  'https://mixpanel.com/api/app',
  'https://mixpanel.com/?token=591b3354bb2bdd96f72f23bf56911673',
  'https://localhost:4010',
  'https://erase.example.org',
  'https://constructor',
])('“%s” is refused, with words', (typed) => {
  const checked = checkOrigin(typed)
  expect(checked).toMatchObject({ ok: false, failure: { code: 'origin-not-allowed', field: 'origin' } })
  expect(checked.ok ? '' : checked.failure.next).not.toBe('')
})
