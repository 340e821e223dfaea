import { expect, test } from 'vitest'
import type { HttpReport } from '../../../../../src/main/core/ports.ts'
import { readTest } from '../../../../../src/main/vendors/mixpanel/parse.ts'
import type { ConnectionTest } from '../../../../../src/shared/model/connection.ts'
import { statusBody, statusWords } from './examples.ts'
import { answered, at, connection, cutOff, failed, page, rateText, vendorError } from './reports.ts'

test.each<[string, HttpReport, ConnectionTest['verdict'], string]>([
  ['a task it does not know', answered(200, statusBody('NOT_FOUND', [])), 'accepted', 'Credentials accepted'],
  ['a look-up that failed', answered(200, statusBody('UNKNOWN', [])), 'accepted', 'Credentials accepted'],
  ['404 in the vendor’s shape', answered(404, vendorError('Not Found')), 'accepted', 'Credentials accepted'],
  ['400 about the task', answered(400, vendorError('Invalid tracking_id')), 'accepted', 'Credentials accepted'],

  ['401', answered(401, vendorError('Unauthorized')), 'refused', 'Mixpanel does not accept the GDPR OAuth token'],
  ['401, expired', answered(401, vendorError('token has expired')), 'refused', 'The GDPR OAuth token has expired'],
  ['403', answered(403, vendorError('Forbidden')), 'refused', 'The token does not open this project'],
  [
    '400 about the token',
    answered(400, vendorError('Invalid token')),
    'refused',
    'Mixpanel does not accept the GDPR OAuth token',
  ],
  [
    '404 about the project',
    answered(404, vendorError('Unknown project')),
    'refused',
    'The token does not open this project',
  ],
  ['404 with a page', answered(404, page), 'refused', 'The host does not know this call'],
  ['405', answered(405, ''), 'refused', 'The vendor does not take this method'],
  ['403 with a page', answered(403, page), 'refused', 'Something that is not Mixpanel answered (403)'],

  ['429', answered(429, vendorError(rateText)), 'unclear', 'The limit of one call a second is reached'],
  ['a page', answered(200, page), 'unclear', 'A web page answered, not the vendor’s API'],
  ['a redirect', answered(302, ''), 'unclear', 'A web page answered, not the vendor’s API'],
  ['500', answered(500, ''), 'unclear', 'An answer that says nothing about the credentials (500)'],
  ['other JSON', answered(200, { ok: true }), 'unclear', 'An answer that says nothing about the credentials (200)'],

  ['407', answered(407, page), 'unreachable', 'The proxy asks for a password'],
  ['offline', failed('none', 'offline'), 'unreachable', 'This machine has no network'],
  ['no such host', failed('none', 'dns'), 'unreachable', 'The host was not found'],
  ['half an answer', cutOff(200, statusBody('NOT_FOUND', [])), 'unreachable', 'The connection broke off'],
])('%s', (_, report, verdict, title) => {
  const read = readTest(report, connection)
  expect(read).toMatchObject({ verdict, title })
  expect(read.explanation).not.toBe('')
  expect(read.steps.length).toBeGreaterThan(0)
  expect(read.steps.join(' ')).not.toContain('resume')
})

test('what a test cannot show is said: residency, and whether a deletion is accepted', () => {
  const read = readTest(answered(200, statusBody('NOT_FOUND', [])), connection)
  expect(read.explanation).toContain('at the residency EU')
  expect(read.explanation).toContain('whether a deletion is accepted')
  expect(read.steps.join(' ')).toContain('data residency')
  expect(read.vendorWords).toBe('NOT_FOUND')
})

test('every word that a status can have is an answer to a test', () => {
  for (const word of statusWords)
    expect(readTest(answered(200, statusBody(word, [])), connection).verdict).toBe('accepted')
})

test('status and clock are noted beside the verdict', () => {
  const report = answered(401, vendorError('Unauthorized'), { date: new Date(at - 120_000).toUTCString() })
  expect(readTest(report, connection)).toMatchObject({ httpStatus: 401, clockSkewMilliseconds: -120_000 })
})
