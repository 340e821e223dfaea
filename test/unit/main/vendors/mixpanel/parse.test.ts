import { describe, expect, test } from 'vitest'
import type { EraseVerdict, HttpReport, StatusVerdict } from '../../../../../src/main/core/ports.ts'
import { namesOf } from '../../../../../src/main/vendors/mixpanel/names.ts'
import { readErase, readStatus } from '../../../../../src/main/vendors/mixpanel/parse.ts'
import { conflict, created, refusals, statusBody, statuses } from './examples.ts'
import { answered, at, cutOff, failed, page, projectToken, rateText, tooLong, vendorError } from './reports.ts'

const accepted = { status: 'ok', results: { task_id: 'task-1' } }
const nameOf = (value: string) => namesOf({ kind: 'distinct id', value, channelId: null })

describe('a call that creates a task', () => {
  test.each(created)('accepted: $name ($source)', ({ status, body, read }) => {
    expect(readErase(answered(status, body))).toMatchObject({ kind: 'accepted', vendorRequestId: read })
  })

  test.each(refusals)('refused in words: $name ($source)', ({ status, body, read }) => {
    const verdict = readErase(answered(status, body))
    const words =
      verdict.kind === 'stop the line' ? verdict.cause.vendorWords : 'words' in verdict ? verdict.words : null
    expect(words).toBe(read)
  })

  test.each<[string, HttpReport, EraseVerdict['kind']]>([
    ['no such host', failed('none', 'dns'), 'not sent'],
    ['refused', failed('resolved', 'refused'), 'not sent'],
    ['no protected connection', failed('resolved', 'tls'), 'not sent'],
    ['a proxy that wants a password', failed('resolved', 'proxy'), 'not sent'],
    ['offline', failed('none', 'offline'), 'not sent'],
    ['time-out before the first byte', failed('connected', 'timeout'), 'not sent'],

    ['cut at the first byte', failed('first byte', 'reset'), 'outcome unknown'],
    ['time-out after the call was sent', failed('sent', 'timeout'), 'outcome unknown'],
    ['an answer that is no HTTP', failed('sent', 'invalid answer'), 'outcome unknown'],
    ['a whole acceptance on a connection that broke', cutOff(201, accepted), 'outcome unknown'],
    ['an acceptance longer than is read', tooLong(201, accepted), 'outcome unknown'],
    ['a conflict longer than is read', tooLong(409, conflict.body), 'outcome unknown'],
    ['half a rejection', cutOff(400, vendorError('Bad Request')), 'outcome unknown'],

    ['201 without results', answered(201, { status: 'ok' }), 'outcome unknown'],
    ['201 with empty results', answered(201, { status: 'ok', results: {} }), 'outcome unknown'],
    ['201 with an empty list', answered(201, { status: 'ok', results: [] }), 'outcome unknown'],
    ['201 with an empty id', answered(201, { status: 'ok', results: { task_id: '' } }), 'outcome unknown'],
    ['201 with an id that is a path', answered(201, { status: 'ok', results: { task_id: '..' } }), 'outcome unknown'],
    ['201 with a line break in the id', answered(201, { results: { task_id: 'a\r\nx: y' } }), 'outcome unknown'],
    ['201 with an id of 300 letters', answered(201, { results: { task_id: 'a'.repeat(300) } }), 'outcome unknown'],
    ['201 with a negative id', answered(201, { results: { task_id: -1 } }), 'outcome unknown'],
    ['201 with a broken number as id', answered(201, { results: { task_id: 1.5 } }), 'outcome unknown'],
    ['201 with an object as id', answered(201, { results: { task_id: { id: 1 } } }), 'outcome unknown'],
    ['201 that says error', answered(201, { status: 'error', results: { task_id: 'a' } }), 'outcome unknown'],
    ['201 and a page', answered(201, page, { 'content-type': 'text/html' }), 'outcome unknown'],
    ['204 and nothing', answered(204, ''), 'outcome unknown'],
    ['an id through a prototype', answered(201, '{"results":{"__proto__":{"task_id":"a"}}}'), 'outcome unknown'],
    ['nested without end', answered(201, `${'['.repeat(100_000)}${']'.repeat(100_000)}`), 'outcome unknown'],
    ['a redirect', answered(301, '', { location: '/login' }), 'outcome unknown'],
    ['500 in the vendor’s shape', answered(500, vendorError('Internal Server Error')), 'outcome unknown'],
    ['500 about the token', answered(500, vendorError('invalid token')), 'outcome unknown'],
    ['502 from a proxy', answered(502, page), 'outcome unknown'],
    ['503', answered(503, ''), 'outcome unknown'],
    ['408', answered(408, ''), 'outcome unknown'],
    ['407', answered(407, page), 'outcome unknown'],
    ['409 with words alone', answered(409, vendorError('Conflict')), 'outcome unknown'],
    ['409 of another shape', answered(409, { conflicting_distinct_ids: ['a'] }), 'outcome unknown'],
    ['400 with a page', answered(400, page), 'outcome unknown'],
    ['400 with nothing', answered(400, ''), 'outcome unknown'],
    ['400 from a gateway', answered(400, { error: 'Bad Request' }), 'outcome unknown'],

    [
      'an acceptance that quotes the rate text',
      answered(201, { results: [{ task_id: 'a', status: rateText }] }),
      'accepted',
    ],

    ['400 in the vendor’s shape', answered(400, vendorError('Bad Request: invalid distinct_id')), 'rejected'],
    ['400 with an object without words', answered(400, vendorError({})), 'rejected'],
    ['422 in the vendor’s shape', answered(422, vendorError('Unprocessable')), 'rejected'],
    [
      '400 about an id that reads like a token',
      answered(400, vendorError('Invalid distinct_id my-token-7')),
      'rejected',
    ],
    ['400 about too many', answered(400, vendorError('Bad Request: too many distinct_ids')), 'too large'],
    ['400 about the bound', answered(400, vendorError('A maximum of 500 distinct_ids is allowed')), 'too large'],
    ['400 about the bound, otherwise', answered(400, vendorError('distinct_ids cannot exceed 1999')), 'too large'],
    ['413 in the vendor’s shape', answered(413, vendorError('Request Entity Too Large')), 'too large'],
    ['413 from a gateway', answered(413, page), 'too large'],
    ['413 with a page longer than is read', tooLong(413, page), 'too large'],

    ['401', answered(401, vendorError('Unauthorized')), 'stop the line'],
    ['403 with nothing', answered(403, ''), 'stop the line'],
    ['403 with a page longer than is read', tooLong(403, page), 'stop the line'],
    ['404 in the vendor’s shape', answered(404, vendorError('Not Found')), 'stop the line'],
    ['404 with a page', answered(404, page), 'stop the line'],
    ['405', answered(405, ''), 'stop the line'],
    ['400 about the token', answered(400, vendorError('Invalid project token')), 'stop the line'],
    ['400 about permissions', answered(400, vendorError('You do not have permission')), 'stop the line'],

    ['429 in the vendor’s shape', answered(429, vendorError(rateText)), 'rate limited'],
    ['429 with nothing', answered(429, ''), 'rate limited'],
    ['429 with a page longer than is read', tooLong(429, page), 'rate limited'],
    ['the rate text under 400', answered(400, vendorError(rateText)), 'rate limited'],
    ['the rate text under 403', answered(403, vendorError(rateText)), 'rate limited'],
    ['the rate text alone, under 200', answered(200, rateText), 'rate limited'],
  ])('%s', (_, report, kind) => {
    expect(readErase(report).kind).toBe(kind)
  })

  test('an id of nineteen digits is kept to the last one, as text or as a number', () => {
    for (const id of ['"1583792934719392965"', '1583792934719392965'])
      expect(readErase(answered(201, `{"status":"ok","results":{"task_id":${id}}}`))).toMatchObject({
        vendorRequestId: '1583792934719392965',
      })
  })

  test('the word of a task just created is kept', () => {
    expect(readErase(answered(201, created[2]?.body))).toMatchObject({ kind: 'accepted', words: 'PENDING' })
  })

  test('several tasks where one was asked for are a doubt that keeps their ids; the same one twice is one', () => {
    const several = answered(201, { status: 'ok', results: [{ task_id: 'task-1' }, { task_id: 'task-2' }] })
    expect(readErase(several)).toEqual({
      kind: 'outcome unknown',
      words: 'Answered 201 with several task ids where one was asked for: task-1, task-2',
    })
    const twice = answered(201, { status: 'ok', results: [{ task_id: 'task-1' }, { tracking_id: 'task-1' }] })
    expect(readErase(twice)).toMatchObject({ kind: 'accepted', vendorRequestId: 'task-1' })
  })

  test.each([
    ['nothing', answered(502, ''), 'Answered 502 without a body.'],
    [
      'the vendor’s error',
      answered(500, vendorError('Internal Server Error')),
      'Answered 500. “Internal Server Error”',
    ],
    ['another shape', answered(500, { ids: ['ana'] }), 'Answered 500, in a shape that the vendor does not document.'],
    ['no id', answered(201, { status: 'ok', results: {} }), 'Answered 201 without a task id.'],
    ['a page', answered(200, page), 'Answered with a web page (200) instead of the vendor’s answer. “Sign in”'],
  ])('a doubt is put into words: %s', (_, report, words) => {
    expect(readErase(report)).toMatchObject({ kind: 'outcome unknown', words })
  })

  test.each([
    ['a page', answered(200, page), true],
    ['a redirect', answered(302, ''), true],
    ['a proxy that asks for a password', answered(407, page), true],
    ['a login that the network wants', answered(511, page), true],
    ['a gateway’s page', answered(502, page), false],
    ['no id', answered(201, { status: 'ok' }), false],
  ])('a doubt stops the line where somebody else answers: %s', (_, report, stops) => {
    expect('cause' in readErase(report)).toBe(stops)
  })

  test.each([
    ['401', answered(401, vendorError('Unauthorized')), 'Mixpanel does not accept the GDPR OAuth token'],
    ['401, expired', answered(401, vendorError('the OAuth token has expired')), 'The GDPR OAuth token has expired'],
    ['403', answered(403, vendorError('Forbidden')), 'The token does not open this project'],
    ['404', answered(404, vendorError('Not Found')), 'The host does not know this call'],
    ['405', answered(405, page), 'The vendor does not take this method'],
    ['401 with a page', answered(401, page), 'Something that is not Mixpanel answered (401)'],
    ['403 from a gateway', answered(403, { message: 'Forbidden' }), 'Something that is not Mixpanel answered (403)'],
  ])('a line that stops says why and how it goes on: %s', (_, report, title) => {
    const verdict = readErase(report)
    expect(verdict).toMatchObject({ kind: 'stop the line', cause: { title } })
    const cause = verdict.kind === 'stop the line' ? verdict.cause : null
    expect(cause?.steps.length).toBeGreaterThan(1)
    expect(cause?.steps.at(-1)).toBe('Then resume the connection here.')
  })

  test.each([
    ['7', 7000],
    [new Date(at + 30_000).toUTCString(), 30_000],
    ['soon', null],
  ])('Retry-After %s', (value, milliseconds) => {
    expect(readErase(answered(429, '', { 'retry-after': value }))).toMatchObject({
      kind: 'rate limited',
      retryAfterMilliseconds: milliseconds,
    })
  })

  test('words that are kept hold no project token, no control characters, and 500 letters at most', () => {
    const verdict = readErase(
      answered(400, vendorError(`\u0000\u202Eno ${projectToken.toUpperCase()} ${'x'.repeat(5000)}`)),
    )
    const words = verdict.kind === 'rejected' ? verdict.words : ''
    expect(words).toContain('[token]')
    expect(words).not.toMatch(/591b3354|\p{Cc}|\u202E/iu)
    expect([...words].length).toBeLessThanOrEqual(500)
  })

  test.each([488, 480, 470])('nor half a project token where the words are shortened after %i letters', (before) => {
    for (const body of [
      vendorError(`${'x'.repeat(before)} ${projectToken}${' y'.repeat(99)}`),
      `${'x'.repeat(before)} ${projectToken} y`,
    ])
      expect(JSON.stringify(readErase(answered(500, body)))).not.toMatch(/591b/)
  })

  test('a proxy’s words hold no project token either', () => {
    const page502 = `<html><title>Cannot fetch /v3.0/?token=${projectToken}</title></html>`
    expect(JSON.stringify(readErase(answered(502, page502)))).not.toContain(projectToken)
  })
})

