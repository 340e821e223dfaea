import { expect, test } from 'vitest'
import {
  describeDecision,
  describeRepeats,
  repeatOptions,
} from '../../../../src/renderer/src/features/new-request/repeat-words.ts'
import type { RequestId } from '../../../../src/shared/model/ids.ts'
import type { Repeats } from '../../../../src/shared/model/request.ts'

const request = { requestId: 1 as RequestId, name: 'March', erased: 2, underWay: 1, firstAt: 0, lastAt: 0 }
const found: Repeats = {
  count: 3,
  decision: 'leave out',
  compared: true,
  scopeIsOpen: false,
  requests: [request],
  requestCount: 1,
}

test.each([
  [found, '3 identifiers are erased or under way in an earlier request to this account, at the same bots or more.'],
  [
    { ...found, count: 1, requests: [{ ...request, erased: 1, underWay: 0 }] },
    '1 identifier is erased already in an earlier request to this account, at the same bots or more.',
  ],
  [
    { ...found, count: 2, requests: [{ ...request, erased: 0, underWay: 2 }], requestCount: 1 },
    '2 identifiers are under way already in an earlier request to this account, at the same bots or more.',
  ],
  // Of more requests than are shown it cannot be said that everything is erased.
  [
    { ...found, count: 5, requests: [{ ...request, erased: 5, underWay: 0 }], requestCount: 2 },
    '5 identifiers are erased or under way in 2 earlier requests to this account, at the same bots or more.',
  ],
  [
    { ...found, scopeIsOpen: true },
    '3 identifiers are erased or under way in an earlier request to this account, whatever its bots. Once the bots of this request are chosen, only what reached the same ones or more counts.',
  ],
])('says how many there are and by what they were compared', (repeats, words) => {
  expect(describeRepeats(repeats, { kind: 'bots' })).toBe(words)
})

test('speaks of no bots where the vendor has none', () => {
  const values = { value: 'GDPR', label: 'GDPR', hint: '' }
  const choice = { kind: 'choice', label: 'Compliance type', choices: [values, values] } as const
  const begin = '3 identifiers are erased or under way in an earlier request to this account'
  expect(describeRepeats(found, { ...choice, choices: [...choice.choices] })).toBe(
    `${begin}, with the same compliance type.`,
  )
  expect(describeRepeats({ ...found, scopeIsOpen: true }, { ...choice, choices: [...choice.choices] })).toBe(
    `${begin}, whatever its compliance type. Once that of this request is chosen, only the same one counts.`,
  )
  expect(describeRepeats(found, { kind: 'everything' })).toBe(`${begin}.`)
})

test('the default stands first and says that it holds', () => {
  const [first, second] = repeatOptions(3)
  expect(first).toMatchObject({ value: 'leave out', words: 'Leave them out' })
  expect(first?.hint).toContain('unless you decide otherwise')
  expect(second).toMatchObject({ value: 'send again', words: 'Send them again' })
  expect(repeatOptions(1).map(({ words }) => words)).toEqual(['Leave it out', 'Send it again'])
})

test('the plan says in a line what is left out', () => {
  expect(describeDecision({ count: 0, decision: 'leave out' })).toBeNull()
  expect(describeDecision({ count: 3, decision: 'leave out' })).toBe(
    '3 identifiers, being erased or under way in an earlier request',
  )
  expect(describeDecision({ count: 1, decision: 'send again' })).toBe(
    'none; 1 identifier of an earlier request is sent again',
  )
})
