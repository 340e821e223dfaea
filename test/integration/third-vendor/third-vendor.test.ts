/**
 * A third vendor is one folder: Fernhill is described beside this test and handed to the same functions that the app's
 * composition root calls. No other room knows of it.
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { vendors } from '../../../src/main/vendors/index.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import { openBench, page, type ThirdVendorBench } from './bench.ts'
import { fernhill } from './fernhill/index.ts'
import { apiKey } from './fernhill-server.ts'

let bench: ThirdVendorBench

beforeEach(async () => {
  bench = await openBench()
})

afterEach(async () => {
  await bench.close()
})

const people = Array.from({ length: 12 }, (_, index) => `plain-${index + 1}`)
const lines = [
  ...people.slice(0, 6),
  'kept-1',
  'missing-1',
  'refused-1',
  ...people.slice(6, 9),
  'cut-1',
  ...people.slice(9),
  'hold-1',
  'hold-2',
  'plain-1',
].map((subject, index) => `${subject},T-${index + 1}`)

/** Every call of the request that the server saw was in the journal as one attempt of its own, and none besides. */
async function expectEveryCallJournalled(requestId: RequestId): Promise<void> {
  const { rows } = await bench.desk().get('listAttempts', { requestId, ...page })
  const journalled = new Set(rows.filter(({ ending }) => ending !== 'not sent').map(({ jti }) => jti))
  const ofRequest = bench.server.calls.filter((call) => !call.path.endsWith('/er-none'))
  const arrived = ofRequest.map(({ id }) => id)
  expect(new Set(arrived).size).toBe(arrived.length)
  expect(new Set(arrived)).toEqual(journalled)
}

test('Fernhill is offered, connected, tested, imported for, planned, sent to, asked, taken back and settled', async () => {
  const { server, formOf, importLines, countsOnceSettled, decideAll } = bench
  const desk = bench.desk()
  const offered = await desk.get('listVendors', {})
  expect(offered.map(({ id }) => id)).toEqual(['kore', 'mixpanel', 'fernhill'])
  expect(await desk.get('checkOrigin', { vendor: 'fernhill', origin: 'http://fernhill.example' })).toMatchObject({
    allowed: false,
  })

  // A wrong key: the vendor's own words, before anything is sent.
  const wrong = await desk.get('saveConnection', formOf({ secret: 'key-of-somebody-else' }))
  expect(await desk.get('testConnection', { connectionId: wrong.id })).toMatchObject({
    verdict: 'refused',
    title: 'Fernhill does not know this API key',
    vendorWords: 'Key not known.',
  })
  const connection = await desk.get('saveConnection', formOf({ id: wrong.id }))
  expect(connection).toMatchObject({ vendor: 'fernhill', windows: [{ milliseconds: 1000, calls: 5 }] })
  expect(await desk.get('testConnection', { connectionId: connection.id })).toMatchObject({
    verdict: 'accepted',
    vendorWords: 'There is no such erasure.',
  })

  const draft = await desk.get('createDraft', { connectionId: connection.id })
  const requestId = draft.id
  // There is nothing to choose, so nothing is asked.
  expect(draft.scope).toEqual({ kind: 'everything' })
  const imported = await importLines(requestId, lines)
  expect(imported).toMatchObject({ status: 'done', rows: 19, identifiers: 18, duplicates: 1, rejects: 0 })

  const plan = await desk.get('getPlan', { requestId })
  expect(plan).toMatchObject({
    obstacles: [],
    identifiers: 18,
    eraseCalls: 5,
    lookUpCalls: 0,
    needsTypedCount: true,
    vendorTime: fernhill.profile.vendorTime,
    doesNotReach: ['invoices'],
    signedAs: 'API key from the keychain',
    groups: [{ scope: { kind: 'everything' }, own: false, firstCall: { method: 'POST' } }],
  })
  expect(plan.groups[0]?.firstCall.body).toContain('"copies": "drop"')
  expect(JSON.stringify(plan)).not.toContain(apiKey)
  expect(await desk.get('dryRun', { requestId })).toMatchObject({ calls: 5, identifiers: 18 })
  expect(server.calls.filter(({ method }) => method === 'POST')).toEqual([])

  // The count has to be typed since Fernhill says so, in words that name nothing of another vendor's.
  const untyped = await desk.ask('sendRequest', { requestId, planDigest: plan.digest })
  expect(untyped).toMatchObject({
    ok: false,
    failure: { code: 'count-not-typed', next: expect.stringContaining('18') },
  })
  expect(JSON.stringify(untyped)).not.toMatch(/\bbots?\b/)
  await desk.get('sendRequest', { requestId, planDigest: plan.digest, typedCount: 18 })

  const held = await desk.until(async () => {
    const { rows } = await desk.get('listBatches', { requestId, ...page })
    return rows.find(({ vendorWords, mayBeCancelled }) => vendorWords === 'waiting' && mayBeCancelled)
  })
  await desk.get('cancelBatch', { requestId, batchId: held.id, reason: 'Withdrawn in a test.' })
  expect(await countsOnceSettled(requestId)).toEqual({
    erased: 9,
    failed: 1,
    unconfirmed: 1,
    refused: 1,
    'outcome unknown': 4,
    revoked: 2,
  })

  await decideAll(requestId, 'outcome unknown', 'send again')
  await decideAll(requestId, 'unconfirmed', 'accept as unconfirmed')
  expect(await countsOnceSettled(requestId)).toEqual({
    erased: 13,
    failed: 1,
    unconfirmed: 1,
    refused: 1,
    revoked: 2,
  })
  const { phase, waiting } = await desk.get('getRequest', { requestId })
  expect({ phase, waiting }).toEqual({ phase: 'closed', waiting: 0 })
  const basisOf = async (search: string) =>
    (await desk.get('listIdentifiers', { requestId, states: [], search, ...page })).rows
  expect(await basisOf('plain-2')).toMatchObject([
    { kind: 'distinct id', state: 'erased', basis: 'named by the vendor' },
  ])
  expect(await basisOf('kept-1')).toMatchObject([{ state: 'failed', vendorWords: 'kept' }])
  expect(await basisOf('refused-1')).toMatchObject([
    { state: 'refused', vendorWords: 'A subject of this call may not be erased.' },
  ])
  expect(await basisOf('hold-2')).toMatchObject([{ state: 'revoked', vendorWords: 'withdrawn' }])

  expect(server.calls.filter(({ status }) => status === 429)).toEqual([])
  await expectEveryCallJournalled(requestId)
  expect(desk.problems).toEqual([])
})

