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
  windows: kore,
  margin: 0,
  spent: [],
  holdUntil: null,
  firstPollAt: Number.MAX_SAFE_INTEGER,
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

test('leaves a fifth of each window to status calls once they have begun', () => {
  expect(estimateSending({ ...base, calls: 49, firstPollAt: base.now })).toBe(minute)
  expect(estimateSending({ ...base, calls: 48, firstPollAt: base.now })).toBe(0)
})
