import { expect, test } from 'vitest'
import { attemptEndingSchema } from '../../../src/shared/model/request.ts'
import { isUnclear, stopsTheLine, unclearLimits, waitAfterUnclear } from '../../../src/shared/model/unclear-calls.ts'

test('of all the ways in which a call ends, two leave open what the vendor did', () => {
  expect(attemptEndingSchema.options.filter(isUnclear)).toEqual(['outcome unknown', 'no answer'])
})

test('the first unclear call is followed at once, then waits double up to the longest', () => {
  expect([1, 2, 3, 4, 5].map(waitAfterUnclear)).toEqual([0, 5_000, 10_000, 20_000, 40_000])
  expect(waitAfterUnclear(1000)).toBe(unclearLimits.longestWaitMilliseconds)
})

test('a line stops only where there are both enough in a row and time between them', () => {
  const { inARow, overMilliseconds } = unclearLimits
  expect(stopsTheLine(inARow, overMilliseconds)).toBe(true)
  expect(stopsTheLine(inARow - 1, overMilliseconds * 10)).toBe(false)
  expect(stopsTheLine(inARow * 10, overMilliseconds - 1)).toBe(false)
})
