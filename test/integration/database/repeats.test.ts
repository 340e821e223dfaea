/** Duplicates against the history: found by account and scope, left out or sent again by one decision. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database } from '../../../src/main/core/ports.ts'
import type { Connection } from '../../../src/shared/model/connection.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import type { RepeatDecision } from '../../../src/shared/model/request.ts'
import type { Scope } from '../../../src/shared/model/scope.ts'
import { stateNumbers } from '../../../src/shared/model/state.ts'
import { checkHistory } from './invariants.ts'
import {
  addConnection,
  emptyDraft,
  ended,
  erase,
  moment,
  must,
  openBeside,
  openIn,
  putImport,
  scan,
  sendDraft,
  start,
  temporaryFolder,
  type PutRow,
} from './support.ts'

let place = temporaryFolder()
let database: Database
let connection: Connection

beforeEach(async () => {
  place = temporaryFolder()
  database = await openIn(place.folder)
  connection = await addConnection(database, { perCall: 100 })
})

afterEach(async () => {
  const file = openBeside(place.folder)
  checkHistory(file)
  file.close()
  await database.close()
  place.remove()
})

const firstBot: Scope = { kind: 'bots', botIds: ['st-1'] }
const bothBots: Scope = { kind: 'bots', botIds: ['st-1', 'st-2'] }
const allBots: Scope = { kind: 'all bots' }

function people(...names: readonly string[]): readonly PutRow[] {
  return names.map((name, index) => ({ line: index + 2, value: `${name}@example.org` }))
}

async function draftOf(rows: readonly PutRow[], scope: Scope | null, over = connection): Promise<RequestId> {
  const requestId = await emptyDraft(database, over)
  if (scope !== null) must(await database.updateDraft({ requestId, scope, now: start }))
  putImport(place.folder, requestId, rows)
  return requestId
}

/** Sends a request of one call; the vendor accepts it and names the first `erased` of its identifiers as `named`. */
async function sentRequest(
  rows: readonly PutRow[],
  scope: Scope,
  erased: number,
  over = connection,
  named: 'erased' | 'failed' = 'erased',
) {
  const requestId = await draftOf(rows, scope, over)
  await sendDraft(database, requestId)
  const epoch = must(await database.takeSenderLock(moment(start)))?.epoch ?? 0
  const reserve = async (now: number, allowErase: boolean) =>
    must(
      await database.reserveCall({
        ...moment(now),
        accountId: over.accountId,
        epoch,
        jti: `jti-${requestId}-${now}`,
        allowErase,
      }),
    )
  const call = erase(await reserve(start, true))
  const accepted = { kind: 'accepted', vendorRequestId: `eud-${requestId}`, nextPollAt: start + 1 } as const
  must(await database.finishErase(ended(call.attemptId, epoch, start), accepted))
  if (erased === 0) return requestId
  const status = await reserve(start + 1, false)
  if (status.kind !== 'status') throw new Error(`Expected a status call, got ${status.kind}`)
  must(
    await database.finishPoll(ended(status.attemptId, epoch, start + 1, { ending: 'answered' }), {
      kind: 'answer',
      digest: 'd',
      quietSince: start,
      finished: erased === rows.length,
      nextPollAt: erased === rows.length ? null : start + 10_000_000,
      vendorWords: null,
      strangers: [],
      changes: status.deliveries.slice(0, erased).map(({ position, identifierId }) => ({
        position,
        identifierId,
        state: named,
        basis: 'named by the vendor',
        vendorWords: named === 'erased' ? 'SUCCESS' : 'FAILED',
      })),
    }),
  )
  return requestId
}

async function repeatsOf(requestId: RequestId) {
  must(await database.compareWithHistory({ requestId, now: start + 5 }))
  return must(await database.read('getRepeats', { requestId }, start + 5))
}

async function decide(requestId: RequestId, decision: RepeatDecision): Promise<void> {
  must(await database.decideRepeats({ requestId, decision, now: start + 6 }))
}

async function countsOf(requestId: RequestId) {
  const { counts, waiting, phase } = must(await database.read('getRequest', { requestId }, start + 7))
  return { ...counts, waiting, phase }
}

function eventsOf(requestId: RequestId) {
  return scan<{ kind: string; words: string; payload: string }>(
    place.folder,
    'SELECT kind, words, payload FROM event WHERE request_id = ? ORDER BY id',
    requestId,
  )
}

