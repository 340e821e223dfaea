import { afterEach, beforeEach, expect, test } from 'vitest'
import { contract, type ParsedInput } from '../../../src/shared/contract.ts'
import type { AttemptResult, Database, ReadChannel } from '../../../src/main/core/ports.ts'
import {
  addConnection,
  addDraft,
  moment,
  must,
  openBeside,
  openIn,
  sendDraft,
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

/** Reads a channel and checks the answer against the contract. */
async function read<C extends ReadChannel>(channel: C, input: ParsedInput<C>) {
  const answer = await database.read(channel, input, start + 1000)
  contract[channel].output.parse(answer)
  return must(answer)
}

async function cutOff(count: number) {
  const connection = await addConnection(database)
  const requestId = await addDraft(database, place.folder, connection, count)
  await sendDraft(database, requestId)
  const epoch = must(await database.takeSenderLock(moment(start)))?.epoch ?? 0
  const { accountId } = connection
  const call = must(await database.reserveCall({ accountId, epoch, ...moment(start), jti: 'jti-1', allowErase: true }))
  if (call.kind !== 'erase') throw new Error(call.kind)
  const result: AttemptResult = {
    attemptId: call.attemptId,
    epoch,
    endedAt: start + 10,
    steady: start + 10,
    stage: 'sent',
    ending: 'outcome unknown',
    httpStatus: null,
    vendorWords: null,
    neverCounted: false,
  }
  must(await database.finishErase(result, { kind: 'outcome unknown', words: 'connection reset' }))
  return { connection, requestId, batchId: call.batchId }
}

const first = { anchor: { index: 0 }, limit: 100 } as const

test('every channel answers in the shape of the contract', async () => {
  const { connection, requestId } = await cutOff(5)
  const detail = await read('getRequest', { requestId })
  expect(detail).toMatchObject({
    phase: 'open',
    counts: { queued: 3, 'outcome unknown': 2 },
    waiting: 2,
    total: 5,
    batches: 1,
  })
  expect(detail.waitingGroups).toMatchObject([{ state: 'outcome unknown', batchNumber: 1, count: 2 }])
  const list = await read('listRequests', { filter: 'waiting', search: '', sort: 'newest', ...first })
  expect(list).toMatchObject({ total: 1, start: 0, counts: { all: 1, waiting: 1, drafts: 0 } })
  const identifiers = await read('listIdentifiers', { requestId, states: [], search: '', ...first })
  expect(identifiers.rows.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6])
  const after = identifiers.rows[1]?.id ?? 0
  const later = await read('listIdentifiers', { requestId, states: [], search: '', anchor: { after }, limit: 2 })
  expect(later).toMatchObject({ start: 2, total: 5, rows: [{ line: 4 }, { line: 5 }] })
  const states = ['queued', 'outcome unknown'] as const
  const jump = await read('listIdentifiers', {
    requestId,
    states: [...states],
    search: '',
    anchor: { index: 3 },
    limit: 9,
  })
  expect(jump).toMatchObject({ start: 3, total: 5, rows: [{ line: 5 }, { line: 6 }] })
  const found = await read('listIdentifiers', { requestId, states: [], search: 'Person4', ...first })
  expect(found).toMatchObject({ total: 1, rows: [{ line: 4 }] })
  expect((await read('listBatches', { requestId, ...first })).rows).toMatchObject([{ number: 1, size: 2 }])
  expect((await read('listAttempts', { requestId, ...first })).rows).toMatchObject([{ jti: 'jti-1', stage: 'sent' }])
  expect((await read('listEvents', { requestId, ...first })).total).toBeGreaterThan(2)
  expect((await read('getOverview', {})).waiting).toBe(2)
  expect(await read('listBudgets', {})).toMatchObject([{ windows: [{ used: 1 }, { used: 1 }] }])
  expect(await read('listConnections', { retired: false })).toMatchObject([{ id: connection.id, openRequests: 1 }])
  await read('getConnection', { connectionId: connection.id })
  await read('listAccounts', {})
  await read('suggestBots', { requestId })
  expect(await read('getAppearance', {})).toEqual({ theme: 'system', zoom: 1 })
})

