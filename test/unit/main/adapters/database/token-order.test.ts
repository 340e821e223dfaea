import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { orderOfTokens, tokenBytes, tokensAt } from '../../../../../src/main/adapters/database/import/token-order.ts'

test('orders by the first four bytes, equal ones by place, and picks tokens in that order', () => {
  const token = fc.uint8Array({ minLength: tokenBytes, maxLength: tokenBytes })
  const twins = fc.tuple(fc.constantFrom(0, 0x7f, 0x80, 0xff), token).map(([byte, bytes]) => {
    const twin = Uint8Array.from(bytes)
    twin.fill(byte, 0, 4)
    return twin
  })
  fc.assert(
    fc.property(fc.array(fc.oneof(token, twins), { maxLength: 300 }), (list) => {
      const tokens = Buffer.concat(list)
      const order = orderOfTokens(tokens)(0, list.length)
      const expected = list
        .map((bytes, place) => ({ start: Buffer.from(bytes.subarray(0, 4)), place }))
        .toSorted((one, other) => Buffer.compare(one.start, other.start) || one.place - other.place)
        .map(({ place }) => place)
      expect([...order]).toEqual(expected)
      expect(Buffer.from(tokensAt(tokens, order))).toEqual(
        Buffer.concat(expected.map((place) => list[place] ?? new Uint8Array())),
      )
    }),
  )
})
