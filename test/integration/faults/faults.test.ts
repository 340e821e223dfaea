/**
 * Every fault that may meet a call of the real engine, on its way to the sandbox, has its one outcome: in the history,
 * on screen, in the budget, and in the vendor's own ledger. All of them run beside one another; each test is about one.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ConnectionTest } from '../../../src/shared/model/connection.ts'
import { lastsTillTimeout, type Fault } from '../../support/faults.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'
import { startFaultBench, type FaultRecord, type FaultRun } from './bench.ts'
import { eraseCases, type EraseCase } from './erase-cases.ts'
import { lookUpCases, type LookUpCase } from './look-up-cases.ts'
import { eraseOutcomes, lookUpOutcomes, statusOutcomes, type FaultCase } from './outcomes.ts'
import { statusCases, type StatusCase } from './status-cases.ts'
import { testCases } from './test-cases.ts'
import type { CallEnd } from './watch.ts'
import { inWords, limitOf } from './words.ts'

const shortLimit = 3000
const usualLimit = 30_000
/** A longer hold is not waited for: that it stands is enough. */
const longestHold = 10_000

type Numbered<Case> = Readonly<{ one: Case; fault: Fault; run: FaultRun }>
type Seen = Readonly<{ first: CallEnd } | { tested: ConnectionTest }>

const erasing = eraseCases
  .flatMap(({ cases }) => cases)
  .flatMap((one) => one.faults.map((fault) => ({ one, fault })))
  .map(({ one, fault }, index): Numbered<EraseCase> => {
    const inCall = one.identifiers ?? 2
    const settings = { identifiersPerCall: inCall, firstPollMilliseconds: 600_000 }
    return { one, fault, run: runOf(`erase-${index}`, 'erase', fault, inCall + 1, settings) }
  })

const asking = statusCases
  .flatMap((one) => one.faults.map((fault) => ({ one, fault })))
  .map(({ one, fault }, index): Numbered<StatusCase> => {
    const settings = { firstPollMilliseconds: 500, longestPollMilliseconds: 1000, quietMilliseconds: 600_000 }
    return { one, fault, run: { ...runOf(`status-${index}`, 'status', fault, 2, settings), times: one.times ?? 1 } }
  })

const lookingUp = lookUpCases
  .flatMap((one) => one.faults.map((fault) => ({ one, fault })))
  .map(({ one, fault }, index): Numbered<LookUpCase> => {
    const settings = { lookUpFirst: true, firstPollMilliseconds: 500, longestPollMilliseconds: 1000 }
    return { one, fault, run: { ...runOf(`look-up-${index}`, 'look-up', fault, 2, settings), times: one.times ?? 1 } }
  })

const testing = testCases
  .flatMap((one) => one.faults.map((fault) => ({ one, fault })))
  .map(({ one, fault }, index) => ({ one, fault, run: runOf(`test-${index}`, 'test', fault, 0, {}) }))

function runOf(
  label: string,
  call: FaultRun['call'],
  fault: Fault,
  identifiers: number,
  settings: FaultRun['settings'],
): FaultRun {
  const callTimeoutMilliseconds = lastsTillTimeout(fault) ? shortLimit : usualLimit
  return { label, call, fault, times: 1, identifiers, settings: { ...settings, callTimeoutMilliseconds } }
}

const titled = <Case extends Readonly<{ what: string }>>(runs: readonly Numbered<Case>[]) =>
  runs.map((run) => [`${run.one.what}: ${run.fault.name}`, run] as const)

let record: FaultRecord | undefined
const seen = new Map<string, Seen>()
const broken = new Map<string, unknown>()

