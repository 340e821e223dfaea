import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { makeCaseExample } from '../../../scripts/make-case-example.ts'
import { findMixpanelBehaviours } from '../../../src/sandbox/mixpanel/behaviours.ts'

const content = readFileSync(new URL('../../../examples/case-two-vendors.csv', import.meta.url), 'utf8')
const [header = [], ...rows] = parse(content, { skip_empty_lines: false, relax_column_count: true })
const named = rows.filter((cells) => cells.length === header.length)

test('the example is what its generator makes', () => {
  expect(content).toBe(makeCaseExample())
  expect(header).toEqual([
    'customer_id',
    'email',
    'slack_channel',
    'slack_user',
    'mixpanel_id',
    'mixpanel_id_2',
    'case_reference',
  ])
})

test('it holds people of several rows, several ids, of one vendor alone, with an address in common, and a blank line', () => {
  const people = new Set(named.map(([customer]) => customer))
  expect(named.length).toBeGreaterThan(people.size)
  expect(rows.length - named.length).toBe(1)
  expect(named.some(([, email, , user]) => email !== '' && user !== '')).toBe(true)
  expect(named.some(([, , , , first, second]) => first !== '' && second !== '')).toBe(true)
  expect(named.some(([, email, , , first]) => email !== '' && first === '')).toBe(true)
  expect(named.some(([, email, , , first]) => email === '' && first !== '')).toBe(true)
  const household = named.filter(([, email]) => email === 'household@post.example')
  expect(new Set(household.map(([customer]) => customer)).size).toBe(2)
})

test('what it asks of the sandbox leaves the task of its Mixpanel ids to succeed', () => {
  expect(named.flatMap(([, , , , first = '', second = '']) => [first, second]).flatMap(findMixpanelBehaviours)).toEqual(
    [],
  )
})