test('a decision needs a reason, makes a child batch, and is in the log', async () => {
  const { requestId, batchId } = await cutOff(2)
  const decision = {
    requestId,
    target: { batchId },
    state: 'outcome unknown',
    decision: 'send again',
    now: start + 20,
  } as const
  expect(await database.decide({ ...decision, reason: '' })).toMatchObject({
    ok: false,
    failure: { code: 'reason-missing' },
  })
  must(await database.decide({ ...decision, reason: 'the vendor has no trace of it' }))
  const batches = (await read('listBatches', { requestId, ...first })).rows
  expect(batches).toMatchObject([
    { number: 1, status: 'resolved', counts: { 'outcome unknown': 2 } },
    { number: 2, status: 'queued', parent: 'batch 1, sent again', counts: { queued: 2 } },
  ])
  const events = (await read('listEvents', { requestId, ...first })).rows
  expect(events[0]).toMatchObject({ actor: 'operator', reason: 'the vendor has no trace of it' })
})

test('treated as sent settles a request, and cancelling what is unsent closes it', async () => {
  const { requestId } = await cutOff(5)
  const decision = { requestId, target: { all: true }, state: 'outcome unknown', decision: 'treat as sent' } as const
  must(await database.decide({ ...decision, reason: 'seen at the vendor', now: start + 20 }))
  expect(await read('getRequest', { requestId })).toMatchObject({ phase: 'open', waiting: 0 })
  expect(must(await database.cancelUnsent({ requestId, reason: '', now: start + 30 }))).toBe(3)
  const closed = await read('getRequest', { requestId })
  expect(closed).toMatchObject({ phase: 'closed', counts: { unconfirmed: 2, cancelled: 3 }, closedAt: start + 30 })
})

test('a page knows its place, also where ids have gaps', async () => {
  const { requestId } = await cutOff(9)
  const page = { requestId, states: [], search: '', limit: 3 } satisfies Partial<ParsedInput<'listIdentifiers'>>
  const whole = await read('listIdentifiers', { ...page, limit: 100, anchor: { index: 0 } })
  const ids = whole.rows.map(({ id }) => id)
  const check = async (left: readonly number[]) => {
    for (const [index, after] of left.entries()) {
      const next = await read('listIdentifiers', { ...page, anchor: { after } })
      expect([next.start, next.rows.map(({ id }) => id)]).toEqual([index + 1, left.slice(index + 1, index + 4)])
      const jump = await read('listIdentifiers', { ...page, anchor: { index } })
      expect([jump.start, jump.rows.map(({ id }) => id)]).toEqual([index, left.slice(index, index + 3)])
    }
    const before = await read('listIdentifiers', { ...page, anchor: { after: 0 } })
    expect([before.start, before.rows[0]?.id]).toEqual([0, left[0]])
  }
  await check(ids)
  const file = openBeside(place.folder)
  file.prepare('DELETE FROM identifier WHERE id = ?').run(ids[5])
  file.prepare('UPDATE identifier_count SET count = count - 1 WHERE request_id = ? AND state = 2').run(requestId)
  file.close()
  await check(ids.filter((id) => id !== ids[5]))
})

test('the overview counts by the operator’s day, and leaves the sandbox out once there is another connection', async () => {
  const { requestId } = await cutOff(5)
  must(
    await database.decide({
      requestId,
      target: { all: true },
      state: 'outcome unknown',
      decision: 'treat as sent',
      reason: 'Practice.',
      now: start + 20,
    }),
  )
  const alone = must(await database.read('getOverview', {}, start + 30))
  const today = new Date(start + 20)
  const two = (part: number) => String(part).padStart(2, '0')
  const day = `${today.getFullYear()}-${two(today.getMonth() + 1)}-${two(today.getDate())}`
  expect(alone.sandboxApart).toBe(false)
  expect(alone.days).toHaveLength(30)
  expect(alone.days.at(-1)).toEqual({ day, counts: { unconfirmed: 2 } })
  expect(new Set(alone.days.map((entry) => entry.day)).size).toBe(30)
  expect(alone.byDeadline).toHaveLength(1)

  await addConnection(database, { environment: 'production' })
  const apart = must(await database.read('getOverview', {}, start + 30))
  expect(apart.sandboxApart).toBe(true)
  expect(apart.days.at(-1)).toEqual({ day, counts: {} })
  expect(apart.byDeadline).toEqual([])
})
