/** What is shown before a decision that sends, what was named beside, and how it is all told. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { contract, type ParsedInput, type Value } from '../../../src/shared/contract.ts'
import { planDecision } from '../../../src/main/core/plan/decision.ts'
import type { Database, DecisionSubject, PollOutcome, ReservedPoll } from '../../../src/main/core/ports.ts'
import { vendors } from '../../../src/main/vendors/index.ts'
import type { BatchId, IdentifierId, RequestId } from '../../../src/shared/model/ids.ts'
import {
  addConnection,
  addDraft,
  ended,
  erase,
  moment,
  must,
  openIn,
  poll,
  putImport,
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

const clock = { now: () => start + 40, steady: () => 40, sleep: async () => undefined }

async function planOf(subject: DecisionSubject): Promise<Value<'getDecisionPlan'>> {
  const answered = await planDecision({ database: () => database, clock, vendors }, subject)
  contract.getDecisionPlan.output.parse(answered)
  return must(answered)
}

async function detailOf(requestId: RequestId): Promise<Value<'getRequest'>> {
  const answered = await database.read('getRequest', { requestId }, start)
  contract.getRequest.output.parse(answered)
  return must(answered)
}

function eventsOf(requestId: RequestId, kind: string): readonly { actor: string; words: string }[] {
  return scan(
    place.folder,
    'SELECT actor, words FROM event WHERE request_id = ? AND kind = ? ORDER BY id',
    requestId,
    kind,
  )
}

const whole = { anchor: { index: 0 }, limit: 100 } as const

/** What the vendor says in one answer: for each delivery its word, or null where it is not named. */
function answerOf(
  call: ReservedPoll,
  at: number,
  words: readonly (string | null)[],
  strangers: readonly string[] = [],
): Extract<PollOutcome, { kind: 'answer' }> {
  return {
    kind: 'answer',
    digest: `answer at ${at}`,
    quietSince: at,
    changes: call.deliveries.map(({ position, identifierId }) => {
      const vendorWords = words[position] ?? null
      const state = vendorWords === null ? 'unconfirmed' : vendorWords === 'SUCCESS' ? 'erased' : 'failed'
      const basis = vendorWords === null ? 'finished by the vendor without being named' : 'named by the vendor'
      return { position, identifierId, state, basis, vendorWords }
    }),
    strangers: strangers.map((value) => ({ value, status: 'SUCCESS', success: true })),
    finished: true,
    nextPollAt: at + 1000,
    vendorWords: null,
  }
}

/** A request of one batch whose vendor finished with these words. */
async function finishedWith(words: readonly (string | null)[], strangers: readonly string[] = []) {
  const driven = await sending(database, place.folder, words.length, { perCall: words.length })
  const call = await driven.accept(start, start + 10)
  const asked = poll(await driven.reserve(start + 10))
  const result = ended(asked.attemptId, driven.epoch, start + 11, { ending: 'answered' })
  must(await database.finishPoll(result, answerOf(asked, start + 11, words, strangers)))
  return { ...driven, batchId: call.batchId }
}

test('before a batch goes again its plan says how many, in how many calls, from where', async () => {
  const { requestId, cut } = await sending(database, place.folder, 5, { perCall: 5 })
  const { batchId } = await cut(start)
  const subject = { requestId, target: { batchId }, state: 'outcome unknown', decision: 'send again' } as const
  const plan = await planOf(subject)
  expect(plan).toMatchObject({ identifiers: 5, calls: 1, needsTypedCount: false, scopeCount: 1 })
  expect(plan.scopes).toEqual([{ scope: { kind: 'bots', botIds: ['st-1'] }, identifiers: 5 }])
  const all = await planOf({ ...subject, target: { all: true } })
  expect(all).toMatchObject({ identifiers: 5, calls: 1 })
  expect(all.digest).not.toBe(plan.digest)
})

