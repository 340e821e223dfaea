import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database, Lesson, ReservedErase } from '../../../src/main/core/ports.ts'
import { askAge, askWait, firstStepFrom, nextTry } from '../../../src/shared/model/ask-schedule.ts'
import { connectionSettingsSchema } from '../../../src/shared/model/connection.ts'
import type { BatchId } from '../../../src/shared/model/ids.ts'
import { ended, must, openBeside, openIn, poll, sending, start, temporaryFolder } from './support.ts'

const settings = connectionSettingsSchema.parse({})
const first = settings.firstPollMilliseconds

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

/** Milliseconds from the start at which each batch is to be asked next, by its number; null: never. */
function asks(): readonly (number | null)[] {
  const file = openBeside(place.folder)
  const rows = file.prepare<[], { at: number | null }>('SELECT next_poll_at AS at FROM batch ORDER BY number').all()
  file.close()
  return rows.map(({ at }) => (at === null ? null : at - start))
}

/** An account with batches of one identifier, all accepted at the start. */
async function accepted(count: number) {
  const bench = await sending(database, place.folder, count + 60, { perCall: 1, calls: 1000 })
  const batches: ReservedErase[] = []
  const accept = async (at = start) => {
    // Every call has an id of its own by its moment.
    batches.push(await bench.accept(at + batches.length, at + first))
  }
  for (let each = 0; each < count; each += 1) await accept()
  let calls = 0
  /** Asks about the batch whose turn it is, and takes in what the answer shows. */
  const ask = async (at: number, answer: boolean | ((batchId: BatchId) => boolean)) => {
    calls += 1
    const { accountId } = bench.connection
    const reserved = poll(
      must(
        await database.reserveCall({
          now: at,
          steady: at,
          accountId,
          epoch: bench.epoch,
          jti: `ask-${calls}`,
          allowErase: false,
        }),
      ),
    )
    const ready = typeof answer === 'boolean' ? answer : answer(reserved.batchId)
    const { polls, readyBy = null } = reserved.previous
    const lesson: Lesson = ready ? { ready, step: readyBy } : { ready, step: polls }
    const [delivery] = reserved.deliveries
    if (delivery === undefined) throw new Error('A batch has a delivery')
    const { position, identifierId } = delivery
    const erased = { position, identifierId, state: 'erased', basis: 'a test', vendorWords: null } as const
    must(
      await database.finishPoll(ended(reserved.attemptId, bench.epoch, at, { ending: 'answered' }), {
        kind: 'answer',
        digest: `${calls}`,
        quietSince: at,
        changes: ready ? [erased] : [],
        strangers: [],
        finished: ready,
        nextPollAt: ready ? null : at + Math.round(askWait(polls + 1, settings)),
        vendorWords: null,
        lesson,
      }),
    )
    return reserved.batchId
  }
  return { ...bench, accept, ask, batches }
}

const age = (step: number): number => askAge(step, settings)
const ages = [0, 1, 2, 3].map(age)
/** Where the second, third and fourth batch are tried. */
const tries = [1, 2, 3].reduce<readonly number[]>((all) => [...all, nextTry(all.at(-1) ?? 0, settings)], [0]).slice(1)
const triedAt = (index: number): number => age(tries[index] ?? 0)
/** By so much a first call may come later than its place. */
const jitter = settings.jitter * first
const settledAt = (index: number): number => firstStepFrom(triedAt(index) + jitter, settings)

test('while none was ready, one batch after another is tried a little later, and all others wait for the next call', async () => {
  const { ask, accept } = await accepted(5)
  expect(asks()).toEqual([ages[0], ages[0], ages[0], ages[0], ages[0]])
  await ask(start + first, false)
  expect(asks()).toEqual([ages[1], triedAt(0), ages[1], ages[1], ages[1]])
  expect(triedAt(0)).toBe(2 * first)
  await ask(start + triedAt(0), false)
  // The first is overtaken: its next call would show nothing that the one before did not.
  expect(asks()).toEqual([triedAt(1), age((tries[0] ?? 0) + 1), ages[2], ages[2], ages[2]])
  await accept()
  expect(asks().at(-1)).toBe(ages[2])
})

test('as soon as one is ready, all wait for the place at which it was, asked before or not', async () => {
  const { ask, accept, batches } = await accepted(5)
  await ask(start + first, false)
  await ask(start + triedAt(0), false)
  expect(await ask(start + triedAt(1), true)).toBe(batches[0]?.batchId)
  const known = age(settledAt(1))
  expect(asks()).toEqual([null, known, known, known, known])
  await accept()
  expect(asks().at(-1)).toBe(known)
})

