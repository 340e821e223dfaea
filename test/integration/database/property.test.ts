/** Random sequences of commands, with crashes between them: whatever happens, the history tells the truth. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { commands } from '../../../src/main/adapters/database/commands/index.ts'
import type { History } from '../../../src/main/adapters/database/history.ts'
import { openHistory } from '../../../src/main/adapters/database/open-history.ts'
import { all } from '../../../src/main/adapters/database/sql.ts'
import type {
  AttemptResult,
  CancelOutcome,
  DeliveryChange,
  EraseOutcome,
  LookUpOutcome,
  PollOutcome,
  ReservedCancel,
  ReservedErase,
  ReservedLookUp,
  ReservedPoll,
} from '../../../src/main/core/ports.ts'
import type { AccountId, BatchId, ConnectionId, IdentifierId, RequestId } from '../../../src/shared/model/ids.ts'
import type { Decision } from '../../../src/shared/model/request.ts'
import { identifierStates, mayBecome, type IdentifierState } from '../../../src/shared/model/state.ts'
import { checkHistory, checkSteps, statesById } from './invariants.ts'
import { addConnection, addDraft, ended, key, must, openIn, sendDraft, start, temporaryFolder } from './support.ts'

const identifiersPerRequest = 7
const callsPerMinute = 8
/** Where a followed task was revoked, its identifiers are queued again within the same command. */
const viaRevoked = [['accepted', 'queued']] as const

type Step = Readonly<{ kind: (typeof kindsWithTasks)[number]; pick: number; choice: number; minutes: number }>
const kinds = [
  'reserve',
  'reserve',
  'finish',
  'finish',
  'decide',
  'decide',
  'pause',
  'cancel',
  'poll',
  'crash',
] as const
/** Besides, where the vendor has tasks that may be in conflict and may be taken back. */
const kindsWithTasks = [...kinds, 'reserve', 'finish', 'take back'] as const

function stepOf(possible: readonly Step['kind'][]): fc.Arbitrary<Step> {
  return fc.record({
    kind: fc.constantFrom(...possible),
    pick: fc.nat(1000),
    choice: fc.nat(1000),
    // Below nought the clock is set back.
    minutes: fc.integer({ min: -1, max: 4 }),
  })
}

type World = {
  readonly history: History
  readonly accountId: AccountId
  readonly connectionId: ConnectionId
  readonly requests: readonly RequestId[]
  readonly tasks: boolean
  epoch: number
  now: number
  steady: number
  calls: number
  underWay: (ReservedErase | ReservedLookUp | ReservedPoll | ReservedCancel)[]
}

function from<T>(items: readonly T[], pick: number): T {
  const item = items[pick % items.length]
  if (item === undefined) throw new Error('Nothing to pick from')
  return item
}

function reserve(world: World): void {
  world.calls += 1
  const { accountId, epoch, now, steady, history } = world
  const input = { accountId, epoch, now, steady, jti: `jti-${world.calls}`, allowErase: true }
  const reservation = must(commands.reserveCall(history, input) as Awaited<ReturnType<typeof commands.reserveCall>>)
  if (reservation.kind === 'wait' || reservation.kind === 'idle') return
  if (reservation.kind === 'retrieve' || reservation.kind === 'retrieval status')
    throw new Error('Nobody asked for a copy')
  world.underWay.push(reservation)
  const [spent] = all<{ count: number }>(
    history.sql,
    'SELECT count(*) AS count FROM attempt WHERE spent_from > ?',
    now - 60_000,
  )
  expect(spent?.count, 'calls in the shortest window').toBeLessThanOrEqual(callsPerMinute)
}

async function finish(world: World, { pick, choice }: Step): Promise<void> {
  if (world.underWay.length === 0) return
  const call = from(world.underWay, pick)
  world.underWay = world.underWay.filter(({ attemptId }) => attemptId !== call.attemptId)
  if (call.kind === 'erase') return void must(await finishErase(world, call, choice))
  if (call.kind === 'look-up') return void must(await finishLookUp(world, call, choice))
  if (call.kind === 'cancel') return void must(await finishCancel(world, call, choice))
  must(await finishPoll(world, call, choice))
}

