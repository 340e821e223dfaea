import { expect, test } from 'vitest'
import {
  compareLedgerWithHistory,
  type Judged,
  type JudgedAttempt,
  type JudgedIdentifier,
  type SeenCall,
} from '../../../support/chaos/judge.ts'

const anna = 'anna@example.org'
const ben = 'ben@example.org'

function eraseCall(sequence: number, changed: Partial<SeenCall> = {}): SeenCall {
  return {
    sequence,
    call: 'erase',
    jti: `jti-${sequence}`,
    verdict: 'accepted',
    tookEffect: true,
    requestId: `eud-${sequence}`,
    identifiers: [anna, ben],
    ended: 'answered',
    ...changed,
  }
}

function statusCall(sequence: number, changed: Partial<SeenCall> = {}): SeenCall {
  return eraseCall(sequence, { call: 'status', tookEffect: false, requestId: 'eud-1', identifiers: [], ...changed })
}

function attempt(sequence: number, changed: Partial<JudgedAttempt> = {}): JudgedAttempt {
  return { jti: `jti-${sequence}`, kind: 'erase', ending: 'accepted', batchId: 1, ...changed }
}

function identifier(name: string, changed: Partial<JudgedIdentifier> = {}): JudgedIdentifier {
  const batches = [{ batchId: 1, vendorRequestId: 'eud-1' }]
  return { name, state: 'erased', decided: false, batches, sentAgain: 0, ...changed }
}

/** One call with two identifiers, accepted, asked about once, both erased. */
const sound: Judged = {
  submitted: [anna, ben],
  ledger: [eraseCall(1), statusCall(2)],
  attempts: [attempt(1), attempt(2, { kind: 'status', ending: 'answered' })],
  identifiers: [identifier(anna), identifier(ben)],
  choices: 0,
  moment: 'finished',
}

function withAnna(changed: Partial<JudgedIdentifier>): readonly JudgedIdentifier[] {
  return [identifier(anna, changed), identifier(ben)]
}

test('a history that tells what the vendor saw is not faulted', () => {
  expect(compareLedgerWithHistory(sound)).toEqual([])
})

test('a call that died at any point, and waits for a person, is not faulted', () => {
  const waiting = [anna, ben].map((name) => identifier(name, { state: 'outcome unknown' }))
  for (const ledger of [
    [],
    [eraseCall(1, { ended: 'client-gone' })],
    [eraseCall(1, { verdict: 'incomplete', tookEffect: false, identifiers: [], ended: 'client-gone' })],
  ]) {
    const attempts = [attempt(1, { ending: 'outcome unknown' })]
    expect(compareLedgerWithHistory({ ...sound, ledger, attempts, identifiers: waiting })).toEqual([])
  }
})

test('a lost identifier is found: gone, there twice, or left lying', () => {
  expect(compareLedgerWithHistory({ ...sound, identifiers: [identifier(anna)] })).toEqual([
    `${ben} is lost: the history has it 0 times`,
  ])
  expect(compareLedgerWithHistory({ ...sound, identifiers: [...sound.identifiers, identifier(ben)] })).toEqual([
    `${ben} is lost: the history has it 2 times`,
  ])
  const cleo = 'cleo@example.org'
  const left = identifier(cleo, { state: 'queued', batches: [] })
  const leftLying = { ...sound, submitted: [...sound.submitted, cleo], identifiers: [...sound.identifiers, left] }
  expect(compareLedgerWithHistory(leftLying)).toEqual([`${cleo} is lost: it stays queued, and nothing moves it`])
  expect(compareLedgerWithHistory({ ...leftLying, moment: 'killed' })).toEqual([])
})

test('a call that the history knows nothing of is found', () => {
  expect(compareLedgerWithHistory({ ...sound, attempts: sound.attempts.slice(0, 1) })).toEqual([
    'call 2 (status, jti-2) matches 0 attempts',
  ])
})

test('a call that is recorded as never sent, and was seen, is found', () => {
  const attempts = [attempt(1, { ending: 'not sent' }), ...sound.attempts.slice(1)]
  expect(compareLedgerWithHistory({ ...sound, attempts })).toEqual(['call 1 (erase, jti-1) is recorded as never sent'])
})

