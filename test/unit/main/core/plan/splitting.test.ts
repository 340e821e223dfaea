import { expect, test } from 'vitest'
import { splittingOf } from '../../../../../src/main/core/plan/splitting.ts'

test('every group is cut into calls of its own, and the largest call costs most', () => {
  // 100 + 50 and 3 + 1: fourteen and twelve calls more for the first two, four for the third.
  expect(splittingOf([150, 3, 1], 100)).toEqual({ callsEach: 14, calls: 14 + 12 + 4 })
  expect(splittingOf([3, 3], 100)).toEqual({ callsEach: 4, calls: 8 })
})

test('where every call carries one there is nothing to split', () => {
  expect(splittingOf([7], 1)).toEqual({ callsEach: 0, calls: 0 })
  expect(splittingOf([], 100)).toEqual({ callsEach: 0, calls: 0 })
})
