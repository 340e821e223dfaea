import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { pollWait, slowPollAt } from '../../../../../src/main/core/poll/spacing.ts'

const settings = {
  firstPollMilliseconds: 60_000,
  longestPollMilliseconds: 21_600_000,
  quietMilliseconds: 86_400_000,
  jitter: 0.1,
}
const day = 86_400_000

test('waits grow by half from the first to the longest', () => {
  expect([0, 1, 2].map((polls) => pollWait(polls, settings, 0))).toEqual([60_000, 90_000, 135_000])
  expect(pollWait(1000, settings, 0)).toBe(21_600_000)
})

test('no wait is shorter than the one before, shorter than the first, or more than a tenth beyond the longest', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.double({ min: 0, max: 1, noNaN: true }), (polls, fraction) => {
      const wait = pollWait(polls, settings, fraction)
      expect(wait).toBeGreaterThanOrEqual(settings.firstPollMilliseconds)
      expect(wait).toBeLessThanOrEqual(settings.longestPollMilliseconds * 1.1)
      expect(pollWait(polls + 1, settings, fraction)).toBeGreaterThanOrEqual(wait)
    }),
  )
})

test('a first wait beyond the longest counts for both', () => {
  expect(pollWait(50, { ...settings, longestPollMilliseconds: 1000 }, 0)).toBe(60_000)
})

test('after the end it is a day, or the quiet time where that is shorter, until 30 days after the acceptance', () => {
  expect(slowPollAt(1000, 0, settings, 0)).toBe(1000 + day)
  const short = { firstPollMilliseconds: 500, longestPollMilliseconds: 1000, quietMilliseconds: 2000, jitter: 0.1 }
  expect(slowPollAt(1000, 0, short, 0)).toBe(3000)
  expect(slowPollAt(29 * day, 0, settings, 0)).toBe(30 * day)
  expect(slowPollAt(29 * day + 1, 0, settings, 0)).toBeNull()
})