beforeAll(async () => {
  const bench = await startFaultBench([...erasing, ...asking, ...lookingUp, ...testing].map(({ run }) => run))
  const keep = async (label: string, look: () => Promise<Seen>) => {
    try {
      seen.set(label, await look())
    } catch (error) {
      broken.set(label, error)
    }
  }
  const goesOn = (first: CallEnd) => first.hold <= longestHold
  const isDone = ({ detail: { counts } }: CallEnd) => (counts.queued ?? 0) + (counts.sending ?? 0) === 0
  const isSettled = ({ detail: { counts } }: CallEnd) => (counts.accepted ?? 0) === 0
  try {
    await Promise.all([
      ...erasing.map(({ run }) =>
        keep(run.label, async () => {
          const watched = bench.run(run.label)
          const first = await watched.untilEnd('erase')
          if (first.detail.counts.queued !== undefined) await watched.cure()
          if (goesOn(first)) await watched.untilEnd('erase', isDone)
          return { first }
        }),
      ),
      ...asking.map(({ run }) =>
        keep(run.label, async () => {
          const watched = bench.run(run.label)
          const first = await watched.untilEnd('status')
          if (run.times === 1) await watched.cure()
          if (goesOn(first)) await watched.untilEnd('status', isSettled)
          return { first }
        }),
      ),
      ...lookingUp.map(({ run }) =>
        keep(run.label, async () => {
          const watched = bench.run(run.label)
          const first = await watched.untilEnd('look-up')
          if (run.times === 1) await watched.cure()
          await watched.untilEnd('status', (end) => isDone(end) && isSettled(end))
          return { first }
        }),
      ),
      ...testing.map(({ run }) => keep(run.label, async () => ({ tested: await bench.run(run.label).test() }))),
    ])
  } finally {
    record = await bench.end()
  }
  // A case that does not go on says so before this: see the bench.
}, 120_000)

afterAll(() => {
  seen.clear()
})

function firstOf({ label }: FaultRun): CallEnd {
  if (broken.has(label)) throw broken.get(label)
  const it = seen.get(label)
  if (it === undefined || !('first' in it)) throw new Error(`${label} was not seen`)
  return it.first
}

function onRecord(): FaultRecord {
  if (record === undefined) throw new Error('Nothing is on record')
  return record
}

function attemptsOf({ label }: FaultRun, kind: FaultRun['call']) {
  return onRecord().journal.filter((row) => row.label === label && row.kind === kind)
}

/** The first call that left after this one on the same connection, and how long after; null: none did. */
function pauseAfter({ attempt }: CallEnd, { label }: FaultRun): number | null {
  const all = onRecord().journal.filter((row) => row.label === label)
  const next = all[all.findIndex(({ jti }) => jti === attempt.jti) + 1]
  return next === undefined ? null : next.reservedAt - (attempt.endedAt ?? 0)
}

/** The hold after a call, and that nothing left meanwhile; a long one is not waited for. */
function expectHold(first: CallEnd, run: FaultRun, hold: number): void {
  expect(first.hold).toBe(hold)
  const pause = pauseAfter(first, run)
  // The hold lasts on the steady clock; dates beside it are rounded.
  const kept = hold > longestHold ? pause === null : (pause ?? 0) >= hold - 2
  expect([run.fault.name, hold, pause, kept]).toEqual([run.fault.name, hold, pause, true])
}

/** The words on the attempt, the notice and the request, and how far the call got: what every case says. */
function expectEnd(one: FaultCase<string>, run: FaultRun, { attempt, stopped, detail }: CallEnd): void {
  const words = inWords(run.fault, limitOf(run))
  const said = attempt.vendorWords ?? attempt.note ?? ''
  expect(one.stages).toContain(attempt.stage)
  expect([one.says ?? ''].flat().map(words)).toContain(said)
  const notice =
    one.notice === undefined
      ? null
      : { title: words(one.notice.title), explanation: words(one.notice.explanation), steps: one.notice.steps }
  const { title, explanation, steps } = stopped ?? {}
  expect(stopped === null ? null : { title, explanation, steps }).toEqual(notice)
  const missed = `The last call did not leave. ${said} It is tried again by itself, with longer pauses.`
  expect(detail.standstill).toBe(notice?.title ?? (attempt.ending === 'not sent' ? missed : null))
}

describe('an erase call', () => {
  test.each(titled(erasing))('%s', (_, { one, run }) => {
    const first = firstOf(run)
    const expected = eraseOutcomes[one.outcome]
    const inCall = one.identifiers ?? 2
    expect(first.attempt.ending).toBe(expected.ending)
    expectEnd(one, run, first)
    expectHold(first, run, one.hold ?? 0)

    // The others were not begun yet: one call at a time.
    const counts = expected.state === 'queued' ? { queued: inCall + 1 } : { [expected.state]: inCall, queued: 1 }
    expect(first.detail.counts).toEqual(counts)
    expect(first.detail.waitingGroups.flatMap(({ decisions }) => decisions)).toEqual(expected.decisions)

    const waits = first.hold > longestHold
    const last = waits ? expected.state : expected.finally
    const others = waits ? 'queued' : 'accepted'
    expect(onRecord().states[run.label]).toEqual([...Array.from({ length: inCall }, () => last), others])
    const tries = attemptsOf(run, 'erase').filter(({ batch }) => batch === 1)
    expect(tries[0]?.counts).toBe(expected.counts)
    // What could not be reached may have been tried more than once before the fault was gone.
    const missed = tries.filter(({ ending }) => ending === 'not sent').length
    expect(tries.length - Math.max(0, missed - 1)).toBe(waits ? 1 : expected.tries)
  })
})

