import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mostPerCall } from '../../../src/shared/model/connection.ts'
import { foldIdentifier, kindOfUserId } from '../../../src/shared/model/identifier.ts'
import { canonicalScope, readScope } from '../../../src/shared/model/scope.ts'
import {
  identifierStates,
  isSettled,
  mayBecome,
  settledStates,
  stateFromNumber,
  stateNumbers,
} from '../../../src/shared/model/state.ts'

describe('identifiers are the same', () => {
  const email = (value: string) => foldIdentifier({ kind: 'email', value, channelId: null })
  const userId = (value: string) => foldIdentifier({ kind: 'user id', value, channelId: null })
  const pair = (channelId: string, value: string) => foldIdentifier({ kind: 'channel pair', value, channelId })

  test('emails in any letter case and with blanks around', () => {
    expect(email(' Jane.Doe@Example.COM ')).toBe(email('jane.doe@example.com'))
  })

  test('every other id only exactly', () => {
    expect(userId(' u-1 ')).toBe(userId('u-1'))
    expect(userId('u-A')).not.toBe(userId('u-a'))
  })

  test('a pair only where both parts are, however they could be joined', () => {
    expect(pair('a', 'bc')).not.toBe(pair('ab', 'c'))
    expect(pair('a ', 'b')).toBe(pair('a', 'b'))
  })

  test('a value with one @ is an email', () => {
    expect(kindOfUserId('a@b')).toBe('email')
    for (const other of ['u-1', 'a@b@c', '@b', 'a b@c', 'a@']) expect(kindOfUserId(other)).toBe('user id')
  })
})

describe('states', () => {
  test('are stored by numbers that differ and lead back', () => {
    for (const state of identifierStates) expect(stateFromNumber(stateNumbers[state])).toBe(state)
    expect(new Set(Object.values(stateNumbers)).size).toBe(identifierStates.length)
    expect(() => stateFromNumber(99)).toThrow('99')
  })

  test('nothing is erased but what was accepted, unconfirmed or failed by the vendor before', () => {
    const before = identifierStates.filter((state) => mayBecome(state, 'erased'))
    expect(before.toSorted()).toEqual(['accepted', 'failed', 'unconfirmed'])
  })

  test('nothing is sent but what is queued, and what was sent is never sent again without being queued', () => {
    expect(identifierStates.filter((state) => mayBecome(state, 'sending'))).toEqual(['queued'])
    expect(mayBecome('outcome unknown', 'sending')).toBe(false)
  })

  test('nothing leaves the state cancelled, and nothing already sent becomes cancelled', () => {
    expect(identifierStates.filter((state) => mayBecome('cancelled', state))).toEqual([])
    expect(identifierStates.filter((state) => mayBecome(state, 'cancelled')).toSorted()).toEqual(['held', 'queued'])
  })

  test('what waits for the vendor is not settled', () => {
    expect(identifierStates.filter((state) => !isSettled(state)).toSorted()).toEqual([
      'accepted',
      'held',
      'outcome unknown',
      'queued',
      'sending',
    ])
    expect(settledStates).toHaveLength(6)
  })
})

test('equal scopes are equal texts, whatever the order and the doubles', () => {
  const botId = fc.stringMatching(/^[a-z0-9-]{1,12}$/)
  fc.assert(
    fc.property(fc.array(botId, { minLength: 1, maxLength: 6 }), (botIds) => {
      const canonical = canonicalScope({ kind: 'bots', botIds })
      expect(canonicalScope({ kind: 'bots', botIds: [...botIds.toReversed(), botIds[0] ?? ''] })).toBe(canonical)
      expect(canonicalScope(readScope(canonical))).toBe(canonical)
    }),
  )
  expect(readScope(canonicalScope({ kind: 'all bots' }))).toEqual({ kind: 'all bots' })
})

test('a call holds as many identifiers as are set, at most half of one that was too large, and never none', () => {
  expect(mostPerCall(100, null)).toBe(100)
  expect(mostPerCall(100, 100)).toBe(50)
  expect(mostPerCall(100, 101)).toBe(50)
  expect(mostPerCall(10, 100)).toBe(10)
  expect([3, 2, 1].map((tooLarge) => mostPerCall(100, tooLarge))).toEqual([1, 1, 1])
})
