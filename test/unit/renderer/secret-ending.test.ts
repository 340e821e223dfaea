import { expect, test } from 'vitest'
import { endingOf } from '../../../src/renderer/src/secret-ending.ts'
import { connectionSettingsSchema } from '../../../src/shared/model/connection.ts'

const noon = new Date(2026, 10, 24, 12).getTime()
const wordsFor = (secretExpiresOn: string | null, retiredAt: number | null = null) => {
  const settings = connectionSettingsSchema.parse({ secretExpiresOn })
  const ending = endingOf({ settings, retiredAt }, 'GDPR OAuth token', noon)
  return ending === null ? null : `${ending.standing}: ${ending.words}`
}

test('nothing is said of a secret without an end, far from it, or of a retired connection', () => {
  expect(wordsFor(null)).toBeNull()
  expect(wordsFor('2026-12-24')).toBeNull()
  expect(wordsFor('2026-11-25', noon)).toBeNull()
})

test('the last 30 days are counted, the last 7 weigh more, and the end is said', () => {
  expect(wordsFor('2026-12-23')).toBe('soon: GDPR OAuth token ends in 29 days')
  expect(wordsFor('2026-11-30')).toBe('urgent: GDPR OAuth token ends in 6 days')
  expect(wordsFor('2026-11-25')).toBe('urgent: GDPR OAuth token ends in 1 day')
  expect(wordsFor('2026-11-24')).toBe('urgent: GDPR OAuth token ends today')
  expect(wordsFor('2026-11-23')).toBe('expired: GDPR OAuth token expired')
})
