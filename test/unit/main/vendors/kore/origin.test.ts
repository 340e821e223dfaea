import { expect, test } from 'vitest'
import { checkOrigin } from '../../../../../src/main/vendors/kore/origin.ts'

test.each([
  ['https://platform.kore.ai', 'https://platform.kore.ai'],
  ['https://platform.kore.ai/', 'https://platform.kore.ai'],
  ['  PLATFORM.kore.ai ', 'https://platform.kore.ai'],
  ['https://erase.example.org:8443', 'https://erase.example.org:8443'],
  ['https://platform.kore.ai:443', 'https://platform.kore.ai'],
  ['http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
  ['http://localhost:80', 'http://localhost'],
  ['http://[::1]:4010', 'http://[::1]:4010'],
])('%s is allowed', (typed, origin) => {
  expect(checkOrigin(typed)).toEqual({ ok: true, value: { origin, warning: null } })
})

test.each([
  '',
  'not an address',
  'http://platform.kore.ai',
  'http://127.0.0.1.example.org',
  'http://localhost.example.org',
  'http://0.0.0.0:4010',
  'ftp://platform.kore.ai',
  'file:///etc/passwd',
  'https://user:word@platform.kore.ai',
  'https://platform.kore.ai/api',
  'https://platform.kore.ai/?a=b',
  'https://platform.kore.ai/#top',
  'https://platform.kore.ai?',
])('“%s” is refused, with words', (typed) => {
  const checked = checkOrigin(typed)
  expect(checked).toMatchObject({ ok: false, failure: { code: 'origin-not-allowed', field: 'origin' } })
})

test('the host of another product of the vendor’s is allowed with a warning', () => {
  const checked = checkOrigin('https://agents.kore.ai')
  expect(checked.ok ? checked.value.warning : '').toContain('Agent Platform')
})
