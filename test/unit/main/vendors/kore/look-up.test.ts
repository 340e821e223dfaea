import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConnectionForCall, HttpReport, LookUpVerdict, Submitted } from '../../../../../src/main/core/ports.ts'
import { redact } from '../../../../../src/main/vendors/kore/call.ts'
import {
  lookUpCall,
  lookUpTestCall,
  namesOfLookedUp,
  readLookUp,
  readLookUpTest,
} from '../../../../../src/main/vendors/kore/look-up.ts'
import { namesOfAnswered } from '../../../../../src/main/vendors/kore/names.ts'
import { connectionSettingsSchema } from '../../../../../src/shared/model/connection.ts'
import type { CallStage } from '../../../../../src/shared/model/request.ts'

const at = Date.parse('2026-11-23T09:00:00Z')
const settings = connectionSettingsSchema.parse({ lookUpFirst: true })
const connection = { origin: 'https://platform.kore.ai', settings } as ConnectionForCall
const email = (value: string): Submitted => ({ kind: 'email', value, channelId: null })
const ana = email('Ana@example.org')
const ben = email('ben@example.org')

function answered(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpReport {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const answer = { status, headers, body: text, cut: false }
  return { stage: 'body', startedAt: at, endedAt: at, answer, trouble: null }
}

function failed(stage: CallStage): HttpReport {
  const trouble = { kind: 'reset', words: 'It did not go through.' } as const
  return { stage, startedAt: at, endedAt: at, answer: null, trouble }
}

/** An entry as the vendor's page shows it. */
const user = (emailId: unknown, userId: unknown, more: object = {}) => ({
  canCreateBot: true,
  userInfo: { emailId, userId, firstName: '', lastName: '', status: 'active', ...more },
  roles: { btRoles: [], adminRoles: [] },
})
const notFound = (emailId: string) => ({
  userInfo: { emailId, status: 'failure', reason: { errors: [{ msg: 'User not found.', code: 400 }] } },
})
const vendorError = (msg: string, code = 4002) => ({ errors: [{ msg, code }] })
const page = '<!doctype html><html><head><title>Sign in</title></head><body>Welcome</body></html>'

function foundOf(body: unknown, identifiers: readonly Submitted[] = [ana, ben]) {
  const verdict = readLookUp(answered(200, body), identifiers)
  return verdict.kind === 'answer' ? verdict.found : verdict.kind
}

describe('the call', () => {
  test('asks for every email once, as the file has it but trimmed, and for users of every status', () => {
    const call = lookUpCall(connection, [email(' Ana@example.org '), ben, ana])
    expect(call).toEqual({
      method: 'POST',
      url: 'https://platform.kore.ai/api/public/usersInfo',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: '{"emailIds":["Ana@example.org","ben@example.org"],"status":"all"}',
    })
  })

  test('is shown with two of its emails and how many more there are', () => {
    const many = Array.from({ length: 100 }, (_, index) => email(`person-${index}@example.org`))
    expect(redact(lookUpCall(connection, many)).body).toBe(
      '{\n  "emailIds": ["person-0@example.org", "person-1@example.org", … 98 more],\n  "status": "all"\n}',
    )
  })

  test('of a test names an address that nobody can have', () => {
    expect(lookUpTestCall(connection).body).toContain('.invalid')
  })
})

describe('ids', () => {
  test('belong to the email that the answer names, in any letter case and order', () => {
    expect(foundOf([user('BEN@example.org', 'u-2'), user('ana@EXAMPLE.org', 'u-1')])).toEqual([
      { index: 0, vendorId: 'u-1' },
      { index: 1, vendorId: 'u-2' },
    ])
  })

  test.each<[string, unknown]>([
    ['of an email that nobody asked about', [user('eve@example.org', 'u-1')]],
    ['of an entry that names no email, where two were asked about', [user(undefined, 'u-1')]],
    ['beside a failure', [user('ana@example.org', 'u-1', { status: 'failure' })]],
    ['of a user that is not found', [notFound('ana@example.org')]],
    ['in another form', [user('ana@example.org', 'ben@example.org')]],
    ['that is empty', [user('ana@example.org', 'u-')]],
    ['that is a number', [user('ana@example.org', 7)]],
    ['with a space in it', [user('ana@example.org', 'u-1 2')]],
    ['that is endless', [user('ana@example.org', `u-${'1'.repeat(101)}`)]],
    ['of an email that is no text', [user(['ana@example.org'], 'u-1')]],
    ['where an email gets two', [user('ana@example.org', 'u-1'), user('Ana@example.org', 'u-2')]],
    ['of nobody', []],
  ])('are not taken %s', (_, body) => {
    expect(foundOf(body)).toEqual([])
  })

  test('said twice is one', () => {
    expect(foundOf([user('ana@example.org', 'u-1'), user('ana@example.org', 'u-1')])).toEqual([
      { index: 0, vendorId: 'u-1' },
    ])
  })

  test('shared by two emails is told for both', () => {
    expect(foundOf([user('ana@example.org', 'u-1'), user('ben@example.org', 'u-1')])).toEqual([
      { index: 0, vendorId: 'u-1' },
      { index: 1, vendorId: 'u-1' },
    ])
  })

  test('without an email belong to the only one that was asked about, where nobody else is in the answer', () => {
    expect(foundOf(user(undefined, 'u-1'), [ana])).toEqual([{ index: 0, vendorId: 'u-1' }])
    expect(foundOf([user(null, 'u-1')], [ana])).toEqual([{ index: 0, vendorId: 'u-1' }])
    expect(foundOf([user(undefined, 'u-1'), user(undefined, 'u-2')], [ana])).toEqual([])
    expect(foundOf([user(undefined, 'u-1'), { odd: true }], [ana])).toEqual([])
    expect(foundOf([user('eve@example.org', 'u-1')], [ana])).toEqual([])
    expect(foundOf([user(7, 'u-1')], [ana])).toEqual([])
  })

  test('are named by a status answer as they stand', () => {
    expect(namesOfLookedUp('u-1')).toEqual(namesOfAnswered('u-1'))
    expect(namesOfLookedUp('u-1')).not.toEqual(namesOfAnswered('U-1'))
  })

  test('whatever is answered, only an id in the vendor’s form is taken, for an email that was asked about', () => {
    const ids = fc.constantFrom('u-1', 'u-2', 'ana@example.org', '', 7, null)
    const emails = fc.constantFrom('ana@example.org', 'BEN@example.org', 'eve@example.org', 3, null, undefined)
    const entry = fc.oneof(
      fc.tuple(emails, ids).map(([emailId, userId]) => user(emailId, userId)),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(fc.oneof(fc.array(entry, { maxLength: 5 }), entry), (body) => {
        const verdict = readLookUp(answered(200, body), [ana, ben])
        const found = verdict.kind === 'answer' ? verdict.found : []
        const text = JSON.stringify(body)
        for (const { index, vendorId } of found) {
          expect(vendorId).toMatch(/^u-[12]$/)
          expect(text).toContain(vendorId)
          expect(text.toLowerCase()).toContain([ana, ben][index]?.value.toLowerCase())
        }
        expect(new Set(found.map(({ index }) => index)).size).toBe(found.length)
      }),
    )
  })
})

describe('what a look-up came to', () => {
  test.each<[string, HttpReport, LookUpVerdict['kind']]>([
    ['no connection', failed('resolved'), 'not sent'],
    ['time-out before the first byte', failed('connected'), 'not sent'],
    ['cut after it was sent', failed('sent'), 'no answer'],
    ['a user', answered(200, [user('ana@example.org', 'u-1')]), 'answer'],
    ['one user alone', answered(200, user('ana@example.org', 'u-1')), 'answer'],
    ['nobody', answered(200, []), 'answer'],
    ['another shape', answered(200, { ok: true }), 'no answer'],
    ['a list of something else', answered(200, [1, 2]), 'no answer'],
    ['no JSON', answered(200, 'yes'), 'no answer'],
    ['429', answered(429, ''), 'rate limited'],
    ['the rate text', answered(200, 'Rate limit for this API has been reached.'), 'rate limited'],
    ['no scope', answered(401, vendorError('Permission denied. Scope is incorrect!')), 'stop the line'],
    ['no scope, under another status', answered(400, vendorError('Scope is incorrect!')), 'stop the line'],
    ['a wrong secret', answered(401, vendorError('Invalid JWT token')), 'stop the line'],
    ['a replay', answered(401, vendorError('possibly a replay', 401)), 'stop the line'],
    ['no such call', answered(404, 'Cannot POST /api/public/usersInfo'), 'stop the line'],
    ['a login page', answered(200, page, { 'content-type': 'text/html' }), 'stop the line'],
    ['a redirect', answered(302, '', { location: 'https://portal.example' }), 'stop the line'],
    ['a bad argument', answered(412, vendorError('Validation errors/ Invalid arguments', 412)), 'rejected'],
    ['too large', answered(413, ''), 'rejected'],
    ['a server error', answered(500, vendorError('Internal Server Error', 500)), 'no answer'],
    ['a page of a gateway', answered(502, page, { 'content-type': 'text/html' }), 'no answer'],
  ])('%s', (_, report, kind) => {
    expect(readLookUp(report, [ana]).kind).toBe(kind)
  })

  test('half an answer is none', () => {
    const whole = answered(200, [user('ana@example.org', 'u-1')])
    const answer = whole.answer === null ? null : { ...whole.answer, cut: true }
    expect(readLookUp({ ...whole, answer }, [ana]).kind).toBe('no answer')
  })

  test('the words of an answer never hold what it says of a person', () => {
    const verdict = readLookUp(answered(200, { emailId: 'ana@example.org' }), [ana])
    expect(JSON.stringify(verdict)).not.toContain('example.org')
  })

  test('a missing scope says which one to tick, and how to go on without', () => {
    const verdict = readLookUp(answered(401, vendorError('Permission denied. Scope is incorrect!')), [ana])
    const cause = verdict.kind === 'stop the line' ? verdict.cause : null
    expect(cause?.title).toBe('The app may not look up users')
    expect(cause?.steps.join(' ')).toMatch(/User Management → User Management.*turn off the look-up.*resume/i)
    expect(cause?.vendorWords).toBe('Permission denied. Scope is incorrect! (4002)')
  })
})

describe('a test', () => {
  test.each<[string, HttpReport, string]>([
    ['a made-up address not found', answered(200, [notFound('nobody@erasure-desk.invalid')]), 'accepted'],
    ['rejected as an argument', answered(400, vendorError('User not found', 400)), 'accepted'],
    ['no scope', answered(401, vendorError('Permission denied. Scope is incorrect!')), 'refused'],
    ['no such call', answered(404, 'Cannot POST'), 'refused'],
    ['429', answered(429, ''), 'unclear'],
    ['cut off', failed('sent'), 'unclear'],
    ['not reached', failed('resolved'), 'unclear'],
    ['a server error', answered(503, ''), 'unclear'],
  ])('%s: %s', (_, report, verdict) => {
    const found = readLookUpTest(report, connection)
    expect(found.verdict).toBe(verdict)
    expect(found.steps.filter((step) => step.startsWith('Then resume'))).toEqual([])
  })
})
