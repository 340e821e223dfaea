/** What counts from a date, where the clock is set: by example, and over random jumps, sleeps, crashes and delays. */
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { finishErase } from '../../../src/main/adapters/database/commands/finish-erase.ts'
import { finishPoll } from '../../../src/main/adapters/database/commands/finish-poll.ts'
import { noteCall, reserveCall } from '../../../src/main/adapters/database/commands/reserve.ts'
import { noticeClock, releaseSenderLock, takeSenderLock } from '../../../src/main/adapters/database/commands/sender.ts'
import type { History } from '../../../src/main/adapters/database/history.ts'
import { openHistory } from '../../../src/main/adapters/database/open-history.ts'
import { all } from '../../../src/main/adapters/database/sql.ts'
import type { Database, EraseOutcome, PollOutcome, Reservation } from '../../../src/main/core/ports.ts'
import type { AccountId, AttemptId } from '../../../src/shared/model/ids.ts'
import type { AttemptKind } from '../../../src/shared/model/request.ts'
import {
  addConnection,
  addDraft,
  ended,
  erase,
  key,
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

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const year = 365 * 24 * hour
const timeout = minute

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

const clockEvents = () =>
  scan<object>(place.folder, `SELECT request_id, words, at FROM event WHERE kind = 'clock set back'`)

async function budget(now: number) {
  const [account] = must(await database.read('listBudgets', {}, now))
  return { used: account?.windows[0]?.used, nextFreeAt: account?.nextFreeAt, holdUntil: account?.holdUntil }
}

test('set back by a year while nothing runs: what was sent weighs once more at most, and the log says so', async () => {
  const driven = await sending(database, place.folder, 20, { perCall: 1, calls: 3 })
  const { connection, requestId, accept, reserve, epoch } = driven
  for (let count = 0; count < 2; count += 1) await accept(start + count, start + minute)
  erase(await reserve(start + 2))
  const again = {
    kind: 'again',
    nextPollAt: start + 9 * hour,
    accountHoldUntil: start + 2 * hour,
    words: null,
  } as const
  const now = start - year
  must(await database.releaseSenderLock())
  const next = must(await database.takeSenderLock({ now, steady: 7 }))?.epoch ?? 0
  expect(next).toBe(epoch + 1)
  expect(clockEvents()).toEqual([
    { request_id: requestId, words: expect.stringContaining('set back by 365 days'), at: now },
  ])
  const ask = async (passed: number, allowErase: boolean) =>
    must(
      await database.reserveCall({
        accountId: connection.accountId,
        epoch: next,
        now: now + passed,
        steady: 7 + passed,
        jti: `jti-after-${passed}`,
        allowErase,
      }),
    )
  expect(await ask(10, true)).toEqual({ kind: 'wait', until: expect.any(Number) })
  expect(await budget(now + 10)).toMatchObject({ used: 3 })
  const asked = poll(await ask(timeout + minute + 10, false))
  // Nothing that is written from now on is dated by the old clock, and nothing is dated anew twice.
  must(await database.releaseSenderLock())
  const last = must(await database.takeSenderLock({ now: now + 3 * minute, steady: 0 }))?.epoch ?? 0
  expect(clockEvents()).toHaveLength(1)
  const stale = await database.finishPoll(ended(asked.attemptId, next, now + 3 * minute), again)
  expect(stale).toMatchObject({ ok: false, failure: { code: 'not-the-sender' } })
  expect(last).toBe(next + 1)
})

test.each([
  ['forward', year],
  ['forward by less than a minute', 50_000],
  ['back', -year],
])(
  'set %s while nothing runs, on a machine that goes on running: calls weigh as long as they would have',
  async (_how, by) => {
    const { connection, epoch, accept } = await sending(database, place.folder, 6, { perCall: 1, calls: 3 })
    const { accountId } = connection
    must(await database.noticeClock({ ...moment(start), uptime: 900, epoch }))
    for (let count = 0; count < 3; count += 1) await accept(start + count, start + 9 * hour)
    must(await database.releaseSenderLock())
    const passed = 20_000
    const now = start + passed + by
    const next = must(await database.takeSenderLock({ now, steady: 7, uptime: 900 + passed }))?.epoch ?? 0
    const ask = async (after: number) =>
      must(
        await database.reserveCall({
          accountId,
          epoch: next,
          now: now + after,
          steady: 7 + after,
          jti: `jti-after-${after}`,
          allowErase: true,
        }),
      )
    expect(await ask(1)).toEqual({ kind: 'wait', until: now + minute - passed })
    expect((await ask(minute - passed)).kind).toBe('erase')
  },
)

test('set forward by a year while nothing runs, soon after a sleep: calls weigh as long as they would have', async () => {
  const { connection, epoch } = await sending(database, place.folder, 6, { perCall: 1, calls: 3 })
  const { accountId } = connection
  must(await database.noticeClock({ ...moment(start), uptime: 900, epoch }))
  // Asleep, the date and the machine's own count go on, and the steady clock does not. No look around comes after.
  const awake = (after: number) => ({
    now: start + 2 * hour + after,
    steady: start + after,
    uptime: 900 + 2 * hour + after,
  })
  for (let count = 1; count <= 3; count += 1) {
    const { now, steady, uptime } = awake(count)
    const call = erase(
      must(
        await database.reserveCall({ now, steady, uptime, accountId, epoch, jti: `jti-${count}`, allowErase: true }),
      ),
    )
    const accepted = { kind: 'accepted', vendorRequestId: `eud-${count}`, nextPollAt: now + 9 * hour } as const
    must(await database.finishErase(ended(call.attemptId, epoch, now, { steady }), accepted))
  }
  must(await database.releaseSenderLock())
  const passed = 20 * second
  const { now, uptime } = awake(passed)
  const set = { now: now + year, steady: 7, uptime }
  const next = must(await database.takeSenderLock(set))?.epoch ?? 0
  const asked = await database.reserveCall({ ...set, accountId, epoch: next, jti: 'jti-after', allowErase: true })
  expect(must(asked)).toEqual({ kind: 'wait', until: set.now + minute - passed + 1 })
})

test('a machine that was started anew says nothing of the time between: a later date is believed', async () => {
  const { connection, epoch, accept } = await sending(database, place.folder, 6, { perCall: 1, calls: 3 })
  must(await database.noticeClock({ ...moment(start), uptime: 90 * minute, epoch }))
  for (let count = 0; count < 3; count += 1) await accept(start + count, start + 9 * hour)
  must(await database.releaseSenderLock())
  const now = start + 2 * minute
  const next = must(await database.takeSenderLock({ now, steady: 7, uptime: minute }))?.epoch ?? 0
  const { accountId } = connection
  const input = { accountId, epoch: next, now: now + 1, steady: 8, jti: 'jti-after', allowErase: true }
  expect(must(await database.reserveCall(input)).kind).toBe('erase')
})

test('set back while sending: what is left of every wait stays the same', async () => {
  const driven = await sending(database, place.folder, 6, { perCall: 1 })
  const { connection, epoch, reserve } = driven
  const accepted = await driven.accept(start, start + 40 * minute)
  const limited = erase(await reserve(start + 1))
  must(
    await database.finishErase(ended(limited.attemptId, epoch, start + 2, { ending: 'rate limited' }), {
      kind: 'queue again',
      notBefore: start + 10 * minute,
      accountHoldUntil: start + 30 * minute,
    }),
  )
  const now = start - year + minute
  must(await database.noticeClock({ now, steady: start + minute, epoch }))
  expect(clockEvents()).toMatchObject([{ at: now }])
  expect(await budget(now)).toEqual({ used: 1, nextFreeAt: now + 29 * minute, holdUntil: now + 29 * minute })
  const dates = scan<object>(place.folder, 'SELECT id, not_before, next_poll_at FROM batch ORDER BY id LIMIT 2')
  expect(dates).toEqual([
    { id: accepted.batchId, not_before: 0, next_poll_at: now + 39 * minute },
    { id: limited.batchId, not_before: now + 9 * minute, next_poll_at: null },
  ])
  // Set right again: the calls and the hold still stand, and what was due by the right date is due.
  must(await database.noticeClock({ now: start + 2 * minute, steady: start + 2 * minute, epoch }))
  expect(clockEvents()).toHaveLength(1)
  expect(await budget(start + 2 * minute)).toMatchObject({ holdUntil: start + 30 * minute })
  const input = { accountId: connection.accountId, epoch, jti: 'jti-right', allowErase: false }
  const later = { now: start + 31 * minute, steady: start + 31 * minute }
  expect(poll(must(await database.reserveCall({ ...later, ...input }))).batchId).toBe(accepted.batchId)
})

test('set forward by an hour: calls made before weigh as long as they would have', async () => {
  const { connection, accept, epoch } = await sending(database, place.folder, 20, { perCall: 1, calls: 3 })
  for (let count = 0; count < 3; count += 1) await accept(start + count, start + 9 * hour)
  const ask = async (steady: number) =>
    must(
      await database.reserveCall({
        accountId: connection.accountId,
        epoch,
        now: steady + hour,
        steady,
        jti: `jti-${steady}`,
        allowErase: true,
      }),
    )
  expect(await ask(start + 10)).toEqual({ kind: 'wait', until: start + minute + hour })
  expect((await ask(start + minute)).kind).toBe('erase')
})

test('moved by a second or less: nothing is dated anew, and no call leaves early', async () => {
  const { connection, accept, epoch } = await sending(database, place.folder, 20, { perCall: 1, calls: 3 })
  for (let count = 0; count < 3; count += 1) await accept(start + count, start + 9 * hour)
  const spent = () => scan<object>(place.folder, 'SELECT spent_from FROM attempt')
  const before = spent()
  const input = { accountId: connection.accountId, epoch, jti: 'jti-next', allowErase: true }
  const ahead = { now: start + minute + 900, steady: start + minute - 1 }
  expect(must(await database.reserveCall({ ...ahead, ...input }))).toEqual({ kind: 'wait', until: ahead.now + 1 })
  expect(spent()).toEqual(before)
  const behind = { now: start + minute - 900, steady: start + minute }
  expect(must(await database.reserveCall({ ...behind, ...input })).kind).toBe('erase')
  expect(clockEvents()).toEqual([])
})

const windows = [
  { milliseconds: minute, calls: 4 },
  { milliseconds: 10 * minute, calls: 12 },
]
const longestWindow = 10 * minute
const longestHold = 5 * minute

type Step = Readonly<{ kind: (typeof kinds)[number]; size: number; jump: number }>
const kinds = [
  'pass',
  'call',
  'call',
  'call',
  'note',
  'note',
  'end',
  'end',
  'write',
  'write',
  'jump',
  'sleep',
  'crash',
] as const
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...kinds),
  size: fc.nat(1000),
  jump: fc.oneof(
    fc.constantFrom(-year, year, -hour, hour, -minute, minute),
    fc.integer({ min: -5 * second, max: 5 * second }),
    fc.integer({ min: -20 * minute, max: 20 * minute }),
  ),
})

