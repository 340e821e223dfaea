import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database, Reservation } from '../../../src/main/core/ports.ts'
import type { ConnectionTest, StopCause } from '../../../src/shared/model/connection.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import {
  addConnection,
  addDraft,
  ended,
  erase,
  moment,
  must,
  openIn,
  poll,
  scan,
  sendDraft,
  sending,
  start,
  temporaryFolder,
} from './support.ts'

let place = temporaryFolder()
let database: Database

beforeEach(async () => {
  place = temporaryFolder()
  database = await openIn(place.folder)
})

afterEach(async () => {
  await database.close()
  place.remove()
})

const detailOf = async (requestId: RequestId) => must(await database.read('getRequest', { requestId }, start))

const cause: StopCause = {
  title: 'The vendor refused the credentials.',
  explanation: '401 for every call.',
  steps: ['Check the client secret.'],
  vendorWords: null,
  at: start,
}

test('cancelling takes back what is in no call, held back or queued again, and leaves what is under way', async () => {
  const { requestId, reserve, epoch, accept } = await sending(database, place.folder, 9)
  await accept(start, start + 900_000)
  const again = erase(await reserve(start + 1))
  const rateLimited = ended(again.attemptId, epoch, start + 1, { ending: 'rate limited', httpStatus: 429 })
  must(await database.finishErase(rateLimited, { kind: 'queue again', notBefore: start + 60_000 }))
  const underWay = erase(await reserve(start + 2))
  expect(must(await database.cancelUnsent({ requestId, reason: 'asked back', now: start + 3 }))).toBe(5)
  const detail = await detailOf(requestId)
  expect(detail).toMatchObject({ phase: 'open', counts: { accepted: 2, sending: 2, cancelled: 5 }, callsUnderWay: 1 })
  expect(scan(place.folder, 'SELECT result FROM delivery WHERE batch_id = ?', again.batchId)).toEqual([
    { result: 11 },
    { result: 11 },
  ])
  expect(scan(place.folder, `SELECT words, reason FROM event WHERE kind = 'cancelled'`)).toEqual([
    { words: 'Taken back before it was sent: 5 identifiers.', reason: 'asked back' },
  ])
  // The call under way still ends as it ends; nothing else leaves.
  const unknown = { kind: 'outcome unknown', words: 'cut' } as const
  must(await database.finishErase(ended(underWay.attemptId, epoch, start + 4, { ending: 'outcome unknown' }), unknown))
  expect(await reserve(start + 70_000)).toEqual({ kind: 'idle', until: start + 900_000 })
  expect(must(await database.cancelUnsent({ requestId, reason: '', now: start + 5 }))).toBe(0)
})

test('cancelling more than one slice counts every one, and closes the request', async () => {
  const { requestId } = await sending(database, place.folder, 1300)
  expect(must(await database.cancelUnsent({ requestId, reason: '', now: start + 3 }))).toBe(1300)
  expect(await detailOf(requestId)).toMatchObject({ phase: 'closed', counts: { cancelled: 1300 } })
  const again = await database.cancelUnsent({ requestId, reason: '', now: start + 4 })
  expect(again).toMatchObject({ ok: false, failure: { code: 'wrong-state' } })
})

test('paused, a request begins neither an erase call nor a status call; the one under way ends as usual', async () => {
  const { requestId, reserve, epoch, accept } = await sending(database, place.folder, 6)
  await accept(start, start + 10)
  const underWay = erase(await reserve(start + 1))
  must(await database.setPaused({ requestId, paused: true, now: start + 2 }))
  expect(await reserve(start + 20)).toEqual({ kind: 'idle', until: null })
  const outcome = { kind: 'accepted', vendorRequestId: 'eud-2', nextPollAt: start + 30 } as const
  must(await database.finishErase(ended(underWay.attemptId, epoch, start + 21), outcome))
  expect(await reserve(start + 40)).toEqual({ kind: 'idle', until: null })
  expect(await detailOf(requestId)).toMatchObject({ paused: true, counts: { accepted: 4, queued: 2 } })
  must(await database.setPaused({ requestId, paused: false, now: start + 50 }))
  expect((await reserve(start + 51)).kind).toBe('erase')
  expect((await reserve(start + 52)).kind).toBe('status')
  expect(scan(place.folder, `SELECT kind FROM event WHERE kind IN ('paused', 'resumed')`)).toHaveLength(2)
})

