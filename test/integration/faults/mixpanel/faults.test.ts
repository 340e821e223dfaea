/**
 * Every fault that may meet a call to Mixpanel of the real engine, on its way to the sandbox, has its one outcome: in the
 * history, on screen, in the budget, and in the vendor's own ledger. All of them run beside one another; each test is
 * about one.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import { expectLedgerMatches } from '../../../support/ledger.ts'
import type { WatchedRun } from '../bench.ts'
import { cutOff, notSent } from '../common-cases.ts'
import { eraseOutcomes, statusOutcomes } from '../outcomes.ts'
import {
  attemptsOf,
  endingsOfTaken,
  expectEnd,
  expectErase,
  expectHold,
  expectTest,
  numbered,
  playAll,
  playErase,
  playStatus,
  playTest,
  takenTwice,
  timesMade,
  titled,
  type Play,
  type Played,
  wronglyLetThrough,
} from '../play.ts'
import type { CallEnd } from '../watch.ts'
import { cancelCases } from './cancel-cases.ts'
import { copyCases, copyStatusCases } from './copy-cases.ts'
import { eraseCases } from './erase-cases.ts'
import { cancelOutcomes, copyOutcomes, copyStatusOutcomes } from './outcomes.ts'
import { statusCases } from './status-cases.ts'
import { testCases } from './test-cases.ts'

const day = 86_400_000
const later = { firstPollMilliseconds: 600_000 }
const soon = { firstPollMilliseconds: 500, longestPollMilliseconds: 1000 }
const people = (label: string, count: number) => Array.from({ length: count }, (_, index) => `${label}-${index + 1}`)

const erasing = numbered(
  'erase',
  [...notSent, ...cutOff, ...eraseCases.flatMap(({ cases }) => cases)],
  ({ identifiers: inCall = 2, inConflict = false }, label) => ({
    identifiers: inConflict
      ? [`sandbox-in-running-task-${label}`, ...people(label, inCall)]
      : people(label, inCall + 1),
    settings: { ...later, identifiersPerCall: inCall },
  }),
)
const cancelling = numbered('cancel', cancelCases, (_, label) => ({ identifiers: people(label, 2), settings: later }))
const asking = numbered('status', statusCases, ({ times = 1 }, label) => ({
  identifiers: people(label, 2),
  times,
  settings: soon,
}))
const copying = numbered('retrieve', copyCases, (_, label) => ({ identifiers: people(label, 2), settings: soon }))
const askingForCopies = numbered('retrieval status', copyStatusCases, ({ times = 1 }, label) => ({
  identifiers: people(label, 2),
  times,
  settings: soon,
}))
const testing = numbered('test', testCases, () => ({}))

/** The task is taken back; then the fault is gone, and what comes of it by itself is waited for. */
function playCancel({ run, one }: (typeof cancelling)[number]): Play {
  const { finally: last } = cancelOutcomes[one.outcome]
  const play = async (watched: WatchedRun) => {
    await watched.untilEnd('erase')
    await watched.takeBack()
    const first = await watched.untilEnd('cancel')
    await watched.cure()
    const isRevoked = ({ detail: { counts } }: CallEnd) => counts.revoked === 2
    if (last === 'revoked') await watched.untilEnd('cancel', isRevoked)
    else await watched.untilEnd('status')
    return { first }
  }
  return { run, play }
}

function playCopy({ run, one }: (typeof copying)[number]): Play {
  const play = async (watched: WatchedRun) => {
    const first = await watched.untilEnd('retrieve')
    await watched.cure()
    if (copyOutcomes[one.outcome].finally === 'ready') await watched.untilEnd('retrieval status', isReady)
    return { first }
  }
  return { run, play }
}

function playCopyStatus({ run, one }: (typeof askingForCopies)[number]): Play {
  const { finally: last } = copyStatusOutcomes[one.outcome]
  const play = async (watched: WatchedRun) => {
    const first = await watched.untilEnd('retrieval status')
    if (run.times === 1) await watched.cure()
    await watched.untilEnd('retrieval status', last === 'ready' ? isReady : hasFailed)
    return { first }
  }
  return { run, play }
}

const isReady = ({ copies }: CallEnd) => copies[0]?.status === 'ready'
const hasFailed = ({ copies }: CallEnd) => copies[0]?.status === 'failed'

const held: { waiting?: Played; quick?: Played } = {}

// Tasks that wait for as long as a test needs to take them back, and tasks that are done at once.
beforeAll(async () => {
  held.waiting = await playAll([...erasing.map(playErase), ...cancelling.map(playCancel), ...testing.map(playTest)], {
    vendor: 'mixpanel',
    pendingMilliseconds: day,
  })
  held.quick = await playAll(
    [...asking.map(playStatus), ...copying.map(playCopy), ...askingForCopies.map(playCopyStatus)],
    { vendor: 'mixpanel' },
  )
}, 180_000)

function played(which: keyof typeof held): Played {
  const it = held[which]
  if (it === undefined) throw new Error('Nothing was played')
  return it
}

describe('a call that creates a deletion', () => {
  test.each(titled(erasing))('%s', (_, { one, run }) => {
    const expected = eraseOutcomes[one.outcome]
    expect(played('waiting').firstOf(run).attempt.ending).toBe(expected.ending)
    expectErase(played('waiting'), one, run, expected)
  })

  test('in conflict, follows the task that names its identifier, and the others go by themselves', () => {
    const inConflict = erasing.filter(({ one }) => one.inConflict)
    expect(inConflict).not.toEqual([])
    for (const { run } of inConflict) {
      const { batches } = played('waiting').firstOf(run)
      expect(batches.map(({ status, adopted, size }) => [status, adopted, size])).toEqual([
        ['resolved', false, 2],
        ['accepted', true, 1],
        ['queued', false, 1],
      ])
    }
  })
})