test('what an earlier request has erased or under way is shown with when and where, and left out unless decided otherwise', async () => {
  const earlier = await sentRequest(people('ann', 'bea', 'cem'), firstBot, 2)
  const requestId = await draftOf(people('dora', 'ANN', 'bea', 'cem', 'eve'), firstBot)

  expect(await repeatsOf(requestId)).toEqual({
    count: 3,
    decision: 'leave out',
    compared: true,
    scopeIsOpen: false,
    requests: [{ requestId: earlier, name: 'Draft', erased: 2, underWay: 1, firstAt: start, lastAt: start + 1 }],
    requestCount: 1,
  })
  const { rows, total } = must(
    await database.read('listRepeats', { requestId, anchor: { index: 1 }, limit: 10 }, start),
  )
  expect(total).toBe(3)
  expect(rows).toMatchObject([
    { line: 4, value: 'bea@example.org', earlierRequestId: earlier, earlierState: 'erased', earlierAt: start + 1 },
    { line: 5, value: 'cem@example.org', earlierRequestId: earlier, earlierState: 'accepted', earlierAt: start },
  ])
  // Kept back by the default decision: none of them waits for a person.
  expect(await countsOf(requestId)).toEqual({ queued: 2, held: 3, waiting: 0, phase: 'draft' })
  expect(must(await database.planBasis({ requestId, now: start, samplePerGroup: 5 }))).toMatchObject({
    held: 0,
    repeats: { count: 3, decision: 'leave out', compared: true },
    groups: [{ identifiers: 2, first: [{ value: 'dora@example.org' }, { value: 'eve@example.org' }] }],
  })

  await sendDraft(database, requestId)
  expect(await countsOf(requestId)).toEqual({ queued: 2, cancelled: 3, waiting: 0, phase: 'open' })
  expect(eventsOf(requestId).slice(-3)).toMatchObject([
    { kind: 'compared with the history' },
    { kind: 'sent', words: 'Sending was begun: 2 identifiers.' },
    { kind: 'left out', words: 'Left out, being erased or under way in earlier requests: 3 identifiers.' },
  ])
  const listed = must(
    await database.read(
      'listIdentifiers',
      { requestId, states: ['cancelled'], search: '', anchor: { index: 0 }, limit: 10 },
      start,
    ),
  )
  expect(listed.rows.map(({ basis }) => basis)).toEqual([
    expect.stringMatching(/^left out: in “Draft”, erased on \d{4}-\d\d-\d\d$/),
    expect.stringMatching(/^left out: in “Draft”, erased on/),
    'left out: in “Draft”, under way',
  ])
})

test('one decision sends them all again, and can be taken back; both are in the log', async () => {
  await sentRequest(people('ann', 'bea'), firstBot, 2)
  const requestId = await draftOf(people('ann', 'bea', 'cem'), firstBot)
  await repeatsOf(requestId)
  await decide(requestId, 'send again')
  expect(await countsOf(requestId)).toMatchObject({ queued: 3, waiting: 0 })
  await decide(requestId, 'leave out')
  expect(await countsOf(requestId)).toMatchObject({ queued: 1, held: 2, waiting: 0 })
  await decide(requestId, 'send again')
  await decide(requestId, 'send again')
  expect(await repeatsOf(requestId)).toMatchObject({ count: 2, decision: 'send again', compared: true })
  await sendDraft(database, requestId)
  expect(await countsOf(requestId)).toEqual({ queued: 3, waiting: 0, phase: 'open' })
  expect(eventsOf(requestId).filter(({ kind }) => kind === 'decided')).toHaveLength(3)
  expect(eventsOf(requestId).at(-1)).toEqual({
    kind: 'sent again',
    words: 'Sent although erased or under way in earlier requests: 2 identifiers.',
    payload: '{"decision":"send again","identifiers":2,"requests":1}',
  })
  // An identifier's value is in no event.
  expect(JSON.stringify(eventsOf(requestId))).not.toContain('example.org')
})

