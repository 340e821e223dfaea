/** The pace of a connection without a vendor: every end of every call is written straight into the history. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AttemptResult, Database, Reservation } from '../../../src/main/core/ports.ts'
import type { ConnectionId } from '../../../src/shared/model/ids.ts'
import {
  addConnection,
  addDraft,
  ended,
  erase,
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

async function stopOf(connectionId: ConnectionId) {
  return must(await database.storedConnection(connectionId)).connection.stopped
}

function paceOf(connectionId: ConnectionId): unknown {
  const [row] = scan(
    place.folder,
    'SELECT pace, unclear_calls AS inARow, hold_until AS holdUntil FROM connection WHERE id = ?',
    connectionId,
  )
  return row
}

async function inputOf(connectionId: ConnectionId) {
  const { connection, secretReference } = must(await database.storedConnection(connectionId))
  const { vendor, environment, isSandbox, origin, clientId, accountId, accountName, windows, margin, settings } =
    connection
  const own = { vendor, environment, isSandbox, origin, clientId, accountId, accountName, windows, margin, settings }
  return { ...own, secretReference, secretSavedAt: start, now: start }
}

type End = Partial<Pick<AttemptResult, 'stage' | 'httpStatus'>>
const outage = 'See whether the vendor, or a proxy or firewall on the way, has an outage, and wait until it is over.'
const slow = 'Where the vendor is only slow, raise the time-out in the connection’s settings.'
const resume =
  'Then resume the connection here: one call is tried first, and the queue goes on once one has gone through.'

test.each<Readonly<{ what: string; end: End; words: string; steps: readonly string[] }>>([
  {
    what: 'a server error',
    end: { stage: 'body', httpStatus: 503 },
    words: 'was answered with 503, which says neither yes nor no',
    steps: [outage, resume],
  },
  {
    what: 'a time-out, or a cut before the answer',
    end: { stage: 'sent', httpStatus: null },
    words: 'was sent whole and got no answer',
    steps: [outage, slow, resume],
  },
  {
    what: 'a cut in the answer',
    end: { stage: 'headers', httpStatus: 200 },
    words: 'got an answer (200) that was cut off',
    steps: [outage, slow, resume],
  },
  {
    what: 'an answer without a request id',
    end: { stage: 'body', httpStatus: 200 },
    words: 'was answered with 200, which says neither yes nor no',
    steps: [outage, resume],
  },
])(
  'erase calls in a row that end with $what slow one connection down and stop it, once; another of the account goes on',
  async ({ end, words, steps }) => {
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
    const { accountId } = first
    const reserve = async (now: number): Promise<Reservation> =>
      must(await database.reserveCall({ ...moment(now), accountId, epoch, jti: `jti-${now}`, allowErase: true }))
    const fail = async (reserved: Reservation, now: number) => {
      const result = ended(erase(reserved).attemptId, epoch, now, { ending: 'outcome unknown', ...end })
      must(await database.finishErase(result, { kind: 'outcome unknown', words: 'No yes and no no.' }))
    }

    // At full speed calls leave side by side; after an unclear one, one by one.
    const [one, two] = [await reserve(start), await reserve(start + 1)]
    await fail(one, start + 2)
    expect((await reserve(start + 3)).kind).toBe('idle')
    await fail(two, start + 4)
    expect(await reserve(start + 5)).toEqual({ kind: 'wait', until: start + 4 + 5_000 })

    const { standstill } = must(await database.read('getRequest', { requestId: broken }, start))
    expect(standstill).toBe(
      'The last 2 calls of the connection got no yes or no from the vendor. Calls leave one at a time, with longer pauses; if it stays so, the connection stops.',
    )

    // The wait is this connection's alone.
    const free = await addDraft(database, place.folder, other, 1)
    await sendDraft(database, free)
    expect(await reserve(start + 6)).toMatchObject({ kind: 'erase', requestId: free })

    await fail(await reserve(start + 5_004), start + 5_010)
    await fail(await reserve(start + 15_010), start + 15_020)
    expect(await stopOf(first.id)).toBeNull()
    expect((await reserve(start + 35_000)).kind).toBe('wait')
    await fail(await reserve(start + 35_020), start + 35_030)
    expect(await stopOf(first.id)).toEqual({
      at: start + 35_030,
      title: '5 calls in a row got no yes or no from the vendor',
      explanation: `They ended so over more than 30 s; the last one ${words}. An erase call that ends so leaves its batch waiting for a decision, since it may have taken effect all the same; to go on would only make more of them.`,
      steps,
      vendorWords: null,
    })
    expect((await reserve(start + 100_000)).kind).toBe('idle')

    // Resumed, one call is tried: another that is unclear stops it at once, an answer sets the queue free.
    must(await database.resumeConnection({ connectionId: first.id, now: start + 100_001 }))
    const trial = await reserve(start + 100_002)
    expect((await reserve(start + 100_003)).kind).toBe('idle')
    await fail(trial, start + 100_004)
    expect(await stopOf(first.id)).toMatchObject({
      title: 'The vendor still gives no yes or no to a call',
      explanation: `The one call that was tried after the connection was resumed ${words}.`,
    })
    must(await database.resumeConnection({ connectionId: first.id, now: start + 100_005 }))
    const good = erase(await reserve(start + 100_006))
    const accepted = { kind: 'accepted', vendorRequestId: 'eud-1', nextPollAt: start + 1e9 } as const
    must(await database.finishErase(ended(good.attemptId, epoch, start + 100_007), accepted))
    expect([(await reserve(start + 100_008)).kind, (await reserve(start + 100_009)).kind]).toEqual(['erase', 'erase'])
  },
)

/** A request of which one batch is with the vendor and the rest is paused, and short ways to ask about it. */
async function askedAbout(unsent: number) {
  const driven = await sending(database, place.folder, 1 + unsent, { perCall: 1 })
  const { connection, requestId, epoch } = driven
  await driven.accept(start, start + 10)
  /** One status call, answered or not; the next is due at once. */
  async function ask(now: number, ending: 'answered' | 'no answer'): Promise<void> {
    must(await database.pollNow({ requestId, now }))
    const { attemptId } = poll(
      must(
        await database.reserveCall({
          ...moment(now),
          accountId: connection.accountId,
          epoch,
          jti: `jti-ask-${now}`,
          allowErase: false,
        }),
      ),
    )
    const isAnswered = ending === 'answered'
    const stage = isAnswered ? 'body' : 'sent'
    const result = ended(attemptId, epoch, now, { ending, stage, httpStatus: isAnswered ? 200 : null })
    const digest = { digest: 'the same', quietSince: start, changes: [], strangers: [], finished: false }
    must(
      await database.finishPoll(
        result,
        isAnswered
          ? { kind: 'answer', ...digest, nextPollAt: now + 1e9, vendorWords: null }
          : { kind: 'again', nextPollAt: now + 1e9, words: 'No answer came within 60 seconds.' },
      ),
    )
  }
  return { ...driven, ask }
}