test('before a batch goes again its plan says what a rejection may cost, and the time of that', async () => {
  const { requestId, cut } = await sending(database, place.folder, 7, { perCall: 5, calls: 4 })
  const first = await cut(start)
  await cut(start + 1)
  const subject = { requestId, state: 'outcome unknown', decision: 'send again' } as const
  const one = await planOf({ ...subject, target: { batchId: first.batchId } })
  // Five: three and two, then two and one of the three, then the two alone.
  expect(one.splitting).toMatchObject({ callsEach: 6, calls: 6 })
  const all = await planOf({ ...subject, target: { all: true } })
  expect(all).toMatchObject({ calls: 2, splitting: { callsEach: 6, calls: 6 + 2 } })
  // Two of the minute's four calls are spent: the two planned leave at once, eight more take two minutes.
  expect(all.splitting.milliseconds).toBeGreaterThan(110_000)
  expect(all.splitting.milliseconds).toBeLessThan(190_000)
})

test('a decision about one identifier alone has nothing to split', async () => {
  const { requestId, cut } = await sending(database, place.folder, 3, { perCall: 3 })
  const { identifiers } = await cut(start)
  const identifierId = identifiers[1]?.identifierId ?? (0 as IdentifierId)
  const plan = await planOf({ requestId, target: { identifierId }, state: 'outcome unknown', decision: 'send again' })
  expect(plan.splitting).toEqual({ callsEach: 0, calls: 0, milliseconds: 0 })
})

test('the time of a plan counts what leaves before it and what the account has spent', async () => {
  const { requestId, cut } = await sending(database, place.folder, 6, { perCall: 2, calls: 3 })
  await cut(start)
  await cut(start + 1)
  await cut(start + 5_001)
  const plan = await planOf({ requestId, target: { all: true }, state: 'outcome unknown', decision: 'send again' })
  expect(plan).toMatchObject({ identifiers: 6, calls: 3 })
  // The minute's three calls are spent: the last of three more leaves with the last of the spent ones' room.
  expect(plan.sendingMilliseconds).toBe(65_001 - 40)
})

test('a batch that went to all bots asks for the count; another scope does not', async () => {
  const connection = await addConnection(database)
  const requestId = await addDraft(database, place.folder, connection, 2)
  must(await database.updateDraft({ requestId, scope: { kind: 'all bots' }, now: start }))
  await sendDraft(database, requestId)
  const epoch = must(await database.takeSenderLock(moment(start)))?.epoch ?? 0
  const reserved = await database.reserveCall({
    accountId: connection.accountId,
    epoch,
    ...moment(start),
    jti: 'jti',
    allowErase: true,
  })
  const call = erase(must(reserved))
  const result = ended(call.attemptId, epoch, start, { ending: 'outcome unknown', httpStatus: 502 })
  must(await database.finishErase(result, { kind: 'outcome unknown', words: 'Answered 502.' }))
  const { batchId } = call
  const plan = await planOf({ requestId, target: { batchId }, state: 'outcome unknown', decision: 'send again' })
  expect(plan).toMatchObject({ needsTypedCount: true, identifiers: 2, scopes: [{ scope: { kind: 'all bots' } }] })
})

test('a decision by a plan that no longer holds changes nothing', async () => {
  const { requestId, cut } = await sending(database, place.folder, 4)
  await cut(start)
  const subject = { requestId, target: { all: true }, state: 'outcome unknown', decision: 'send again' } as const
  const { digest } = await planOf(subject)
  await cut(start + 1)
  const decide = (fingerprint: string) =>
    database.decide({ ...subject, reason: 'not there', fingerprint, now: start + 50 })
  expect(await decide(digest)).toMatchObject({
    ok: false,
    failure: { code: 'plan-changed', kept: 'Nothing was sent.' },
  })
  expect((await detailOf(requestId)).counts).toEqual({ 'outcome unknown': 4 })
  must(await decide((await planOf(subject)).digest))
  expect((await detailOf(requestId)).counts).toEqual({ queued: 4 })
})

test('there is no plan for a decision that sends nothing, or where nothing waits', async () => {
  const { requestId, cut } = await sending(database, place.folder, 2)
  const { batchId } = await cut(start)
  const none = async (subject: Pick<DecisionSubject, 'state' | 'decision'>) =>
    await planDecision({ database: () => database, clock, vendors }, { requestId, target: { batchId }, ...subject })
  expect(await none({ state: 'outcome unknown', decision: 'treat as sent' })).toMatchObject({ ok: false })
  expect(await none({ state: 'failed', decision: 'send again' })).toMatchObject({
    ok: false,
    failure: { code: 'wrong-state' },
  })
})

