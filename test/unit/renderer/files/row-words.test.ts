import { expect, test } from 'vitest'
import { describeLines, describeRepeated } from '../../../../src/renderer/src/files/row-words.ts'

test('a duplicate names the row it repeats, and its file where that is another one', () => {
  const reason = 'same identifier'
  expect(describeRepeated({ reason, duplicateOfLine: 5, duplicateOfFile: null })).toBe('line 5')
  expect(describeRepeated({ reason, duplicateOfLine: 5, duplicateOfFile: 'october.csv' })).toBe('line 5 of october.csv')
  expect(describeRepeated({ reason, duplicateOfLine: null, duplicateOfFile: null })).toBe('same identifier')
})

test('a finding says which lines it means and how many more there are', () => {
  expect(describeLines({ count: 1, lines: [4] })).toBe('Line 4.')
  expect(describeLines({ count: 3, lines: [4, 9, 1204] })).toBe('Lines 4, 9 and 1,204.')
  expect(describeLines({ count: 41, lines: [4, 9, 11, 12, 20] })).toBe('Lines 4, 9, 11, 12, 20 and 36 more.')
})
