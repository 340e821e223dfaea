/** How many identifiers a call holds after one that was too large; every end of every call is written straight in. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { estimateRequest, planRequest } from '../../../src/main/core/plan/plan.ts'
import { planDecision } from '../../../src/main/core/plan/decision.ts'
import type { Database, ReservedErase } from '../../../src/main/core/ports.ts'
import { vendors } from '../../../src/main/vendors/index.ts'
import { contract } from '../../../src/shared/contract.ts'
import type { Connection } from '../../../src/shared/model/connection.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import { addDraft, ended, erase, must, openIn, scan, sending, start, temporaryFolder } from './support.ts'

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

const clock = { now: () => start, steady: () => 0, sleep: async () => undefined }
const planPorts = { database: () => database, clock, vendors }

/** A request that is being sent, and a vendor for which calls are too large. */
async function driven(count: number, perCall: number) {
  const own = await sending(database, place.folder, count, { perCall })
  async function tooLarge(now: number): Promise<ReservedErase> {
    const call = erase(await own.reserve(now))
    const result = ended(call.attemptId, own.epoch, now, {
      ending: 'too large',
      httpStatus: 413,
      vendorWords: 'too large',
    })
    must(await database.finishErase(result, { kind: 'rejected', words: 'too large' }))
    return call
  }
  return { ...own, tooLarge }
}

async function connectionNow({ id }: Connection): Promise<Connection> {
  const answered = await database.read('getConnection', { connectionId: id }, start)
  contract.getConnection.output.parse(answered)
  return must(answered)
}

async function save(connection: Connection, identifiersPerCall: number): Promise<void> {
  const { vendor, name, environment, isSandbox, origin, clientId, accountId, accountName, windows, margin, id } =
    connection
  const kept = { vendor, name, environment, isSandbox, origin, clientId, accountId, accountName, windows, margin, id }
  const settings = { ...connection.settings, identifiersPerCall }
  const secret = { secretReference: 'reference-1', secretSavedAt: null }
  must(await database.saveConnection({ ...kept, ...secret, settings, now: start }))
}

function eventsOf(kind: string): readonly unknown[] {
  return scan(place.folder, 'SELECT words FROM event WHERE kind = ? ORDER BY id', kind).map(
    (row) => (row as { words: string }).words,
  )
}

async function planOf(requestId: RequestId) {
  return must(await planRequest(planPorts, requestId)).plan
}

test('calls formed after one that was too large hold at most half of it, and the log says so once', async () => {
  const { connection, accept, tooLarge, reserve } = await driven(30, 10)
  expect((await tooLarge(start)).identifiers).toHaveLength(10)
  expect(await connectionNow(connection)).toMatchObject({ tooLarge: 10, settings: { identifiersPerCall: 10 } })
  expect(eventsOf('calls made smaller')).toEqual([
    'The vendor found a call of 10 identifiers too large: calls of this connection hold at most 5 now.',
  ])
  // The halves, then what is formed from now on.
  expect((await accept(start + 1)).identifiers).toHaveLength(5)
  expect((await accept(start + 2)).identifiers).toHaveLength(5)
  expect((await accept(start + 3)).identifiers).toHaveLength(5)
  expect((await tooLarge(start + 4)).identifiers).toHaveLength(5)
  expect((await accept(start + 5)).identifiers).toHaveLength(2)
  expect((await accept(start + 6)).identifiers).toHaveLength(3)
  expect(erase(await reserve(start + 7)).identifiers).toHaveLength(2)
  expect(eventsOf('calls made smaller')).toHaveLength(2)
})

test('a larger call that was formed before and is too large as well makes nothing larger again', async () => {
  const { connection, tooLarge, reserve, epoch } = await driven(40, 10)
  const before = erase(await reserve(start))
  await tooLarge(start + 1)
  await tooLarge(start + 2)
  const result = ended(before.attemptId, epoch, start + 3, { ending: 'too large', httpStatus: 413 })
  must(await database.finishErase(result, { kind: 'rejected', words: 'too large' }))
  expect(await connectionNow(connection)).toMatchObject({ tooLarge: 5 })
})

