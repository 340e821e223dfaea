import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { StatusEntry } from '../../../../../src/main/core/ports.ts'
import {
  settle,
  settleVanished,
  type NamedDelivery,
  type SettleInput,
} from '../../../../../src/main/core/poll/settle.ts'
import { connectionSettingsSchema } from '../../../../../src/shared/model/connection.ts'
import { identifierIdSchema } from '../../../../../src/shared/model/ids.ts'
import { mayBecome, type IdentifierState } from '../../../../../src/shared/model/state.ts'

const now = 1_800_000_000_000
const settings = connectionSettingsSchema.parse({})
const quiet = settings.quietMilliseconds

function delivery(name: string, position: number, state: IdentifierState = 'accepted'): NamedDelivery {
  return {
    kind: 'user id',
    value: name,
    channelId: null,
    identifierId: identifierIdSchema.parse(position + 1),
    position,
    state,
    decided: false,
    names: [name],
  }
}

function entry(name: string, meaning: StatusEntry['meaning'], word: string = meaning): StatusEntry {
  return { names: [name], raw: name, meaning, word }
}

function input(
  deliveries: readonly NamedDelivery[],
  entries: readonly StatusEntry[],
  changed: Partial<SettleInput> = {},
): SettleInput {
  const previous = { digest: null, quietSince: null, polls: 0, acceptedAt: now - 60_000 }
  return { deliveries, entries, digest: 'digest', ended: false, previous, now, settings, fraction: 0, ...changed }
}

/** The same answer again after it has been quiet for `milliseconds`. */
function quietFor(milliseconds: number): Partial<SettleInput> {
  return { previous: { digest: 'digest', quietSince: now - milliseconds, polls: 5, acceptedAt: now - 2 * quiet } }
}

function states(settleInput: SettleInput): Readonly<Record<string, IdentifierState>> {
  const changed = new Map(settle(settleInput).changes.map(({ position, state }) => [position, state]))
  return Object.fromEntries(
    settleInput.deliveries.map(({ value, position, state }) => [value, changed.get(position) ?? state]),
  )
}

const both = [delivery('ana', 0), delivery('ben', 1)]

