import { assert, nat, property } from 'fast-check'
import { expect, test } from 'vitest'
import { pagesFor, pageSize, pagesInOrder } from '../../../src/renderer/src/ui/page-math.ts'
import { moveByKey, rowsBetween, rowsOf } from '../../../src/renderer/src/ui/table-model.ts'
import { createTurns } from '../../../src/renderer/src/turns.ts'

test('every row in sight lies in a page that is held', () => {
  assert(
    property(nat(1_000_000), nat(60), nat(1_000_000), (first, length, extra) => {
      const last = first + length
      const total = last + 1 + extra
      const range = pagesFor(first, last, total, 1)
      const pages = pagesInOrder(range, pagesFor(first, last, total))
      for (const row of [first, last]) expect(pages).toContain(Math.floor(row / pageSize))
      expect(pages.length).toBeLessThanOrEqual(4)
      expect(Math.max(...pages) * pageSize).toBeLessThan(total)
    }),
  )
})

test('before the first answer only what is in sight is asked for', () => {
  expect(pagesFor(0, 0, null, 1)).toEqual({ first: 0, last: 0 })
  expect(pagesFor(640, 660, null, 1)).toEqual({ first: 6, last: 6 })
})

test('the pages in sight come before those around them', () => {
  expect(pagesInOrder({ first: 3, last: 6 }, { first: 4, last: 5 })).toEqual([4, 5, 3, 6])
})

test('keys move the active row and stay within the list', () => {
  expect(moveByKey('ArrowDown', 9, 10, 5)).toBe(9)
  expect(moveByKey('k', 0, 10, 5)).toBe(0)
  expect(moveByKey('PageDown', 1, 10, 5)).toBe(6)
  expect(moveByKey('End', 1, 10, 5)).toBe(9)
  expect(moveByKey('Home', 7, 10, 5)).toBe(0)
  expect(moveByKey('End', 0, 0, 5)).toBe(0)
  expect(moveByKey('x', 1, 10, 5)).toBeNull()
})

test('a range of rows is the same from either end', () => {
  expect(rowsBetween(4, 2)).toEqual([2, 3, 4])
  expect(rowsBetween(2, 4)).toEqual([2, 3, 4])
})

test('a list that is wholly there is a row source', () => {
  const source = rowsOf(['a', 'b'])
  expect([source.total, source.rowAt(1), source.rowAt(2)]).toEqual([2, 'b', undefined])
})

test('calls take turns: few at once, the newest first, the unwanted never', async () => {
  const takeTurn = createTurns(1)
  const order: string[] = []
  let open = (): void => undefined
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const unwanted = new AbortController()
  const work = (name: string) => async () => {
    order.push(name)
    if (name === 'first') await gate
    return name
  }
  const wanted = new AbortController()
  const first = takeTurn(wanted.signal, work('first'))
  const old = takeTurn(unwanted.signal, work('old'))
  const middle = takeTurn(wanted.signal, work('middle'))
  const newest = takeTurn(wanted.signal, work('newest'))
  unwanted.abort()
  await expect(old).rejects.toThrow('Not wanted any more')
  open()
  expect(await Promise.all([first, middle, newest])).toEqual(['first', 'middle', 'newest'])
  expect(order).toEqual(['first', 'newest', 'middle'])
})

test('a call that fails lets the next one through', async () => {
  const takeTurn = createTurns(1)
  const { signal } = new AbortController()
  const broken = takeTurn(signal, () => Promise.reject(new Error('broken')))
  const next = takeTurn(signal, () => Promise.resolve('next'))
  await expect(broken).rejects.toThrow('broken')
  expect(await next).toBe('next')
})
