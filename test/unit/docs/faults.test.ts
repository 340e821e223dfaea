import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { makeFaultsPage } from '../../../scripts/make-faults-page.ts'

const guide = new URL('../../../docs/guide/', import.meta.url)

test('the page about faults is what the tested cases say; `node scripts/make-faults-page.ts` writes it anew', () => {
  expect(readFileSync(new URL('faults.md', guide), 'utf8')).toBe(makeFaultsPage())
})

test('the guide leads to the page about faults', () => {
  expect(readFileSync(new URL('README.md', guide), 'utf8')).toContain('(faults.md)')
})

test('no row of the page is left without a word, and none holds a placeholder', () => {
  const rows = makeFaultsPage()
    .split('\n')
    .filter((line) => line.startsWith('| '))
  expect(rows.length).toBeGreaterThan(80)
  expect(rows.filter((row) => /\|\s+\||\{\w+\}/.test(row))).toEqual([])
})