test('a double send is found, unless an operator chose it', () => {
  const again = [
    { batchId: 1, vendorRequestId: 'eud-1' },
    { batchId: 2, vendorRequestId: 'eud-3' },
  ]
  const twice: Judged = {
    ...sound,
    ledger: [...sound.ledger, eraseCall(3, { identifiers: [anna] })],
    attempts: [...sound.attempts, attempt(3, { batchId: 2 })],
    identifiers: withAnna({ batches: again }),
  }
  expect(compareLedgerWithHistory(twice)).toEqual([
    `${anna} was sent 2 times, and 0 times by choice`,
    `${anna} was tried 2 times in doubt, and 0 times by choice`,
  ])
  const chosen = { ...twice, identifiers: withAnna({ batches: again, sentAgain: 1 }) }
  expect(compareLedgerWithHistory({ ...chosen, choices: 1 })).toEqual([])
  expect(compareLedgerWithHistory(chosen)).toEqual([`${anna} was sent again by a choice that nobody made`])
})

test('a call in doubt that was made again by itself is found, even where the vendor never saw the first', () => {
  const attempts = [attempt(7, { ending: 'outcome unknown' }), ...sound.attempts]
  expect(compareLedgerWithHistory({ ...sound, attempts })).toEqual(
    [anna, ben].map((name) => `${name} was tried 2 times in doubt, and 0 times by choice`),
  )
})

test.each<{ state: JudgedIdentifier['state']; ledger: readonly SeenCall[]; what: string }>([
  { state: 'erased', ledger: [eraseCall(1)], what: 'though no status call about it was answered' },
  {
    state: 'erased',
    ledger: [eraseCall(1), statusCall(2, { ended: 'client-gone' })],
    what: 'though no status call about it was answered',
  },
  {
    state: 'erased',
    ledger: [eraseCall(1), statusCall(2, { verdict: 'fault' })],
    what: 'though no status call about it was answered',
  },
  { state: 'erased', ledger: [], what: 'though no status call about it was answered' },
  { state: 'failed', ledger: [eraseCall(1)], what: 'though no status call about it was answered' },
  { state: 'unconfirmed', ledger: [eraseCall(1)], what: 'though nobody said so' },
  { state: 'revoked', ledger: [eraseCall(1)], what: 'though nothing was revoked' },
  {
    state: 'accepted',
    ledger: [eraseCall(1, { ended: 'client-gone' })],
    what: 'though no call with it was answered so',
  },
  { state: 'accepted', ledger: [eraseCall(1, { requestId: 'eud-9' })], what: 'though no call with it was answered so' },
  { state: 'refused', ledger: [eraseCall(1)], what: 'though the vendor refused no call with it' },
  { state: 'queued', ledger: [eraseCall(1)], what: 'though it may have arrived' },
  {
    state: 'queued',
    ledger: [eraseCall(1, { verdict: 'incomplete', tookEffect: false, identifiers: [], ended: 'client-gone' })],
    what: 'though it may have arrived',
  },
  { state: 'held', ledger: [eraseCall(1)], what: 'though it may have arrived' },
  { state: 'cancelled', ledger: [eraseCall(1)], what: 'though it may have arrived' },
])('a state that claims more than is known is found: $state, $what', ({ state, ledger, what }) => {
  const attempts = ledger.map(({ sequence, call }) =>
    attempt(sequence, { kind: call === 'erase' ? 'erase' : 'status', ending: null }),
  )
  const judged: Judged = { ...sound, submitted: [anna], ledger, attempts, identifiers: [identifier(anna, { state })] }
  expect(compareLedgerWithHistory({ ...judged, moment: 'killed' })).toEqual([
    `${anna} claims too much: ${state}, ${what}`,
  ])
})

test('a decision of an operator is no claim of ours', () => {
  const ledger = [eraseCall(1, { ended: 'client-gone' })]
  const attempts = [attempt(1, { ending: 'outcome unknown' })]
  const identifiers = [identifier(anna, { state: 'unconfirmed', decided: true })]
  expect(compareLedgerWithHistory({ ...sound, submitted: [anna], ledger, attempts, identifiers })).toEqual([])
})

