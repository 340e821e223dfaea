/**
 * Every fault that may meet a call to Kore.ai of the real engine, on its way to the sandbox, has its one outcome: in the
 * history, on screen, in the budget, and in the vendor's own ledger. All of them run beside one another; each test is
 * about one.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import { expectLedgerMatches } from '../../../support/ledger.ts'
import type { WatchedRun } from '../bench.ts'
import { cutOff, notSent } from '../common-cases.ts'
import { eraseOutcomes, lookUpOutcomes, statusOutcomes } from '../outcomes.ts'
import {
  attemptsOf,
  endingsOfTaken,
  expectEnd,
  expectErase,
  expectHold,
  expectTest,
  isDone,
  isSettled,
  numbered,
  playAll,
  playErase,
  playStatus,
  playTest,
  takenTwice,
  timesMade,
  titled,
  type Numbered,
  type Play,
  type Played,
  wronglyLetThrough,
} from '../play.ts'
import { eraseCases } from './erase-cases.ts'
import { lookUpCases } from './look-up-cases.ts'
import { statusCases } from './status-cases.ts'
import { testCases } from './test-cases.ts'

const people = (label: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${label}-${index + 1}@example.org`)

const erasing = numbered(
  'erase',
  [...notSent, ...cutOff, ...eraseCases.flatMap(({ cases }) => cases)],
  ({ identifiers: inCall = 2 }, label) => ({
    identifiers: people(label, inCall + 1),
    settings: { identifiersPerCall: inCall, firstPollMilliseconds: 600_000 },
  }),
)
const asking = numbered('status', statusCases, ({ times = 1 }, label) => ({
  identifiers: people(label, 2),
  times,
  settings: { firstPollMilliseconds: 500, longestPollMilliseconds: 1000, quietMilliseconds: 600_000 },
}))
const lookingUp = numbered('look-up', lookUpCases, ({ times = 1 }, label) => ({
  identifiers: people(label, 2),
  times,
  settings: { lookUpFirst: true, firstPollMilliseconds: 500, longestPollMilliseconds: 1000 },
}))
const testing = numbered('test', testCases, () => ({}))

function playLookUp({ run }: Numbered<unknown>): Play {
  const play = async (watched: WatchedRun) => {
    const first = await watched.untilEnd('look-up')
    if (run.times === 1) await watched.cure()
    await watched.untilEnd('status', (end) => isDone(end) && isSettled(end))
    return { first }
  }
  return { run, play }
}

const held: { played?: Played } = {}

beforeAll(async () => {
  held.played = await playAll(
    [...erasing.map(playErase), ...asking.map(playStatus), ...lookingUp.map(playLookUp), ...testing.map(playTest)],
    { vendor: 'kore' },
  )
  // A case that does not go on says so before this: see the bench.
}, 120_000)

function played(): Played {
  if (held.played === undefined) throw new Error('Nothing was played')
  return held.played
}

describe('an erase call', () => {
  test.each(titled(erasing))('%s', (_, { one, run }) => {
    const expected = eraseOutcomes[one.outcome]
    expect(played().firstOf(run).attempt.ending).toBe(expected.ending)
    expectErase(played(), one, run, expected)
  })
})

describe('a status call', () => {
  test.each(titled(asking))('%s', (_, { one, run }) => {
    const first = played().firstOf(run)
    const expected = statusOutcomes[one.outcome]
    expect(first.attempt.ending).toBe(expected.ending)
    expectEnd(one, run, first)
    expectHold(played(), first, run, one.hold ?? 0)
    expect(first.detail.counts).toEqual({ [expected.state]: 2 })
    expect(first.detail.nextPollAt === null).toBe(expected.state === 'erased')
    expect(played().record.states[run.label]).toEqual([expected.finally, expected.finally])
    expect(attemptsOf(played(), run, 'status')[0]?.counts).toBe(expected.counts)
    // No doubt about an answer sends anybody again.
    expect(attemptsOf(played(), run, 'erase')).toHaveLength(1)
  })
})

describe('a look-up', () => {
  test.each(titled(lookingUp))('%s', (_, { one, run }) => {
    const first = played().firstOf(run)
    const expected = lookUpOutcomes[one.outcome]
    expect(first.attempt.ending).toBe(expected.ending)
    expectEnd(one, run, first)
    expectHold(played(), first, run, one.hold ?? 0)
    expect(first.detail.counts).toEqual({ [expected.state]: 2 })
    expect(first.detail.waitingGroups).toEqual([])
    expect(played().record.states[run.label]).toEqual([expected.finally, expected.finally])
    const lookUps = attemptsOf(played(), run, 'look-up')
    expect(lookUps[0]?.counts).toBe(expected.counts)
    expect(timesMade(lookUps)).toBe(expected.lookUps)
    expect(attemptsOf(played(), run, 'erase').map(({ ending }) => ending)).toEqual(['accepted'])
  })
})

describe('a connection test', () => {
  test.each(titled(testing))('%s', (_, { one, run }) => {
    expect(played().testOf(run).verdict).toBe(one.verdict)
    expectTest(played(), one, run)
  })
})

describe('the vendor’s ledger', () => {
  test('holds no call that the journal does not, and none that is recorded as never sent', () => {
    const { ledger, journal } = played().record
    expect(ledger.length).toBeGreaterThan(erasing.length)
    expectLedgerMatches({ ledgerEntries: ledger, attempts: journal })
  })

  test('whatever took effect was accepted or is in doubt: nobody in it was queued again by itself', () => {
    expect(endingsOfTaken(played())).toEqual(new Set(['accepted', 'outcome unknown']))
    expect(takenTwice(played())).toEqual([])
  })

  test('shows what a fault let through: the faults really were where they say', () => {
    expect(wronglyLetThrough(played(), 'erase', erasing)).toEqual([])
  })
})
