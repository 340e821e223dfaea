import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database, Lesson, ReservedErase } from '../../../src/main/core/ports.ts'
import { askAge } from '../../../src/shared/model/ask-schedule.ts'
import { connectionSettingsSchema } from '../../../src/shared/model/connection.ts'
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
  const ask = async (at: number, ready: boolean) => {
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
    const { polls, late } = reserved.previous
    const lesson: Lesson = ready ? { ready, step: late === true ? null : polls } : { ready, step: polls }
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
        nextPollAt: ready ? null : at + askAge(polls + 1, settings) - askAge(polls, settings),
        vendorWords: null,
        lesson,
      }),
    )
    return reserved.batchId
  }
  return { ...bench, accept, ask, batches }
}

const ages = [0, 1, 2, 3].map((step) => askAge(step, settings))

test('what one batch shows moves those that were not asked yet, but for the oldest, and those that come later', async () => {
  const { ask, accept } = await accepted(4)
  expect(asks()).toEqual([ages[0], ages[0], ages[0], ages[0]])
  await ask(start + first, false)
  expect(asks()).toEqual([ages[1], ages[0], ages[1], ages[1]])
  await ask(start + first, false)
  await accept()
  expect(asks()).toEqual([ages[1], ages[1], ages[1], ages[1], ages[1]])
})

test('a batch that is ready earlier moves the others back', async () => {
  const { ask } = await accepted(4)
  await ask(start + first, false)
  await ask(start + first, true)
  expect(asks()).toEqual([ages[1], null, ages[0], ages[0]])
})

test('a batch that is stuck moves nobody once a younger one was ready', async () => {
  const { ask, batches, accept } = await accepted(3)
  const [oldest] = batches
  expect(await ask(start + first, false)).toBe(oldest?.batchId)
  await ask(start + first, true)
  await ask(start + first, true)
  await accept()
  expect(await ask(start + first, true)).not.toBe(oldest?.batchId)
  expect(await ask(start + (ages[1] ?? 0), false)).toBe(oldest?.batchId)
  await accept()
  expect(asks().at(-1)).toBe(ages[0])
})

test('a call that the budget held up shows that its batch is ready, not by when', async () => {
  const { ask, accept } = await accepted(2)
  await ask(start + first, false)
  await ask(start + first, false)
  await ask(start + 3 * 3_600_000, true)
  await accept()
  expect(asks().at(-1)).toBe(ages[1])
})

test('one batch of fifty is asked one call earlier, to see whether the vendor has become faster', async () => {
  const { ask, accept } = await accepted(49)
  await ask(start + first, false)
  await accept()
  await accept()
  await accept()
  expect(asks().slice(-3)).toEqual([ages[1], ages[0], ages[1]])
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
  // The first had been asked once, the last was to begin with the second call: both wait for that one.
  const wait = (ages[1] ?? 0) - (ages[0] ?? 0)
  expect(asks()).toEqual([now - start + wait, now - start + first, now - start + wait])
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
  expect(start + last - at).toBeGreaterThan(settings.longestPollMilliseconds / 2)
})
