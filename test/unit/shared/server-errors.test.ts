import { expect, test } from 'vitest'
import { serverErrorLimits, stopsTheLine, waitAfterServerErrors } from '../../../src/shared/model/server-errors.ts'

test('the first server error is followed at once, then waits double up to the longest', () => {
  expect([1, 2, 3, 4, 5].map(waitAfterServerErrors)).toEqual([0, 5_000, 10_000, 20_000, 40_000])
  expect(waitAfterServerErrors(1000)).toBe(serverErrorLimits.longestWaitMilliseconds)
})

test('a line stops only where there are both enough in a row and time between them', () => {
  const { inARow, overMilliseconds } = serverErrorLimits
  expect(stopsTheLine(inARow, overMilliseconds)).toBe(true)
  expect(stopsTheLine(inARow - 1, overMilliseconds * 10)).toBe(false)
  expect(stopsTheLine(inARow * 10, overMilliseconds - 1)).toBe(false)
})
