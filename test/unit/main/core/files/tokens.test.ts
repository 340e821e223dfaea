import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { createFileTokens } from '../../../../../src/main/core/files/tokens.ts'

const random = {
  uuid: () => randomUUID() as string,
  bytes: (count: number) => new Uint8Array(count),
  fraction: () => 0.5,
}

test('a token leads to its path, and nothing else does', () => {
  const tokens = createFileTokens(random)
  const token = tokens.give('/home/operator/ids.csv')
  expect(tokens.pathOf(token)).toBe('/home/operator/ids.csv')
  expect(tokens.pathOf('/home/operator/ids.csv')).toBeNull()
  expect(tokens.give('/home/operator/ids.csv')).not.toBe(token)
})

test('remembers the last 200', () => {
  const tokens = createFileTokens(random)
  const given = Array.from({ length: 201 }, (_, index) => tokens.give(`/${index}.csv`))
  expect(tokens.pathOf(given[0]!)).toBeNull()
  expect(tokens.pathOf(given[1]!)).toBe('/1.csv')
  expect(tokens.pathOf(given[200]!)).toBe('/200.csv')
})
