/** What a look-up reserves, and what follows from its end, in the history itself. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database, LookUpOutcome, ReservedLookUp, Reservation } from '../../../src/main/core/ports.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import {
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

const settings = { lookUpFirst: true }

function lookUp(reservation: Reservation): ReservedLookUp {
  if (reservation.kind !== 'look-up') throw new Error(`Expected a look-up, got ${reservation.kind}`)
  return reservation
}

async function finish(
  call: ReservedLookUp,
  epoch: number,
  at: number,
  outcome: LookUpOutcome,
  more: Parameters<typeof ended>[3] = {},
) {
  must(await database.finishLookUp(ended(call.attemptId, epoch, at, { ending: 'answered', ...more }), outcome))
}

const found = (call: ReservedLookUp): LookUpOutcome => ({
  kind: 'answer',
  found: call.identifiers.map(({ identifierId }) => ({ identifierId, vendorId: `u-${identifierId}` })),
})
const batches = () =>
  scan<object>(place.folder, 'SELECT number, status, looked_up, looking_up FROM batch ORDER BY number')
const aliases = () =>
  scan<{ value: string }>(place.folder, `SELECT value FROM identifier_alias WHERE source = 'look-up' ORDER BY id`)
const states = () =>
  scan<{ state: number }>(place.folder, 'SELECT state FROM identifier ORDER BY id').map(({ state }) => state)

test('a batch gets its look-up first, stays queued meanwhile, and its erase call once that is answered', async () => {
  const { reserve, epoch } = await sending(database, place.folder, 2, { perCall: 2, settings })
  const call = lookUp(await reserve(start))
  expect(call.identifiers.map(({ value }) => value)).toEqual(['person2@example.org', 'person3@example.org'])
  expect(states()).toEqual([2, 2])
  expect(batches()).toEqual([{ number: 1, status: 'queued', looked_up: 'none', looking_up: 1 }])
  expect(await reserve(start + 1)).toMatchObject({ kind: 'idle' })

  await finish(call, epoch, start + 2, found(call))
  expect(aliases()).toEqual(call.identifiers.map(({ identifierId }) => ({ value: `u-${identifierId}` })))
  expect(batches()).toEqual([{ number: 1, status: 'queued', looked_up: 'answered', looking_up: 0 }])
  expect(erase(await reserve(start + 3)).batchId).toBe(call.batchId)
  expect(states()).toEqual([3, 3])
})

test('a look-up and the erase call after it weigh on the budget like any two calls', async () => {
  const { reserve, epoch } = await sending(database, place.folder, 4, { perCall: 2, calls: 3, settings })
  const first = lookUp(await reserve(start))
  const second = lookUp(await reserve(start + 1))
  await finish(first, epoch, start + 2, found(first))
  erase(await reserve(start + 3))
  await finish(second, epoch, start + 4, found(second))
  // The first look-up weighs from its end, at start + 2.
  expect(await reserve(start + 1000)).toEqual({ kind: 'wait', until: start + 60_002 })
  expect(erase(await reserve(start + 60_002)).batchId).toBe(second.batchId)
})

test('written twice, an answer changes nothing more', async () => {
  const { reserve, epoch } = await sending(database, place.folder, 2, { perCall: 2, settings })
  const call = lookUp(await reserve(start))
  await finish(call, epoch, start + 1, found(call))
  await finish(call, epoch, start + 1, found(call))
  expect(aliases()).toHaveLength(2)
  expect(scan(place.folder, `SELECT id FROM event WHERE kind = 'looked up'`)).toHaveLength(1)
})

test('an id for somebody who is not in the batch is not kept', async () => {
  const { reserve, epoch } = await sending(database, place.folder, 4, { perCall: 2, settings })
  const first = lookUp(await reserve(start))
  const second = lookUp(await reserve(start + 1))
  const [other] = second.identifiers
  if (other === undefined) throw new Error('A batch has identifiers')
  await finish(first, epoch, start + 2, {
    kind: 'answer',
    found: [{ identifierId: other.identifierId, vendorId: 'u-1' }],
  })
  expect(aliases()).toEqual([])
})

test('a dead sender’s look-up is asked again, and one that was answered is not', async () => {
  const { connection, reserve, epoch } = await sending(database, place.folder, 4, { perCall: 2, settings })
  const answered = lookUp(await reserve(start))
  await finish(answered, epoch, start + 1, found(answered))
  erase(await reserve(start + 2))
  const underWay = lookUp(await reserve(start + 3))
  must(await database.releaseSenderLock())
  await database.close()
  database = await openIn(place.folder)
  const next = must(await database.takeSenderLock(moment(start + 10)))
  expect(next?.recovered).toBe(2)
  expect(states()).toEqual([5, 5, 2, 2])
  const input = { accountId: connection.accountId, epoch: next?.epoch ?? 0, ...moment(start + 20), allowErase: true }
  const again = lookUp(must(await database.reserveCall({ ...input, jti: 'jti-again' })))
  expect(again).toMatchObject({ batchId: underWay.batchId, unanswered: 0 })
})

test('three without an answer are enough; a certain no at once', async () => {
  const { reserve, epoch } = await sending(database, place.folder, 4, { perCall: 2, settings })
  // Apart by more than a connection waits after calls without an answer.
  for (const unanswered of [0, 1, 2]) {
    const at = start + unanswered * 20_000
    const call = lookUp(await reserve(at))
    expect(call).toMatchObject({ unanswered })
    const outcome = { kind: 'no answer', notBefore: start } as const
    await finish(call, epoch, at, outcome, { ending: 'no answer' })
  }
  const first = erase(await reserve(start + 60_000))
  const accepted = { kind: 'accepted', vendorRequestId: 'eud-1', nextPollAt: start + 600_000 } as const
  must(await database.finishErase(ended(first.attemptId, epoch, start + 60_001), accepted))
  const call = lookUp(await reserve(start + 60_002))
  await finish(call, epoch, start + 60_003, { kind: 'rejected' }, { ending: 'rejected' })
  erase(await reserve(start + 60_004))
  expect(batches()).toMatchObject([{ looked_up: 'without' }, { looked_up: 'without' }])
  expect(scan(place.folder, `SELECT id FROM event WHERE kind = 'not looked up'`)).toHaveLength(2)
})

test('what is cancelled while it is looked up stays cancelled, and no id of it is kept', async () => {
  const { requestId, reserve, epoch } = await sending(database, place.folder, 2, { perCall: 2, settings })
  const call = lookUp(await reserve(start))
  expect(must(await database.cancelUnsent({ requestId, reason: '', now: start + 1 }))).toBe(2)
  await finish(call, epoch, start + 2, found(call))
  expect(aliases()).toEqual([])
  expect(states()).toEqual([11, 11])
  expect(await reserve(start + 3)).toMatchObject({ kind: 'idle' })
})

test('what is sent again keeps the ids of its first batch, and one sent before the setting is looked up then', async () => {
  const { connection, requestId, reserve, epoch, cut } = await sending(database, place.folder, 2, { perCall: 2 })
  const again = async (now: number) => {
    const target = { all: true } as const
    const input = { requestId, target, state: 'outcome unknown', decision: 'send again' } as const
    const { lookUps } = must(await database.decisionBasis({ ...input, now }))
    must(await database.decide({ ...input, reason: 'No trace of it.', now }))
    return lookUps
  }
  await cut(start)
  const stored = must(await database.storedConnection(connection.id))
  must(
    await database.saveConnection({
      ...connection,
      secretReference: stored.secretReference,
      settings: { ...connection.settings, ...settings },
      now: start,
    }),
  )
  expect(await again(start + 1)).toBe(1)
  const call = lookUp(await reserve(start + 2))
  await finish(call, epoch, start + 3, found(call))
  await cut(start + 4)
  expect(await again(start + 5)).toBe(0)
  const third = erase(await reserve(start + 20_000))
  const outcome = { kind: 'accepted', vendorRequestId: 'eud-3', nextPollAt: start + 20_002 } as const
  must(await database.finishErase(ended(third.attemptId, epoch, start + 20_001), outcome))
  const { deliveries } = poll(await reserve(start + 70_000))
  expect(deliveries.map(({ lookedUp, identifierId }) => [identifierId, lookedUp])).toEqual(
    call.identifiers.map(({ identifierId }) => [identifierId, [`u-${identifierId}`]]),
  )
})

test('an id that was looked up later says nothing of a batch that was sent without', async () => {
  const { connection, requestId, reserve, epoch, accept } = await sending(database, place.folder, 2, { perCall: 2 })
  const first = await accept(start, start + 1000)
  const stored = must(await database.storedConnection(connection.id))
  const changed = { ...connection, secretReference: stored.secretReference, now: start }
  must(await database.saveConnection({ ...changed, settings: { ...connection.settings, ...settings } }))
  // Put there as the look-up of a later batch leaves it.
  scan(
    place.folder,
    `INSERT INTO identifier_alias (identifier_id, value, source, recorded_at)
     SELECT id, 'u-1', 'look-up', ? FROM identifier WHERE request_id = ? RETURNING id`,
    start,
    requestId,
  )
  const asked = poll(await reserve(start + 2000))
  expect(asked.batchId).toBe(first.batchId)
  expect(asked.deliveries.map(({ lookedUp }) => lookedUp)).toEqual([undefined, undefined])
  expect(epoch).toBeGreaterThan(0)
})

test('server errors to look-ups slow the connection down; their answers do not speed it up again', async () => {
  const { connection, reserve, epoch } = await sending(database, place.folder, 6, { perCall: 2, settings })
  const pace = () => scan<{ pace: string }>(place.folder, 'SELECT pace FROM connection')[0]?.pace
  const call = lookUp(await reserve(start))
  const silence = { kind: 'no answer', notBefore: start } as const
  await finish(call, epoch, start, silence, { ending: 'no answer', httpStatus: 503 })
  expect(pace()).toBe('one by one')
  const second = lookUp(await reserve(start + 1))
  expect(await reserve(start + 1)).toMatchObject({ kind: 'idle' })
  await finish(second, epoch, start + 2, found(second))
  expect(pace()).toBe('one by one')
  const sent = erase(await reserve(start + 3))
  const outcome = { kind: 'accepted', vendorRequestId: 'eud-1', nextPollAt: start + 90_000 } as const
  must(await database.finishErase(ended(sent.attemptId, epoch, start + 4), outcome))
  expect(pace()).toBe('full')
  expect(connection.settings.lookUpFirst).toBe(true)
})

test('the plan counts the calls that hold an email, by the order in which they are cut', async () => {
  const { connection } = await sending(database, place.folder, 2, { perCall: 3, settings })
  const requestId: RequestId = await addDraft(database, place.folder, connection, 12)
  const basis = async () => {
    const read = must(await database.planBasis({ requestId, now: start, samplePerGroup: 2 }))
    return [read.groups.map(({ lookUps }) => lookUps), read.callsAhead]
  }
  // The other request has one erase call to make, and its look-up.
  expect(await basis()).toEqual([[4], 2])
  const kind = (positions: string) =>
    scan(
      place.folder,
      `UPDATE identifier SET kind = 2 WHERE request_id = ? AND line - 2 IN (${positions}) RETURNING id`,
      requestId,
    )
  kind('0, 1, 2, 4, 5')
  expect(await basis()).toEqual([[3], 2])
  kind('3, 6, 7, 8, 9, 10, 11')
  expect(await basis()).toEqual([[0], 2])
  await sendDraft(database, requestId)
  expect(must(await database.planBasis({ requestId, now: start, samplePerGroup: 0 })).groups).toMatchObject([
    { identifiers: 12, lookUps: 0 },
  ])
})