/** `left`: when it was noted, in real time; null: it waits for the keychain, as long as that takes. */
type Call = { readonly attemptId: AttemptId; readonly kind: AttemptKind; left: number | null }
type World = {
  readonly history: History
  readonly accountId: AccountId
  epoch: number
  /** Milliseconds that really passed. */
  real: number
  /** The date less `real`. */
  set: number
  /** The steady clock less `real`: it stands still in sleep, and begins anew in every process. */
  steadyFrom: number
  /** Set forward, and no step since has seen it. */
  unseen: boolean
  calls: number
  underWay: Call[]
  /** Ends that are known and not written yet, as where the disk is full. */
  unwritten: (() => void)[]
  /** The last real moment at which each call may have reached the vendor, by its attempt. */
  readonly arrivals: Map<AttemptId, number>
}

const momentIn = ({ real, set, steadyFrom }: World) => ({ now: start + real + set, steady: real + steadyFrom })

function look(world: World): void {
  must(noticeClock(world.history, { ...momentIn(world), epoch: world.epoch }))
  world.unseen = false
}

/** Asks for the next call; where one may leave, every window has room for it in time that really passed. */
function reserveIn(world: World): Reservation {
  world.calls += 1
  const { history, accountId, epoch, real } = world
  const input = { ...momentIn(world), accountId, epoch, jti: `jti-${world.calls}`, allowErase: true }
  const reservation = must(reserveCall(history, input))
  world.unseen = false
  if (reservation.kind === 'wait' || reservation.kind === 'idle') return reservation
  for (const { milliseconds, calls: most } of windows) {
    const before = [...world.arrivals.values()].filter((arrival) => arrival > real - milliseconds).length
    expect(before, `calls in ${milliseconds} ms before call ${world.calls}`).toBeLessThan(most)
  }
  world.arrivals.set(reservation.attemptId, Infinity)
  const { attemptId, kind } = reservation
  world.underWay.push({ attemptId, kind, left: null })
  return reservation
}