describe('a conflict with running tasks', () => {
  const refusal = (error: object) => answered(409, { status: 'error', error })

  test('names the identifiers as the app names them, and the tasks', () => {
    expect(readErase(answered(conflict.status, conflict.body))).toEqual({
      kind: 'conflict',
      names: conflict.read.distinctIds.map(nameOf),
      vendorRequestIds: conflict.read.tasks,
      words: 'Deletion tasks for these ids are running',
    })
  })

  test('tasks are named once each, as text, long numbers to the last digit', () => {
    const body = `{"status":"error","error":{"conflicting_distinct_ids":["a"],"conflicting_task_ids":[7,"7",1583792934719392965,"u"]}}`
    expect(readErase(answered(409, body))).toMatchObject({ vendorRequestIds: ['7', '1583792934719392965', 'u'] })
  })

  test.each<[string, object, readonly string[], readonly string[]]>([
    [
      'what is no text',
      { conflicting_distinct_ids: [1, null, {}, ['a'], 'a'], conflicting_task_ids: ['t'] },
      ['a'],
      ['t'],
    ],
    [
      'ids that lead elsewhere',
      { conflicting_distinct_ids: ['a'], conflicting_task_ids: ['..', '', 'a b', null, {}] },
      ['a'],
      [],
    ],
    ['no list of tasks', { conflicting_distinct_ids: ['a'] }, ['a'], []],
    ['no task and nobody', { conflicting_distinct_ids: [], conflicting_task_ids: [] }, [], []],
    ['a text for a list', { conflicting_distinct_ids: ['a'], conflicting_task_ids: 't' }, ['a'], []],
  ])('is read without %s', (_, error, distinctIds, tasks) => {
    expect(readErase(refusal(error))).toMatchObject({
      kind: 'conflict',
      names: distinctIds.map(nameOf),
      vendorRequestIds: tasks,
    })
  })

  test('of more identifiers and tasks than there can be, some are taken', () => {
    const many = (prefix: string) => Array.from({ length: 50_000 }, (_, index) => `${prefix}${index}`)
    const verdict = readErase(refusal({ conflicting_distinct_ids: many('u'), conflicting_task_ids: many('t') }))
    const { names, vendorRequestIds } = verdict.kind === 'conflict' ? verdict : { names: [], vendorRequestIds: [] }
    expect([names.length, vendorRequestIds.length]).toEqual([10_000, 2000])
  })

  test('a very long identifier is named whole, so that it is known again', () => {
    const long = 'x'.repeat(60_000)
    expect(readErase(refusal({ conflicting_distinct_ids: [long], conflicting_task_ids: ['t'] }))).toMatchObject({
      names: [nameOf(long)],
    })
  })

  test('the same body under another status is no conflict', () => {
    expect(readErase(answered(400, conflict.body)).kind).toBe('rejected')
  })
})

