import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { askAge, askWait, latestFirstStep } from '../../../src/shared/model/ask-schedule.ts'

const settings = { firstPollMilliseconds: 60_000, longestPollMilliseconds: 21_600_000 }

test('the ages of a batch at its status calls are the sums of the waits', () => {
  expect([0, 1, 2, 3].map((step) => askAge(step, settings))).toEqual([60_000, 150_000, 285_000, 487_500])
  expect(askWait(1000, settings)).toBe(settings.longestPollMilliseconds)
})

test('no batch begins later than the longest wait, nor before the first call', () => {
  const waits = fc.record({
    firstPollMilliseconds: fc.integer({ min: 500, max: 86_400_000 }),
    longestPollMilliseconds: fc.integer({ min: 1000, max: 86_400_000 }),
  })
  fc.assert(
    fc.property(waits, (drawn) => {
      const latest = latestFirstStep(drawn)
      expect(latest).toBeGreaterThanOrEqual(0)
      const most = Math.max(drawn.longestPollMilliseconds, drawn.firstPollMilliseconds)
      expect(askAge(latest, drawn)).toBeLessThanOrEqual(most)
      expect(askAge(latest + 1, drawn)).toBeGreaterThan(drawn.longestPollMilliseconds)
    }),
  )
})