function note(world: World, size: number): void {
  const leaving = world.underWay.filter(({ left }) => left === null)
  const one = leaving[size % Math.max(1, leaving.length)]
  if (one === undefined) return
  const { attemptId } = one
  must(noteCall(world.history, { ...momentIn(world), attemptId, epoch: world.epoch, digest: null, sentForms: [] }))
  world.unseen = false
  one.left = world.real
}

function end(world: World, size: number): void {
  const ending = world.underWay.splice(size % Math.max(1, world.underWay.length), 1)[0]
  if (ending === undefined) return
  const { history, epoch, real } = world
  const { now, steady } = momentIn(world)
  const { left } = ending
  const neverCounted = left === null || size % 10 === 9
  const hold = size % 10 === 8 ? { accountHoldUntil: now + (size % longestHold) } : {}
  if (left === null || neverCounted) world.arrivals.delete(ending.attemptId)
  else world.arrivals.set(ending.attemptId, Math.min(real, left + timeout))
  const erased: EraseOutcome =
    left !== null && size % 10 < 6
      ? { kind: 'accepted', vendorRequestId: `eud-${ending.attemptId}`, nextPollAt: now + minute }
      : { kind: 'queue again', notBefore: now + 10 * second, ...hold }
  const asked: PollOutcome = { kind: 'again', nextPollAt: now + minute, words: null, ...hold }
  const result = ended(ending.attemptId, epoch, now, { steady, neverCounted, ending: 'answered' })
  world.unwritten.push(() => {
    if (ending.kind === 'erase') must(finishErase(history, result, erased))
    else must(finishPoll(history, result, asked))
  })
}