describe('a status call', () => {
  const meanings: Readonly<Record<string, 'running' | 'success' | 'failure' | 'revoked'>> = {
    PENDING: 'running',
    STAGING: 'running',
    STARTED: 'running',
    SUCCESS: 'success',
    FAILURE: 'failure',
    REVOKED: 'revoked',
  }
  const finalWords = ['SUCCESS', 'FAILURE', 'REVOKED']

  test.each(statuses.filter(({ read }) => meanings[read.word] !== undefined))(
    '$name ($source)',
    ({ status, body, read: { id: vendorRequestId, word, distinctIds } }) => {
      expect(readStatus(answered(status, body))).toMatchObject({
        kind: 'answer',
        vendorRequestId,
        ended: finalWords.includes(word),
        entries: distinctIds.map((id) => ({ names: nameOf(id), raw: id, word, meaning: meanings[word] })),
      })
    },
  )

  test('a task that is not found waits for a person; one that could not be looked up is asked again', () => {
    for (const echoed of [[], ['a']]) {
      expect(readStatus(answered(200, statusBody('NOT_FOUND', echoed)))).toEqual({
        kind: 'vanished',
        words: 'NOT_FOUND',
      })
      expect(readStatus(answered(200, statusBody('UNKNOWN', echoed)))).toEqual({
        kind: 'no answer',
        words: 'The vendor could not look the task up (UNKNOWN).',
      })
    }
  })

  test.each([
    ['success', 'success', true],
    [' Success ', 'success', true],
    ['SUCCESSFUL', 'running', false],
    ['COMPLETED', 'running', false],
    ['constructor', 'running', false],
    ['__proto__', 'running', false],
    ['ARCHIVING', 'running', false],
  ])('the word “%s” means %s', (word, meaning, ended) => {
    expect(readStatus(answered(200, statusBody(word, ['a'])))).toMatchObject({ ended, entries: [{ meaning }] })
  })

  test('a task that has ended without naming anybody settles nobody', () => {
    for (const echoed of [[], null, undefined, 'a'])
      expect(readStatus(answered(200, statusBody('SUCCESS', echoed)))).toMatchObject({
        kind: 'answer',
        entries: [],
        ended: true,
        word: 'SUCCESS',
      })
  })

  test('a task that runs without naming anybody is asked again, with its word', () => {
    expect(readStatus(answered(200, statusBody('STARTED', [])))).toEqual({
      kind: 'no answer',
      words: 'The vendor says STARTED, but names no identifier of the task.',
    })
  })

  test('what is no text in the list names nobody, whatever the task came to', () => {
    expect(readStatus(answered(200, statusBody('SUCCESS', ['1', 1, null, { id: 'a' }])))).toMatchObject({
      entries: [{ names: nameOf('1') }, { names: [] }, { names: [] }, { names: [] }],
    })
  })

  test('an answer with more identifiers than a task can have is none', () => {
    const many = Array.from({ length: 10_001 }, (_, index) => `u${index}`)
    expect(readStatus(answered(200, statusBody('SUCCESS', many))).kind).toBe('no answer')
  })

  test('the digest is the same for the same task in any order, and another for anything else', () => {
    const digest = (word: string, ids: readonly string[]) => {
      const verdict = readStatus(answered(200, statusBody(word, ids)))
      return verdict.kind === 'answer' ? verdict.digest : verdict.kind
    }
    expect(digest('PENDING', ['a', 'b'])).toBe(digest('PENDING', ['b', 'a']))
    expect(digest('PENDING', ['a', 'b'])).not.toBe(digest('STAGING', ['a', 'b']))
    expect(digest('PENDING', ['a', 'b'])).not.toBe(digest('PENDING', ['a']))
  })

  test.each<[string, HttpReport, StatusVerdict['kind']]>([
    ['404 in the vendor’s shape', answered(404, vendorError('Not Found: no such task')), 'vanished'],
    ['410 in the vendor’s shape', answered(410, vendorError('Gone')), 'vanished'],
    ['404 with a page', answered(404, page), 'no answer'],
    ['404 with a page longer than is read', tooLong(404, page), 'no answer'],
    ['404 about the project', answered(404, vendorError('unknown project')), 'stop the line'],
    ['several tasks', answered(200, { results: [{ status: 'SUCCESS' }, { status: 'SUCCESS' }] }), 'no answer'],
    ['no word', answered(200, statusBody('', ['a'])), 'no answer'],
    ['a status that is no text', answered(200, { results: { status: 7, distinct_ids: ['a'] } }), 'no answer'],
    ['another shape', answered(200, { ok: true }), 'no answer'],
    ['an error under 200', answered(200, { ...statusBody('SUCCESS', ['a']), ...vendorError('busy') }), 'no answer'],
    ['a page', answered(200, page), 'no answer'],
    ['a redirect', answered(302, ''), 'no answer'],
    ['half an answer', cutOff(200, statusBody('SUCCESS', ['a'])), 'no answer'],
    ['an answer longer than is read', tooLong(200, statusBody('SUCCESS', ['a'])), 'no answer'],
    ['500', answered(500, vendorError('Internal Server Error')), 'no answer'],
    ['400', answered(400, vendorError('Bad Request')), 'no answer'],
    ['no connection', failed('resolved', 'refused'), 'no answer'],
    ['401', answered(401, vendorError('Unauthorized')), 'stop the line'],
    ['403 with a page', answered(403, page), 'stop the line'],
    ['405', answered(405, ''), 'stop the line'],
    ['400 about the token', answered(400, vendorError('Invalid token')), 'stop the line'],
    ['429', answered(429, vendorError(rateText)), 'rate limited'],
    ['429 with nothing', answered(429, ''), 'rate limited'],
  ])('%s', (_, report, kind) => {
    expect(readStatus(report).kind).toBe(kind)
  })
})