test('a pause of one request lets the others of the account go on', async () => {
  const { requestId, connection, reserve } = await sending(database, place.folder, 2)
  const other = await addDraft(database, place.folder, connection, 2)
  await sendDraft(database, other)
  must(await database.setPaused({ requestId, paused: true, now: start }))
  expect(erase(await reserve(start + 1)).requestId).toBe(other)
})

test('a stopped connection begins nothing until it is resumed; then the same batch goes', async () => {
  const { requestId, reserve, epoch, connection } = await sending(database, place.folder, 4)
  const call = erase(await reserve(start))
  const result = ended(call.attemptId, epoch, start + 1, { ending: 'stopped the line', httpStatus: 401 })
  must(await database.finishErase(result, { kind: 'stop the line', cause }))
  expect(await detailOf(requestId)).toMatchObject({ connectionStopped: true, counts: { queued: 4 } })
  expect(await reserve(start + 10)).toEqual({ kind: 'idle', until: null })
  must(await database.resumeConnection({ connectionId: connection.id, now: start + 11 }))
  expect(erase(await reserve(start + 12)).batchId).toBe(call.batchId)
})

test('a connection is retired only when nothing of it is open; retired, not even a status call leaves', async () => {
  const { requestId, reserve, epoch, connection, accept } = await sending(database, place.folder, 2)
  const connectionId = connection.id
  const call = await accept(start, start + 10)
  expect(await database.setConnectionRetired({ connectionId, retired: true, now: start })).toMatchObject({
    failure: { code: 'connection-in-use', message: 'A request of this connection is still open.' },
  })
  const asked = poll(await reserve(start + 10))
  const changes = call.identifiers.map(({ position, identifierId }) => {
    return { position, identifierId, state: 'unconfirmed', basis: 'vanished', vendorWords: null } as const
  })
  const outcome = {
    kind: 'answer',
    digest: 'd',
    quietSince: start,
    changes,
    strangers: [],
    finished: true,
    nextPollAt: start + 20,
    vendorWords: null,
  } as const
  must(await database.finishPoll(ended(asked.attemptId, epoch, start + 11, { ending: 'answered' }), outcome))
  const accepting = {
    requestId,
    target: { all: true },
    state: 'unconfirmed',
    decision: 'accept as unconfirmed',
  } as const
  must(await database.decide({ ...accepting, reason: 'known', now: start + 12 }))
  must(await database.setConnectionRetired({ connectionId, retired: true, now: start + 13 }))
  expect(await reserve(start + 30)).toEqual({ kind: 'idle', until: null })
  must(await database.setConnectionRetired({ connectionId, retired: false, now: start + 31 }))
  expect((await reserve(start + 32)).kind).toBe('status')
})

test('after a 429 the whole account waits until the vendor said, and nothing counts as failed', async () => {
  const { requestId, reserve, epoch } = await sending(database, place.folder, 4)
  const call = erase(await reserve(start))
  const until = start + 45_000
  const result = ended(call.attemptId, epoch, start + 1, { ending: 'rate limited', httpStatus: 429 })
  must(await database.finishErase(result, { kind: 'queue again', notBefore: until, accountHoldUntil: until }))
  expect(await detailOf(requestId)).toMatchObject({ counts: { queued: 4 } })
  expect(await reserve(start + 2)).toEqual({ kind: 'wait', until })
  expect(erase(await reserve(until)).batchId).toBe(call.batchId)
})

