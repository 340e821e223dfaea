import { expect, test } from 'vitest'
import type { CancelVerdict, HttpReport } from '../../../../../src/main/core/ports.ts'
import { readCancel } from '../../../../../src/main/vendors/mixpanel/parse.ts'
import { mayBeCancelled } from '../../../../../src/main/vendors/mixpanel/statuses.ts'
import { statusWords } from './examples.ts'
import { answered, cutOff, failed, page, rateText, tooLong, vendorError } from './reports.ts'

test('a task can be cancelled until it has started, and where its word is not known it cannot', () => {
  expect(statusWords.filter(mayBeCancelled)).toEqual(['PENDING', 'STAGING'])
  expect(mayBeCancelled('pending')).toBe(true)
  expect(mayBeCancelled('')).toBe(false)
  expect(mayBeCancelled('constructor')).toBe(false)
})

test.each<[string, HttpReport, CancelVerdict['kind']]>([
  ['204', answered(204, ''), 'cancelled'],
  ['200 that says ok', answered(200, { status: 'ok', results: {} }), 'cancelled'],

  ['405 with nothing', answered(405, ''), 'too late'],
  ['405 in the vendor’s shape', answered(405, vendorError('Method Not Allowed')), 'too late'],
  ['405 with a page, as a proxy gives', answered(405, page), 'no answer'],

  ['no connection', failed('resolved', 'refused'), 'not sent'],
  ['cut after the call was sent', failed('sent', 'reset'), 'no answer'],
  ['204 on a connection that broke', cutOff(204, ''), 'no answer'],
  ['200 longer than is read', tooLong(200, { status: 'ok' }), 'no answer'],
  ['200 with a page', answered(200, page), 'no answer'],
  ['200 with nothing', answered(200, ''), 'no answer'],
  ['200 with an error', answered(200, vendorError('no')), 'no answer'],
  ['404 in the vendor’s shape', answered(404, vendorError('Not Found')), 'no answer'],
  ['404 with a page', answered(404, page), 'no answer'],
  ['409', answered(409, vendorError('Conflict')), 'no answer'],
  ['500', answered(500, vendorError('Internal Server Error')), 'no answer'],
  ['502', answered(502, page), 'no answer'],
  ['a redirect', answered(302, ''), 'no answer'],

  ['401', answered(401, vendorError('Unauthorized')), 'stop the line'],
  ['403', answered(403, ''), 'stop the line'],
  ['429', answered(429, vendorError(rateText)), 'rate limited'],
  ['429 with a page longer than is read', tooLong(429, page), 'rate limited'],
])('a call that cancels: %s', (_, report, kind) => {
  expect(readCancel(report).kind).toBe(kind)
})

test('being too late is said, with the vendor’s words where it has some', () => {
  expect(readCancel(answered(405, ''))).toEqual({
    kind: 'too late',
    words: 'Too late to cancel: the task has started (405).',
  })
  expect(readCancel(answered(405, vendorError('The task has started')))).toMatchObject({
    words: 'The task has started',
  })
})

test('a doubt is put into words', () => {
  expect(readCancel(answered(200, ''))).toMatchObject({ words: 'Answered 200 without a word that it was cancelled.' })
  expect(readCancel(answered(404, vendorError('Not Found')))).toMatchObject({ words: 'Answered 404. “Not Found”' })
})
