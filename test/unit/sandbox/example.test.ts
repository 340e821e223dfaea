import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { makeExample } from '../../../scripts/make-example.ts'
import { findBehaviours } from '../../../src/sandbox/behaviours.ts'

const content = readFileSync(new URL('../../../examples/erasure-requests.csv', import.meta.url), 'utf8')
const records = parse(content, {
  bom: true,
  relax_quotes: true,
  relax_column_count: true,
  skip_empty_lines: false,
  record_delimiter: ['\r\n', '\n', '\r'],
})
const [header = [], ...rows] = records

describe('the example export', () => {
  it('is what its generator makes', () => {
    expect(content).toBe(makeExample())
  })

  it('has a byte order mark, CRLF throughout and at least 1,200 rows', () => {
    expect(content.startsWith('\uFEFFuser_id,')).toBe(true)
    expect(content.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(rows.length).toBeGreaterThanOrEqual(1_200)
  })

  it('is messy in every way it is meant to be', () => {
    const isBlank = (row: readonly string[]) => row.every((cell) => cell.trim() === '')
    expect(rows.filter(isBlank).length).toBeGreaterThanOrEqual(8)
    expect(rows.filter((row) => !isBlank(row) && row.length !== header.length)).toHaveLength(3)
    expect(new Set(rows.flatMap((row) => row[3]?.split(';').map((bot) => bot.trim()) ?? [])).size).toBe(6)
    const ids = rows.map(([id = '']) => id.trim()).filter((id) => id !== '')
    const emails = ids.filter((id) => id.includes('@'))
    expect(new Set(emails).size - new Set(emails.map((id) => id.toLowerCase())).size).toBeGreaterThanOrEqual(10)
    expect(ids.filter((id) => id.startsWith('u-')).length).toBeGreaterThan(100)
    expect(rows.filter(([, channel, user]) => channel?.trim() && user?.trim()).length).toBeGreaterThan(50)
    expect(rows.filter(([id, channel, user]) => !id && !channel && user?.trim()).length).toBeGreaterThan(50)
    expect(content).toContain(',1.23457E+15,')
    expect(ids.some((id) => id.includes('\u200B'))).toBe(true)
    expect(rows.filter((row) => row[5]?.includes(',')).length).toBeGreaterThan(100)
  })

  it('makes 12 to 20 calls of at most 100 identifiers, and one small one whose outcome stays unknown', () => {
    const scopes = new Map<string, Set<string>>()
    for (const [id = '', channel = '', user = '', bots = ''] of rows) {
      const identifier = [id, channel, user].map((cell) => cell.trim().toLowerCase()).join('/')
      if (identifier === '//') continue
      const scope = bots
        .split(';')
        .map((bot) => bot.trim())
        .toSorted()
        .join(';')
      scopes.set(scope, (scopes.get(scope) ?? new Set()).add(identifier))
    }
    const calls = [...scopes.values()].map(({ size }) => Math.ceil(size / 100)).reduce((sum, count) => sum + count, 0)
    expect(calls).toBeGreaterThanOrEqual(12)
    expect(calls).toBeLessThanOrEqual(20)
    const cut = [...scopes.values()].filter((ids) => [...ids].some((id) => id.includes('cut-after-recorded')))
    expect(cut.map(({ size }) => size)).toEqual([1])
  })

  it('asks the sandbox for a dozen behaviours, none that stops a batch or never ends', () => {
    const asked = new Set(rows.flatMap((row) => row.slice(0, 3).flatMap(findBehaviours)))
    expect(asked.size).toBeGreaterThanOrEqual(12)
    const unwelcome = [...asked].filter(
      ({ name, effect }) => name === 'on-hold' || (effect.at === 'erase' && effect.does === 'refuse'),
    )
    expect(unwelcome).toEqual([])
  })
})