test('a call that never reached the vendor weighs on no window; one under way weighs from its latest arrival', async () => {
  const { reserve, epoch } = await sending(database, place.folder, 4, { calls: 1 })
  const call = erase(await reserve(start))
  const timeout = call.connection.settings.callTimeoutMilliseconds
  expect(await reserve(start + 1)).toEqual({ kind: 'wait', until: start + timeout + 60_000 })
  const result = ended(call.attemptId, epoch, start + 2, { ending: 'not sent', stage: 'none', neverCounted: true })
  must(await database.finishErase(result, { kind: 'queue again', notBefore: start + 3 }))
  expect((await reserve(start + 3)).kind).toBe('erase')
})

test('a call that did not leave waits its time, says so, and goes at once when the operator resumes or changes something', async () => {
  const { reserve, epoch, requestId, connection } = await sending(database, place.folder, 2)
  const later = start + 300_000
  const notSent = async (at: number): Promise<void> => {
    const call = erase(await reserve(at))
    const result = ended(call.attemptId, epoch, at, {
      ending: 'not sent',
      stage: 'none',
      neverCounted: true,
      vendorWords: 'The host refused the connection.',
    })
    must(await database.finishErase(result, { kind: 'queue again', notBefore: later }))
  }
  await notSent(start)
  expect((await reserve(start + 1)).kind).toBe('wait')
  expect((await detailOf(requestId)).standstill).toBe(
    'The last call did not leave. The host refused the connection. It is tried again by itself, with longer pauses.',
  )
  must(await database.setPaused({ requestId, paused: true, now: start + 2 }))
  must(await database.setPaused({ requestId, paused: false, now: start + 3 }))
  await notSent(start + 4)
  const { id, vendor, name, environment, isSandbox, origin, clientId, accountId, settings } = connection
  const account = { accountId, accountName: '', windows: connection.windows, margin: connection.margin }
  const secret = { secretReference: 'reference-1', secretSavedAt: null }
  const changed = { id, vendor, name, environment, isSandbox, origin, clientId, settings, ...account, ...secret }
  must(await database.saveConnection({ ...changed, now: start + 5 }))
  expect((await reserve(start + 6)).kind).toBe('erase')
})

test('set back by hours, the clock does not free the budget', async () => {
  const { reserve, accept } = await sending(database, place.folder, 6, { calls: 2 })
  await accept(start, start + 9_000_000)
  await accept(start + 1, start + 9_000_000)
  const earlier = start - 7_200_000
  expect(await reserve(earlier)).toMatchObject({ kind: 'wait', until: start + 60_000 })
})

test.each([
  ['a wide window', [{ milliseconds: 60_000, calls: 40 }], 10],
  ['one call a second', [{ milliseconds: 1000, calls: 1 }], 1000],
])('every tenth call is a status call while erase calls wait, by %s', async (_what, windows, spacing) => {
  const { reserve, epoch } = await sending(database, place.folder, 60, { windows, perCall: 1 })
  const kinds: string[] = []
  for (let step = 0; step < 40; step += 1) {
    const at = start + step * spacing
    const call: Reservation = await reserve(at)
    if (call.kind === 'erase') {
      const outcome = { kind: 'accepted', vendorRequestId: `eud-${step}`, nextPollAt: at } as const
      must(await database.finishErase(ended(call.attemptId, epoch, at), outcome))
    }
    if (call.kind === 'status') {
      const outcome = { kind: 'again', nextPollAt: at, words: null } as const
      must(await database.finishPoll(ended(call.attemptId, epoch, at, { ending: 'no answer' }), outcome))
    }
    kinds.push(call.kind)
  }
  expect(kinds).toEqual(Array.from({ length: 40 }, (_, call) => (call % 10 === 9 ? 'status' : 'erase')))
  expect((await reserve(start + 39 * spacing + 1)).kind).toBe('wait')
})

