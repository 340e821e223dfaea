import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { callsToFindOne, halvesOf } from '../../../src/shared/model/bisection.ts'

/** Sends a call and what follows from it, to a vendor that rejects every call with one of these in it. */
function callsUntilAlone(call: readonly number[], atFault: ReadonlySet<number>): number {
  if (call.length === 1 || !call.some((one) => atFault.has(one))) return 1
  const [first, second] = halvesOf(call)
  return 1 + callsUntilAlone(first, atFault) + callsUntilAlone(second, atFault)
}

test.each([
  [1, 0],
  [2, 2],
  [3, 4],
  [4, 4],
  [100, 14],
  [2000, 22],
])('one at fault among %i costs at most %i more calls', (count, more) => {
  expect(callsToFindOne(count)).toBe(more)
})

test('halves lose and double nothing, keep the order, and differ by one at most', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 2, maxLength: 300 }), (items) => {
      const [first, second] = halvesOf(items)
      expect([...first, ...second]).toEqual(items)
      expect(first.length - second.length).toBeOneOf([0, 1])
    }),
  )
})

test('wherever the one at fault stands, no more calls are made, and somewhere just as many', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 200 }), (count) => {
      const call = Array.from({ length: count }, (_, index) => index)
      const made = call.map((one) => callsUntilAlone(call, new Set([one])) - 1)
      expect(Math.max(...made)).toBe(callsToFindOne(count))
    }),
    { numRuns: 40 },
  )
})