test('what was erased before a call was taken back stays erased, and is not said to be taken back', async () => {
  const { formOf, importLines, send, countsOnceSettled } = bench
  const desk = bench.desk()
  const { id: connectionId } = await desk.get('saveConnection', formOf())
  const { id: requestId } = await desk.get('createDraft', { connectionId })
  await importLines(requestId, ['hold-1,T-1', 'early-1,T-2', 'late-1,T-3', 'hold-2,T-4'])
  await send(requestId)
  const partly = await desk.until(async () => {
    const { rows } = await desk.get('listBatches', { requestId, ...page })
    return rows.find(({ counts, mayBeCancelled }) => counts.erased === 1 && mayBeCancelled)
  })
  await desk.get('cancelBatch', { requestId, batchId: partly.id, reason: 'Withdrawn in a test.' })
  expect(await countsOnceSettled(requestId)).toEqual({ erased: 2, revoked: 2 })
  const { rows } = await desk.get('listIdentifiers', { requestId, states: [], ...page })
  expect(rows.map(({ value, state, basis, vendorWords }) => [value, state, basis, vendorWords])).toEqual([
    ['hold-1', 'revoked', 'named by the vendor', 'withdrawn'],
    ['early-1', 'erased', 'named by the vendor', 'gone'],
    // Erased after the last answer, and before the call that took the rest back.
    ['late-1', 'erased', 'named by the vendor', 'gone'],
    ['hold-2', 'revoked', 'named by the vendor', 'withdrawn'],
  ])
  const events = (await desk.get('listEvents', { requestId, ...page })).rows.map(({ words }) => words)
  expect(events).toContain('Batch 1 was taken back at the vendor. What was erased by then the next status call shows.')
  expect((await desk.get('getRequest', { requestId })).phase).toBe('closed')
  expect(desk.problems).toEqual([])
})