describe('what a status answer settles', () => {
  test('a word that nobody documents stays beside the identifier it was said of, until that is settled', () => {
    const held = settle(input(both, [entry('ana', 'running', 'ON_HOLD'), entry('ben', 'success', 'SUCCESS')]))
    expect(held.said).toEqual([{ position: 0, vendorWords: 'ON_HOLD' }])
    const erased = [delivery('ana', 0, 'erased')]
    expect(settle(input(erased, [entry('ana', 'running', 'ON_HOLD')])).said).toEqual([])
  })

  test('everybody named with success: erased, finished, and never asked about again', () => {
    const outcome = settle(input(both, [entry('ben', 'success', 'SUCCESS'), entry('ana', 'success', 'SUCCESS')]))
    expect(outcome).toMatchObject({ finished: true, nextPollAt: null, strangers: [] })
    expect(outcome.changes).toEqual([
      { position: 0, identifierId: 1, state: 'erased', basis: 'named by the vendor', vendorWords: 'SUCCESS' },
      { position: 1, identifierId: 2, state: 'erased', basis: 'named by the vendor', vendorWords: 'SUCCESS' },
    ])
  })

  test('a final answer other than success is a failure, with the words of the vendor', () => {
    const outcome = settle(input([delivery('ana', 0)], [entry('ana', 'failure', 'FAILED')]))
    expect(outcome.changes).toMatchObject([{ state: 'failed', vendorWords: 'FAILED' }])
    expect(outcome.finished).toBe(true)
  })

  test('named twice is erased only where every entry says so', () => {
    const one = [delivery('ana', 0)]
    const ends = (...meanings: StatusEntry['meaning'][]) =>
      states(
        input(
          one,
          meanings.map((meaning) => entry('ana', meaning)),
        ),
      )['ana']
    expect(ends('success', 'success')).toBe('erased')
    expect(ends('success', 'failure')).toBe('failed')
    expect(ends('success', 'running')).toBe('accepted')
    expect(ends('failure', 'running')).toBe('accepted')
  })

  test('an identifier settles while others of its batch still run', () => {
    const outcome = settle(input(both, [entry('ana', 'success'), entry('ben', 'running', 'IN_PROGRESS')]))
    expect(outcome).toMatchObject({ finished: false, vendorWords: 'IN_PROGRESS' })
    expect(outcome.changes).toMatchObject([{ position: 0, state: 'erased' }])
  })

  test('unnamed stays accepted until the answer has been the same for the quiet time', () => {
    const entries = [entry('ana', 'success')]
    expect(states(input(both, entries))).toEqual({ ana: 'erased', ben: 'accepted' })
    expect(states(input(both, entries, quietFor(quiet - 1)))['ben']).toBe('accepted')
    expect(states(input(both, entries, quietFor(quiet)))['ben']).toBe('unconfirmed')
  })

  test('another answer begins the quiet time anew', () => {
    const earlier = { digest: 'another', quietSince: now - 10 * quiet, polls: 9, acceptedAt: now - 20 * quiet }
    const outcome = settle(input(both, [entry('ana', 'success')], { previous: earlier }))
    expect(outcome).toMatchObject({ finished: false, quietSince: now })
  })

  test('a clock that was set back begins the quiet time anew, and does not put it off', () => {
    const fromTheFuture = { digest: 'digest', quietSince: now + 365 * 86_400_000, polls: 9, acceptedAt: now }
    const outcome = settle(input(both, [entry('ana', 'success')], { previous: fromTheFuture }))
    expect(outcome).toMatchObject({ finished: false, quietSince: now })
    expect(outcome.nextPollAt).toBeLessThanOrEqual(now + quiet)
  })

  test('as long as one entry runs, no quiet time ends a batch', () => {
    const entries = [entry('ana', 'success'), entry('somebody', 'running', 'ON_HOLD')]
    expect(states(input(both, entries, quietFor(100 * quiet)))['ben']).toBe('accepted')
  })

  test('an empty answer that stays empty for the quiet time leaves everybody unconfirmed', () => {
    expect(states(input(both, []))).toEqual({ ana: 'accepted', ben: 'accepted' })
    const outcome = settle(input(both, [], quietFor(quiet)))
    expect(outcome.finished).toBe(true)
    expect(outcome.changes.map(({ state }) => state)).toEqual(['unconfirmed', 'unconfirmed'])
    expect(outcome.nextPollAt).toBeGreaterThan(now)
  })

  test('slow polling goes on after the end, and a later name makes it erased; after 30 days it ends', () => {
    const left = [delivery('ana', 0, 'erased'), delivery('ben', 1, 'unconfirmed')]
    expect(states(input(left, [entry('ana', 'success'), entry('ben', 'success')]))['ben']).toBe('erased')
    const old = { digest: 'digest', quietSince: now - quiet, polls: 40, acceptedAt: now - 30 * 86_400_000 }
    expect(settle(input(left, [entry('ana', 'success')], { previous: old })).nextPollAt).toBeNull()
  })

  test('newer word of the vendor takes an erased back', () => {
    expect(states(input([delivery('ana', 0, 'erased')], [entry('ana', 'failure')]))).toEqual({ ana: 'failed' })
  })

  test('a name nobody submitted is listed and matches nobody', () => {
    const outcome = settle(
      input([delivery('ana@example.org', 0)], [entry('u-1', 'success', 'SUCCESS')], quietFor(quiet)),
    )
    expect(outcome.strangers).toEqual([{ value: 'u-1', status: 'SUCCESS', success: true }])
    expect(outcome.changes).toMatchObject([{ state: 'unconfirmed' }])
  })

  test('one name for pairs of two channels, given once, is nobody’s', () => {
    const pair = (channelId: string, position: number): NamedDelivery => ({
      ...delivery(channelId, position),
      kind: 'channel pair',
      channelId,
      names: [`pair ${channelId}`, 'exact 49170'],
    })
    const pairs = [pair('whatsapp', 0), pair('sms', 1)]
    const outcome = settle(input(pairs, [entry('exact 49170', 'success')]))
    expect(outcome.changes).toEqual([])
    expect(outcome.strangers).toHaveLength(1)
    expect(states(input(pairs, [entry('pair sms', 'success')]))).toEqual({ whatsapp: 'accepted', sms: 'erased' })
  })

  test('a stranger named twice is one stranger, and a success only where every entry says so', () => {
    const asEmail = (name: string): StatusEntry => ({
      ...entry(name, 'success', 'SUCCESS'),
      names: [`exact ${name}`, `email ${name.toLowerCase()}`],
    })
    const unread: StatusEntry = { names: [], raw: '(an entry that could not be read)', meaning: 'running', word: '' }
    const entries = [
      entry('u-1', 'success', 'SUCCESS'),
      entry('u-1', 'success', 'SUCCESS'),
      entry('u-2', 'success', 'SUCCESS'),
      entry('u-2', 'failure', 'FAILED'),
      asEmail('Eve@x.org'),
      asEmail('eve@x.org'),
      unread,
      { ...unread },
    ]
    expect(settle(input(both, entries)).strangers).toEqual([
      { value: 'u-1', status: 'SUCCESS', success: true },
      { value: 'u-2', status: 'SUCCESS, FAILED', success: false },
      { value: 'Eve@x.org', status: 'SUCCESS', success: true },
      { value: unread.raw, status: '', success: false },
      { value: unread.raw, status: '', success: false },
    ])
  })

  test('a request that is not known settles nobody the first time, nor when an answer came between', () => {
    const vanished = { deliveries: both, words: 'Invalid request id', now, settings, fraction: 0 }
    const first = settleVanished({
      ...vanished,
      previous: { digest: null, quietSince: null, polls: 0, acceptedAt: now },
    })
    expect(first).toMatchObject({ kind: 'vanished', changes: [], finished: false, quietSince: now })
    expect(first.nextPollAt).toBeLessThan(now + quiet)
    const between = { digest: 'digest', quietSince: now - quiet, polls: 3, acceptedAt: now - quiet }
    expect(settleVanished({ ...vanished, previous: between })).toMatchObject({ changes: [], finished: false })
  })

  test('a request that is not known again leaves what it had settled, and the rest is unconfirmed but asked about', () => {
    const deliveries = [delivery('ana', 0, 'erased'), delivery('ben', 1)]
    const { digest } = settleVanished({ ...input(deliveries, []), words: '' })
    const previous = { digest, quietSince: now - 90_000, polls: 1, acceptedAt: now - 150_000 }
    const vanished = { words: 'Invalid request id', previous, now, settings, fraction: 0 }
    const outcome = settleVanished({ ...vanished, deliveries })
    expect(outcome).toMatchObject({
      kind: 'vanished',
      finished: true,
      quietSince: now - 90_000,
      changes: [{ position: 1, state: 'unconfirmed', vendorWords: 'Invalid request id' }],
    })
    expect(outcome.nextPollAt).toBeGreaterThanOrEqual(now + quiet)
    const later = [delivery('ana', 0, 'erased'), delivery('ben', 1, 'unconfirmed')]
    expect(settleVanished({ ...vanished, deliveries: later })).toMatchObject({ changes: [], nextPollAt: now + quiet })
    const monthOld = { ...previous, acceptedAt: now - 30 * 86_400_000 }
    expect(settleVanished({ ...vanished, deliveries: later, previous: monthOld }).nextPollAt).toBeNull()
    expect(settleVanished({ ...vanished, deliveries: [delivery('ana', 0, 'erased')] }).nextPollAt).toBeNull()
  })
})