test('what failed is offered again by the vendor’s words, and goes in a new batch linked to the old', async () => {
  const { requestId, batchId } = await finishedWith(['FAILED', 'SUCCESS', 'ERROR', 'FAILED', null])
  const { retryGroups, waitingGroups } = await detailOf(requestId)
  expect(retryGroups).toMatchObject([
    { state: 'failed', by: 'words', count: 2, vendorWords: 'FAILED', title: '2 identifiers: failed, “FAILED”' },
    { state: 'failed', by: 'words', count: 1, vendorWords: 'ERROR', title: '1 identifier: failed, “ERROR”' },
  ])
  expect(waitingGroups.map(({ state }) => state)).toEqual(['unconfirmed'])
  const subject = { requestId, target: { vendorWords: 'FAILED' }, state: 'failed', decision: 'send again' } as const
  const shown: ParsedInput<'listIdentifiers'> = {
    requestId,
    states: ['failed'],
    search: '',
    within: { vendorWords: 'FAILED' },
    ...whole,
  }
  expect(must(await database.read('listIdentifiers', shown, start)).rows.map(({ line }) => line)).toEqual([2, 5])
  expect(await planOf(subject)).toMatchObject({ identifiers: 2, calls: 1 })
  must(await database.decide({ ...subject, reason: 'the owner was removed', now: start + 50 }))
  expect(scan(place.folder, 'SELECT parent_id, reason, size FROM batch WHERE number = 2')).toEqual([
    { parent_id: batchId, reason: 'retry', size: 2 },
  ])
  expect((await detailOf(requestId)).counts).toEqual({ queued: 2, erased: 1, failed: 1, unconfirmed: 1 })
  // What is in doubt is never among what is retried.
  expect((await detailOf(requestId)).retryGroups.map(({ state }) => state)).not.toContain('outcome unknown')
})

test('ids that nobody submitted are listed page by page beside the submitted ones that were not named', async () => {
  const strangers = Array.from({ length: 5 }, (_, index) => `u-${index}`)
  const { requestId, batchId } = await finishedWith(['SUCCESS', null, null], strangers)
  const page = async (index: number, limit: number) => {
    const answered = await database.read('listStrangers', { requestId, batchId, anchor: { index }, limit }, start)
    contract.listStrangers.output.parse(answered)
    return must(answered)
  }
  expect(await page(3, 10)).toEqual({
    rows: [3, 4].map((position) => ({ position, value: `u-${position}`, status: 'SUCCESS', success: true })),
    start: 3,
    total: 5,
  })
  expect((await page(0, 2)).rows).toHaveLength(2)
  const elsewhere = (requestId + 1) as RequestId
  const other = { requestId: elsewhere, batchId, ...whole }
  expect(must(await database.read('listStrangers', other, start)).total).toBe(0)
  const unnamed: ParsedInput<'listIdentifiers'> = {
    requestId,
    states: ['unconfirmed'],
    search: '',
    within: { batchId },
    ...whole,
  }
  expect(must(await database.read('listIdentifiers', unnamed, start)).rows.map(({ line }) => line)).toEqual([3, 4])
  expect((await detailOf(requestId)).waitingGroups[0]?.explanation).toMatch(/It named 5 other ids that nobody/)
})

test('with more batches than are shown each is still decided, and paired, by itself', async () => {
  const driven = await sending(database, place.folder, 22, { perCall: 1 })
  const calls = []
  for (let index = 0; index < 22; index += 1) calls.push(await driven.accept(start + index, start + 1000 + index))
  for (let index = 0; index < 22; index += 1) {
    const asked = poll(await driven.reserve(start + 1000 + index, `poll-${index}`))
    const at = start + 1000 + index
    const answer = answerOf(asked, at, [null], [`u-${index}`])
    must(
      await database.finishPoll(ended(asked.attemptId, driven.epoch, at, { ending: 'answered' }), {
        ...answer,
        nextPollAt: at + 9_000_000,
      }),
    )
  }
  const { requestId } = driven
  expect((await detailOf(requestId)).waitingGroups).toMatchObject([
    { by: 'state', count: 22, title: '22 identifiers of 22 batches: unconfirmed' },
  ])
  const rows = must(await database.read('listBatches', { requestId, ...whole }, start)).rows
  expect(rows.map(({ open, strangers }) => ({ open, strangers }))).toEqual(
    rows.map(() => ({ open: [{ state: 'unconfirmed', count: 1 }], strangers: 1 })),
  )
  const batchId = calls[7]?.batchId as BatchId
  const groups = must(await database.read('listBatchGroups', { requestId, batchId }, start))
  expect(groups).toMatchObject([{ by: 'batch', batchNumber: 8, count: 1 }])
  expect(groups[0]?.decisions).toContain('pair whole batch')
  const paired = { requestId, target: { batchId }, state: 'unconfirmed', decision: 'pair whole batch' } as const
  must(await database.decide({ ...paired, reason: 'the same person', now: start + 50 }))
  expect((await detailOf(requestId)).counts).toEqual({ erased: 1, unconfirmed: 21 })
})

