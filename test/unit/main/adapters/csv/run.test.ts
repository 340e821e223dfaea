import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRun, usualRun } from '../../../../../src/main/adapters/csv/run.ts'
import { createTokenWriter, identifierToken } from '../../../../../src/main/adapters/csv/token.ts'
import type { IdentifierValue } from '../../../../../src/shared/model/identifier.ts'

const key = new Uint8Array(32).fill(3)
const writeToken = createTokenWriter(key)
const user = (value: string): IdentifierValue => ({ kind: 'user id', value, channelId: null })

test('says of a repeat where its first row stands and whether it is spelled otherwise, as far as it can tell', () => {
  const run = createRun(writeToken, usualRun)
  const repeats = (value: string, line: number) =>
    run.take({ kind: 'email', value, channelId: null }, null, line).repeats
  repeats('ann@x.example', 2)
  repeats('Bob@x.example', 3)
  expect(repeats('ann@x.example', 4)).toEqual({ place: 0, line: 2, isOtherSpelling: false })
  expect(repeats('ANN@x.example', 5)).toEqual({ place: 0, line: 2, isOtherSpelling: true })
  expect(repeats('bob@x.example', 6)).toEqual({ place: 1, line: 3, isOtherSpelling: true })
  expect(repeats('BOB@x.example', 7)).toEqual({ place: 1, line: 3, isOtherSpelling: null })
})

test('a row repeats the first one with its token and scope, whatever comes between', () => {
  const run = createRun(writeToken, usualRun)
  const take = (identifier: IdentifierValue, scope: string | null) => {
    const { number, repeats } = run.take(identifier, scope, 2)
    return [number, repeats?.place ?? null]
  }
  expect(take(user('u-1'), null)).toEqual([0, null])
  expect(take(user('u-2'), null)).toEqual([0, null])
  expect(take(user('u-1'), 'a')).toEqual([1, null])
  expect(take(user('u-1'), 'b')).toEqual([2, null])
  expect(take(user('u-1'), null)).toEqual([0, 0])
  expect(take(user('u-1'), 'a')).toEqual([1, 2])
  expect(take({ kind: 'email', value: 'u-1', channelId: null }, null)).toEqual([0, null])
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
      const told = rows.map(({ id, scope }) => run.take(user(`u-${id}`), scope, 2).repeats?.place ?? null)
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
  run.take(user('u-1'), 'x', 2)
  run.take(user('u-1'), 'x', 2)
  run.take(user('u-2'), null, 2)
  expect(run.isFull()).toBe(false)
  run.take(user('u-3'), 'y', 2)
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
    run.take(user('u-1'), null, 2)
    expect(run.isFull()).toBe(expected)
  }
})