test('one status call at a time per batch; asking now makes it due', async () => {
  const { requestId, reserve, accept } = await sending(database, place.folder, 2)
  const call = await accept(start, start + 900_000)
  expect(await reserve(start + 1)).toEqual({ kind: 'idle', until: start + 900_000 })
  expect(must(await database.pollNow({ requestId, now: start + 2 }))).toBe(1)
  expect(poll(await reserve(start + 3)).batchId).toBe(call.batchId)
  expect(await reserve(start + 4)).toEqual({ kind: 'idle', until: null })
})

test('a test of a connection is journalled inside the same budget and shown with what it found', async () => {
  const { connection, reserve, epoch, accept } = await sending(database, place.folder, 4, { calls: 2 })
  await accept(start, start + 900_000)
  const connectionId = connection.id
  const reserved = must(await database.reserveTest({ connectionId, epoch, ...moment(start + 1), jti: 'jti-test' }))
  if (reserved.kind !== 'test') throw new Error(reserved.kind)
  expect(reserved.connection.id).toBe(connectionId)
  const late = start + 2
  expect((await reserve(late)).kind).toBe('wait')
  expect(must(await database.reserveTest({ connectionId, epoch, ...moment(late), jti: 'jti-test-2' })).kind).toBe(
    'wait',
  )
  const found: ConnectionTest = {
    at: start + 3,
    verdict: 'accepted',
    title: 'The vendor accepts the credentials.',
    explanation: 'It answered in its own shape.',
    steps: [],
    httpStatus: 404,
    vendorWords: null,
    clockSkewMilliseconds: null,
  }
  const result = ended(reserved.attemptId, epoch, start + 3, { ending: 'answered', httpStatus: 404 })
  must(await database.finishTest(result, found))
  must(await database.finishTest(result, found))
  const shown = must(await database.read('getConnection', { connectionId }, start + 4))
  expect(shown.lastTest).toEqual(found)
  expect(scan(place.folder, `SELECT kind, ending FROM attempt WHERE jti = 'jti-test'`)).toEqual([
    { kind: 'test', ending: 'answered' },
  ])
  expect(scan(place.folder, `SELECT 1 FROM event WHERE kind = 'tested'`)).toHaveLength(1)
})

test('a test of a retired connection, or by one who is not the sender, is refused', async () => {
  const connection = await addConnection(database)
  const input = { connectionId: connection.id, ...moment(start), jti: 'jti-test' }
  expect(await database.reserveTest({ ...input, epoch: 1 })).toMatchObject({ failure: { code: 'not-the-sender' } })
  const epoch = must(await database.takeSenderLock(moment(start)))?.epoch ?? 0
  must(await database.setConnectionRetired({ connectionId: connection.id, retired: true, now: start }))
  expect(await database.reserveTest({ ...input, epoch })).toMatchObject({ failure: { code: 'connection-retired' } })
})

test('a plan that changed meanwhile, a missing scope or an empty draft is not sent', async () => {
  const connection = await addConnection(database)
  const requestId = await addDraft(database, place.folder, connection, 2)
  const basis = must(await database.planBasis({ requestId, now: start, samplePerGroup: 1 }))
  must(await database.updateDraft({ requestId, scope: { kind: 'all bots' }, now: start + 1 }))
  const { fingerprint } = basis
  expect(await database.openRequest({ requestId, planDigest: 'p', fingerprint, now: start })).toMatchObject({
    failure: { code: 'plan-changed', kept: 'Nothing was sent.' },
  })
  expect((await detailOf(requestId)).phase).toBe('draft')
  const empty = await addDraft(database, place.folder, connection, 0)
  const nothing = must(await database.planBasis({ requestId: empty, now: start, samplePerGroup: 1 }))
  const opening = { requestId: empty, planDigest: 'p', fingerprint: nothing.fingerprint, now: start }
  expect(await database.openRequest(opening)).toMatchObject({ failure: { code: 'nothing-to-send' } })
})
