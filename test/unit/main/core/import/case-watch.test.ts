import { expect, test } from 'vitest'
import { createCaseWatch } from '../../../../../src/main/core/import/case-watch.ts'

test('ids that differ by letter case alone are counted, with the lines of the later ones', () => {
  const watch = createCaseWatch()
  for (const [line, value] of ['U-Abc', 'u-abc', 'u-ABC', 'U-Abc', 'u-other'].entries()) watch.look(value, line + 2)
  expect(watch.findings()).toEqual([
    { kind: 'differ by case alone', count: 2, lines: [3, 4], words: expect.stringContaining('each is sent.') },
  ])
})

test('the same id again, and ids that differ otherwise, are no finding', () => {
  const watch = createCaseWatch()
  for (const [line, value] of ['u-1', 'u-1', 'u-2', 'ü-1', ''].entries()) watch.look(value, line + 2)
  expect(watch.findings()).toEqual([])
})

test('at most five lines are kept, and every one is counted', () => {
  const watch = createCaseWatch()
  for (let index = 0; index < 40; index += 1) {
    watch.look(`u-a${index}`, index * 2 + 2)
    watch.look(`U-A${index}`, index * 2 + 3)
  }
  expect(watch.findings()).toMatchObject([{ count: 40, lines: [3, 5, 7, 9, 11] }])
})

test('a full table compares no more, and says so where it found something', () => {
  const watch = createCaseWatch(3)
  watch.look('a', 2)
  watch.look('A', 3)
  watch.look('b', 4)
  watch.look('c', 5)
  watch.look('B', 6)
  watch.look('d', 7)
  watch.look('D', 8)
  expect(watch.findings()).toMatchObject([
    { count: 1, lines: [3], words: expect.stringContaining('Only the first 3 ids were compared.') },
  ])
})

test('its memory does not grow with the file: a million ids stay within its two tables', () => {
  const before = process.memoryUsage().arrayBuffers
  const watch = createCaseWatch()
  for (let index = 0; index < 1_000_000; index += 1) watch.look(`u-${index.toString(36)}`, index + 2)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(17 * 1024 * 1024)
  expect(watch.findings()).toEqual([])
})
