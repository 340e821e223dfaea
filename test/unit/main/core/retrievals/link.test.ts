import { expect, test } from 'vitest'
import { checkLink, expiryOfLink, withoutLinks } from '../../../../../src/main/core/retrievals/link.ts'

const vendor = 'https://mixpanel.com'
const simulator = 'http://127.0.0.1:4100'

test.each([
  ['https://storage.example/9871?signature=x', vendor, 'storage.example'],
  ['https://storage.example:8443/9871', vendor, 'storage.example:8443'],
  ['linktoexportfile.com/9871287366712', vendor, 'linktoexportfile.com'],
  ['http://127.0.0.1:4100/mixpanel-exports/1.zip?signature=x', simulator, '127.0.0.1:4100'],
  ['http://localhost:4100/1.zip', simulator, 'localhost:4100'],
])('%s from %s may be followed, and its host is shown', (link, origin, host) => {
  expect(checkLink(link, origin)).toMatchObject({ ok: true, value: { host } })
})

test.each([
  ['http://storage.example/1', vendor],
  ['http://storage.example/1', simulator],
  ['http://127.0.0.1:4100/1', vendor],
  ['https://127.0.0.1/1', vendor],
  ['https://localhost/1', vendor],
  ['https://[::1]/1', simulator],
  ['file:///etc/passwd', vendor],
  ['javascript:alert(1)', vendor],
  ['data:text/html,x', simulator],
  ['smb://storage.example/1', vendor],
  ['localhost:4100/1', simulator],
  ['https://user:secret@storage.example/1', vendor],
  ['https://', vendor],
  ['', vendor],
  [`https://storage.example/${'x'.repeat(20_000)}`, vendor],
])('%s from %s may not be followed', (link, origin) => {
  const checked = checkLink(link, origin)
  expect(checked).toMatchObject({ ok: false, failure: { code: 'not-allowed', next: expect.any(String) } })
  expect(JSON.stringify(checked)).not.toMatch(/secret|passwd|storage\.example/)
})

const at = Date.parse('2026-11-24T15:00:00Z')

test.each([
  ['https://a.example/1?X-Amz-Date=20261124T140000Z&X-Amz-Expires=3600', at],
  ['https://a.example/1?x-goog-date=20261124T140000Z&X-Goog-Expires=3600', at],
  [`https://a.example/1?Expires=${at / 1000}&Signature=x`, at],
  ['https://a.example/1?se=2026-11-24T15:00:00Z&sig=x', at],
  ['a.example/1?Expires=1', 1000],
  ['https://a.example/1?X-Amz-Date=20261124T140000Z', null],
  ['https://a.example/1?X-Amz-Date=20269924T140000Z&X-Amz-Expires=3600', null],
  ['https://a.example/1?Expires=soon', null],
  ['https://a.example/1?signature=x', null],
  ['no link', null],
])('of %s the end is read', (link, end) => {
  expect(expiryOfLink(link)).toBe(end)
})

test('words lose every address and keep the rest', () => {
  expect(withoutLinks('See https://a.example/1?s=2 and a.example/1?s=3, then “b.example:8443/x” (404).')).toBe(
    'See [link] and [link] then “[link]” (404).',
  )
  expect(withoutLinks('Answered 502 with a web page. “Bad Gateway”')).toBe(
    'Answered 502 with a web page. “Bad Gateway”',
  )
})
