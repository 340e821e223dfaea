import { expect, test } from 'vitest'
import { estimateSending, type EstimateInput } from '../../../../../src/main/core/plan/estimate.ts'

const minute = 60_000
const hour = 3_600_000
const kore = [
  { milliseconds: minute, calls: 60 },
  { milliseconds: hour, calls: 1_800 },
]
const base: EstimateInput = {
  now: 1_000_000,
  calls: 0,
  lookUps: 0,
  windows: kore,
  margin: 0,
  spent: [],
  holdUntil: null,
  pace: { callMilliseconds: 0, pollsDue: 0, readyStep: null },
  settings: { firstPollMilliseconds: 100 * hour, longestPollMilliseconds: 100 * hour },
}

test('takes no time where nothing is to be sent', () => {
  expect(estimateSending(base)).toBe(0)
})

test('lets calls leave at once while every window has room', () => {
  expect(estimateSending({ ...base, calls: 60 })).toBe(0)
  expect(estimateSending({ ...base, calls: 61 })).toBe(minute)
  expect(estimateSending({ ...base, calls: 181 })).toBe(3 * minute)
})

test('is bound by the hour where more is to be sent than an hour allows', () => {
  expect(estimateSending({ ...base, calls: 1_800 })).toBe(29 * minute)
  expect(estimateSending({ ...base, calls: 1_801 })).toBe(hour)
})

test('counts what was spent before, and keeps the margin free', () => {
  const spent = Array.from({ length: 60 }, () => base.now - 10_000)
  expect(estimateSending({ ...base, calls: 1, spent })).toBe(50_000)
  expect(estimateSending({ ...base, calls: 55, margin: 0.1 })).toBe(minute)
})

test('waits for the end of a hold', () => {
  expect(estimateSending({ ...base, calls: 1, holdUntil: base.now + 42_000 })).toBe(42_000)
})

test('gives every tenth call to the status calls that are due', () => {
  const pace = { ...base.pace, pollsDue: 100 }
  expect(estimateSending({ ...base, calls: 54, pace })).toBe(0)
  expect(estimateSending({ ...base, calls: 55, pace })).toBe(minute)
  expect(estimateSending({ ...base, calls: 58, pace: { ...pace, pollsDue: 2 } })).toBe(0)
})

test('gives every tenth call to status calls from the age at which batches are known to be ready', () => {
  const settings = { firstPollMilliseconds: minute, longestPollMilliseconds: hour }
  const alone = estimateSending({ ...base, calls: 1_000 })
  const shared = estimateSending({ ...base, calls: 1_000, settings, pace: { ...base.pace, readyStep: 0 } })
  expect(alone).toBe(16 * minute)
  expect(shared).toBe(18 * minute)
  // Status call number 5 comes after 20 minutes: all has left by then.
  expect(estimateSending({ ...base, calls: 1_000, settings, pace: { ...base.pace, readyStep: 5 } })).toBe(alone)
})

test('takes half of the turns of status calls for used where nothing is known', () => {
  const settings = { firstPollMilliseconds: minute, longestPollMilliseconds: hour }
  expect(estimateSending({ ...base, calls: 1_000, settings })).toBe(17 * minute)
})

test('counts what calls take: four at a time, and a window opens anew when a call has ended', () => {
  const pace = { ...base.pace, callMilliseconds: 2000 }
  expect(estimateSending({ ...base, calls: 4, pace })).toBe(0)
  expect(estimateSending({ ...base, calls: 9, pace })).toBe(4000)
  expect(estimateSending({ ...base, calls: 61, pace })).toBe(minute + 2000)
  expect(estimateSending({ ...base, calls: 5, pace: { ...pace, callMilliseconds: null } })).toBe(500)
})

test('lets the last erase call wait for the last look-up, which those side by side leave room for', () => {
  const pace = { callMilliseconds: 500, pollsDue: 0, readyStep: null }
  const roomy = [{ milliseconds: 1000, calls: 1000 }]
  expect(estimateSending({ ...base, windows: roomy, pace, calls: 2 })).toBe(0)
  expect(estimateSending({ ...base, windows: roomy, pace, calls: 2, lookUps: 1 })).toBe(500)
  expect(estimateSending({ ...base, windows: roomy, pace, calls: 4, lookUps: 2 })).toBe(500)
  expect(estimateSending({ ...base, windows: roomy, pace, calls: 8, lookUps: 4 })).toBe(500)
})
