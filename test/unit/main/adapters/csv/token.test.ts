import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTokenMaker, identifierToken } from '../../../../../src/main/adapters/csv/token.ts'
import { identifierKinds, type IdentifierValue } from '../../../../../src/shared/model/identifier.ts'

const key = randomBytes(32)
const email = (value: string): IdentifierValue => ({ kind: 'email', value, channelId: null })

test('makes the same tokens in bulk as one by one, whatever the identifier', () => {
  const make = createTokenMaker(key)
  const identifier = fc.record({
    kind: fc.constantFrom(...identifierKinds),
    value: fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 700, maxLength: 3000 })),
    channelId: fc.option(fc.string()),
  })
  fc.assert(
    fc.property(identifier, (one) => {
      expect(make(one)).toBe(identifierToken(key, one).toString('hex'))
    }),
  )
})

test('gives equal identifiers equal tokens and others different ones', () => {
  const make = createTokenMaker(key)
  expect(make(email('Somebody@Example.com'))).toBe(make(email('somebody@example.com')))
  expect(make(email('a@example.com'))).not.toBe(make(email('b@example.com')))
  expect(make({ kind: 'user id', value: 'x', channelId: null })).not.toBe(
    make({ kind: 'channel user id', value: 'x', channelId: null }),
  )
})

test('says nothing without the key', () => {
  expect(createTokenMaker(randomBytes(32))(email('a@example.com'))).not.toBe(
    createTokenMaker(key)(email('a@example.com')),
  )
  expect(() => createTokenMaker(randomBytes(65))).toThrow('at most 64 bytes')
})
