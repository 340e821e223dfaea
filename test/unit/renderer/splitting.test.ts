import { expect, test } from 'vitest'
import { describeSplitting } from '../../../src/renderer/src/splitting.ts'

test('what splitting adds is said for one call and for all of them, with the time it takes', () => {
  expect(describeSplitting({ callsEach: 14, calls: 140, milliseconds: 200_000 }, 10)).toBe(
    'the call is split in halves until that one is alone: up to 14 more calls; if it happens to every one of the 10 calls, up to 140 more in all, about 3 min longer',
  )
  expect(describeSplitting({ callsEach: 14, calls: 14, milliseconds: 0 }, 1)).toBe(
    'the call is split in halves until that one is alone: up to 14 more calls',
  )
})

test('it is not said where every call carries one', () => {
  expect(describeSplitting({ callsEach: 0, calls: 0, milliseconds: 0 }, 3)).toBeNull()
})