test('what its profile does not offer is refused, in the profile’s words, before it stands in the history', async () => {
  const { formOf } = bench
  const desk = bench.desk()
  const refusalOf = async (settings: NonNullable<Parameters<typeof formOf>[0]>['settings']) => {
    const saved = await desk.ask('saveConnection', formOf({ settings }))
    return saved.ok ? null : saved.failure
  }
  expect(await refusalOf({ identifiersPerCall: 11 })).toMatchObject({
    message: 'Fernhill takes fewer identifiers in a call.',
    next: 'Enter a number from 1 to 10.',
    field: 'settings.identifiersPerCall',
  })
  expect(await refusalOf({ identifiersPerCall: 4, own: { copies: 'burn' } })).toMatchObject({
    message: '“Copies” cannot be what was chosen.',
    next: 'Choose “Keep them” or “Drop them”.',
  })
  expect(await refusalOf({ identifiersPerCall: 4, own: { thorough: 'yes' } })).toMatchObject({ field: 'own' })
  expect(await refusalOf({ identifiersPerCall: 4, lookUpFirst: true })).toMatchObject({
    message: 'Fernhill has no look-up of its own ids.',
  })
  const { secret: _, ...withoutSecret } = formOf()
  expect(await desk.ask('saveConnection', withoutSecret)).toMatchObject({
    failure: { code: 'secret-missing', message: 'The API key is needed.', next: 'Copy it from Fernhill.' },
  })
  expect(await desk.get('listConnections', { retired: true })).toEqual([])

  // What is absent is as the profile begins with; what the profile does not name is not kept.
  const { id: connectionId, settings } = await desk.get(
    'saveConnection',
    formOf({ settings: { identifiersPerCall: 4, own: { region: 'x' } } }),
  )
  expect(settings.own).toEqual({ copies: 'keep', thorough: false })

  const { id: requestId } = await desk.get('createDraft', { connectionId })
  const scoped = await desk.ask('updateDraft', { requestId, scope: { kind: 'bots', botIds: ['st-1'] } })
  expect(scoped).toMatchObject({ ok: false, failure: { message: '“bot st-1” is no scope that Fernhill has.' } })
  expect((await desk.get('getRequest', { requestId })).scope).toEqual({ kind: 'everything' })
  await expect(bench.importLines(requestId, ['plain-1,T-1'], ['user id', 'ignore'])).rejects.toThrow(
    'Fernhill has no identifiers of the kind “user id”.',
  )
})

test('a version without it shows what is there, sends nothing, and says why', async () => {
  const { formOf, importLines, send, server } = bench
  const connection = await bench.desk().get('saveConnection', formOf())
  const { id: requestId } = await bench.desk().get('createDraft', { connectionId: connection.id })
  await importLines(requestId, ['hold-1,T-1', 'plain-2,T-2'])
  await send(requestId)
  await bench.desk().until(async () => {
    const { counts } = await bench.desk().get('getRequest', { requestId })
    return counts.accepted === 2 ? true : undefined
  })
  const draft = await bench.desk().get('createDraft', { connectionId: connection.id })
  await bench.reopen(vendors)
  const calls = server.calls.length

  const desk = bench.desk()
  expect(await desk.get('listConnections', {})).toMatchObject([{ vendor: 'fernhill' }])
  expect((await desk.get('listBatches', { requestId, ...page })).rows).toMatchObject([{ mayBeCancelled: false }])
  expect(await desk.ask('getPlan', { requestId: draft.id })).toMatchObject({ failure: { code: 'vendor-unknown' } })
  const stopped = await desk.until(async () => {
    const { connectionStopped, standstill } = await desk.get('getRequest', { requestId })
    return connectionStopped ? standstill : undefined
  })
  expect(stopped).not.toBeNull()
  const { stopped: cause } = await desk.get('getConnection', { connectionId: connection.id })
  expect(cause?.title).toBe('This version of Erasure Desk does not know the vendor “fernhill”.')
  expect(server.calls.length).toBe(calls)

  // Known again and resumed, it goes on where it was.
  await bench.reopen({ ...vendors, fernhill })
  await bench.desk().get('resumeConnection', { connectionId: connection.id })
  await bench.desk().until(async () => (server.calls.length > calls ? true : undefined))
})
