import { expect, test } from 'vitest'
import { draftName, nameFromFile } from '../../../src/shared/model/draft-name.ts'

test('a draft is called by its day, then after its file', () => {
  expect(draftName(new Date(2026, 10, 23, 12).getTime())).toBe('Request of 23 Nov')
  expect(nameFromFile('privacy asks, November.csv', 'draft')).toBe('privacy asks, November')
  expect(nameFromFile('.csv', 'draft')).toBe('draft')
  expect(nameFromFile(`${'a'.repeat(300)}.csv`, 'draft')).toHaveLength(120)
})
