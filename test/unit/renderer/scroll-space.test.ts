import { assert, integer, nat, property } from 'fast-check'
import { expect, test } from 'vitest'
import {
  isScaled,
  offsetOf,
  offsetOfTop,
  offsetShowing,
  placeAfter,
  placeAt,
  rowsInSight,
  scrollSpaceOf,
  tallestElement,
  topOfOffset,
  type ScrollPlace,
} from '../../../src/renderer/src/ui/scroll-space.ts'

const head = 30
const rowHeight = 32
const million = scrollSpaceOf(head + 1_000_000 * rowHeight)
const viewports = [300, 557, 2_700]

test('a list of a million rows fits below the limit at 200 % zoom on a display of three pixels a pixel', () => {
  expect(isScaled(million)).toBe(true)
  expect(million.element * 2 * 3).toBeLessThan(33_554_432)
})

test('below the limit every offset is its own scroll position', () => {
  const space = scrollSpaceOf(tallestElement)
  expect(isScaled(space)).toBe(false)
  assert(
    property(nat(tallestElement), nat(tallestElement), (offset, top) => {
      expect(placeAt(space, offset)).toEqual({ top: offset, shift: 0 })
      expect(placeAfter(space, { top: offset, shift: 0 }, top, top % 2 === 0)).toEqual({ top, shift: 0 })
    }),
  )
})

test('every row of a million can be scrolled to, and the order of rows is the order of scroll positions', () => {
  let before = -1
  for (let row = 0; row < 1_000_000; row += 1) {
    const offset = row * rowHeight
    const top = topOfOffset(million, offset)
    if (top <= before || Math.abs(offsetOfTop(million, top) - offset) > 1e-6) throw new Error(`row ${row} at ${top}`)
    before = top
  }
  expect(before).toBeLessThan(million.element)
})

test('every place that can be scrolled to shows rows, from the first at the top to the last at the end', () => {
  for (const height of viewports) {
    const end = million.element - height
    expect(offsetOfTop(million, 0)).toBe(0)
    expect(offsetOfTop(million, end)).toBe(million.list - height)
    const last = rowsInSight(offsetOfTop(million, end), height, head, rowHeight, 1_000_000).last
    expect(last).toBe(999_999)
    assert(
      property(integer({ min: 0, max: end }), (top) => {
        const { first, last: lowest } = rowsInSight(offsetOfTop(million, top), height, head, rowHeight, 1_000_000)
        expect(first).toBeGreaterThanOrEqual(0)
        expect(lowest).toBeLessThan(1_000_000)
        expect(lowest).toBeGreaterThan(first)
      }),
    )
  }
})

test('a place stands exactly at the offset it was made for, its element within what can be scrolled', () => {
  for (const height of viewports) {
    assert(
      property(integer({ min: 0, max: million.list - height }), (offset) => {
        const place = placeAt(million, offset)
        expect(offsetOf(place)).toBe(offset)
        expect(Number.isInteger(place.shift)).toBe(true)
        expect(place.top).toBeGreaterThanOrEqual(0)
        expect(place.top).toBeLessThanOrEqual(million.element - height)
        expect(Math.abs(place.top - topOfOffset(million, offset))).toBeLessThanOrEqual(0.5)
      }),
    )
  }
})

test('steps move the list by exactly as much as the element, wherever they begin and however many there are', () => {
  assert(
    property(
      integer({ min: 0, max: million.list }),
      integer({ min: -400, max: 400 }),
      nat(200),
      (from, step, count) => {
        let place: ScrollPlace = placeAt(million, from)
        for (let turn = 0; turn < count; turn += 1) {
          const top = place.top + step
          if (top < 0 || top > million.element) return
          const next = placeAfter(million, place, top, true)
          expect(offsetOf(next)).toBe(offsetOf(place) + step)
          place = next
        }
      },
    ),
  )
})

test('no row is left out on the way from the first to the last by steps alone', () => {
  const height = 557
  const end = million.element - height
  const seen = (place: ScrollPlace) => rowsInSight(offsetOf(place), height, head, rowHeight, 1_000_000)
  let place = placeAt(million, 0)
  while (place.top < end) {
    const next = placeAfter(million, place, Math.min(place.top + height - head, end), true)
    if (seen(next).first > seen(place).last + 1)
      throw new Error(`rows between ${seen(place).last} and ${seen(next).first}`)
    place = next
  }
  expect(offsetOf(place)).toBe(million.list - height)
  expect(seen(place).last).toBe(999_999)
})

test('a jump moves the list in proportion', () => {
  const middle = placeAfter(million, { top: 0, shift: 0 }, million.element / 2, false)
  expect(offsetOf(middle)).toBe(million.list / 2)
  const quarter = offsetOf(placeAfter(million, middle, million.element / 4, false))
  expect(quarter / million.list).toBeCloseTo(0.25, 2)
})

test('the rows in sight are those between the head and the lower edge', () => {
  expect(rowsInSight(0, 350, head, rowHeight, 1_000)).toEqual({ first: 0, last: 9 })
  expect(rowsInSight(16, 350, head, rowHeight, 1_000)).toEqual({ first: 0, last: 10 })
  expect(rowsInSight(0, 350, head, rowHeight, 3)).toEqual({ first: 0, last: 2 })
  expect(rowsInSight(0, 0, head, rowHeight, 3)).toEqual({ first: 0, last: 0 })
  expect(rowsInSight(0, 350, head, rowHeight, 0)).toEqual({ first: 0, last: -1 })
})

test('a row is brought into sight by the shortest way, below the head and above the lower edge', () => {
  const show = (index: number, offset: number) => offsetShowing(index, offset, 350, head, rowHeight)
  expect(show(5, 0)).toBe(0)
  expect(show(10, 0)).toBe(32)
  expect(show(2, 96)).toBe(64)
  expect(show(999_999, 0)).toBe(million.list - 350)
})
