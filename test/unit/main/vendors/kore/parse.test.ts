import { describe, expect, test } from 'vitest'
import type { ConnectionForCall, EraseVerdict, HttpReport, HttpTrouble } from '../../../../../src/main/core/ports.ts'
import { readErase, readStatus, readTest } from '../../../../../src/main/vendors/kore/parse.ts'
import { connectionSettingsSchema } from '../../../../../src/shared/model/connection.ts'
import type { CallStage } from '../../../../../src/shared/model/request.ts'

const at = Date.parse('2026-11-23T09:00:00Z')
const settings = connectionSettingsSchema.parse({ failureWords: ['Denied'] })
const connection = { origin: 'https://platform.kore.ai', settings } as ConnectionForCall

function answered(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpReport {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return {
    stage: 'body',
    startedAt: at,
    endedAt: at,
    answer: { status, headers, body: text, cut: false },
    trouble: null,
  }
}

function failed(stage: CallStage, kind: HttpTrouble['kind']): HttpReport {
  return { stage, startedAt: at, endedAt: at, answer: null, trouble: { kind, words: 'It did not go through.' } }
}

function cutOff(status: number, body: string): HttpReport {
  const whole = answered(status, body)
  const answer = whole.answer === null ? null : { ...whole.answer, cut: true }
  return { ...whole, stage: 'headers', answer, trouble: { kind: 'reset', words: 'The connection was cut.' } }
}

/** More came than is read. */
function tooLong(status: number, body: string): HttpReport {
  return { ...cutOff(status, body), stage: 'body', trouble: null }
}

const vendorError = (msg: string, code = 4002) => ({ errors: [{ msg, code }] })
const rateText = 'Rate limit for this API has been reached. Please try again after some time.'
const page = '<!doctype html><html><head><title>Sign in</title></head><body>Welcome</body></html>'

describe('an erase call', () => {
  test.each<[string, HttpReport, EraseVerdict['kind']]>([
    ['no such host', failed('none', 'dns'), 'not sent'],
    ['refused', failed('resolved', 'refused'), 'not sent'],
    ['no protected connection', failed('resolved', 'tls'), 'not sent'],
    ['a proxy that wants a password', failed('resolved', 'proxy'), 'not sent'],
    ['offline', failed('none', 'offline'), 'not sent'],
    ['time-out before the first byte', failed('connected', 'timeout'), 'not sent'],

    ['cut at the first byte', failed('first byte', 'reset'), 'outcome unknown'],
    ['cut after the call was sent', failed('sent', 'reset'), 'outcome unknown'],
    ['time-out after the call was sent', failed('sent', 'timeout'), 'outcome unknown'],
    ['an answer that is no HTTP', failed('sent', 'invalid answer'), 'outcome unknown'],
    ['half an acceptance', cutOff(200, '{"requestId":"eud-1","sta'), 'outcome unknown'],
    ['a whole acceptance on a connection that broke', cutOff(200, '{"requestId":"eud-1"}'), 'outcome unknown'],
    ['half a rejection', cutOff(400, '{"errors":[{"msg":"Bad Request","code":400}]}'), 'outcome unknown'],

    ['accepted', answered(200, { requestId: 'eud-1', status: 'in-progress' }), 'accepted'],
    ['accepted with 202 and more fields', answered(202, { requestId: 'eud-1', more: { deep: [1] } }), 'accepted'],
    ['accepted with a status that is no text', answered(200, { requestId: 'eud-1', status: 7 }), 'accepted'],
    ['200 without a request id', answered(200, { status: 'in-progress' }), 'outcome unknown'],
    ['200 with an empty request id', answered(200, { requestId: '' }), 'outcome unknown'],
    ['200 with a request id that is a path', answered(200, { requestId: '..' }), 'outcome unknown'],
    ['200 with a request id that holds a line break', answered(200, { requestId: 'eud-1\r\nx: y' }), 'outcome unknown'],
    ['200 with a number as request id', answered(200, { requestId: 1 }), 'outcome unknown'],
    ['200 with a list', answered(200, [{ requestId: 'eud-1' }]), 'outcome unknown'],
    ['204 and nothing', answered(204, ''), 'outcome unknown'],
    ['200 and a page', answered(200, page, { 'content-type': 'text/html' }), 'outcome unknown'],
    ['a redirect', answered(302, '', { location: 'https://elsewhere.example' }), 'outcome unknown'],
    ['500 in the vendor’s shape', answered(500, vendorError('Internal Server Error', 500)), 'outcome unknown'],
    ['502 from a proxy', answered(502, page), 'outcome unknown'],
    ['503', answered(503, ''), 'outcome unknown'],
    ['504', answered(504, ''), 'outcome unknown'],
    ['408', answered(408, ''), 'outcome unknown'],
    ['409', answered(409, vendorError('Conflict', 409)), 'outcome unknown'],
    ['418', answered(418, ''), 'outcome unknown'],
    ['400 with a page', answered(400, page), 'outcome unknown'],
    ['400 with nothing', answered(400, ''), 'outcome unknown'],
    ['412 with JSON of another shape', answered(412, { error: 'Precondition Failed' }), 'outcome unknown'],
    ['422 with an empty list of errors', answered(422, { errors: [] }), 'outcome unknown'],

    ['400 in the vendor’s shape', answered(400, vendorError('Bad Request', 400)), 'rejected'],
    ['412 in the vendor’s shape', answered(412, vendorError('Validation errors/ Invalid arguments', 412)), 'rejected'],
    ['422 in the vendor’s shape', answered(422, vendorError('Unprocessable', 422)), 'rejected'],
    ['400 about the size', answered(400, vendorError('request entity too large', 400)), 'too large'],
    ['400 about the number of ids', answered(400, vendorError('Too many userIds in one call', 400)), 'too large'],
    ['413 in the vendor’s shape', answered(413, vendorError('request entity too large', 413)), 'too large'],
    ['413 from a gateway', answered(413, page), 'too large'],

    ['401', answered(401, vendorError('Invalid JWT token')), 'stop the line'],
    ['403', answered(403, ''), 'stop the line'],
    ['404', answered(404, page), 'stop the line'],
    ['405', answered(405, vendorError('Method Not Allowed', 405)), 'stop the line'],
    ['400 about the scope', answered(400, vendorError('Permission denied for this scope')), 'stop the line'],
    ['400 about a WhatsApp id', answered(400, vendorError('Invalid whatsapp id', 400)), 'rejected'],
    ['400 about the token', answered(400, vendorError('Invalid SDK credentials')), 'stop the line'],

    ['403 with a page longer than is read', tooLong(403, page), 'stop the line'],
    ['413 with a page longer than is read', tooLong(413, page), 'too large'],
    ['429 with a page longer than is read', tooLong(429, page), 'rate limited'],
    ['400 with a body longer than is read', tooLong(400, '{"errors":[{"msg":"'), 'outcome unknown'],
    ['403 with a page that was cut', cutOff(403, page), 'outcome unknown'],

    ['429', answered(429, vendorError(rateText, 429)), 'rate limited'],
    ['429 with nothing', answered(429, ''), 'rate limited'],
    ['the rate text under 400', answered(400, vendorError(rateText, 400)), 'rate limited'],
    ['the rate text alone, under 200', answered(200, rateText), 'rate limited'],
    ['the rate text under 403', answered(403, vendorError(rateText, 403)), 'rate limited'],
  ])('%s', (_, report, kind) => {
    expect(readErase(report).kind).toBe(kind)
  })

  test('a token id that the vendor saw before leaves a doubt and stops the line: a copy of the call arrived first', () => {
    const replay = vendorError('error verifying the jwt: possibly a replay', 401)
    for (const status of [401, 400])
      expect(readErase(answered(status, replay))).toMatchObject({
        kind: 'outcome unknown',
        words: 'error verifying the jwt: possibly a replay (401)',
        cause: { title: 'Kore.ai takes the token for one used before' },
      })
  })

  test.each([
    ['nothing under 502', answered(502, ''), 'Answered 502 without a body.'],
    ['plain text', answered(500, 'upstream timed out'), 'Answered 500. “upstream timed out”'],
    [
      'the vendor’s error',
      answered(500, vendorError('Internal Server Error', 500)),
      'Answered 500. “Internal Server Error (500)”',
    ],
    ['a gateway’s JSON', answered(502, { message: 'Bad gateway' }), 'Answered 502. “Bad gateway”'],
    [
      'JSON that may repeat ids',
      answered(500, { userIds: ['ana@example.org'] }),
      'Answered 500, in a shape that the vendor does not document.',
    ],
    ['half JSON that may repeat ids', answered(200, '{"userIds":["ana@exa'), 'Answered 200 without a request id.'],
    [
      'JSON that calls itself a page',
      answered(200, '{"a":1}', { 'content-type': 'text/html' }),
      'Answered 200 without a request id.',
    ],
    ['a page', answered(200, page), 'Answered with a web page (200) instead of the vendor’s answer. “Sign in”'],
    [
      'a page with a comment first',
      answered(200, `<!-- x -->${page}`),
      'Answered with a web page (200) instead of the vendor’s answer. “Sign in”',
    ],
    ['a redirect with a page', answered(302, page), 'Answered with a redirect (302), which is not followed.'],
    ['a proxy', answered(407, page), 'A proxy answered and asks for a user name and password (407).'],
    [
      'more than is read',
      tooLong(200, '{"requestId":"eud-1"'),
      'The answer (200) was longer than Erasure Desk reads, and was cut off.',
    ],
  ])('a doubt is put into words: %s', (_, report, words) => {
    expect(readErase(report)).toMatchObject({ kind: 'outcome unknown', words })
  })

  test.each([
    ['a page', answered(200, page), 'Something that is not Kore.ai answered (200)'],
    ['a page longer than is read', tooLong(200, page), 'Something that is not Kore.ai answered (200)'],
    ['400 with a page', answered(400, page), 'Something that is not Kore.ai answered (400)'],
    ['a redirect', answered(307, ''), 'Something that is not Kore.ai answered (307)'],
    ['a network that wants a login', answered(511, ''), 'Something that is not Kore.ai answered (511)'],
    ['a proxy that wants a password', answered(407, ''), 'The proxy asks for a password'],
  ])('where somebody else answers, the call is in doubt and the line stops: %s', (_, report, title) => {
    expect(readErase(report)).toMatchObject({ kind: 'outcome unknown', cause: { title } })
  })

  test.each([
    ['502 with a page', answered(502, page)],
    ['500 in the vendor’s shape', answered(500, vendorError('Internal Server Error', 500))],
    ['200 without a request id', answered(200, { status: 'in-progress' })],
    ['400 with nothing', answered(400, '')],
    ['half a page', cutOff(200, page)],
  ])('where it may have been the vendor, the call is in doubt and the others go on: %s', (_, report) => {
    const verdict = readErase(report)
    expect(verdict.kind).toBe('outcome unknown')
    expect(verdict).not.toHaveProperty('cause')
  })

  test('an acceptance that quotes the rate text is an acceptance', () => {
    expect(readErase(answered(200, { requestId: 'eud-1', status: rateText }))).toMatchObject({
      kind: 'accepted',
      vendorRequestId: 'eud-1',
    })
  })

  test.each([
    ['Invalid JWT token', 'Kore.ai does not accept the signature'],
    ['Invalid SDK credentials', 'Kore.ai does not know this client id'],
    ['Permission denied. Scope is incorrect!', 'The app may not delete users’ data'],
  ])('code 4002 stands for three causes: %s', (message, title) => {
    expect(readErase(answered(401, vendorError(message)))).toMatchObject({ kind: 'stop the line', cause: { title } })
  })

  test.each([
    ['404 with a page', answered(404, page)],
    ['405 with a page', answered(405, page)],
    ['405 with nothing', answered(405, '')],
    ['405 in the vendor’s shape', answered(405, vendorError('Method Not Allowed', 405))],
  ])('a line that stops says how it goes on: %s', (_, report) => {
    const verdict = readErase(report)
    const steps = verdict.kind === 'stop the line' ? verdict.cause.steps : []
    expect(steps.at(-1)).toBe('Then resume the connection here.')
    const isMethod = report.answer?.status === 405
    expect(steps.some((step) => step.includes('POST with method override'))).toBe(isMethod)
  })

  test('a token that is not valid by the vendor’s clock is the clock’s fault', () => {
    const report = answered(401, vendorError('Invalid JWT token'), { date: new Date(at + 300_000).toUTCString() })
    expect(readErase(report)).toMatchObject({ cause: { title: 'This machine’s clock is off' } })
  })

  test.each([
    ['7', {}, 7000],
    ['99999999', {}, 86_400_000],
    [new Date(at + 30_000).toUTCString(), {}, 30_000],
    [new Date(at + 90_000).toUTCString(), { date: new Date(at + 60_000).toUTCString() }, 30_000],
    [new Date(at - 30_000).toUTCString(), {}, 0],
    ['soon', {}, null],
    ['-5', {}, null],
    ['1.5', {}, null],
  ])('Retry-After %s', (value, more, milliseconds) => {
    const verdict = readErase(answered(429, '', { 'retry-after': value, ...more }))
    expect(verdict).toMatchObject({ kind: 'rate limited', retryAfterMilliseconds: milliseconds })
  })

  test('words that are kept hold no token, no control characters, and 500 letters at most', () => {
    const token = 'eyJhbGciOiJIUzI1NiJ9.eyJhcHBJZCI6ImNzLTEifQ.c2lnbmF0dXJl'
    const nasty = `\u0000\u202Eolleh\u0007 ${token} ${'x'.repeat(5000)}`
    const verdict = readErase(answered(413, vendorError(nasty, 413)))
    const words = verdict.kind === 'too large' ? verdict.words : ''
    expect(words).toContain('[token]')
    expect(words).not.toMatch(/eyJ|\p{Cc}|\u202E/u)
    expect([...words].length).toBeLessThanOrEqual(510)
  })

  test.each([
    ['deep', `{"a":`.repeat(100_000)],
    ['a prototype', '{"__proto__":{"requestId":"eud-1"}}'],
    ['a constructor', '{"constructor":{"prototype":{"requestId":"eud-1"}}}'],
    ['many errors', JSON.stringify({ errors: Array.from({ length: 5000 }, () => ({ msg: 'no' })) })],
    ['half a character', '\ud800'],
  ])('a hostile answer is a doubt: %s', (_, body) => {
    expect(readErase(answered(200, body)).kind).toBe('outcome unknown')
  })
})

describe('a status call', () => {
  const status = (response: unknown, more: object = {}) => answered(200, { _id: 'eud-1', response, ...more })

  test('names every entry as it stands, with what its word means', () => {
    const verdict = readStatus(
      status([
        { userId: 'Ana@Example.org', status: 'SUCCESS' },
        { userId: 'u-1', status: 'success' },
        { userId: { channel_id: 'whatsapp', channel_user_id: '49170' }, status: 'FAILED' },
        { userId: 'u-2', status: 'denied' },
        { userId: 'u-3', status: 'SUCCESSFUL' },
        { userId: 'u-4', status: 'constructor' },
        { userId: 'u-5' },
        { userId: 'u-6', status: null },
        { userId: 7, status: 'SUCCESS' },
        'SUCCESS',
      ]),
      settings,
    )
    expect(verdict).toMatchObject({ kind: 'answer', vendorRequestId: 'eud-1' })
    const entries = verdict.kind === 'answer' ? verdict.entries : []
    expect(entries.map(({ meaning }) => meaning)).toEqual([
      'success',
      'success',
      'failure',
      'failure',
      ...Array.from({ length: 6 }, () => 'running'),
    ])
    expect(entries[0]?.names).toEqual(['exact Ana@Example.org', 'email ana@example.org'])
    expect(entries[2]?.names).toEqual(['pair ["whatsapp","49170"]'])
    expect(entries.slice(-2).flatMap(({ names }) => names)).toEqual([])
  })

  test('the digest is the same for the same entries in any order, and another for anything else', () => {
    const digest = (response: unknown) => {
      const verdict = readStatus(status(response), settings)
      return verdict.kind === 'answer' ? verdict.digest : verdict.kind
    }
    const one = { userId: 'a', status: 'SUCCESS' }
    const other = { userId: 'b', status: 'PENDING' }
    expect(digest([one, other])).toBe(digest([other, one]))
    expect(digest([one])).not.toBe(digest([one, other]))
    expect(digest([one, one])).not.toBe(digest([one]))
    expect(digest([])).toBe(digest(null))
  })

  test.each([
    ['an answer without a list', answered(200, { _id: 'eud-1' }), 'answer'],
    ['a list without an id', answered(200, { response: [] }), 'answer'],
    ['another shape', answered(200, { ok: true }), 'no answer'],
    ['a page', answered(200, page), 'no answer'],
    ['500', answered(500, vendorError('Internal Server Error', 500)), 'no answer'],
    ['a redirect', answered(302, ''), 'no answer'],
    ['no connection', failed('resolved', 'refused'), 'no answer'],
    ['half an answer', cutOff(200, '{"_id":"eud-1","response":[]}'), 'no answer'],
    ['404 in the vendor’s shape', answered(404, vendorError('Invalid request id', 404)), 'vanished'],
    ['404 with a page', answered(404, page), 'no answer'],
    ['400 about the request id', answered(400, vendorError('Invalid request id', 400)), 'vanished'],
    ['400 about something else', answered(400, vendorError('Bad Request', 400)), 'no answer'],
    ['401', answered(401, vendorError('Invalid JWT token')), 'stop the line'],
    ['403 with a page', answered(403, page), 'stop the line'],
    ['403 with a page longer than is read', tooLong(403, page), 'stop the line'],
    ['404 with a page longer than is read', tooLong(404, page), 'no answer'],
    ['429 with a page longer than is read', tooLong(429, page), 'rate limited'],
    ['429', answered(429, vendorError(rateText)), 'rate limited'],
  ])('%s', (_, report, kind) => {
    expect(readStatus(report, settings).kind).toBe(kind)
  })
})

test.each([
  ['another shape', answered(200, { data: ['ana@example.org'] }), 'Answered 200, but not with a status.'],
  ['half JSON', answered(200, '{"response":[{"userId":"ana@exa'), 'Answered 200, but not with a status.'],
  ['the vendor’s error', answered(200, vendorError('busy', 1)), 'Answered 200, but not with a status. “busy (1)”'],
  [
    'more than is read',
    tooLong(200, '{"response":[{"userId":"ana@exa'),
    'The answer (200) was longer than Erasure Desk reads, and was cut off.',
  ],
])('a status call without a status is put into words that repeat no id: %s', (_, report, words) => {
  expect(readStatus(report, settings)).toEqual({ kind: 'no answer', words })
})

describe('a connection test', () => {
  test.each([
    ['an unknown request', answered(404, vendorError('Invalid request id', 404)), 'accepted'],
    ['a status', answered(200, { _id: 'eud-0', response: [] }), 'accepted'],
    ['a bad signature', answered(401, vendorError('Invalid JWT token')), 'refused'],
    ['a replay', answered(401, vendorError('error verifying the jwt: possibly a replay', 401)), 'refused'],
    ['credentials under 400', answered(400, vendorError('Invalid SDK credentials')), 'refused'],
    ['a scope under 404', answered(404, vendorError('Permission denied. Scope is incorrect!')), 'refused'],
    ['404 with a page', answered(404, page), 'refused'],
    ['405', answered(405, page), 'refused'],
    ['200 with a page', answered(200, page), 'unclear'],
    ['200 with other JSON', answered(200, { ok: true }), 'unclear'],
    ['a redirect', answered(302, ''), 'unclear'],
    ['500', answered(500, vendorError('Internal Server Error', 500)), 'unclear'],
    ['429', answered(429, vendorError(rateText)), 'unclear'],
    ['407', answered(407, page), 'unreachable'],
    ['no such host', failed('none', 'dns'), 'unreachable'],
    ['half an answer', cutOff(200, '{"_id":"eud-0","response":[]}'), 'unreachable'],
  ])('%s', (_, report, verdict) => {
    const read = readTest(report, connection)
    expect(read.verdict).toBe(verdict)
    expect(read.title).not.toBe('')
    expect(verdict === 'accepted' || read.steps.length > 0).toBe(true)
  })

  test('an accepted test says when the vendor’s clock is far off', () => {
    const report = answered(404, vendorError('Invalid request id', 404), { date: new Date(at - 120_000).toUTCString() })
    expect(readTest(report, connection)).toMatchObject({
      verdict: 'accepted',
      clockSkewMilliseconds: -120_000,
      explanation: expect.stringContaining('2 minutes behind'),
    })
  })

  test('the host of another product is named', () => {
    const elsewhere = { ...connection, origin: 'https://agent-platform.kore.ai' }
    expect(readTest(answered(404, page), elsewhere).title).toBe('This host serves Kore.ai’s Agent Platform')
  })
})