test.each([
  ['body', 502, 'was answered with 502, which says neither yes nor no', 'may or may not have taken effect'],
  ['headers', 200, 'got an answer (200) that was cut off', 'may or may not have taken effect'],
  ['sent', null, 'was sent whole and got no answer', 'may or may not have arrived'],
  ['first byte', null, 'was cut off after its first byte', 'may or may not have arrived'],
] as const)('a call in doubt at %s with %s is told as it was', async (stage, httpStatus, how, doubt) => {
  const { requestId, reserve, epoch } = await sending(database, place.folder, 2)
  const call = erase(await reserve(start))
  const result = ended(call.attemptId, epoch, start + 7, {
    ending: 'outcome unknown',
    stage,
    httpStatus,
    vendorWords: 'as noted',
  })
  must(await database.finishErase(result, { kind: 'outcome unknown', words: 'as noted' }))
  expect(eventsOf(requestId, 'outcome unknown')).toEqual([
    { actor: 'app', words: `Batch 1 ${how}: 2 identifiers ${doubt}.` },
  ])
  expect((await detailOf(requestId)).waitingGroups).toMatchObject([
    {
      title: '2 identifiers of batch 1: outcome unknown',
      explanation: `Batch 1 ${how}. It ${doubt}.`,
      vendorWords: null,
      ended: { at: start + 7, stage, httpStatus, note: 'as noted' },
    },
  ])
  const batches = must(await database.read('listBatches', { requestId, ...whole }, start)).rows
  expect(batches).toMatchObject([{ vendorWords: null, note: 'as noted' }])
  const attempts = must(await database.read('listAttempts', { requestId, ...whole }, start)).rows
  expect(attempts).toMatchObject([{ vendorWords: null, note: 'as noted' }])
})

test('a refused connection is our note, not the vendor’s word', async () => {
  const { requestId, reserve, epoch } = await sending(database, place.folder, 2)
  const call = erase(await reserve(start))
  const words = 'The host refused the connection.'
  const result = ended(call.attemptId, epoch, start, {
    ending: 'not sent',
    stage: 'resolved',
    httpStatus: null,
    vendorWords: words,
    neverCounted: true,
  })
  must(await database.finishErase(result, { kind: 'queue again', notBefore: start + 1000 }))
  const rows = must(await database.read('listBatches', { requestId, ...whole }, start)).rows
  expect(rows).toMatchObject([{ vendorWords: null, note: words }])
})

test('that a batch is finished is the app’s conclusion, with its reason and what became of all of it', async () => {
  const named = await finishedWith(['SUCCESS', 'FAILED'])
  expect(eventsOf(named.requestId, 'finished')).toEqual([
    { actor: 'app', words: 'Batch 1 is finished, since all 2 identifiers are named: 1 erased, 1 failed.' },
  ])
  expect(eventsOf(named.requestId, 'answer')).toEqual([
    { actor: 'vendor', words: 'The vendor answered for batch 1: 1 erased, 1 failed.' },
  ])
})

