import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRowIds } from '../../../../../src/main/adapters/database/import/row-ids.ts'

test('gives for every place the id it was added with, or the one that took its place', () => {
  const batch = fc.record({ gap: fc.nat(50), count: fc.nat(7) })
  fc.assert(
    fc.property(fc.array(batch, { maxLength: 20 }), fc.array(fc.nat(100)), (batches, replacedPlaces) => {
      const rows = createRowIds()
      const expected: number[] = []
      let next = 1
      for (const { gap, count } of batches) {
        next += gap
        rows.add(next, count)
        for (let row = 0; row < count; row += 1) expected.push(next + row)
        next += count
      }
      for (const place of replacedPlaces.filter((chosen) => chosen < expected.length)) {
        rows.replace(place, 9000 + place)
        expected[place] = 9000 + place
      }
      expect(expected.map((_, place) => rows.idAt(place))).toEqual(expected)
    }),
  )
})

test('a place beyond the rows is a mistake, not an identifier', () => {
  const rows = createRowIds()
  rows.add(5, 2)
  expect(() => rows.idAt(2)).toThrow(RangeError)
  expect(() => rows.idAt(-1)).toThrow(RangeError)
})