/** The process dies; the next one begins its own steady clock. Meanwhile the clock may be set back. */
function crash(world: World, { size, jump }: Step): void {
  // A clock set forward less than half a minute before is not told from time that passed.
  if (world.unseen) look(world)
  for (const { attemptId, left } of world.underWay) {
    world.arrivals.set(attemptId, left === null ? -Infinity : left + timeout)
  }
  world.underWay = []
  world.unwritten = []
  must(releaseSenderLock(world.history))
  world.real += size * 100
  if (size % 2 === 0) world.set += Math.min(0, jump)
  world.steadyFrom = size - world.real
  world.epoch = must(takeSenderLock(world.history, momentIn(world)))?.epoch ?? 0
}

function take(world: World, next: Step): void {
  const { kind, size, jump } = next
  if (kind === 'pass') world.real += size * 60
  if (kind === 'sleep') {
    world.real += size * second
    world.steadyFrom -= size * second
  }
  if (kind === 'jump') {
    world.set += jump
    world.unseen ||= jump > 0
  }
  if (kind === 'call') reserveIn(world)
  if (kind === 'note') note(world, size)
  if (kind === 'end') end(world, size)
  if (kind === 'write') world.unwritten.splice(size % Math.max(1, world.unwritten.length), 1)[0]?.()
  if (kind === 'crash') crash(world, next)
}