test('a batch finished by the quiet time counts what earlier answers settled, and forgets "in-progress"', async () => {
  const { requestId, epoch, reserve } = await sending(database, place.folder, 2)
  const call = erase(await reserve(start))
  must(
    await database.finishErase(ended(call.attemptId, epoch, start, { vendorWords: 'in-progress' }), {
      kind: 'accepted',
      vendorRequestId: 'eud-1',
      nextPollAt: start + 10,
    }),
  )
  const first = poll(await reserve(start + 10))
  const early = answerOf(first, start + 11, ['SUCCESS', 'ON_HOLD'])
  must(
    await database.finishPoll(ended(first.attemptId, epoch, start + 11, { ending: 'answered' }), {
      ...early,
      changes: early.changes.slice(0, 1),
      said: [{ position: 1, vendorWords: 'ON_HOLD' }],
      vendorWords: 'ON_HOLD',
      finished: false,
      nextPollAt: start + 20,
    }),
  )
  const listed: ParsedInput<'listIdentifiers'> = { requestId, states: [], search: '', ...whole }
  const identifiers = async () => must(await database.read('listIdentifiers', listed, start)).rows
  expect(await identifiers()).toMatchObject([
    { state: 'erased', vendorWords: 'SUCCESS' },
    { state: 'accepted', vendorWords: 'ON_HOLD' },
  ])
  const second = poll(await reserve(start + 20))
  const late = answerOf(second, start + 21, ['SUCCESS', null])
  must(
    await database.finishPoll(ended(second.attemptId, epoch, start + 21, { ending: 'answered' }), {
      ...late,
      changes: late.changes.slice(1),
    }),
  )
  expect(eventsOf(requestId, 'finished')).toEqual([
    {
      actor: 'app',
      words: 'Batch 1 is finished, since its answer has not changed for 24 h: 1 erased, 1 unconfirmed.',
    },
  ])
  const batches = must(await database.read('listBatches', { requestId, ...whole }, start)).rows
  expect(batches).toMatchObject([{ status: 'finished', vendorWords: 'SUCCESS' }])
})

test('asking now reaches a finished batch whose slow asking has ended while something in it is unconfirmed', async () => {
  const { requestId, reserve, epoch } = await finishedWith(['SUCCESS', null])
  const asked = poll(await reserve(start + 5000))
  const answer = { ...answerOf(asked, start + 5001, ['SUCCESS', null]), changes: [], nextPollAt: null }
  must(await database.finishPoll(ended(asked.attemptId, epoch, start + 5001, { ending: 'answered' }), answer))
  expect((await detailOf(requestId)).nextPollAt).toBeNull()
  expect(must(await database.pollNow({ requestId, now: start + 9000 }))).toBe(1)
  expect((await reserve(start + 9000)).kind).toBe('status')
})

test('the scopes that calls went to are told, also where they are not the request’s own; a resend counts once', async () => {
  const connection = await addConnection(database, { perCall: 2 })
  const requestId = await addDraft(database, place.folder, connection, 3)
  putImport(place.folder, requestId, [
    { line: 2, value: 'own-1@example.org', bot: 'st-own' },
    { line: 3, value: 'own-2@example.org', bot: 'st-own' },
  ])
  await sendDraft(database, requestId)
  const { accountId } = connection
  const epoch = must(await database.takeSenderLock(moment(start)))?.epoch ?? 0
  for (const now of [start, start + 1, start + 5_001]) {
    const call = erase(
      must(await database.reserveCall({ accountId, epoch, ...moment(now), jti: `jti-${now}`, allowErase: true })),
    )
    const result = ended(call.attemptId, epoch, now, { ending: 'outcome unknown', stage: 'sent', httpStatus: null })
    must(await database.finishErase(result, { kind: 'outcome unknown', words: 'connection reset' }))
  }
  const again = { requestId, target: { all: true }, state: 'outcome unknown', decision: 'send again' } as const
  expect((await planOf(again)).scopes).toEqual([
    { scope: { kind: 'bots', botIds: ['st-1'] }, identifiers: 3 },
    { scope: { kind: 'bots', botIds: ['st-own'] }, identifiers: 2 },
  ])
  must(await database.decide({ ...again, reason: 'nothing arrived', now: start + 50 }))
  expect(must(await database.read('listScopes', { requestId }, start))).toEqual({
    scopes: [
      { scope: { kind: 'bots', botIds: ['st-1'] }, identifiers: 3, calls: 2 },
      { scope: { kind: 'bots', botIds: ['st-own'] }, identifiers: 2, calls: 1 },
    ],
    total: 2,
  })
})
