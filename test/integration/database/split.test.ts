/** Splits without a vendor: every end of every call is written straight into the history. */
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { commands } from '../../../src/main/adapters/database/commands/index.ts'
import type { History } from '../../../src/main/adapters/database/history.ts'
import { openHistory } from '../../../src/main/adapters/database/open-history.ts'
import { all } from '../../../src/main/adapters/database/sql.ts'
import type { Database, EraseOutcome, Reservation } from '../../../src/main/core/ports.ts'
import type { Result } from '../../../src/shared/failure.ts'
import { callsToFindOne } from '../../../src/shared/model/bisection.ts'
import type { ConnectionId, IdentifierId, RequestId } from '../../../src/shared/model/ids.ts'
import { checkHistory } from './invariants.ts'
import {
  addConnection,
  addDraft,
  ended,
  key,
  moment,
  must,
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

type Job = Readonly<{ perCall: number; size: number; places: readonly number[] }>

/** In each call at most one identifier at fault, anywhere in it; a place beyond the call's end: none. */
const jobs: fc.Arbitrary<Job> = fc
  .record({ perCall: fc.integer({ min: 2, max: 40 }), size: fc.integer({ min: 1, max: 90 }) })
  .chain(({ perCall, size }) => {
    const calls = Math.ceil(size / perCall)
    return fc.record({
      perCall: fc.constant(perCall),
      size: fc.constant(size),
      places: fc.array(fc.nat(2 * perCall), { minLength: calls, maxLength: calls }),
    })
  })

/** Sends all of it to a vendor that rejects a call with one of these in it; gives how many calls that took. */
function sendAll(history: History, accountId: number, epoch: number, isAtFault: (id: IdentifierId) => boolean): number {
  for (let calls = 0; ; calls += 1) {
    const input = { accountId, epoch, ...moment(start + calls), jti: `jti-${calls}`, allowErase: true }
    const reserved = must(commands.reserveCall(history, input as never) as Result<Reservation>)
    if (reserved.kind === 'idle' || reserved.kind === 'wait') {
      const paused = all<{ id: RequestId }>(history.sql, 'SELECT id FROM request WHERE paused_at IS NOT NULL')
      if (paused.length === 0) return calls
      for (const { id } of paused) {
        must(commands.setPaused(history, { requestId: id, paused: false, now: start + calls }) as Result<null>)
      }
      calls -= 1
      continue
    }
    if (reserved.kind !== 'erase') throw new Error('Nothing is asked about so soon')
    const words = 'Bad Request (400)'
    const isRejected = reserved.identifiers.some(({ identifierId }) => isAtFault(identifierId))
    const outcome: EraseOutcome = isRejected
      ? { kind: 'rejected', words }
      : { kind: 'accepted', vendorRequestId: `eud-${calls}`, nextPollAt: start + 1e9 }
    const ending = isRejected ? 'rejected' : 'accepted'
    const result = ended(reserved.attemptId, epoch, start + calls, { ending, vendorWords: isRejected ? words : null })
    must(commands.finishErase(history, result, outcome) as Result<null>)
  }
}

async function run({ perCall, size, places }: Job): Promise<void> {
  const own = temporaryFolder()
  const opened = await openIn(own.folder)
  const connection = await addConnection(opened, { perCall, calls: 100_000, windows: [{ milliseconds: 1, calls: 9 }] })
  await sendDraft(opened, await addDraft(opened, own.folder, connection, size))
  await opened.close()
  const history = must(await openHistory({ role: 'writer', folder: own.folder, key, now: start }))
  history.sql.pragma('synchronous = OFF')
  try {
    const taken = must(commands.takeSenderLock(history, moment(start)) as Result<Readonly<{ epoch: number }>>)
    const ids = all<{ id: IdentifierId }>(history.sql, 'SELECT id FROM identifier ORDER BY id').map(({ id }) => id)
    const atFault = new Set(ids.filter((_, index) => places[Math.floor(index / perCall)] === index % perCall))
    const calls = sendAll(history, connection.accountId, taken.epoch, (id) => atFault.has(id))

    checkHistory(history.sql)
    const states = all<{ id: IdentifierId; state: number }>(history.sql, 'SELECT id, state FROM identifier ORDER BY id')
    expect(states).toEqual(ids.map((id) => ({ id, state: atFault.has(id) ? 8 : 4 })))
    const accepted = all<{ id: IdentifierId }>(
      history.sql,
      `SELECT d.identifier_id AS id FROM delivery d JOIN batch b ON b.id = d.batch_id WHERE b.status = 'accepted' ORDER BY 1`,
    )
    expect(accepted.map(({ id }) => id)).toEqual(ids.filter((id) => !atFault.has(id)))
    const full = Math.floor(size / perCall)
    const more = full * callsToFindOne(perCall) + callsToFindOne(size % perCall)
    expect(calls).toBeLessThanOrEqual(Math.ceil(size / perCall) + more)
  } finally {
    history.senderLock?.release()
    history.sql.close()
    own.remove()
  }
}

test('a split loses and doubles no identifier, refuses none but those at fault, and keeps within the worst case', async () => {
  const seed = Number(process.env['PROPERTY_SEED'] ?? 20261124)
  const checked = await fc.check(fc.asyncProperty(jobs, run), { seed, numRuns: 15, interruptAfterTimeLimit: 100_000 })
  expect(fc.defaultReportMessage(checked) ?? 'held').toBe('held')
}, 120_000)

test('server errors in a row slow one connection down and stop it, once; another of the account goes on', async () => {
  const first = await addConnection(database, { perCall: 1 })
  const other = must(
    await database.saveConnection({
      ...(await inputOf(first.id)),
      id: null,
      name: 'Another connection',
      secretReference: 'reference-2',
    }),
  )
  expect(other.accountId).toBe(first.accountId)
  const broken = await addDraft(database, place.folder, first, 12)
  await sendDraft(database, broken)
  const epoch = must(await database.takeSenderLock(moment(start)))?.epoch ?? 0
  const reserve = async (now: number): Promise<Reservation> =>
    must(
      await database.reserveCall({
        ...moment(now),
        accountId: first.accountId,
        epoch,
        jti: `jti-${now}`,
        allowErase: true,
      }),
    )
  const fail = async (reserved: Reservation, now: number) => {
    if (reserved.kind !== 'erase') throw new Error(`Expected an erase call, got ${reserved.kind}`)
    const result = ended(reserved.attemptId, epoch, now, { ending: 'outcome unknown', httpStatus: 503 })
    must(await database.finishErase(result, { kind: 'outcome unknown', words: 'Answered 503.' }))
  }
  const stopped = async () => must(await database.storedConnection(first.id)).connection.stopped

  // At full speed calls leave side by side; after a server error one by one.
  const [one, two] = [await reserve(start), await reserve(start + 1)]
  await fail(one, start + 2)
  expect((await reserve(start + 3)).kind).toBe('idle')
  await fail(two, start + 4)
  expect(await reserve(start + 5)).toEqual({ kind: 'wait', until: start + 4 + 5_000 })

  const { standstill } = must(await database.read('getRequest', { requestId: broken }, start))
  expect(standstill).toMatch(/^The vendor answered the last 2 calls of the connection with server errors\. /)

  // The wait is this connection's alone.
  const free = await addDraft(database, place.folder, other, 1)
  await sendDraft(database, free)
  expect(await reserve(start + 6)).toMatchObject({ kind: 'erase', requestId: free })

  await fail(await reserve(start + 5_004), start + 5_010)
  await fail(await reserve(start + 15_010), start + 15_020)
  expect(await stopped()).toBeNull()
  expect((await reserve(start + 35_000)).kind).toBe('wait')
  await fail(await reserve(start + 35_020), start + 35_030)
  expect(await stopped()).toMatchObject({ title: 'The vendor answers every call with a server error (503)' })
  expect((await reserve(start + 100_000)).kind).toBe('idle')

  // Resumed, one call is tried: another server error stops it at once, an answer sets the queue free.
  must(await database.resumeConnection({ connectionId: first.id, now: start + 100_001 }))
  const trial = await reserve(start + 100_002)
  expect((await reserve(start + 100_003)).kind).toBe('idle')
  await fail(trial, start + 100_004)
  expect(await stopped()).toMatchObject({ title: 'The vendor still answers with a server error (503)' })
  must(await database.resumeConnection({ connectionId: first.id, now: start + 100_005 }))
  const good = await reserve(start + 100_006)
  if (good.kind !== 'erase') throw new Error(good.kind)
  const accepted = { kind: 'accepted', vendorRequestId: 'eud-1', nextPollAt: start + 1e9 } as const
  must(await database.finishErase(ended(good.attemptId, epoch, start + 100_007), accepted))
  expect([(await reserve(start + 100_008)).kind, (await reserve(start + 100_009)).kind]).toEqual(['erase', 'erase'])
})

async function inputOf(connectionId: ConnectionId) {
  const { connection, secretReference } = must(await database.storedConnection(connectionId))
  const { vendor, environment, isSandbox, origin, clientId, accountId, accountName, windows, margin, settings } =
    connection
  const own = { vendor, environment, isSandbox, origin, clientId, accountId, accountName, windows, margin, settings }
  return { ...own, secretReference, secretSavedAt: start, now: start }
}