/** From here on the clock is left alone: a call leaves within the longest wait there can lawfully be. */
function expectOnward(world: World): void {
  while (world.underWay.length > 0) end(world, 0)
  for (const write of world.unwritten.splice(0)) write()
  const until = world.real + timeout + longestWindow + longestHold + minute
  for (;;) {
    const reservation = reserveIn(world)
    if (reservation.kind !== 'wait' && reservation.kind !== 'idle') return
    expect(world.real, 'no call left for too long').toBeLessThanOrEqual(until)
    const wait = (reservation.until ?? Infinity) - momentIn(world).now
    world.real += Math.min(Math.max(wait, 5), minute)
  }
}

async function run(steps: readonly Step[]): Promise<void> {
  const folder = temporaryFolder()
  const opened = await openIn(folder.folder)
  const connection = await addConnection(opened, { perCall: 1, windows })
  await sendDraft(opened, await addDraft(opened, folder.folder, connection, 200))
  await opened.close()
  const history = must(await openHistory({ role: 'writer', folder: folder.folder, key, now: start }))
  history.sql.pragma('synchronous = OFF')
  try {
    const world: World = {
      history,
      accountId: connection.accountId,
      epoch: 0,
      real: 0,
      set: 0,
      steadyFrom: 0,
      unseen: false,
      calls: 0,
      underWay: [],
      unwritten: [],
      arrivals: new Map(),
    }
    world.epoch = must(takeSenderLock(history, moment(start)))?.epoch ?? 0
    world.steadyFrom = start
    for (const next of steps) take(world, next)
    expectOnward(world)
    const ahead = all<object>(
      history.sql,
      'SELECT id FROM attempt WHERE spent_from > ?',
      momentIn(world).now + timeout + second,
    )
    expect(ahead).toEqual([])
  } finally {
    history.senderLock?.release()
    history.sql.close()
    folder.remove()
  }
}

const seed = Number(process.env['PROPERTY_SEED'] ?? 20_270_115)

test('whatever is done to the clock, no window holds more calls than it may, and sending goes on', async () => {
  const steps = fc.array(step, { minLength: 20, maxLength: 150, size: 'max' })
  const checked = await fc.check(fc.asyncProperty(steps, run), {
    seed,
    numRuns: Number(process.env['PROPERTY_RUNS'] ?? 25),
    interruptAfterTimeLimit: 100_000,
  })
  expect(
    checked.errorInstance === null
      ? 'held'
      : `${fc.defaultReportMessage(checked)} ${(checked.errorInstance as Error).message}`,
  ).toBe('held')
}, 120_000)

test.each([
  ['back', -year],
  ['forward', year],
])(
  'set %s by a year while a connection waits after unclear calls: it waits as long as it would have',
  async (_, by) => {
    const { connection, reserve, epoch } = await sending(database, place.folder, 5, { perCall: 1 })
    const calls = [erase(await reserve(start)), erase(await reserve(start + 1))]
    for (const { attemptId } of calls) {
      const result = ended(attemptId, epoch, start + 2, { ending: 'outcome unknown', httpStatus: 503 })
      must(await database.finishErase(result, { kind: 'outcome unknown', words: 'Answered 503.' }))
    }
    const { accountId } = connection
    const at = (later: number) => ({
      now: start + later + by,
      steady: start + later,
      accountId,
      epoch,
      allowErase: true,
    })
    expect(must(await database.reserveCall({ ...at(1002), jti: 'jti-early' }))).toEqual({
      kind: 'wait',
      until: start + 5002 + by,
    })
    expect(must(await database.reserveCall({ ...at(5002), jti: 'jti-due' })).kind).toBe('erase')
  },
)
