import { expect, test } from 'vitest'
import type { HttpReport, RetrievalStatusVerdict, Submitted } from '../../../../../src/main/core/ports.ts'
import { mixpanel } from '../../../../../src/main/vendors/mixpanel/index.ts'
import type { Scope } from '../../../../../src/shared/model/scope.ts'
import { createdExamples, errorExamples, retrievalStatusExamples } from '../../../../support/mixpanel-examples.ts'
import { answered, connection, cutOff, failed, page, projectToken, rateText, tooLong, vendorError } from './reports.ts'

const { retrieval } = mixpanel
if (retrieval === undefined) throw new Error('Mixpanel makes copies')

const base = 'https://eu.mixpanel.com/api/app/data-retrievals/v3.0'
const link = 'https://storage.example/export?signature=secret'
const choice = (value: string): Scope => ({ kind: 'choice', value })
const distinct = (value: string): Submitted => ({ kind: 'distinct id', value, channelId: null })

const bodyOf = (scope: Scope, disclosure: string | null): unknown => {
  const call = retrieval.call(connection, [distinct(' ana '), distinct('b"c')], scope, disclosure)
  if (!call.ok) throw new Error(call.failure.message)
  expect(call.value).toMatchObject({ method: 'POST', url: `${base}/?token=${projectToken}` })
  return JSON.parse(call.value.body ?? '')
}

test.each([
  ['GDPR', null, {}],
  ['CCPA', null, { disclosure_type: 'Data' }],
  ['CCPA', 'Data', { disclosure_type: 'Data' }],
  ['CCPA', 'Categories', { disclosure_type: 'Categories' }],
  ['CCPA', 'Sources', { disclosure_type: 'Sources' }],
] as const)('a copy under %s with %s is asked for', (value, disclosure, disclosed) => {
  expect(bodyOf(choice(value), disclosure)).toEqual({
    distinct_ids: ['ana', 'b"c'],
    compliance_type: value,
    ...disclosed,
  })
})

test.each<[string, readonly string[], Scope, string | null, string]>([
  ['nobody', [], choice('GDPR'), null, 'nothing-to-send'],
  ['an empty identifier', [' '], choice('GDPR'), null, 'invalid-input'],
  ['no compliance type', ['a'], { kind: 'everything' }, null, 'scope-missing'],
  ['a disclosure that GDPR does not have', ['a'], choice('GDPR'), 'Data', 'invalid-input'],
  ['a disclosure that nobody offers', ['a'], choice('CCPA'), 'data', 'invalid-input'],
])('a copy of %s is not asked for', (_, values, scope, disclosure, code) => {
  expect(retrieval.call(connection, values.map(distinct), scope, disclosure)).toMatchObject({
    ok: false,
    failure: { code, kept: 'It was not sent.' },
  })
})

test('a copy is asked about under its own address, and nothing in its id leads elsewhere', () => {
  expect(retrieval.statusCall(connection, '../7?x')).toMatchObject({
    method: 'GET',
    url: `${base}/..%2F7%3Fx?token=${projectToken}`,
    body: null,
  })
})

const isDigitsAsNumber = (name: string) => name === 'a number with more digits than a double keeps'

test.each(createdExamples.filter(({ name }) => !isDigitsAsNumber(name)))(
  'a call that asks for a copy, answered with $name',
  ({ httpStatus, body, means }) => {
    const verdict = retrieval.read(answered(httpStatus, body))
    expect(verdict).toMatchObject(
      means.trackingId === null ? { kind: 'outcome unknown' } : { kind: 'accepted', vendorRequestId: means.trackingId },
    )
  },
)

test.each(retrievalStatusExamples)('a status with $name', ({ httpStatus, body, means }) => {
  expect(retrieval.readStatus(answered(httpStatus, body), '1583792934719392965')).toEqual(
    means.link === null
      ? { kind: 'running', words: means.status }
      : { kind: 'ready', words: means.status, link: means.link },
  )
})

const status = (results: object) => answered(200, { status: 'ok', results })

test.each<[string, HttpReport, RetrievalStatusVerdict['kind']]>([
  ['PENDING', status({ status: 'PENDING', results: '' }), 'running'],
  ['a word nobody knows', status({ status: 'PACKING', results: link }), 'running'],
  ['SUCCESS without a link', status({ status: 'SUCCESS', results: ' ' }), 'running'],
  ['SUCCESS with a link that is none', status({ status: 'SUCCESS', results: { url: link } }), 'running'],
  ['SUCCESS of another task', status({ status: 'SUCCESS', results: link, tracking_id: 'another' }), 'no answer'],
  ['FAILURE', status({ status: 'FAILURE', results: '' }), 'failed'],
  ['REVOKED', status({ status: 'revoked' }), 'failed'],
  ['NOT_FOUND', status({ status: 'NOT_FOUND', results: '' }), 'not found'],
  ['404 in the vendor’s shape', answered(404, vendorError('Not Found: no such task')), 'not found'],
  ['UNKNOWN', status({ status: 'UNKNOWN', results: '' }), 'no answer'],
  ['the link as plain text', answered(200, link), 'no answer'],
  ['a page', answered(200, page), 'no answer'],
  ['an error under 200', answered(200, vendorError(`see ${link}`)), 'no answer'],
  ['an answer that was cut', cutOff(200, { status: 'ok', results: { status: 'SUCCESS', results: link } }), 'no answer'],
  ['one longer than is read', tooLong(200, { status: 'ok', results: { status: 'SUCCESS' } }), 'no answer'],
  ['no connection', failed('resolved', 'refused'), 'no answer'],
  ['500', answered(500, vendorError('Internal Server Error')), 'no answer'],
  ['401', answered(401, vendorError('Unauthorized')), 'stop the line'],
  ['429', answered(429, vendorError(rateText)), 'rate limited'],
])('a status call about a copy: %s', (_, report, kind) => {
  const verdict = retrieval.readStatus(report, 'mine')
  expect(verdict.kind).toBe(kind)
  expect(JSON.stringify({ ...verdict, link: null })).not.toContain('storage.example')
})

test.each(errorExamples)('a call that asks for a copy, refused: $name', ({ httpStatus, body }) => {
  expect(retrieval.read(answered(httpStatus, body)).kind).not.toBe('accepted')
})
