import { describe, expect, it } from 'vitest'
import { connectionSettingsSchema } from '../../../../src/shared/model/connection.ts'
import {
  callSizeHint,
  cutMiddle,
  describeCallSize,
  describeLimits,
  describeSigning,
  describeSkew,
} from '../../../../src/renderer/src/features/connections/words.ts'

describe('the words for a connection', () => {
  it('says the limits as the vendor does', () => {
    const windows = [
      { milliseconds: 60_000, calls: 60 },
      { milliseconds: 3_600_000, calls: 1800 },
    ]
    expect(describeLimits({ windows, margin: 0.05 })).toBe('60 a minute, 1,800 an hour, 5 % kept free')
    expect(describeLimits({ windows: [{ milliseconds: 10_000, calls: 5 }], margin: 0 })).toBe(
      '5 in any 10 seconds, none kept free',
    )
  })

  it('says how many identifiers a call holds, and why it is fewer than are set', () => {
    const settings = connectionSettingsSchema.parse({ identifiersPerCall: 100 })
    expect(describeCallSize({ settings, tooLarge: null })).toBe('100')
    expect(describeCallSize({ settings, tooLarge: 1500 })).toBe('100')
    expect(describeCallSize({ settings, tooLarge: 80 })).toBe(
      '100; the vendor found a call of 80 identifiers too large, and calls hold at most 40 now',
    )
    expect(describeCallSize({ settings, tooLarge: 1 })).toContain('a call of 1 identifier too large')
    const documented = 'No limit is documented.'
    expect(callSizeHint(null, documented)).toBe(documented)
    expect(callSizeHint({ settings, tooLarge: null }, documented)).toBe(documented)
    expect(callSizeHint({ settings, tooLarge: 80 }, documented)).toBe(
      'The vendor found a call of 80 identifiers too large, and calls hold at most 40 now. Another number here is tried as it is.',
    )
  })

  it('names the subject of the tokens', () => {
    expect(describeSigning({ algorithm: 'HS256', lifetimeSeconds: 60, subject: '' })).toBe(
      'HS256, 60 s, the client id as subject, a new id for every token',
    )
  })

  it('speaks of the clock only where it is off by enough to matter', () => {
    expect(describeSkew(null)).toBeNull()
    expect(describeSkew(4000)).toBeNull()
    expect(describeSkew(-90_000)).toBe('This computer’s clock is 90 s ahead of the vendor’s.'.replaceAll('’', "'"))
    expect(describeSkew(600_000)).toContain('10 min behind')
  })

  it('cuts long ids in the middle alone', () => {
    expect(cutMiddle('cs-4a71')).toBe('cs-4a71')
    expect(cutMiddle('cs-4a71e2d1-77aa-5b8c-9e00-00000000f09e')).toBe('cs-4a71e…f09e')
  })
})
