import { afterEach, beforeEach, expect, test } from 'vitest'
import { contract, type ParsedInput, type Value } from '../../../src/shared/contract.ts'
import type { Database, DeliveryChange, PollOutcome, ReservedPoll } from '../../../src/main/core/ports.ts'
import { settleVanished } from '../../../src/main/core/poll/settle.ts'
import type { BatchId, RequestId } from '../../../src/shared/model/ids.ts'
import {
  ended,
  erase,
  moment,
  must,
  openBeside,
  openIn,
  poll,
  scan,
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

async function detailOf(requestId: RequestId): Promise<Value<'getRequest'>> {
  const answered = await database.read('getRequest', { requestId }, start)
  contract.getRequest.output.parse(answered)
  return must(answered)
}

async function batchesOf(requestId: RequestId): Promise<Value<'listBatches'>['rows']> {
  const input: ParsedInput<'listBatches'> = { requestId, anchor: { index: 0 }, limit: 100 }
  return must(await database.read('listBatches', input, start)).rows
}

/** The deliveries of one batch: the state of each result by its number, its basis and the operator's reason. */
function deliveries(batchId: BatchId) {
  return scan<{ result: number | null; basis: string | null; basis_reason: string | null }>(
    place.folder,
    'SELECT result, basis, basis_reason FROM delivery WHERE batch_id = ? ORDER BY position',
    batchId,
  )
}

const notErased = { basis: 'finished by the vendor without being named', vendorWords: null } as const
const named = { basis: 'named by the vendor', vendorWords: 'SUCCESS' } as const

/** A whole, final answer: the first `erased` deliveries named with success, the others not named. */
function answer(
  call: ReservedPoll,
  at: number,
  erased: number,
  strangers: readonly boolean[],
): Extract<PollOutcome, { kind: 'answer' }> {
  const changes = call.deliveries.map(({ position, identifierId }): DeliveryChange => {
    const one = { position, identifierId }
    return position < erased ? { ...one, ...named, state: 'erased' } : { ...one, ...notErased, state: 'unconfirmed' }
  })
  return {
    kind: 'answer',
    digest: `answer at ${at}`,
    quietSince: at,
    changes,
    strangers: strangers.map((success, index) => ({
      value: `u-${index}`,
      status: success ? 'SUCCESS' : 'FAILED',
      success,
    })),
    finished: true,
    nextPollAt: at + 1000,
    vendorWords: null,
  }
}

/** A request of one batch that the vendor finished: `erased` named, the rest not, `strangers` named besides. */
async function finishedWith(count: number, erased: number, strangers: readonly boolean[]) {
  const driven = await sending(database, place.folder, count, { perCall: count })
  const call = await driven.accept(start, start + 10)
  const asked = poll(await driven.reserve(start + 10))
  const result = ended(asked.attemptId, driven.epoch, start + 11, { ending: 'answered' })
  must(await database.finishPoll(result, answer(asked, start + 11, erased, strangers)))
  return { ...driven, batchId: call.batchId }
}

function decision(
  requestId: RequestId,
  target: Parameters<Database['decide']>[0]['target'],
  state: Parameters<Database['decide']>[0]['state'],
  choice: Parameters<Database['decide']>[0]['decision'],
  reason = 'seen in the vendor’s console',
) {
  return database.decide({ requestId, target, state, decision: choice, reason, now: start + 50 })
}

test('a whole batch is paired by hand where the vendor named exactly as many others, all with success', async () => {
  const { requestId, batchId } = await finishedWith(3, 0, [true, true, true])
  const before = await detailOf(requestId)
  expect(before).toMatchObject({ phase: 'open', waiting: 3, counts: { unconfirmed: 3 } })
  expect(before.waitingGroups).toMatchObject([
    { strangers: 3, decisions: ['pair whole batch', 'accept as unconfirmed', 'send again'] },
  ])
  expect(await decision(requestId, { all: true }, 'unconfirmed', 'pair whole batch')).toMatchObject({
    ok: false,
    failure: { code: 'invalid-input' },
  })
  expect(await decision(requestId, { batchId }, 'unconfirmed', 'pair whole batch', ' ')).toMatchObject({
    ok: false,
    failure: { code: 'reason-missing', field: 'reason' },
  })
  must(await decision(requestId, { batchId }, 'unconfirmed', 'pair whole batch'))
  expect(await detailOf(requestId)).toMatchObject({ phase: 'closed', waiting: 0, counts: { erased: 3 } })
  const paired = { result: 6, basis: 'paired by hand: whole batch', basis_reason: 'seen in the vendor’s console' }
  expect(deliveries(batchId)).toEqual([paired, paired, paired])
})

test.each([
  ['one too few', 3, 0, [true, true]],
  ['one too many', 3, 0, [true, true, true, true]],
  ['one without success', 3, 0, [true, true, false]],
  ['nobody', 2, 0, []],
] as const)('a batch is not paired where the vendor named %s', async (_name, count, erased, strangers) => {
  const { requestId, batchId } = await finishedWith(count, erased, strangers)
  const groups = (await detailOf(requestId)).waitingGroups
  expect(groups.flatMap(({ decisions }) => decisions)).not.toContain('pair whole batch')
  const refused = await decision(requestId, { batchId }, 'unconfirmed', 'pair whole batch')
  expect(refused).toMatchObject({ ok: false, failure: { code: 'not-allowed', kept: 'Nothing was changed.' } })
  expect(await detailOf(requestId)).toMatchObject({ waiting: count, counts: { unconfirmed: count } })
})

test('after one of them was decided alone the batch is neither offered for pairing nor paired', async () => {
  const { requestId, batchId } = await finishedWith(3, 0, [true, true])
  const [first] = scan<{ id: number }>(place.folder, 'SELECT id FROM identifier WHERE batch_id = ?', batchId)
  const identifierId = (first?.id ?? 0) as ReservedPoll['deliveries'][number]['identifierId']
  must(await decision(requestId, { identifierId }, 'unconfirmed', 'accept as unconfirmed'))
  const detail = await detailOf(requestId)
  expect(detail.waitingGroups).toMatchObject([{ count: 2, decisions: ['accept as unconfirmed', 'send again'] }])
  expect(await decision(requestId, { batchId }, 'unconfirmed', 'pair whole batch')).toMatchObject({ ok: false })
})

test('accepted as unconfirmed settles; a later answer that names one still makes it erased', async () => {
  const { requestId, batchId, reserve, epoch } = await finishedWith(3, 1, [])
  must(await decision(requestId, { batchId }, 'unconfirmed', 'accept as unconfirmed', 'the vendor’s support says so'))
  expect(await detailOf(requestId)).toMatchObject({
    phase: 'closed',
    waiting: 0,
    counts: { erased: 1, unconfirmed: 2 },
  })
  expect(deliveries(batchId)[1]).toEqual({
    result: 9,
    basis: 'accepted as unconfirmed',
    basis_reason: 'the vendor’s support says so',
  })
  const asked = poll(await reserve(start + 5000))
  expect(
    asked.deliveries.map(({ state, decided }: Readonly<{ state: string; decided: boolean }>) => [state, decided]),
  ).toEqual([
    ['erased', false],
    ['unconfirmed', true],
    ['unconfirmed', true],
  ])
  const late = answer(asked, start + 5001, 2, [])
  const outcome = { ...late, changes: late.changes.filter(({ position }) => position === 1) }
  must(await database.finishPoll(ended(asked.attemptId, epoch, start + 5001, { ending: 'answered' }), outcome))
  expect(await detailOf(requestId)).toMatchObject({ phase: 'closed', counts: { erased: 2, unconfirmed: 1 } })
  expect(deliveries(batchId)[1]).toEqual({ result: 6, basis: 'named by the vendor', basis_reason: null })
  // The third keeps what the operator recorded about it.
  expect(deliveries(batchId)[2]).toMatchObject({ basis: 'accepted as unconfirmed' })
})

test('newer word that one was not erased after all opens a closed request again', async () => {
  const { requestId, reserve, epoch, batchId } = await finishedWith(2, 2, [])
  expect(await detailOf(requestId)).toMatchObject({ phase: 'closed', counts: { erased: 2 } })
  const asked = poll(await reserve(start + 5000))
  const outcome = answer(asked, start + 5001, 1, [])
  must(await database.finishPoll(ended(asked.attemptId, epoch, start + 5001, { ending: 'answered' }), outcome))
  expect(await detailOf(requestId)).toMatchObject({ phase: 'open', waiting: 1, closedAt: null })
  must(await decision(requestId, { batchId }, 'unconfirmed', 'accept as unconfirmed'))
  expect(await detailOf(requestId)).toMatchObject({ phase: 'closed', waiting: 0 })
})

test('unconfirmed ones sent again go in a batch of their own; the answers for the first no longer count', async () => {
  const { requestId, batchId, accept, reserve, epoch } = await finishedWith(3, 1, [])
  must(await decision(requestId, { batchId }, 'unconfirmed', 'send again'))
  expect(await batchesOf(requestId)).toMatchObject([
    { number: 1, status: 'finished', size: 3, counts: { erased: 1, unconfirmed: 2 } },
    { number: 2, status: 'queued', size: 2, parent: 'batch 1, sent again', counts: { queued: 2 } },
  ])
  await accept(start + 60, start + 90_000)
  const asked = poll(await reserve(start + 5000))
  expect(asked.batchId).toBe(batchId)
  must(
    await database.finishPoll(
      ended(asked.attemptId, epoch, start + 5001, { ending: 'answered' }),
      answer(asked, start + 5001, 3, []),
    ),
  )
  // Noted where the vendor said it, but the identifiers are in another call now.
  expect(deliveries(batchId).map(({ result }) => result)).toEqual([6, 6, 6])
  expect(await detailOf(requestId)).toMatchObject({ counts: { erased: 1, accepted: 2 } })
})

test('a late word for the first batch confirms what its second one left unnamed, and takes it back', async () => {
  const { requestId, batchId, accept, reserve, epoch } = await finishedWith(3, 1, [])
  must(await decision(requestId, { batchId }, 'unconfirmed', 'send again'))
  const { batchId: second } = await accept(start + 60, start + 70)
  const answered = async (now: number, erased: number) => {
    const asked = poll(await reserve(now))
    const outcome = answer(asked, now + 1, erased, [])
    must(await database.finishPoll(ended(asked.attemptId, epoch, now + 1, { ending: 'answered' }), outcome))
    return asked.batchId
  }
  expect(await answered(start + 70, 0)).toBe(second)
  expect(await detailOf(requestId)).toMatchObject({ phase: 'open', waiting: 2, counts: { erased: 1, unconfirmed: 2 } })

  // Two of the three are named in the first batch by now.
  expect(await answered(start + 5000, 2)).toBe(batchId)
  expect(await detailOf(requestId)).toMatchObject({ waiting: 1, counts: { erased: 2, unconfirmed: 1 } })
  expect(deliveries(second)).toMatchObject([
    { result: 6, basis: 'named by the vendor in batch 1', basis_reason: null },
    { result: 9, basis: 'finished by the vendor without being named' },
  ])

  // And the first batch takes its word back.
  must(await database.pollNow({ requestId, now: start + 9000 }))
  const asked = [poll(await reserve(start + 9000)), poll(await reserve(start + 9001))]
  const again = asked.find((call) => call.batchId === batchId) ?? asked[0]
  const [, denied] = again?.deliveries ?? []
  if (again === undefined || denied === undefined) throw new Error('The first batch was not asked about')
  const { position, identifierId } = denied
  const denial = {
    position,
    identifierId,
    state: 'failed',
    basis: 'named by the vendor',
    vendorWords: 'FAILED',
  } as const
  must(
    await database.finishPoll(ended(again.attemptId, epoch, start + 9002, { ending: 'answered' }), {
      ...answer(again, start + 9002, 0, []),
      changes: [denial],
    }),
  )
  expect(await detailOf(requestId)).toMatchObject({ phase: 'open', waiting: 2, counts: { erased: 1, unconfirmed: 2 } })
  expect(deliveries(second)[0]).toMatchObject({ result: 9, basis: 'finished by the vendor without being named' })
})

test('one that ends unnamed in its second batch is erased where the first has named it meanwhile', async () => {
  const { requestId, batchId, accept, reserve, epoch } = await finishedWith(3, 1, [])
  must(await decision(requestId, { batchId }, 'unconfirmed', 'send again'))
  const { batchId: second } = await accept(start + 60, start + 5500)
  const first = poll(await reserve(start + 5000))
  expect(first.batchId).toBe(batchId)
  must(
    await database.finishPoll(
      ended(first.attemptId, epoch, start + 5001, { ending: 'answered' }),
      answer(first, start + 5001, 2, []),
    ),
  )
  // Its own call is under way: it has the last word for as long as it may have one.
  expect(await detailOf(requestId)).toMatchObject({ counts: { erased: 1, accepted: 2 } })

  const later = poll(await reserve(start + 5500))
  expect(later.batchId).toBe(second)
  must(
    await database.finishPoll(
      ended(later.attemptId, epoch, start + 5501, { ending: 'answered' }),
      answer(later, start + 5501, 0, []),
    ),
  )
  expect(await detailOf(requestId)).toMatchObject({ waiting: 1, counts: { erased: 2, unconfirmed: 1 } })
  expect(deliveries(second)).toMatchObject([
    { result: 6, basis: 'named by the vendor in batch 1' },
    { result: 9, basis: 'finished by the vendor without being named' },
  ])
  expect(scan(place.folder, `SELECT words FROM event WHERE kind = 'erased by an earlier word'`)).toEqual([
    {
      words: 'Of batch 2, 1 identifier not named in it: erased by the vendor’s word for an earlier batch.',
    },
  ])
})

test('a vendor that does not know the request leaves the rest unconfirmed when it says so again, over a restart too', async () => {
  const { connection, requestId, reserve, epoch, accept } = await sending(database, place.folder, 2)
  const call = await accept(start, start + 10)
  const words = 'Request not found'
  const unknown = (polled: ReservedPoll, now: number) =>
    settleVanished({ ...polled, settings: connection.settings, words, now, fraction: 0 })
  const asked = poll(await reserve(start + 10))
  const result = ended(asked.attemptId, epoch, start + 11, { ending: 'answered', httpStatus: 404 })
  must(await database.finishPoll(result, unknown(asked, start + 11)))
  expect(await detailOf(requestId)).toMatchObject({ phase: 'open', waiting: 0, counts: { accepted: 2 } })
  expect(await batchesOf(requestId)).toMatchObject([{ status: 'accepted', vendorWords: 'Request not found' }])

  await database.close()
  database = await openIn(place.folder)
  const later = start + 3_600_000
  const next = must(await database.takeSenderLock(moment(later)))?.epoch ?? 0
  const reserveAt = async (now: number) =>
    must(
      await database.reserveCall({
        ...moment(now),
        accountId: connection.accountId,
        epoch: next,
        jti: `jti-${now}`,
        allowErase: true,
      }),
    )
  const again = poll(await reserveAt(later))
  must(
    await database.finishPoll(
      ended(again.attemptId, next, later + 1, { ending: 'answered', httpStatus: 404 }),
      unknown(again, later + 1),
    ),
  )
  const detail = await detailOf(requestId)
  expect(detail).toMatchObject({ phase: 'open', waiting: 2, counts: { unconfirmed: 2 } })
  expect(detail.waitingGroups).toMatchObject([{ vendorWords: 'Request not found', strangers: 0 }])
  const slow = later + 1 + connection.settings.quietMilliseconds
  expect(await batchesOf(requestId)).toMatchObject([{ status: 'finished', finishedAt: later + 1, nextPollAt: slow }])
  must(await decision(requestId, { batchId: call.batchId }, 'unconfirmed', 'accept as unconfirmed'))
  expect((await detailOf(requestId)).phase).toBe('closed')

  // Slow polling goes on: an answer that names them all the same still makes them erased.
  const answered = poll(await reserveAt(slow))
  must(
    await database.finishPoll(
      ended(answered.attemptId, next, slow + 1, { ending: 'answered' }),
      answer(answered, slow + 1, 2, []),
    ),
  )
  expect(await detailOf(requestId)).toMatchObject({ phase: 'closed', counts: { erased: 2 } })
})

test('a batch that an earlier version held is sent again whole, and is then split by itself', async () => {
  const { requestId, cut, reject } = await sending(database, place.folder, 4, { perCall: 4 })
  const { batchId } = await cut(start)
  const file = openBeside(place.folder)
  file.exec(`UPDATE identifier SET state = 1; UPDATE batch SET status = 'rejected';
    UPDATE identifier_count SET state = 1 WHERE state = 5; UPDATE batch_count SET state = 1 WHERE state = 5`)
  file.close()
  expect(await detailOf(requestId)).toMatchObject({ phase: 'open', waiting: 4, counts: { held: 4 } })
  must(await decision(requestId, { batchId }, 'held', 'send again'))
  expect((await reject(start + 60)).identifiers).toHaveLength(4)
  expect(await batchesOf(requestId)).toMatchObject([
    { number: 1, status: 'resolved' },
    { number: 2, status: 'resolved', parent: 'batch 1, sent again' },
    { number: 3, status: 'queued', size: 2, parent: 'batch 2, split' },
    { number: 4, status: 'queued', size: 2, parent: 'batch 2, split' },
  ])
})

test('a single identifier that is too large a call is held, not refused, and can be sent again', async () => {
  const { requestId, reserve, epoch } = await sending(database, place.folder, 1)
  const call = erase(await reserve(start))
  const result = ended(call.attemptId, epoch, start, { ending: 'too large', httpStatus: 413 })
  must(await database.finishErase(result, { kind: 'rejected', words: 'too large' }))
  expect(await detailOf(requestId)).toMatchObject({ waiting: 1, counts: { held: 1 } })
  must(await decision(requestId, { batchId: call.batchId }, 'held', 'send again'))
  expect(scan(place.folder, 'SELECT reason, size FROM batch WHERE number = 2')).toEqual([{ reason: 'resend', size: 1 }])
})

test('what is too large alone can be cancelled, which closes the request', async () => {
  const { requestId, reserve, epoch } = await sending(database, place.folder, 1)
  const { attemptId, batchId } = erase(await reserve(start))
  const result = ended(attemptId, epoch, start, { ending: 'too large', httpStatus: 413 })
  must(await database.finishErase(result, { kind: 'rejected', words: 'too large' }))
  must(await decision(requestId, { batchId }, 'held', 'cancel', ''))
  expect(await detailOf(requestId)).toMatchObject({ phase: 'closed', counts: { cancelled: 1 } })
  expect(await batchesOf(requestId)).toMatchObject([{ status: 'resolved', counts: { cancelled: 1 } }])
})

test('one decision for all in doubt reaches every batch, each with its own event', async () => {
  const { requestId, cut } = await sending(database, place.folder, 6)
  await cut(start)
  await cut(start + 1)
  await cut(start + 5_001)
  must(await decision(requestId, { all: true }, 'outcome unknown', 'treat as sent'))
  expect(await detailOf(requestId)).toMatchObject({ phase: 'closed', waiting: 0, counts: { unconfirmed: 6 } })
  expect((await batchesOf(requestId)).map(({ status }) => status)).toEqual(['resolved', 'resolved', 'resolved'])
  const events = scan(place.folder, `SELECT reason FROM event WHERE kind = 'decided'`)
  expect(events).toHaveLength(3)
})

test('one identifier of a batch in doubt can be decided alone; the batch waits for the others', async () => {
  const { requestId, cut } = await sending(database, place.folder, 3, { perCall: 3 })
  const call = await cut(start)
  const identifierId = call.identifiers[1]?.identifierId ?? (0 as never)
  must(await decision(requestId, { identifierId }, 'outcome unknown', 'send again'))
  expect(await batchesOf(requestId)).toMatchObject([
    { status: 'outcome unknown', counts: { 'outcome unknown': 3 } },
    { status: 'queued', size: 1 },
  ])
  expect(await detailOf(requestId)).toMatchObject({ waiting: 2 })
  must(await decision(requestId, { batchId: call.batchId }, 'outcome unknown', 'treat as sent'))
  expect(await batchesOf(requestId)).toMatchObject([{ status: 'resolved' }, { status: 'queued' }])
})

test('what failed or was refused goes again in a batch that says so, also from a closed request', async () => {
  const { requestId, reject } = await sending(database, place.folder, 1)
  await reject(start)
  expect(await detailOf(requestId)).toMatchObject({ phase: 'closed', counts: { refused: 1 } })
  must(await decision(requestId, { all: true }, 'refused', 'send again'))
  expect(await detailOf(requestId)).toMatchObject({ phase: 'open', closedAt: null, counts: { queued: 1 } })
  expect(scan(place.folder, 'SELECT reason FROM batch WHERE number = 2')).toEqual([{ reason: 'retry' }])
})

test('a decision that does not fit the state, or reaches nothing, changes nothing', async () => {
  const { requestId, cut } = await sending(database, place.folder, 2)
  const { batchId } = await cut(start)
  expect(await decision(requestId, { batchId }, 'outcome unknown', 'release')).toMatchObject({
    ok: false,
    failure: { code: 'invalid-input' },
  })
  expect(await decision(requestId, { batchId }, 'unconfirmed', 'accept as unconfirmed')).toMatchObject({
    ok: false,
    failure: { code: 'wrong-state' },
  })
  const elsewhere = (requestId + 1) as RequestId
  expect(await decision(elsewhere, { batchId }, 'outcome unknown', 'send again')).toMatchObject({
    ok: false,
    failure: { code: 'not-found' },
  })
  expect(await detailOf(requestId)).toMatchObject({ counts: { 'outcome unknown': 2 } })
})

test('no event holds an identifier', async () => {
  const { requestId, cut, reject } = await sending(database, place.folder, 4)
  await cut(start)
  await reject(start + 1)
  must(await decision(requestId, { all: true }, 'outcome unknown', 'send again', 'not there'))
  must(await database.cancelUnsent({ requestId, reason: 'asked back', now: start + 60 }))
  const events = JSON.stringify(scan(place.folder, 'SELECT words, reason, payload FROM event'))
  expect(events).not.toContain('example.org')
  expect(events).not.toMatch(/person\d/)
})