describe('a status call', () => {
  test.each(titled(asking))('%s', (_, { one, run }) => {
    const first = firstOf(run)
    const expected = statusOutcomes[one.outcome]
    expect(first.attempt.ending).toBe(expected.ending)
    expectEnd(one, run, first)
    expectHold(first, run, one.hold ?? 0)
    expect(first.detail.counts).toEqual({ [expected.state]: 2 })
    expect(first.detail.nextPollAt === null).toBe(expected.state === 'erased')
    expect(onRecord().states[run.label]).toEqual([expected.finally, expected.finally])
    expect(attemptsOf(run, 'status')[0]?.counts).toBe(expected.counts)
    // No doubt about an answer sends anybody again.
    expect(attemptsOf(run, 'erase')).toHaveLength(1)
  })
})

describe('a look-up', () => {
  test.each(titled(lookingUp))('%s', (_, { one, run }) => {
    const first = firstOf(run)
    const expected = lookUpOutcomes[one.outcome]
    expect(first.attempt.ending).toBe(expected.ending)
    expectEnd(one, run, first)
    expectHold(first, run, one.hold ?? 0)
    expect(first.detail.counts).toEqual({ [expected.state]: 2 })
    expect(first.detail.waitingGroups).toEqual([])
    expect(onRecord().states[run.label]).toEqual([expected.finally, expected.finally])
    const lookUps = attemptsOf(run, 'look-up')
    expect(lookUps[0]?.counts).toBe(expected.counts)
    // What could not be reached may have been tried more than once before the fault was gone.
    const missed = lookUps.filter(({ ending }) => ending === 'not sent').length
    expect(lookUps.length - Math.max(0, missed - 1)).toBe(expected.lookUps)
    expect(attemptsOf(run, 'erase').map(({ ending }) => ending)).toEqual(['accepted'])
  })
})

describe('a connection test', () => {
  test.each(titled(testing))('%s', (_, { one, run }) => {
    if (broken.has(run.label)) throw broken.get(run.label)
    const it = seen.get(run.label)
    const tested = it !== undefined && 'tested' in it ? it.tested : undefined
    const words = inWords(run.fault, limitOf(run))
    const { title, explanation, steps } = one.notice
    expect(tested).toMatchObject({ verdict: one.verdict, title: words(title), steps })
    expect([explanation].flat().map(words)).toContain(tested?.explanation)
    expect(attemptsOf(run, 'test')).toMatchObject([{ ending: one.ending, counts: one.ending !== 'not sent' }])
  })
})

describe('the vendor’s ledger', () => {
  test('holds no call that the journal does not, and none that is recorded as never sent', () => {
    const { ledger, journal } = onRecord()
    expect(ledger.length).toBeGreaterThan(erasing.length)
    expectLedgerMatches({ ledgerEntries: ledger, attempts: journal })
  })

  test('whatever took effect was accepted or is in doubt: nobody in it was queued again by itself', () => {
    const { ledger, journal } = onRecord()
    const took = ledger.filter(({ tookEffect }) => tookEffect)
    const endings = took.map(({ jti }) => journal.find((row) => row.jti === jti)?.ending)
    expect(new Set(endings)).toEqual(new Set(['accepted', 'outcome unknown']))
    const names = took.flatMap(({ identifiers }) => identifiers.map((name) => JSON.stringify(name)))
    expect(new Set(names).size).toBe(names.length)
  })

  test('shows what a fault let through: the faults really were where they say', () => {
    const { ledger, journal } = onRecord()
    for (const { run, fault } of erasing) {
      const [first] = journal.filter((row) => row.label === run.label && row.kind === 'erase')
      const reached = ledger.some(({ jti }) => jti === first?.jti)
      expect([run.label, fault.name, reached]).toEqual([
        run.label,
        fault.name,
        fault.kind === 'answer' && fault.reachesVendor,
      ])
    }
  })
})
