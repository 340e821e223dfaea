import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { sentForm } from '../../../../../src/main/vendors/mixpanel/call.ts'
import { namesOf, nameOfAnswered } from '../../../../../src/main/vendors/mixpanel/names.ts'

const names = (submitted: string, answered: string) =>
  namesOf({ kind: 'distinct id', value: submitted, channelId: null }).includes(nameOfAnswered(answered))

test('an identifier is named by exactly what was sent', () => {
  expect(names('Ana@Example.org', 'Ana@Example.org')).toBe(true)
  expect(names('Ana@Example.org', 'ana@example.org')).toBe(false)
  expect(names('é', 'e\u0301')).toBe(false)
})

test('the file’s blanks around it were not sent; blanks in an answer make it another identifier', () => {
  expect(names('  user-1 ', 'user-1')).toBe(true)
  expect(names('user-1', ' user-1')).toBe(false)
})

test('whatever was sent is named by that very text, and by no other', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'binary' }), fc.string({ unit: 'binary' }), (value, other) => {
      const sent = JSON.parse(sentForm({ kind: 'distinct id', value, channelId: null })) as string
      expect(names(value, sent)).toBe(true)
      expect(names(value, other)).toBe(other === sent)
    }),
  )
})
