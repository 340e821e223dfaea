/** Plays every fault of a list beside the others, and gives what was seen of it; what every test of a call then holds. */
import { expect } from 'vitest'
import type { ConnectionSettings, ConnectionTest } from '../../../src/shared/model/connection.ts'
import type { IdentifierState } from '../../../src/shared/model/state.ts'
import { lastsTillTimeout, type Fault } from '../../support/faults.ts'
import {
  startFaultBench,
  type BenchChoices,
  type FaultRecord,
  type FaultRun,
  type JournalRow,
  type WatchedRun,
} from './bench.ts'
import type { EraseCase, EraseOutcome, FaultCase, TestCase } from './outcomes.ts'
import type { CallEnd } from './watch.ts'
import { inWords, limitOf } from './words.ts'

const shortLimit = 3000
const usualLimit = 30_000
/** A longer hold is not waited for: that it stands is enough. */
const longestHold = 10_000

/** One fault of one case, and its run. */
export type Numbered<Case> = Readonly<{ one: Case; fault: Fault; run: FaultRun }>
type Seen = Readonly<{ first: CallEnd } | { tested: ConnectionTest }>
/** What is to be done with a run; gives what is looked at later. */
export type Play = Readonly<{ run: FaultRun; play: (watched: WatchedRun) => Promise<Seen> }>

/** Everything there is to know once all of them have been played. */
export type Played = Readonly<{
  record: FaultRecord
  /** What the history said when the call that met the fault had ended; throws where the run did not go on. */
  firstOf: (run: FaultRun) => CallEnd
  testOf: (run: FaultRun) => ConnectionTest
}>

type RunChoices = Readonly<{ settings?: Partial<ConnectionSettings>; times?: number; identifiers?: readonly string[] }>

/** A run for every fault of every case. */
export function numbered<Case extends Readonly<{ faults: readonly Fault[] }>>(
  call: FaultRun['call'],
  cases: readonly Case[],
  choicesFor: (one: Case, label: string) => RunChoices,
): readonly Numbered<Case>[] {
  return cases
    .flatMap((one) => one.faults.map((fault) => ({ one, fault })))
    .map(({ one, fault }, index) => {
      const label = `${call.replaceAll(' ', '-')}-${index}`
      const { settings, times = 1, identifiers = [] } = choicesFor(one, label)
      const callTimeoutMilliseconds = lastsTillTimeout(fault) ? shortLimit : usualLimit
      const run = { label, call, fault, times, identifiers, settings: { ...settings, callTimeoutMilliseconds } }
      return { one, fault, run }
    })
}

/** A title for each, as `test.each` takes them. */
export function titled<Case extends Readonly<{ what: string }>>(runs: readonly Numbered<Case>[]) {
  return runs.map((run) => [`${run.one.what}: ${run.fault.name}`, run] as const)
}

/** Plays all of them over one history and one engine. */
export async function playAll(plays: readonly Play[], choices: Omit<BenchChoices, 'runs'>): Promise<Played> {
  const seen = new Map<string, Seen>()
  const broken = new Map<string, unknown>()
  const bench = await startFaultBench({ ...choices, runs: plays.map(({ run }) => run) })
  const playOne = async ({ run, play }: Play) => {
    try {
      seen.set(run.label, await play(bench.run(run.label)))
    } catch (error) {
      broken.set(run.label, error)
    }
  }
  await Promise.all(plays.map(playOne))
  const record = await bench.end()
  const seenOf = ({ label }: FaultRun): Seen => {
    if (broken.has(label)) throw broken.get(label)
    const it = seen.get(label)
    if (it === undefined) throw new Error(`${label} was not seen`)
    return it
  }
  return {
    record,
    firstOf: (run) => {
      const it = seenOf(run)
      if (!('first' in it)) throw new Error(`${run.label} is no call of a request`)
      return it.first
    },
    testOf: (run) => {
      const it = seenOf(run)
      if (!('tested' in it)) throw new Error(`${run.label} is no connection test`)
      return it.tested
    },
  }
}

/** Whether what comes after it is waited for. */
export function goesOn({ hold }: CallEnd): boolean {
  return hold <= longestHold
}

/** Nothing of the request is left to be sent. */
export function isDone({ detail: { counts } }: CallEnd): boolean {
  return (counts.queued ?? 0) + (counts.sending ?? 0) === 0
}

/** Nothing of the request runs at the vendor. */
export function isSettled({ detail: { counts } }: CallEnd): boolean {
  return (counts.accepted ?? 0) === 0
}

/** An erase call: its end, and what the others then come to once the fault is gone. */
export function playErase({ run }: Numbered<unknown>): Play {
  const play = async (watched: WatchedRun) => {
    const first = await watched.untilEnd('erase')
    if (first.detail.counts.queued !== undefined) await watched.cure()
    if (goesOn(first)) await watched.untilEnd('erase', isDone)
    return { first }
  }
  return { run, play }
}

/** A status call: its end, and the one that settles the request once the fault is gone. */
export function playStatus({ run }: Numbered<unknown>): Play {
  const play = async (watched: WatchedRun) => {
    const first = await watched.untilEnd('status')
    if (run.times === 1) await watched.cure()
    if (goesOn(first)) await watched.untilEnd('status', isSettled)
    return { first }
  }
  return { run, play }
}

/** A connection test. */
export function playTest({ run }: Numbered<unknown>): Play {
  return { run, play: async (watched) => ({ tested: await watched.test() }) }
}

