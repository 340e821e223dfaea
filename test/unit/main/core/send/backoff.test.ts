import { expect, test } from 'vitest'
import { createBackoff } from '../../../../../src/main/core/send/backoff.ts'
import { createVirtualClock } from '../../../../fakes/clock.ts'
import { createSeededRandom } from '../../../../fakes/random.ts'

const middle = { ...createSeededRandom('backoff'), fraction: () => 0.5 }

test('waits 5 s after the first failure, twice as long after each more, and never beyond 5 min', () => {
  const clock = createVirtualClock(0)
  const backoff = createBackoff(clock, middle)
  const waits = Array.from({ length: 8 }, () => {
    const wait = backoff.failed(0.1)
    clock.advance(wait)
    return wait
  })
  expect(waits).toEqual([5000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000])
})

test('calls that fail side by side count once', () => {
  const clock = createVirtualClock(0)
  const backoff = createBackoff(clock, middle)
  expect([backoff.failed(0.1), backoff.failed(0.1), backoff.failed(0.1)]).toEqual([5000, 5000, 5000])
})

test('begins anew after a call that reached somebody', () => {
  const clock = createVirtualClock(0)
  const backoff = createBackoff(clock, middle)
  clock.advance(backoff.failed(0.1))
  clock.advance(backoff.failed(0.1))
  backoff.clear()
  expect(backoff.left()).toBe(0)
  expect(backoff.failed(0.1)).toBe(5000)
})

test('waits as long where the clock is set meanwhile', () => {
  const clock = createVirtualClock(0)
  const backoff = createBackoff(clock, middle)
  backoff.failed(0.1)
  clock.jump(-365 * 86_400_000)
  clock.advance(2000)
  expect(backoff.left()).toBe(3000)
  clock.jump(2 * 365 * 86_400_000)
  expect(backoff.left()).toBe(3000)
})

test('chance moves a wait by a tenth at most, either way', () => {
  const clock = createVirtualClock(0)
  const ends = [0, 0.999_999].map((fraction) =>
    createBackoff(clock, { ...middle, fraction: () => fraction }).failed(0.1),
  )
  expect(ends).toEqual([4500, 5500])
})