describe('for every answer', () => {
  const names = ['ana', 'ben', 'cem', 'dora', 'emil']
  const someState = fc.constantFrom<IdentifierState>('accepted', 'erased', 'failed', 'unconfirmed')
  const someDeliveries = fc
    .array(someState, { minLength: 1, maxLength: names.length })
    .map((found) => found.map((state, position) => delivery(names[position] ?? '', position, state)))
  const someEntries = fc.array(
    fc.record({
      name: fc.constantFrom(...names, 'u-1', 'u-2'),
      meaning: fc.constantFrom<StatusEntry['meaning']>('success', 'failure', 'running'),
    }),
    { maxLength: 12 },
  )
  const someInput = fc
    .record({ deliveries: someDeliveries, entries: someEntries, quietTime: fc.integer({ min: 0, max: 2 * quiet }) })
    .map(({ deliveries, entries, quietTime }) =>
      input(
        deliveries,
        entries.map(({ name, meaning }) => entry(name, meaning)),
        quietFor(quietTime),
      ),
    )

  test('the order of the entries makes no difference', () => {
    fc.assert(
      fc.property(
        someInput.chain((given) =>
          fc.record({
            given: fc.constant(given),
            shuffled: fc.shuffledSubarray([...given.entries], { minLength: given.entries.length }),
          }),
        ),
        ({ given, shuffled }) => {
          const one = settle(given)
          const other = settle({ ...given, entries: shuffled })
          expect(states({ ...given, entries: shuffled })).toEqual(states(given))
          expect([other.finished, other.nextPollAt]).toEqual([one.finished, one.nextPollAt])
          expect(other.strangers).toHaveLength(one.strangers.length)
        },
      ),
    )
  })

  test('nobody becomes erased without being named, or against any entry about them', () => {
    fc.assert(
      fc.property(someInput, (given) => {
        const erased = settle(given).changes.filter(({ state }) => state === 'erased')
        for (const { position } of erased) {
          const about = given.entries.filter(({ names: [name] }) => name === names[position])
          expect(about.length).toBeGreaterThan(0)
          expect(about.every(({ meaning }) => meaning === 'success')).toBe(true)
        }
      }),
    )
  })

  test('every change is one that the table of states allows, and the same answer changes nothing more', () => {
    fc.assert(
      fc.property(someInput, (given) => {
        const before = new Map(given.deliveries.map(({ position, state }) => [position, state]))
        const { changes } = settle(given)
        expect(changes.every(({ position, state }) => mayBecome(before.get(position) ?? 'held', state))).toBe(true)
        const after = new Map(changes.map(({ position, state }) => [position, state]))
        const deliveries = given.deliveries.map((one) => ({ ...one, state: after.get(one.position) ?? one.state }))
        expect(settle({ ...given, deliveries }).changes).toEqual([])
      }),
    )
  })

  test('unconfirmed comes with the end alone, and nobody is left accepted at the end', () => {
    fc.assert(
      fc.property(someInput, (given) => {
        const outcome = settle(given)
        const unconfirmed = outcome.changes.filter(({ state }) => state === 'unconfirmed')
        expect(unconfirmed.length === 0 || outcome.finished).toBe(true)
        expect(outcome.finished && Object.values(states(given)).includes('accepted')).toBe(false)
      }),
    )
  })
})

