import { expect, test } from 'vitest'
import { endOfDay, expiryOf, lastWholeDay } from '../../../src/shared/model/secret-expiry.ts'

test('the countdown counts today, warns at 30 and at 7 days, and ends after the last day', () => {
  const onDay = (today: string) => expiryOf('2026-12-31', today)
  expect(onDay('2026-12-01')).toEqual({ daysLeft: 31, standing: 'good' })
  expect(onDay('2026-12-02')).toEqual({ daysLeft: 30, standing: 'soon' })
  expect(onDay('2026-12-24')).toEqual({ daysLeft: 8, standing: 'soon' })
  expect(onDay('2026-12-25')).toEqual({ daysLeft: 7, standing: 'urgent' })
  expect(onDay('2026-12-31')).toEqual({ daysLeft: 1, standing: 'urgent' })
  expect(onDay('2027-01-01')).toEqual({ daysLeft: 0, standing: 'expired' })
})

test('a day is over when it is over in the last place on earth', () => {
  expect(new Date(endOfDay('2026-12-31')).toISOString()).toBe('2027-01-01T12:00:00.000Z')
})

test('a secret that ends in the middle of a day has the day before as its last whole one', () => {
  expect(lastWholeDay(Date.parse('2027-11-24T09:30:00Z'))).toBe('2027-11-23')
})
