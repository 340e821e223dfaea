import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database } from '../../../src/main/core/ports.ts'
import { openDatabase } from '../../../src/main/adapters/database/client.ts'
import {
  ended,
  erase,
  moment,
  must,
  openBeside,
  openIn,
  sending,
  start,
  temporaryFolder,
  workerUrl,
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

function states(requestId: number): Record<string, number> {
  const file = openBeside(place.folder)
  const scan = file
    .prepare('SELECT state, decided, count(*) AS count FROM identifier WHERE request_id = ? GROUP BY 1, 2')
    .all(requestId)
  const counted = file
    .prepare('SELECT state, decided, count FROM identifier_count WHERE request_id = ? AND count <> 0 ORDER BY 1, 2')
    .all(requestId)
  file.close()
  expect(counted).toEqual(scan)
  return Object.fromEntries((scan as { state: number; count: number }[]).map(({ state, count }) => [state, count]))
}

test('the file is encrypted, and readable by its owner alone', async () => {
  await sending(database, place.folder, 3)
  const bytes = Buffer.concat([
    readFileSync(join(place.folder, 'history.db')),
    readFileSync(join(place.folder, 'history.db-wal')),
  ])
  expect(bytes.includes('SQLite format 3')).toBe(false)
  expect(bytes.includes('example.org')).toBe(false)
  expect(statSync(join(place.folder, 'history.db')).mode & 0o777).toBe(0o600)
  expect(statSync(place.folder).mode & 0o777).toBe(0o700)
})

test('another key does not open the history, and says so', async () => {
  const opened = await openDatabase({ workerUrl, folder: place.folder, key: new Uint8Array(32).fill(8), now: start })
  expect(opened).toMatchObject({ ok: false, failure: { code: 'history-key-wrong' } })
})

test('a call goes from reserved over accepted to settled, and the request closes', async () => {
  const { requestId, epoch, reserve } = await sending(database, place.folder, 2)
  const call = erase(await reserve(start))
  expect(call.identifiers.map(({ value }) => value)).toEqual(['person2@example.org', 'person3@example.org'])
  expect(states(requestId)).toEqual({ 3: 2 })
  must(
    await database.noteCall({
      ...moment(start),
      attemptId: call.attemptId,
      epoch,
      digest: 'ab',
      sentForms: ['"a"', '"b"'],
    }),
  )
  const accepted = { kind: 'accepted', vendorRequestId: 'eud-1', nextPollAt: start + 60_000 } as const
  must(await database.finishErase(ended(call.attemptId, epoch, start + 100), accepted))
  // Asked again since the first answer was lost: nothing more happens.
  must(await database.finishErase(ended(call.attemptId, epoch, start + 100), accepted))
  expect(states(requestId)).toEqual({ 4: 2 })
  expect(await reserve(start + 200)).toEqual({ kind: 'idle', until: start + 60_000 })
  const poll = await reserve(start + 60_000)
  if (poll.kind !== 'status') throw new Error(poll.kind)
  expect(poll.deliveries.map(({ sentForm }) => sentForm)).toEqual(['"a"', '"b"'])
  const changes = poll.deliveries.map(({ position, identifierId }) => ({
    position,
    identifierId,
    state: 'erased' as const,
    basis: 'named by the vendor',
    vendorWords: 'SUCCESS',
  }))
  must(
    await database.finishPoll(ended(poll.attemptId, epoch, start + 60_100, { ending: 'answered' }), {
      kind: 'answer',
      digest: 'd1',
      quietSince: start + 60_100,
      changes,
      strangers: [],
      finished: true,
      nextPollAt: null,
      vendorWords: null,
    }),
  )
  expect(states(requestId)).toEqual({ 6: 2 })
  const basis = must(await database.planBasis({ requestId, now: start, samplePerGroup: 1 }))
  expect(basis.phase).toBe('closed')
})

test('the budget never lets one call more leave than a window allows', async () => {
  const { reserve, epoch } = await sending(database, place.folder, 20, { perCall: 1, calls: 3 })
  for (let call = 0; call < 3; call += 1) {
    const reserved = erase(await reserve(start + call))
    must(
      await database.finishErase(ended(reserved.attemptId, epoch, start + call), {
        kind: 'accepted',
        vendorRequestId: `eud-${call}`,
        nextPollAt: start + 9_000_000,
      }),
    )
  }
  expect(await reserve(start + 10)).toEqual({ kind: 'wait', until: start + 60_000 })
  expect((await reserve(start + 60_000)).kind).toBe('erase')
})

test('a call that waits for the keychain weighs until it has ended, and from when it leaves', async () => {
  const { connection, reserve, epoch } = await sending(database, place.folder, 3, { perCall: 1, calls: 1 })
  const { attemptId } = erase(await reserve(start))
  const late = start + 300_000
  expect(await reserve(late)).toEqual({ kind: 'wait', until: late + 60_000 })
  must(await database.noteCall({ ...moment(late + 1), attemptId, epoch, digest: 'ab', sentForms: ['"a"'] }))
  // The process dies; the call may arrive until its time-out has passed.
  must(await database.releaseSenderLock())
  const next = must(await database.takeSenderLock(moment(late + 2)))?.epoch ?? 0
  const input = { accountId: connection.accountId, epoch: next, jti: 'jti-next', allowErase: true }
  const free = late + 1 + 60_000 + 60_000
  expect(must(await database.reserveCall({ ...moment(late + 60_002), ...input }))).toEqual({
    kind: 'wait',
    until: free,
  })
  expect(must(await database.reserveCall({ ...moment(free), ...input })).kind).toBe('erase')
})

test('a rejected batch goes again in halves; one identifier alone is refused; a cut call is unknown', async () => {
  const { requestId, reserve, epoch } = await sending(database, place.folder, 5)
  const first = erase(await reserve(start))
  must(
    await database.finishErase(ended(first.attemptId, epoch, start, { ending: 'rejected' }), {
      kind: 'rejected',
      words: 'no',
    }),
  )
  const second = erase(await reserve(start + 1))
  const unknown = { kind: 'outcome unknown', words: 'cut' } as const
  must(await database.finishErase(ended(second.attemptId, epoch, start + 1, { ending: 'outcome unknown' }), unknown))
  const third = erase(await reserve(start + 2))
  must(
    await database.finishErase(ended(third.attemptId, epoch, start + 2, { ending: 'rejected' }), {
      kind: 'rejected',
      words: 'no',
    }),
  )
  // The halves go before the other three, of which the call is not formed yet.
  expect(states(requestId)).toEqual({ 2: 3, 5: 1, 8: 1 })
})

test('a call that was reserved before a pause does not leave after it', async () => {
  const { requestId, epoch, reserve } = await sending(database, place.folder, 2)
  const { attemptId } = erase(await reserve(start))
  must(await database.setPaused({ requestId, paused: true, now: start + 1 }))
  const noted = await database.noteCall({ ...moment(start), attemptId, epoch, digest: 'ab', sentForms: ['"a"', '"b"'] })
  expect(noted).toMatchObject({ ok: false, failure: { code: 'wrong-state' } })
  must(
    await database.finishErase(ended(attemptId, epoch, start + 2, { ending: 'not sent', neverCounted: true }), {
      kind: 'queue again',
      notBefore: start + 2,
    }),
  )
  expect(states(requestId)).toEqual({ 2: 2 })
  must(await database.setPaused({ requestId, paused: false, now: start + 3 }))
  expect((await reserve(start + 3)).kind).toBe('erase')
})

test('an unknown outcome with a cause stops the line, and is not queued again', async () => {
  const { requestId, connection, epoch, reserve } = await sending(database, place.folder, 4)
  const { attemptId } = erase(await reserve(start))
  const cause = { at: start, title: 'Seen before', explanation: '', steps: [], vendorWords: 'possibly a replay' }
  const outcome = { kind: 'outcome unknown', words: 'possibly a replay', cause } as const
  must(await database.finishErase(ended(attemptId, epoch, start, { ending: 'outcome unknown' }), outcome))
  expect(states(requestId)).toEqual({ 2: 2, 5: 2 })
  expect((await reserve(start + 1)).kind).toBe('idle')
  expect(must(await database.storedConnection(connection.id)).connection.stopped).toEqual(cause)
})

test('a second process sees the lock taken; a stale epoch writes nothing', async () => {
  const { epoch, reserve, requestId } = await sending(database, place.folder, 2)
  const other = await openIn(place.folder)
  expect(must(await other.takeSenderLock(moment(start)))).toBeNull()
  const call = erase(await reserve(start))
  must(await database.releaseSenderLock())
  expect(must(await other.takeSenderLock(moment(start + 5)))).toEqual({ epoch: epoch + 1, recovered: 1 })
  expect(states(requestId)).toEqual({ 5: 2 })
  const late = await database.finishErase(ended(call.attemptId, epoch, start), { kind: 'queue again', notBefore: 0 })
  expect(late).toMatchObject({ ok: false, failure: { code: 'not-the-sender' } })
  await other.close()
})
