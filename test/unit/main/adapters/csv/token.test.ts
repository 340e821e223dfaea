import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { createTokenWriter, identifierToken } from '../../../../../src/main/adapters/csv/token.ts'
import type { IdentifierValue } from '../../../../../src/shared/model/identifier.ts'

const key = Uint8Array.from({ length: 32 }, (_, index) => index * 7)
const writeToken = createTokenWriter(key)

function makeToken(identifier: IdentifierValue): string {
  const target = Buffer.alloc(24)
  writeToken(identifier, target, 4)
  return target.toString('hex', 4, 20)
}

test('is the HMAC of kind and folded value, cut to 16 bytes, at every length', () => {
  for (let length = 1; length < 300; length += 1) {
    const value = `é${'x'.repeat(length)}`
    const expected = createHmac('sha256', key).update(Uint8Array.of(2)).update(value).digest('hex').slice(0, 32)
    const identifier: IdentifierValue = { kind: 'user id', value, channelId: null }
    expect(makeToken(identifier)).toBe(expected)
    expect(identifierToken(key, identifier).toString('hex')).toBe(expected)
  }
})

test('emails are equal in any letter case, user ids are not', () => {
  const email = (value: string): string => makeToken({ kind: 'email', value, channelId: null })
  const user = (value: string): string => makeToken({ kind: 'user id', value, channelId: null })
  expect(email('Ann@Mail.example')).toBe(email('ann@mail.example'))
  expect(user('U-1')).not.toBe(user('u-1'))
  expect(user('a@b.example')).not.toBe(email('a@b.example'))
})