test('status calls in a row without an answer stop the connection in the same way', async () => {
  const { connection, ask } = await askedAbout(0)
  const times = [100, 200, 5_200, 15_200, 35_200]
  for (const later of times.slice(0, 4)) await ask(start + later, 'no answer')
  expect(await stopOf(connection.id)).toBeNull()
  await ask(start + 35_200, 'no answer')
  expect(await stopOf(connection.id)).toMatchObject({
    title: '5 calls in a row got no yes or no from the vendor',
    explanation:
      'They ended so over more than 30 s; the last one was sent whole and got no answer. They asked about batches, which stay accepted; to go on would only spend the limits.',
  })
})

test('where status calls are answered in between, those without an answer are not in a row, whatever is unsent', async () => {
  const { connection, ask } = await askedAbout(3)
  for (let hour = 1; hour <= 8; hour += 1) {
    await ask(start + hour * 3_600_000, 'no answer')
    await ask(start + hour * 3_600_000 + 60_000, 'answered')
  }
  expect(await stopOf(connection.id)).toBeNull()
  expect(paceOf(connection.id)).toEqual({ pace: 'full', inARow: 0, holdUntil: 0 })
})

test('erase calls without an answer are counted on, however well the vendor answers status calls', async () => {
  const { connection, ask, cut } = await askedAbout(9)
  await cut(start + 100)
  await ask(start + 200, 'answered')
  expect(paceOf(connection.id)).toMatchObject({ pace: 'one by one', inARow: 1 })
  await cut(start + 300)
  await ask(start + 5_300, 'no answer')
  expect(paceOf(connection.id)).toMatchObject({ inARow: 3 })
  // The answer takes back the status call alone.
  await ask(start + 15_300, 'answered')
  expect(paceOf(connection.id)).toMatchObject({ pace: 'one by one', inARow: 2 })
  await cut(start + 15_400)
  await cut(start + 25_400)
  expect(await stopOf(connection.id)).toBeNull()
  await cut(start + 45_400)
  expect(await stopOf(connection.id)).toMatchObject({ title: '5 calls in a row got no yes or no from the vendor' })
})

test('a resumed connection is tried until an erase call goes through: answers to status calls do not set it free', async () => {
  const { connection, ask, cut } = await askedAbout(9)
  for (const later of [100, 200, 5_200, 15_200, 35_200]) await cut(start + later)
  must(await database.resumeConnection({ connectionId: connection.id, now: start + 40_000 }))
  await ask(start + 40_100, 'answered')
  expect(paceOf(connection.id)).toEqual({ pace: 'trial', inARow: 0, holdUntil: 0 })
})
