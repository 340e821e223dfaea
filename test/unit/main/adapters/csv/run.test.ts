import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRun, usualRun } from '../../../../../src/main/adapters/csv/run.ts'
import { createTokenWriter, identifierToken } from '../../../../../src/main/adapters/csv/token.ts'
import type { IdentifierValue } from '../../../../../src/shared/model/identifier.ts'

const key = new Uint8Array(32).fill(3)
const writeToken = createTokenWriter(key)
const user = (value: string): IdentifierValue => ({ kind: 'user id', value, channelId: null })

test('a row repeats the first one with its token and scope, whatever comes between', () => {
  const run = createRun(writeToken, usualRun)
  expect(run.take(user('u-1'), null)).toEqual({ number: 0, repeats: null })
  expect(run.take(user('u-2'), null)).toEqual({ number: 0, repeats: null })
  expect(run.take(user('u-1'), 'a')).toEqual({ number: 1, repeats: null })
  expect(run.take(user('u-1'), 'b')).toEqual({ number: 2, repeats: null })
  expect(run.take(user('u-1'), null)).toEqual({ number: 0, repeats: 0 })
  expect(run.take(user('u-1'), 'a')).toEqual({ number: 1, repeats: 2 })
  expect(run.take({ kind: 'email', value: 'u-1', channelId: null }, null)).toEqual({ number: 0, repeats: null })
  expect(run.size()).toBe(5)
  expect(run.newScopes()).toEqual(['a', 'b'])
  expect(run.newScopes()).toEqual([])
})

test('tells repeats as a map of everything would', () => {
  const row = fc.record({ id: fc.nat(30_000), scope: fc.option(fc.constantFrom('a', 'b', 'c')) })
  fc.assert(
    fc.property(fc.array(row, { minLength: 20_000, maxLength: 40_000 }), (rows) => {
      const run = createRun(writeToken, { rows: 30_000 * 4, repeats: 40_000 })
      const places = new Map<string, number>()
      const told = rows.map(({ id, scope }) => run.take(user(`u-${id}`), scope).repeats)
      const expected = rows.map(({ id, scope }) => {
        const name = `${id} ${scope}`
        const known = places.get(name) ?? null
        if (known === null) places.set(name, places.size)
        return known
      })
      expect(told).toEqual(expected)
      expect(run.size()).toBe(places.size)
    }),
    { numRuns: 5 },
  )
})

test('hands over tokens and scopes in the order of the rows', () => {
  const run = createRun(writeToken, { rows: 3, repeats: 9 })
  run.take(user('u-1'), 'x')
  run.take(user('u-1'), 'x')
  run.take(user('u-2'), null)
  expect(run.isFull()).toBe(false)
  run.take(user('u-3'), 'y')
  expect(run.isFull()).toBe(true)
  const token = (value: string) => identifierToken(key, user(value))
  expect(Buffer.from(run.tokensFrom(1))).toEqual(Buffer.concat([token('u-2'), token('u-3')]))
  const { tokens, scopes } = run.whole()
  expect(Buffer.from(tokens)).toEqual(Buffer.concat([token('u-1'), token('u-2'), token('u-3')]))
  expect([...scopes]).toEqual([1, 0, 2])
})

test('is full of repeats too, so that they do not pile up', () => {
  const run = createRun(writeToken, { rows: 1000, repeats: 2 })
  for (const expected of [false, false, true]) {
    run.take(user('u-1'), null)
    expect(run.isFull()).toBe(expected)
  }
})