test.each([
  { name: 'the same bots', earlier: firstBot, own: firstBot, count: 1 },
  { name: 'more bots', earlier: bothBots, own: firstBot, count: 1 },
  { name: 'all bots', earlier: allBots, own: bothBots, count: 1 },
  { name: 'fewer bots', earlier: firstBot, own: bothBots, count: 0 },
  { name: 'some bots before all of them', earlier: bothBots, own: allBots, count: 0 },
  { name: 'a scope that is not chosen yet', earlier: firstBot, own: null, count: 1 },
])('an earlier request counts where it reached at least as far: $name', async ({ earlier, own, count }) => {
  await sentRequest(people('ann'), earlier, 1)
  const requestId = await draftOf(people('ann'), own)
  expect(await repeatsOf(requestId)).toMatchObject({ count, scopeIsOpen: own === null })
})

test('nothing is kept back before its bots are known, whatever is decided; the scope then is asked for', async () => {
  await sentRequest([...people('ann', 'bea'), { line: 9, value: 'cem@example.org', bot: 'st-2' }], firstBot, 2)
  await sentRequest([{ line: 2, value: 'cem@example.org' }], { kind: 'bots', botIds: ['st-2', 'st-3'] }, 1)
  const rows = [...people('ann', 'bea'), { line: 9, value: 'cem@example.org', bot: 'st-2' }]
  const requestId = await draftOf(rows, null)
  expect(await repeatsOf(requestId)).toMatchObject({ count: 3, scopeIsOpen: true })
  expect(await countsOf(requestId)).toMatchObject({ queued: 2, held: 1 })
  await decide(requestId, 'send again')
  await decide(requestId, 'leave out')
  expect(await countsOf(requestId)).toMatchObject({ queued: 2, held: 1 })
  expect(must(await database.read('suggestBots', { requestId }, start))).toMatchObject({
    withoutOwn: 2,
    inFile: [{ botIds: ['st-2'], identifiers: 1 }],
  })
  const { groups } = must(await database.planBasis({ requestId, now: start, samplePerGroup: 1 }))
  expect(groups).toMatchObject([{ scope: null, identifiers: 2 }])
  must(await database.updateDraft({ requestId, scope: firstBot, now: start + 1 }))
  expect(await repeatsOf(requestId)).toMatchObject({ count: 3, scopeIsOpen: false })
  expect(await countsOf(requestId)).toMatchObject({ held: 3 })
  expect(must(await database.read('suggestBots', { requestId }, start))).toMatchObject({ withoutOwn: 2 })
})

test('a row that names its own bots is compared by these, and so is an earlier one', async () => {
  await sentRequest([{ line: 2, value: 'ann@example.org', bot: 'st-2' }], firstBot, 1)
  const rows = [
    { line: 2, value: 'ann@example.org' },
    { line: 3, value: 'ann@example.org', bot: 'st-2' },
  ]
  const requestId = await draftOf(rows, firstBot)
  expect(await repeatsOf(requestId)).toMatchObject({ count: 1 })
  const { rows: repeats } = must(
    await database.read('listRepeats', { requestId, anchor: { after: 0 }, limit: 10 }, start),
  )
  expect(repeats.map(({ line }) => line)).toEqual([3])
})

test('another account, another draft and what ended otherwise do not count', async () => {
  const other = await addConnection(database, { perCall: 100 })
  await sentRequest(people('ann'), firstBot, 1, other)
  await draftOf(people('ann'), firstBot)
  await sentRequest(people('ann'), firstBot, 1, connection, 'failed')
  const requestId = await draftOf(people('ann'), firstBot)
  expect(await repeatsOf(requestId)).toMatchObject({ count: 0, requests: [] })
  expect(await countsOf(requestId)).toMatchObject({ queued: 1 })
  const taken = await sentRequest(people('ann'), firstBot, 0)
  expect(await repeatsOf(requestId)).toMatchObject({ count: 1, requests: [{ requestId: taken, underWay: 1 }] })
})