/** The calls of a run of this kind, in their order. */
export function attemptsOf({ record }: Played, { label }: FaultRun, kind: FaultRun['call']): readonly JournalRow[] {
  return record.journal.filter((row) => row.label === label && row.kind === kind)
}

/** The first call that left after this one on the same connection, and how long after; null: none did. */
function pauseAfter({ record }: Played, { attempt }: CallEnd, { label }: FaultRun): number | null {
  const all = record.journal.filter((row) => row.label === label)
  const next = all[all.findIndex(({ jti }) => jti === attempt.jti) + 1]
  return next === undefined ? null : next.reservedAt - (attempt.endedAt ?? 0)
}

/** The hold after a call, and that nothing left meanwhile; a long one is not waited for. */
export function expectHold(played: Played, first: CallEnd, run: FaultRun, hold: number): void {
  expect(first.hold).toBe(hold)
  const pause = pauseAfter(played, first, run)
  // The hold lasts on the steady clock; dates beside it are rounded.
  const kept = hold > longestHold ? pause === null : (pause ?? 0) >= hold - 2
  expect([run.fault.name, hold, pause, kept]).toEqual([run.fault.name, hold, pause, true])
}

/** The words on the attempt, the notice and the request, and how far the call got: what every case says. */
export function expectEnd(one: FaultCase<string>, run: FaultRun, { attempt, stopped, detail }: CallEnd): void {
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
  // What a request says of its sending is about what is being erased; its copies say where they stand themselves.
  if (attempt.kind === 'retrieve' || attempt.kind === 'retrieval status') return
  const missed = `The last call did not leave. ${said} It is tried again by itself, with longer pauses.`
  expect(detail.standstill).toBe(notice?.title ?? (attempt.ending === 'not sent' ? missed : null))
}

/** How often a call was made, where what could not be reached may have been tried more than once before the fault was gone. */
export function timesMade(attempts: readonly JournalRow[]): number {
  const missed = attempts.filter(({ ending }) => ending === 'not sent').length
  return attempts.length - Math.max(0, missed - 1)
}

/** All that an erase call comes to, beside its ending. */
export function expectErase(played: Played, one: EraseCase, run: FaultRun, expected: EraseOutcome): void {
  const first = played.firstOf(run)
  const inCall = one.identifiers ?? 2
  expectEnd(one, run, first)
  expectHold(played, first, run, one.hold ?? 0)

  // The others were not begun yet: one call at a time.
  expect(first.detail.counts).toEqual(countsOf([...eachOf(expected.state, inCall), 'queued']))
  expect(first.detail.waitingGroups.flatMap(({ decisions }) => decisions)).toEqual(expected.decisions)

  const waits = first.hold > longestHold
  const last = eachOf(waits ? expected.state : expected.finally, inCall)
  expect(played.record.states[run.label]).toEqual([...last, waits ? 'queued' : 'accepted'])
  const tries = attemptsOf(played, run, 'erase').filter(({ batch }) => batch === 1)
  expect(tries[0]?.counts).toBe(expected.counts)
  expect(timesMade(tries)).toBe(waits ? 1 : expected.tries)
}

function eachOf(state: EraseOutcome['state'], count: number): readonly IdentifierState[] {
  return typeof state === 'string' ? Array.from({ length: count }, () => state) : state
}

function countsOf(states: readonly IdentifierState[]): Readonly<Record<string, number>> {
  return Object.fromEntries(states.map((state) => [state, states.filter((other) => other === state).length]))
}

/** All that a connection test says, beside its verdict. */
export function expectTest(played: Played, one: TestCase, run: FaultRun): void {
  const tested = played.testOf(run)
  const words = inWords(run.fault, limitOf(run))
  const { title, explanation, steps } = one.notice
  expect(tested).toMatchObject({ title: words(title), steps })
  expect([explanation].flat().map(words)).toContain(tested.explanation)
  expect(attemptsOf(played, run, 'test')).toMatchObject([{ ending: one.ending, counts: one.ending !== 'not sent' }])
}

/** How the calls ended, for the app, that the vendor recorded an erasure for. */
export function endingsOfTaken({ record }: Played): ReadonlySet<string | null | undefined> {
  const endings = takenBy(record).map(({ jti }) => record.journal.find((row) => row.jti === jti)?.ending)
  return new Set(endings)
}

/** Whom the vendor recorded an erasure for more than once. */
export function takenTwice({ record }: Played): readonly string[] {
  const names = takenBy(record).flatMap(({ identifiers }) => identifiers.map((name) => JSON.stringify(name)))
  return names.filter((name, index) => names.indexOf(name) < index)
}

function takenBy({ ledger }: FaultRecord): FaultRecord['ledger'] {
  return ledger.filter(({ call, tookEffect }) => call === 'erase' && tookEffect)
}

/** The runs whose first call the vendor saw though their fault lets none through, or the other way round. */
export function wronglyLetThrough(
  { record }: Played,
  kind: FaultRun['call'],
  runs: readonly Numbered<unknown>[],
): readonly string[] {
  return runs
    .filter(({ run, fault }) => {
      const first = record.journal.find((row) => row.label === run.label && row.kind === kind)
      const reached = record.ledger.some(({ jti }) => jti === first?.jti)
      return reached !== (fault.kind === 'answer' && fault.reachesVendor)
    })
    .map(({ run, fault }) => `${run.label}: ${fault.name}`)
}