describe('a status call', () => {
  test.each(titled(asking))('%s', (_, { one, run }) => {
    const first = played('quick').firstOf(run)
    const expected = statusOutcomes[one.outcome]
    expect(first.attempt.ending).toBe(expected.ending)
    expectEnd(one, run, first)
    expectHold(played('quick'), first, run, one.hold ?? 0)
    expect(first.detail.counts).toEqual({ [expected.state]: 2 })
    expect(played('quick').record.states[run.label]).toEqual([expected.finally, expected.finally])
    expect(attemptsOf(played('quick'), run, 'status')[0]?.counts).toBe(expected.counts)
    // No doubt about an answer sends anybody again.
    expect(attemptsOf(played('quick'), run, 'erase')).toHaveLength(1)
  })
})

describe('a call that takes a deletion back', () => {
  test.each(titled(cancelling))('%s', (_, { one, run, fault }) => {
    const first = played('waiting').firstOf(run)
    const expected = cancelOutcomes[one.outcome]
    expect(first.attempt.ending).toBe(expected.ending)
    expectEnd(one, run, first)
    expectHold(played('waiting'), first, run, one.hold ?? 0)
    expect(first.detail.counts).toEqual({ [expected.state]: 2 })
    expect(first.batches.map(({ cancelAsked }) => cancelAsked)).toEqual([expected.wish])
    const reached = fault.kind === 'answer' && fault.reachesVendor
    const asItIs = reached ? 'revoked' : 'accepted'
    const last = expected.finally === 'as it is' ? asItIs : expected.finally
    expect(played('waiting').record.states[run.label]).toEqual([last, last])
    const made = attemptsOf(played('waiting'), run, 'cancel')
    expect(made[0]?.counts).toBe(expected.counts)
    // What is in doubt is not asked for again by itself: the next status call shows what became of it.
    expect(timesMade(made)).toBe(expected.wish ? 2 : 1)
  })
})

describe('a call that asks for a copy', () => {
  test.each(titled(copying))('%s', (_, { one, run }) => {
    const first = played('quick').firstOf(run)
    const expected = copyOutcomes[one.outcome]
    expect(first.attempt.ending).toBe(expected.ending)
    expectEnd(one, run, first)
    expectHold(played('quick'), first, run, one.hold ?? 0)
    expect(first.copies.map(({ status }) => status)).toEqual([expected.state])
    expect(played('quick').record.copies[run.label]).toEqual([expected.finally])
    const asks = attemptsOf(played('quick'), run, 'retrieve')
    expect(asks[0]?.counts).toBe(expected.counts)
    expect(timesMade(asks)).toBe(expected.asks)
  })

  test('is made once at the vendor for every copy, whatever became of the answer', () => {
    const { ledger } = played('quick').record
    const made = ledger.filter(({ call, tookEffect }) => call === 'retrieve' && tookEffect)
    const names = made.flatMap(({ identifiers }) => identifiers.map(String))
    expect(made.length).toBeGreaterThan(0)
    expect(new Set(names).size).toBe(names.length)
  })
})

describe('a call that asks about a copy', () => {
  test.each(titled(askingForCopies))('%s', (_, { one, run }) => {
    const first = played('quick').firstOf(run)
    const expected = copyStatusOutcomes[one.outcome]
    expect(first.attempt.ending).toBe(expected.ending)
    expectEnd(one, run, first)
    expectHold(played('quick'), first, run, one.hold ?? 0)
    expect(first.copies.map(({ status }) => status)).toEqual([expected.state])
    expect(played('quick').record.copies[run.label]).toEqual([expected.finally])
    expect(attemptsOf(played('quick'), run, 'retrieval status')[0]?.counts).toBe(expected.counts)
    expect(attemptsOf(played('quick'), run, 'retrieve')).toHaveLength(1)
  })
})

describe('a connection test', () => {
  test.each(titled(testing))('%s', (_, { one, run }) => {
    expect(played('waiting').testOf(run).verdict).toBe(one.verdict)
    expectTest(played('waiting'), one, run)
  })
})

describe('the vendor’s ledger', () => {
  test('holds no call that the journal does not, and none that is recorded as never sent', () => {
    for (const which of ['waiting', 'quick'] as const) {
      const { ledger, journal } = played(which).record
      expect(ledger.length).toBeGreaterThan(0)
      expectLedgerMatches({ ledgerEntries: ledger, attempts: journal })
    }
  })

  test('whatever took effect was accepted or is in doubt: nobody in it was queued again by itself', () => {
    expect(endingsOfTaken(played('waiting'))).toEqual(new Set(['accepted', 'outcome unknown']))
    expect(takenTwice(played('waiting'))).toEqual([])
  })

  test('shows what a fault let through: the faults really were where they say', () => {
    expect(wronglyLetThrough(played('waiting'), 'erase', erasing)).toEqual([])
    expect(wronglyLetThrough(played('waiting'), 'cancel', cancelling)).toEqual([])
    expect(wronglyLetThrough(played('quick'), 'retrieve', copying)).toEqual([])
  })
})
