import { array, assert, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRateMeter } from '../../../src/sandbox/rate-windows.ts'

const vendorWindows = [
  { milliseconds: 60_000, calls: 60 },
  { milliseconds: 3_600_000, calls: 1_800 },
]

describe('rate meter', () => {
  it('lets 60 calls a minute through and refuses the 61st', () => {
    const meter = createRateMeter(vendorWindows)
    const decisions = Array.from({ length: 61 }, (_, index) => meter.take(index * 100).fits)
    expect(decisions.filter(Boolean)).toHaveLength(60)
    expect(decisions.at(-1)).toBe(false)
  })

  it('rolls: a call leaves the window when it is exactly as old as the window is long, not a millisecond earlier', () => {
    const meter = createRateMeter([{ milliseconds: 60_000, calls: 1 }])
    expect(meter.take(1_000)).toEqual({ fits: true })
    expect(meter.take(60_999)).toEqual({ fits: false, retryAfterMilliseconds: 1 })
    expect(meter.take(61_000)).toEqual({ fits: true })
  })

  it('enforces the hour when every minute is within its limit', () => {
    const meter = createRateMeter(vendorWindows)
    // One call every 1,500 ms is 40 a minute and 2,400 an hour.
    const decisions = Array.from({ length: 2_400 }, (_, index) => meter.take(index * 1_500).fits)
    expect(decisions.indexOf(false)).toBe(1_800)
    expect(decisions.slice(1_800).some(Boolean)).toBe(false)
  })

  it('does not count a call it refused', () => {
    const meter = createRateMeter([{ milliseconds: 1_000, calls: 1 }])
    meter.take(0)
    for (let now = 100; now < 1_000; now += 100) expect(meter.take(now).fits).toBe(false)
    expect(meter.take(1_000).fits).toBe(true)
  })

  it('never lets more through in any window, whatever the times', () => {
    assert(
      property(array(integer({ min: 0, max: 400 }), { maxLength: 80 }), (gaps) => {
        const windows = [
          { milliseconds: 1_000, calls: 3 },
          { milliseconds: 5_000, calls: 7 },
        ]
        const meter = createRateMeter(windows)
        let now = 0
        const through: number[] = []
        for (const gap of gaps) {
          now += gap
          if (meter.take(now).fits) through.push(now)
        }
        for (const { milliseconds, calls } of windows)
          for (const end of through) {
            const inside = through.filter((time) => time <= end && time > end - milliseconds)
            expect(inside.length).toBeLessThanOrEqual(calls)
          }
      }),
    )
  })

  it('says when a call would fit again, and then it does', () => {
    const meter = createRateMeter(vendorWindows)
    for (let index = 0; index < 60; index += 1) meter.take(index * 10)
    const refused = meter.take(30_000)
    expect(refused).toEqual({ fits: false, retryAfterMilliseconds: 30_000 })
    expect(meter.take(60_000).fits).toBe(true)
  })

  it('forgets on reset', () => {
    const meter = createRateMeter([{ milliseconds: 1_000, calls: 1 }])
    meter.take(0)
    meter.reset()
    expect(meter.take(0).fits).toBe(true)
  })
})