function finishErase(world: World, call: ReservedErase, choice: number) {
  const { now, steady } = world
  const outcomes: readonly (readonly [AttemptResult['ending'], EraseOutcome])[] = [
    ['accepted', { kind: 'accepted', vendorRequestId: `eud-${call.batchId}`, nextPollAt: now + 60_000 }],
    ['accepted', { kind: 'accepted', vendorRequestId: `eud-${call.batchId}`, nextPollAt: now }],
    ['rate limited', { kind: 'queue again', notBefore: now + 60_000, accountHoldUntil: now + 60_000 }],
    ['not sent', { kind: 'queue again', notBefore: now }],
    [
      'stopped the line',
      { kind: 'stop the line', cause: { at: now, title: 't', explanation: 'e', steps: [], vendorWords: null } },
    ],
    ['rejected', { kind: 'rejected', words: 'no' }],
    ['too large', { kind: 'rejected', words: 'too large' }],
    ['rejected', { kind: 'refused', words: 'no' }],
    ['outcome unknown', { kind: 'outcome unknown', words: 'cut' }],
  ]
  const conflict = conflictOf(call, choice)
  const [ending, outcome] =
    world.tasks && choice % 3 !== 0 && conflict !== null ? (['rejected', conflict] as const) : from(outcomes, choice)
  const vendorWords = 'words' in outcome ? outcome.words : null
  const httpStatus = ending === 'outcome unknown' && choice % 2 === 0 ? 503 : 200
  const neverCounted = ending === 'not sent'
  const result = ended(call.attemptId, world.epoch, now, { steady, ending, vendorWords, httpStatus, neverCounted })
  return commands.finishErase(world.history, result, outcome)
}

/** Some of the call's identifiers are in one to three tasks; null: none is. */
function conflictOf({ identifiers }: ReservedErase, choice: number): EraseOutcome | null {
  const positions = identifiers.map(({ position }) => position).filter((position) => (choice + position) % 3 !== 1)
  // Of few, so that a task is met again.
  const tasks = Array.from({ length: 1 + (choice % 3) }, (_, index) => `task-${(choice + index) % 4}`)
  return positions.length === 0 ? null : { kind: 'conflict', positions, vendorRequestIds: tasks, words: 'in conflict' }
}

function finishCancel(world: World, call: ReservedCancel, choice: number) {
  const { now, steady } = world
  const outcomes: readonly (readonly [AttemptResult['ending'], CancelOutcome])[] = [
    ['answered', { kind: 'cancelled', words: null }],
    ['answered', { kind: 'too late' }],
    ['no answer', { kind: 'no answer' }],
    ['rate limited', { kind: 'again', notBefore: now, accountHoldUntil: now + 60_000 }],
    [
      'stopped the line',
      { kind: 'stop the line', cause: { at: now, title: 't', explanation: 'e', steps: [], vendorWords: null } },
    ],
  ]
  const [ending, outcome] = from(outcomes, choice)
  const httpStatus = ending === 'no answer' && choice % 2 === 0 ? 503 : 200
  return commands.finishCancel(
    world.history,
    ended(call.attemptId, world.epoch, now, { steady, ending, httpStatus }),
    outcome,
  )
}

/** The operator wants a batch taken back; refused where it is not ours, or not with the vendor. */
async function takeBack({ history, now }: World, requestId: RequestId, pick: number): Promise<void> {
  const batches = all<{ id: BatchId }>(history.sql, 'SELECT id FROM batch WHERE request_id = ? ORDER BY id', requestId)
  if (batches.length === 0) return
  await commands.askToCancel(history, { requestId, batchId: from(batches, pick).id, reason: 'a reason', now })
}