test.each(['accepted', 'answered', 'rejected', 'too large'] as const)(
  'an attempt that ended %s by our word alone is found',
  (ending) => {
    const what = ending === 'accepted' ? 'though the vendor did not say so' : 'though the vendor did not answer so'
    const judged: Judged = { ...sound, submitted: [], ledger: [], attempts: [attempt(1, { ending })], identifiers: [] }
    expect(compareLedgerWithHistory(judged)).toEqual([`attempt jti-1 claims too much: ${ending}, ${what}`])
  },
)

test("a call beyond the vendor's limits is found", () => {
  const ledger = [...sound.ledger, statusCall(3, { verdict: 'rate-limited' })]
  const attempts = [...sound.attempts, attempt(3, { kind: 'status', ending: 'rate limited' })]
  expect(compareLedgerWithHistory({ ...sound, ledger, attempts })).toEqual(["call 3 was beyond the vendor's limits"])
})

test('somebody who was erased without the look-up that was to come first is found', () => {
  const lookUp = (sequence: number, changed: Partial<SeenCall> = {}) =>
    eraseCall(sequence, { call: 'users-info', tookEffect: false, requestId: null, ...changed })
  const judged = (calls: readonly SeenCall[]): Judged => ({
    ...sound,
    lookUpFirst: true,
    ledger: [...calls, statusCall(9)],
    attempts: [
      ...calls.map(({ sequence, call }) =>
        attempt(sequence, call === 'erase' ? {} : { kind: 'look-up', ending: 'answered' }),
      ),
      attempt(9, { kind: 'status', ending: 'answered' }),
    ],
  })
  const erase = eraseCall(2, { requestId: 'eud-1' })
  expect(compareLedgerWithHistory(judged([lookUp(1), erase]))).toEqual([])
  expect(compareLedgerWithHistory(judged([lookUp(1, { identifiers: [anna] }), erase]))).toEqual([
    `${ben} was sent in call 2 without being looked up`,
  ])
  expect(compareLedgerWithHistory(judged([erase, lookUp(3)]))).toHaveLength(2)
  expect(compareLedgerWithHistory({ ...judged([erase]), lookUpFirst: false })).toEqual([])
})

test('what follows a task of somebody else claims no more than a conflict and an answer about that task bear out', () => {
  const conflict = eraseCall(1, { verdict: 'conflict', tookEffect: false, requestId: null, identifiers: [anna] })
  const batches = [{ batchId: 2, vendorRequestId: 'theirs', adopted: true }]
  const rejected = attempt(1, { ending: 'rejected' })
  const judge = (state: JudgedIdentifier['state'], answered: boolean) =>
    compareLedgerWithHistory({
      submitted: [anna],
      ledger: [conflict, ...(answered ? [statusCall(2, { requestId: 'theirs' })] : [])],
      attempts: [rejected, ...(answered ? [attempt(2, { kind: 'status', ending: 'answered', batchId: 2 })] : [])],
      identifiers: [identifier(anna, { state, batches })],
      choices: 0,
      moment: 'killed',
    })
  expect(judge('accepted', false)).toEqual([])
  expect(judge('erased', true)).toEqual([])
  expect(judge('erased', false)).toEqual([
    `${anna} claims too much: erased, though no status call about it was answered`,
  ])
})

test('what is revoked was taken back by a call that took effect', () => {
  const takenBack = (changed: Partial<SeenCall>) =>
    compareLedgerWithHistory({
      ...sound,
      ledger: [eraseCall(1), eraseCall(2, { call: 'cancel', requestId: 'eud-1', identifiers: [], ...changed })],
      attempts: [attempt(1), attempt(2, { kind: 'cancel', ending: 'answered' })],
      identifiers: [anna, ben].map((name) => identifier(name, { state: 'revoked' })),
    })
  expect(takenBack({})).toEqual([])
  const claims = [anna, ben].map((name) => `${name} claims too much: revoked, though nothing was revoked`)
  expect(takenBack({ tookEffect: false })).toEqual(claims)
  expect(takenBack({ requestId: 'eud-9' })).toEqual(claims)
})