describe('what an answer shows for the batches after', () => {
  const previous = { digest: null, quietSince: null, polls: 3, readyBy: 3.5, acceptedAt: now - 60_000 }
  const done = [entry('ana', 'success'), entry('ben', 'success')]
  const lessonOf = (entries: readonly StatusEntry[], changed: Partial<SettleInput['previous']> = {}) =>
    settle(input(both, entries, { previous: { ...previous, ...changed } })).lesson

  test('ready by the place this call stands for where nothing runs and most are named, under whatever names', () => {
    expect(lessonOf(done)).toEqual({ ready: true, step: 3.5 })
    expect(lessonOf([entry('u-1', 'success'), entry('u-2', 'failure')])).toEqual({ ready: true, step: 3.5 })
  })

  test('still running where an entry runs, where half are named at most, and where nobody is', () => {
    expect(lessonOf([entry('ana', 'success'), entry('ben', 'running')])).toEqual({ ready: false, step: 3 })
    expect(lessonOf([entry('ana', 'success')])).toEqual({ ready: false, step: 3 })
    expect(lessonOf([])).toEqual({ ready: false, step: 3 })
  })

  test('a call of the operator’s does not show by when; one before its turn shows nothing', () => {
    expect(lessonOf(done, { readyBy: null })).toEqual({ ready: true, step: null })
    expect(lessonOf(done, { polls: -1 })).toBeUndefined()
  })
})

test('where the vendor says that nothing more will come, nobody is waited for, and nobody is asked again', () => {
  const asked = input([delivery('ann', 0), delivery('bea', 1)], [entry('ann', 'success')], { ended: true })
  expect(settle(asked)).toMatchObject({ finished: true, nextPollAt: null, named: [0] })
  expect(states(asked)).toEqual({ ann: 'erased', bea: 'unconfirmed' })
})

