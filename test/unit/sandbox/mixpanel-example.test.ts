import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { makeMixpanelExample } from '../../../scripts/make-mixpanel-example.ts'
import { findMixpanelBehaviours } from '../../../src/sandbox/mixpanel/behaviours.ts'

const content = readFileSync(new URL('../../../examples/mixpanel-deletions.csv', import.meta.url), 'utf8')
const [header = [], ...rows] = parse(content, { skip_empty_lines: false })
const ids = rows.map(([id = '']) => id.trim())

test('the example is what its generator makes', () => {
  expect(content).toBe(makeMixpanelExample())
  expect(header).toEqual(['distinct_id', 'case_reference', 'last_seen'])
})

test('it holds ids of every form, repeats, rows without one, and two people told apart by letter case alone', () => {
  const named = ids.filter((id) => id !== '')
  expect(ids.length - named.length).toBe(2)
  expect(named.length - new Set(named).size).toBe(2)
  expect(new Set(named).size - new Set(named.map((id) => id.toLowerCase())).size).toBe(1)
  for (const form of [/^[0-9a-f]{8}-/, /^\$device:/, /^\d+$/, /@/]) expect(named.some((id) => form.test(id))).toBe(true)
  expect(new Set(named).size).toBeLessThanOrEqual(500)
})

test('what it asks of the sandbox leaves its one task to succeed', () => {
  expect(ids.flatMap(findMixpanelBehaviours).map(({ name }) => name)).toEqual(['status-500', 'unknown'])
})