test('a batch that was accepted late is asked no earlier than its own age says', async () => {
  const { ask, accept } = await accepted(3)
  const later = 30_000
  await accept(start + later)
  await ask(start + first, false)
  await ask(start + triedAt(0), true)
  const known = age(settledAt(0))
  expect(asks().slice(-2)).toEqual([known, later + known])
})

test('one that is not ready where others were moves them on, until the next shows that it was slow alone', async () => {
  const { ask } = await accepted(5)
  await ask(start + first, true)
  await ask(start + first, false)
  expect(asks().slice(2)).toEqual([triedAt(0), ages[1], ages[1]])
  await ask(start + triedAt(0), true)
  const known = age(settledAt(0))
  expect(asks().slice(3)).toEqual([known, known])
})

test('batches that are stuck hold up nobody: others are tried too, and once a younger one was ready they teach nothing', async () => {
  const { ask, batches, accept } = await accepted(5)
  const stuck = batches.slice(0, 2).map(({ batchId }) => batchId)
  const asked: BatchId[] = []
  while (asked.at(-1) !== batches[2]?.batchId) {
    expect(asked.length).toBeLessThan(6)
    const at = Math.min(...asks().map((each) => each ?? Infinity))
    asked.push(await ask(start + at, (batchId) => !stuck.includes(batchId)))
  }
  const known = asks().at(-1)
  expect(asks().at(-2)).toBe(known)
  for (let each = 0; each < 3; each += 1) {
    const at = Math.min(...asks().map((one) => one ?? Infinity))
    await ask(start + at, (batchId) => !stuck.includes(batchId))
  }
  await accept()
  expect(asks().at(-1)).toBe(known)
})

test('a lone batch keeps to its own schedule', async () => {
  const { ask } = await accepted(1)
  for (const step of [0, 1, 2, 3]) {
    expect(asks()).toEqual([age(step)])
    await ask(start + age(step), false)
  }
})

test('a call that the budget held up shows by when its batch was ready: by the moment it came', async () => {
  const { ask, accept } = await accepted(3)
  await ask(start + first, false)
  const late = 12_000
  await ask(start + triedAt(0) + late, true)
  await accept()
  const known = (asks().at(-1) ?? 0) - jitter
  expect(known).toBeGreaterThan(triedAt(0) + late - 500)
  expect(known).toBeLessThan(triedAt(0) + late + 1000)
})

test('one that comes after the next call of its schedule shows that its batch is ready, and nothing of the place', async () => {
  const { ask, accept } = await accepted(3)
  await ask(start + first, false)
  await ask(start + 3 * 3_600_000, true)
  await accept()
  expect(asks().at(-1)).toBe(ages[1])
})

test('once it is known when batches are ready, one of fifty is asked one call earlier, to see whether the vendor has become faster', async () => {
  const { ask, accept } = await accepted(48)
  await ask(start + first, false)
  await ask(start + triedAt(0), false)
  // As long as none was ready, an earlier call would be in vain.
  await accept()
  await accept()
  await accept()
  expect(asks().slice(-3)).toEqual([ages[2], ages[2], ages[2]])
  await ask(start + triedAt(1), true)
  for (let each = 0; each < 50; each += 1) await accept()
  const known = settledAt(1)
  expect(asks().slice(-3)).toEqual([age(known), age(known), age(known - 1)])
})

test('what the operator asks now is asked now, and goes on in the schedule where it was', async () => {
  const { ask, requestId, batches } = await accepted(3)
  await ask(start + first, false)
  const now = start + first + 5000
  must(await database.pollNow({ requestId, now }))
  expect(asks()).toEqual([now - start, now - start, now - start])
  expect(new Set([await ask(now, false), await ask(now, false), await ask(now, false)])).toEqual(
    new Set(batches.map(({ batchId }) => batchId)),
  )
  // The first had been asked once, the second was to be tried, the last was to begin with the second call.
  const wait = (ages[1] ?? 0) - (ages[0] ?? 0)
  const asked = now - start
  expect(asks()).toEqual([asked + wait, asked + askWait(tries[0] ?? 0, settings), asked + wait])
})

test('no first status call comes later than the longest wait', async () => {
  const { ask, accept } = await accepted(1)
  let at = start
  for (let step = 0; step < 20; step += 1) {
    at = start + (asks()[0] ?? 0)
    await ask(at, false)
  }
  await accept(at)
  const last = asks().at(-1) ?? 0
  expect(start + last - at).toBeLessThanOrEqual(settings.longestPollMilliseconds)
  expect(start + last - at).toBeGreaterThan(0.9 * settings.longestPollMilliseconds)
})