test('it is never less than one; one alone that is too large is forgotten as soon as the vendor takes a call', async () => {
  const { connection, requestId, accept, tooLarge, reserve } = await driven(9, 2)
  await tooLarge(start)
  await tooLarge(start + 1)
  expect(await connectionNow(connection)).toMatchObject({ tooLarge: 1 })
  expect(eventsOf('calls made smaller')).toEqual([
    'The vendor found a call of 2 identifiers too large: calls of this connection hold at most 1 now.',
  ])
  // The other half.
  expect((await accept(start + 2)).identifiers).toHaveLength(1)
  expect(await connectionNow(connection)).toMatchObject({ tooLarge: null })
  expect(eventsOf('calls made larger')).toEqual([
    'The vendor takes calls: what was too large was one identifier, not their number. Calls of this connection hold up to 2 again.',
  ])
  expect(erase(await reserve(start + 3)).identifiers).toHaveLength(2)
  expect(must(await database.read('getRequest', { requestId }, start)).counts).toMatchObject({ held: 1 })
})

test('where the vendor takes no call at all they stay at one', async () => {
  const { tooLarge } = await driven(4, 2)
  for (const later of [0, 1, 2]) await tooLarge(start + later)
  expect((await tooLarge(start + 3)).identifiers).toHaveLength(1)
})

test('the operator starts anew by another number; other changes of the connection leave it as it is', async () => {
  const { connection, tooLarge } = await driven(30, 10)
  await tooLarge(start)
  await save(connection, 10)
  expect(await connectionNow(connection)).toMatchObject({ tooLarge: 10 })
  await save(connection, 8)
  expect(await connectionNow(connection)).toMatchObject({ tooLarge: null, settings: { identifiersPerCall: 8 } })
})

test('a draft’s plan counts the calls that will be made, and one made before can not be sent any more', async () => {
  const { connection, tooLarge } = await driven(10, 10)
  const draft = await addDraft(database, place.folder, connection, 23)
  const before = must(await planRequest(planPorts, draft))
  expect(before.plan).toMatchObject({ eraseCalls: 3, perCall: { most: 10, tooLarge: null } })
  await tooLarge(start)
  const { fingerprint, plan } = before
  expect(
    await database.openRequest({ requestId: draft, planDigest: plan.digest, fingerprint, now: start }),
  ).toMatchObject({ ok: false, failure: { code: 'plan-changed' } })
  const after = await planOf(draft)
  contract.getPlan.output.parse({ ok: true, value: after })
  expect(after).toMatchObject({ eraseCalls: 5, perCall: { most: 5, tooLarge: 10 }, splitting: { callsEach: 6 } })
  expect(after.worstCase).toContain('up to 5 identifiers')
  expect(after.digest).not.toBe(plan.digest)
})

test('the time that a sent request still takes counts the smaller calls, and so do the plans of others behind it', async () => {
  const { connection, requestId, tooLarge } = await driven(600, 10)
  const draft = await addDraft(database, place.folder, connection, 10)
  const before = must(await estimateRequest(planPorts, requestId))
  const behind = (await planOf(draft)).sendingMilliseconds
  await tooLarge(start)
  // Sixty calls a minute: from 60 calls to 119.
  const after = must(await estimateRequest(planPorts, requestId))
  expect(after).toBeGreaterThan(before + 30_000)
  expect((await planOf(draft)).sendingMilliseconds).toBeGreaterThan(behind + 30_000)
})

test('what is sent again goes in the smaller calls as well, as its plan says', async () => {
  const { requestId, cut, tooLarge } = await driven(20, 10)
  const { batchId } = await cut(start)
  await tooLarge(start + 1)
  const subject = { requestId, target: { batchId }, state: 'outcome unknown', decision: 'send again' } as const
  const plan = must(await planDecision({ database: () => database, clock, vendors }, subject))
  expect(plan).toMatchObject({ identifiers: 10, calls: 2 })
  must(await database.decide({ ...subject, reason: 'not there', fingerprint: plan.digest, now: start + 5 }))
  expect(scan(place.folder, `SELECT size FROM batch WHERE reason = 'resend'`)).toEqual([{ size: 5 }, { size: 5 }])
})
