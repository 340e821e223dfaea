import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  askAge,
  askWait,
  firstStepFrom,
  lastStepBy,
  latestFirstStep,
  nextTry,
  placesOfStep,
} from '../../../src/shared/model/ask-schedule.ts'

const settings = { firstPollMilliseconds: 60_000, longestPollMilliseconds: 21_600_000 }

test('the ages of a batch at its status calls are the sums of the waits', () => {
  expect([0, 1, 2, 3].map((step) => askAge(step, settings))).toEqual([60_000, 150_000, 285_000, 487_500])
  expect(askWait(1000, settings)).toBe(settings.longestPollMilliseconds)
})

test('a place between two calls lies as far between their ages, and its wait is that from the place one call before', () => {
  expect([0.5, 2.25].map((step) => askAge(step, settings))).toEqual([105_000, 285_000 + 50_625])
  for (const step of [1, 1.25, 6.5, 9.75]) {
    expect(Math.abs(askAge(step, settings) - askAge(step - 1, settings) - askWait(step, settings))).toBeLessThanOrEqual(
      1,
    )
  }
})

const drawnWaits = fc.record({
  firstPollMilliseconds: fc.integer({ min: 500, max: 86_400_000 }),
  longestPollMilliseconds: fc.integer({ min: 1000, max: 86_400_000 }),
})

test('the places around an age are the nearest on either side, and the place of a place is itself', () => {
  fc.assert(
    fc.property(drawnWaits, fc.integer({ min: 0, max: 30 * placesOfStep }), fc.nat(60_000), (drawn, place, ahead) => {
      const step = place / placesOfStep
      const age = askAge(step, drawn)
      // Where places are closer than a millisecond several have one age.
      expect(askAge(firstStepFrom(age, drawn), drawn)).toBe(age)
      expect(askAge(lastStepBy(age, drawn), drawn)).toBe(age)
      const later = age + ahead
      const [from, by] = [firstStepFrom(later, drawn), lastStepBy(later, drawn)]
      expect(askAge(from, drawn)).toBeGreaterThanOrEqual(later)
      expect(askAge(by, drawn)).toBeLessThanOrEqual(later)
      expect(from - by).toBeLessThanOrEqual(1 / placesOfStep + 1e-9)
    }),
  )
})

test('the next batch is tried later by the first wait, or by about a seventieth of the age, and never by much more', () => {
  fc.assert(
    fc.property(drawnWaits, fc.integer({ min: 0, max: 12 * placesOfStep }), (drawn, place) => {
      const step = place / placesOfStep
      const age = askAge(step, drawn)
      const next = nextTry(step, drawn)
      const apart = askAge(next, drawn) - age
      const least = Math.max(drawn.firstPollMilliseconds, age / 72)
      expect(apart).toBeGreaterThanOrEqual(least - 1)
      expect(apart).toBeLessThanOrEqual(least + askWait(Math.ceil(next) + 1, drawn) / placesOfStep + 1)
    }),
  )
})

test('no batch begins later than the longest wait, nor before the first call', () => {
  fc.assert(
    fc.property(drawnWaits, (drawn) => {
      const latest = latestFirstStep(drawn)
      expect(latest).toBeGreaterThanOrEqual(0)
      const most = Math.max(drawn.longestPollMilliseconds, drawn.firstPollMilliseconds)
      expect(askAge(latest, drawn)).toBeLessThanOrEqual(most)
      expect(askAge(latest + 1 / placesOfStep, drawn)).toBeGreaterThan(drawn.longestPollMilliseconds)
    }),
  )
})