test('where it has ended, its word stands beside those it does not name', () => {
  const asked = input([delivery('ann', 0), delivery('bea', 1)], [entry('ann', 'failure', 'FAILURE')], {
    ended: true,
    word: 'FAILURE',
  })
  expect(settle(asked)).toMatchObject({
    ended: true,
    vendorWords: 'FAILURE',
    changes: [
      { position: 0, state: 'failed', vendorWords: 'FAILURE' },
      { position: 1, state: 'unconfirmed', vendorWords: 'FAILURE' },
    ],
  })
  expect(settle(input(both, [], { ended: true, word: 'SUCCESS' })).changes).toMatchObject([
    { state: 'unconfirmed', vendorWords: 'SUCCESS' },
    { state: 'unconfirmed', vendorWords: 'SUCCESS' },
  ])
})

test('a task that was taken back erases nobody', () => {
  const asked = input([delivery('ann', 0), delivery('bea', 1)], [entry('ann', 'revoked'), entry('bea', 'revoked')], {
    ended: true,
  })
  expect(states(asked)).toEqual({ ann: 'revoked', bea: 'revoked' })
})

describe('ids that were looked up before sending', () => {
  const known = (name: string, position: number, ...lookedUpNames: string[]): NamedDelivery => ({
    ...delivery(name, position),
    lookedUpNames,
  })
  const basesOf = (settleInput: SettleInput) =>
    settle(settleInput).changes.map(({ position, state, basis }) => [position, state, basis])

  test('name whom they were looked up for, and the basis says so', () => {
    const outcome = settle(
      input([known('ana', 0, 'u-1'), delivery('ben', 1)], [entry('u-1', 'success'), entry('ben', 'success')]),
    )
    expect(outcome.changes.map(({ position, state, basis }) => [position, state, basis])).toEqual([
      [0, 'erased', 'paired by look-up before sending'],
      [1, 'erased', 'named by the vendor'],
    ])
    expect(outcome).toMatchObject({ finished: true, strangers: [], nextPollAt: null })
  })

  test('stay behind the name itself, where both are in the answer, and every entry has to say success', () => {
    const one = [known('ana', 0, 'u-1')]
    expect(basesOf(input(one, [entry('ana', 'success'), entry('u-1', 'success')]))).toEqual([
      [0, 'erased', 'named by the vendor'],
    ])
    expect(basesOf(input(one, [entry('ana', 'success'), entry('u-1', 'failure')]))).toEqual([
      [0, 'failed', 'named by the vendor'],
    ])
    expect(basesOf(input(one, [entry('ana', 'running'), entry('u-1', 'success')]))).toEqual([])
  })

  test('fail whom they name as a name does', () => {
    expect(basesOf(input([known('ana', 0, 'u-1')], [entry('u-1', 'failure', 'FAILED')]))).toEqual([
      [0, 'failed', 'paired by look-up before sending'],
    ])
  })

  test('shared by two tie neither, unless the vendor names them as often', () => {
    const two = [known('ana', 0, 'u-1'), known('ben', 1, 'u-1')]
    const once = settle(input(two, [entry('u-1', 'success')], quietFor(quiet)))
    expect(once.changes.map(({ state }) => state)).toEqual(['unconfirmed', 'unconfirmed'])
    expect(once.strangers).toEqual([{ value: 'u-1', status: 'success', success: true }])
    const twice = settle(input(two, [entry('u-1', 'success'), entry('u-1', 'success')]))
    expect(twice.changes.map(({ state }) => state)).toEqual(['erased', 'erased'])
    expect(twice.strangers).toEqual([])
  })

  test('that were submitted themselves name the one submitted, and the other only where named twice', () => {
    const two = [known('ana', 0, 'u-1'), delivery('u-1', 1)]
    const once = settle(input(two, [entry('u-1', 'success')], quietFor(quiet)))
    expect(once.changes.map(({ position, state }) => [position, state])).toEqual([
      [0, 'unconfirmed'],
      [1, 'erased'],
    ])
    expect(basesOf(input(two, [entry('u-1', 'success'), entry('u-1', 'success')]))).toEqual([
      [0, 'erased', 'paired by look-up before sending'],
      [1, 'erased', 'named by the vendor'],
    ])
  })

  test('make an unconfirmed one erased that a later answer names so', () => {
    const late = [{ ...known('ana', 0, 'u-1'), state: 'unconfirmed' as const }]
    expect(basesOf(input(late, [entry('u-1', 'success')]))).toEqual([[0, 'erased', 'paired by look-up before sending']])
  })
})