function finishLookUp(world: World, call: ReservedLookUp, choice: number) {
  const { now, steady } = world
  const found = call.identifiers
    .filter((_, index) => (index + choice) % 3 !== 0)
    .map(({ identifierId }, index) => ({ identifierId, vendorId: `u-${choice}-${index}` }))
  const outcomes: readonly (readonly [AttemptResult['ending'], LookUpOutcome])[] = [
    ['answered', { kind: 'answer', found }],
    ['answered', { kind: 'answer', found: [] }],
    ['rate limited', { kind: 'again', notBefore: now, accountHoldUntil: now + 60_000 }],
    ['not sent', { kind: 'again', notBefore: now + 60_000 }],
    [
      'stopped the line',
      { kind: 'stop the line', cause: { at: now, title: 't', explanation: 'e', steps: [], vendorWords: null } },
    ],
    ['rejected', { kind: 'rejected' }],
    ['no answer', { kind: 'no answer', notBefore: now }],
  ]
  const [ending, outcome] = from(outcomes, choice)
  const httpStatus = ending === 'no answer' && choice % 2 === 0 ? 503 : 200
  const neverCounted = ending === 'not sent'
  const result = ended(call.attemptId, world.epoch, now, { steady, ending, httpStatus, neverCounted })
  return commands.finishLookUp(world.history, result, outcome)
}

function finishPoll(world: World, call: ReservedPoll, choice: number) {
  const { now, steady } = world
  const settled: readonly IdentifierState[] = ['erased', 'failed', 'refused', 'unconfirmed', 'revoked']
  const finished = choice % 3 !== 0
  const changes = call.deliveries.flatMap(({ position, identifierId, state }, index): DeliveryChange[] => {
    const next = from(settled, choice + index * (choice % 7))
    const moves = mayBecome(state, next) && (finished || index % 2 === 0)
    // A batch that is finished leaves none of its identifiers accepted.
    const last = moves ? next : finished && state === 'accepted' ? 'unconfirmed' : null
    return last === null ? [] : [{ position, identifierId, state: last, basis: 'a test', vendorWords: null }]
  })
  const unnamed = changes.filter(({ state }) => state === 'unconfirmed').length
  const outcomes: readonly PollOutcome[] = [
    {
      kind: 'answer',
      digest: `d${choice}`,
      quietSince: now,
      changes,
      named: call.deliveries.map(({ position }) => position).filter((position) => (choice + position) % 4 !== 0),
      strangers: Array.from({ length: unnamed }, (_, index) => ({ value: `u-${index}`, status: 'OK', success: true })),
      finished,
      nextPollAt: choice % 2 === 0 ? now + 60_000 : finished ? null : now,
      vendorWords: null,
    },
    { kind: 'again', nextPollAt: now + 60_000, words: null },
    {
      kind: 'vanished',
      digest: 'request not known',
      quietSince: now,
      finished: true,
      nextPollAt: choice % 2 === 0 ? now + 60_000 : null,
      changes: call.deliveries
        .filter(({ state }) => state === 'accepted')
        .map(({ position, identifierId }) => ({
          position,
          identifierId,
          state: 'unconfirmed',
          basis: 'vanished',
          vendorWords: null,
        })),
      words: 'not found',
    },
  ]
  const outcome = from(outcomes, choice % 5 < 3 ? 0 : choice)
  return commands.finishPoll(
    world.history,
    ended(call.attemptId, world.epoch, now, { steady, ending: 'answered' }),
    outcome,
  )
}

const decisions: readonly Decision[] = [
  'send again',
  'treat as sent',
  'accept as unconfirmed',
  'pair whole batch',
  'release',
  'cancel',
]
const decidedStates: readonly IdentifierState[] = identifierStates.filter((state) => state !== 'sending')

/** Any decision on any target: whatever does not fit must be refused and change nothing. */
async function decide(world: World, { pick, choice }: Step): Promise<void> {
  const requestId = from(world.requests, pick)
  const identifiers = all<{ id: IdentifierId; batch_id: BatchId | null }>(
    world.history.sql,
    `SELECT id, batch_id FROM identifier WHERE request_id = ? AND state IN (1, 5, 7, 8, 9, 10) ORDER BY id`,
    requestId,
  )
  const one = identifiers[choice % Math.max(1, identifiers.length)]
  const targets = [
    { all: true } as const,
    ...(one === undefined ? [] : [{ identifierId: one.id }]),
    ...(one === undefined || one.batch_id === null ? [] : [{ batchId: one.batch_id }]),
  ]
  for (const state of decidedStates)
    await commands.decide(world.history, {
      requestId,
      target: from(targets, choice),
      state,
      decision: from(decisions, pick + choice),
      reason: 'a reason',
      now: world.now,
    })
}