test('another scope, another connection or a file taken out leaves no repeat behind that is none', async () => {
  const other = await addConnection(database, { perCall: 100 })
  await sentRequest(people('ann', 'bea'), firstBot, 2)
  const requestId = await draftOf(people('ann', 'bea', 'cem'), firstBot)
  expect(await repeatsOf(requestId)).toMatchObject({ count: 2 })

  must(await database.updateDraft({ requestId, scope: bothBots, now: start + 1 }))
  expect(await countsOf(requestId)).toMatchObject({ queued: 3 })
  expect(await repeatsOf(requestId)).toMatchObject({ count: 0 })
  must(await database.updateDraft({ requestId, scope: firstBot, now: start + 2 }))
  expect(await repeatsOf(requestId)).toMatchObject({ count: 2 })

  must(await database.updateDraft({ requestId, connectionId: other.id, now: start + 3 }))
  expect(await repeatsOf(requestId)).toMatchObject({ count: 0 })
  must(await database.updateDraft({ requestId, connectionId: connection.id, now: start + 4 }))
  expect(await repeatsOf(requestId)).toMatchObject({ count: 2 })

  const [file] = scan<{ id: number }>(place.folder, 'SELECT id FROM import WHERE request_id = ?', requestId)
  must(await database.removeImport({ importId: file?.id as never, now: start + 5 }))
  expect(await repeatsOf(requestId)).toMatchObject({ count: 0 })
  expect(scan(place.folder, 'SELECT * FROM history_repeat')).toEqual([])
  must(await database.discardDraft({ requestId, now: start + 6 }))
})

test('a plan is not sent when another request of the account was sent since the comparison', async () => {
  const requestId = await draftOf(people('ann', 'bea'), firstBot)
  await repeatsOf(requestId)
  const { fingerprint } = must(await database.planBasis({ requestId, now: start, samplePerGroup: 1 }))
  const opening = { requestId, planDigest: 'plan', fingerprint, now: start }
  await sentRequest(people('ann'), firstBot, 0)
  expect(await database.openRequest(opening)).toMatchObject({
    failure: { code: 'plan-changed', kept: 'Nothing was sent.' },
  })
  expect(await repeatsOf(requestId)).toMatchObject({ count: 1 })
  await sendDraft(database, requestId)
  expect(await countsOf(requestId)).toEqual({ queued: 1, cancelled: 1, waiting: 0, phase: 'open' })
})

test('what is only queued in another request is not left out: cancelled there, it would be erased by neither', async () => {
  const earlier = await draftOf(people('ann', 'bea'), firstBot)
  await sendDraft(database, earlier)
  const requestId = await draftOf(people('ann', 'bea', 'cem'), firstBot)
  expect(await repeatsOf(requestId)).toMatchObject({ count: 0, compared: true })
  await sendDraft(database, requestId)
  must(await database.cancelUnsent({ requestId: earlier, reason: '', now: start + 1 }))
  expect(await countsOf(requestId)).toEqual({ queued: 3, waiting: 0, phase: 'open' })
})

test('a draft of which nothing is left is not sent, and says so', async () => {
  await sentRequest(people('ann'), firstBot, 1)
  const requestId = await draftOf(people('ann'), firstBot)
  await repeatsOf(requestId)
  const { fingerprint } = must(await database.planBasis({ requestId, now: start, samplePerGroup: 1 }))
  expect(await database.openRequest({ requestId, planDigest: 'plan', fingerprint, now: start })).toMatchObject({
    failure: { code: 'nothing-to-send' },
  })
})

test('what was cut off while it was left out is finished at the next start', async () => {
  await sentRequest(people('ann', 'bea'), firstBot, 2)
  const requestId = await draftOf(people('ann', 'bea', 'cem'), firstBot)
  await repeatsOf(requestId)
  await database.close()
  const file = openBeside(place.folder)
  // As openRequest leaves it when the process dies before its first slice.
  file.prepare(`UPDATE request SET phase = 'open', sent_at = ? WHERE id = ?`).run(start, requestId)
  file.close()
  database = await openIn(place.folder)
  expect(await countsOf(requestId)).toEqual({ queued: 1, cancelled: 2, waiting: 0, phase: 'open' })
})

test('a comparison that the draft outran is not valid, and the next one is whole', async () => {
  await sentRequest(people('ann', 'bea'), firstBot, 2)
  const requestId = await draftOf(people('ann', 'bea', 'cem'), firstBot)
  const comparison = database.compareWithHistory({ requestId, now: start })
  const changed = database.updateDraft({ requestId, scope: bothBots, now: start + 1 })
  must(await comparison)
  must(await changed)
  expect(await repeatsOf(requestId)).toMatchObject({ count: 0, compared: true })
  expect(
    scan(place.folder, 'SELECT * FROM identifier WHERE request_id = ? AND state = ?', requestId, stateNumbers.held),
  ).toEqual([])
})