function crash(world: World): void {
  // The lock falls at death; the next sender takes it and finds what was under way.
  must(commands.releaseSenderLock(world.history) as never)
  const taken = must(commands.takeSenderLock(world.history, world) as never) as { epoch: number; recovered: number }
  expect(taken.epoch).toBe(world.epoch + 1)
  expect(taken.recovered).toBe(world.underWay.length)
  world.epoch = taken.epoch
  world.underWay = []
}

async function take(world: World, next: Step): Promise<void> {
  const requestId = from(world.requests, next.pick)
  const { history, now, connectionId } = world
  switch (next.kind) {
    case 'reserve':
      return reserve(world)
    case 'finish':
      return await finish(world, next)
    case 'decide':
      return await decide(world, next)
    case 'pause':
      // Both may be refused: the request may be closed, the connection not stopped.
      await commands.setPaused(history, { requestId, paused: next.choice % 2 === 0, now })
      await commands.resumeConnection(history, { connectionId, now })
      return
    case 'cancel':
      if (next.choice % 4 === 0) await commands.cancelUnsent(history, { requestId, reason: '', now })
      return
    case 'take back':
      return await takeBack(world, requestId, next.choice)
    case 'poll':
      await commands.pollNow(history, { requestId, now })
      return
    case 'crash':
      if (next.choice % 3 === 0) crash(world)
  }
}

async function run(
  steps: readonly Step[],
  { lookUpFirst, tasks }: Readonly<{ lookUpFirst: boolean; tasks: boolean }>,
): Promise<void> {
  const place = temporaryFolder()
  const database = await openIn(place.folder)
  const connection = await addConnection(database, { perCall: 3, calls: callsPerMinute, settings: { lookUpFirst } })
  const requests: RequestId[] = []
  for (let count = 0; count < 2; count += 1) {
    const requestId = await addDraft(database, place.folder, connection, identifiersPerRequest)
    await sendDraft(database, requestId)
    requests.push(requestId)
  }
  await database.close()
  const history = must(await openHistory({ role: 'writer', folder: place.folder, key, now: start }))
  // What is asked here is what is written, not when it reaches the disk.
  history.sql.pragma('synchronous = OFF')
  const world: World = {
    history,
    accountId: connection.accountId,
    connectionId: connection.id,
    requests,
    tasks,
    epoch: 0,
    now: start,
    steady: 0,
    calls: 0,
    underWay: [],
  }
  try {
    crash({ ...world, epoch: 0 })
    world.epoch = 1
    for (const next of steps) {
      world.now += next.minutes * 30_000
      world.steady += Math.max(0, next.minutes) * 30_000
      const before = statesById(history.sql)
      await take(world, next)
      checkSteps(before, statesById(history.sql), tasks ? viaRevoked : [])
      checkHistory(history.sql)
    }
  } finally {
    history.senderLock?.release()
    history.sql.close()
    place.remove()
  }
}

/**
 * The same sequences in every run, so that a failure is one of the change at hand; PROPERTY_SEED looks elsewhere. This
 * seed once found a batch that counted as resolved while two of its identifiers were still in doubt.
 */
const seed = Number(process.env['PROPERTY_SEED'] ?? 1646191899)

test.each([
  { lookUpFirst: false, tasks: false, numRuns: 12 },
  { lookUpFirst: true, tasks: false, numRuns: 6 },
  { lookUpFirst: false, tasks: true, numRuns: 12 },
])(
  'after any sequence of commands counters equal scans, every step is allowed and closed means settled; looked up first: $lookUpFirst, tasks: $tasks',
  async ({ numRuns, ...kind }) => {
    const steps = fc.array(stepOf(kind.tasks ? kindsWithTasks : kinds), { minLength: 30, maxLength: 120, size: 'max' })
    const property = fc.asyncProperty(steps, async (drawn) => await run(drawn, kind))
    // Shrinking a failure ends in time for it to be told.
    const checked = await fc.check(property, { seed, numRuns, interruptAfterTimeLimit: 100_000 })
    expect(fc.defaultReportMessage(checked) ?? 'held').toBe('held')
  },
  120_000,
)
