import { describe, expect, test } from 'vitest'
import {
  decisionTarget,
  decisionWords,
  dilemma,
  groupOf,
  sameKind,
} from '../../../src/renderer/src/features/requests/decisions.ts'
import { isNotErased, notErased, statesAtFirst } from '../../../src/renderer/src/features/requests/filters.ts'
import { nextSort, sortMark } from '../../../src/renderer/src/features/requests/sorting.ts'
import type { BatchId, IdentifierId } from '../../../src/shared/model/ids.ts'
import type { WaitingGroup } from '../../../src/shared/model/request.ts'

const group = (own: Partial<WaitingGroup>): WaitingGroup => ({
  state: 'outcome unknown',
  batchId: 4 as BatchId,
  batchNumber: 4,
  count: 100,
  title: '100 identifiers: outcome unknown',
  explanation: 'The call of batch 4 was cut off.',
  vendorWords: null,
  strangers: 0,
  decisions: ['send again', 'treat as sent'],
  ...own,
})

describe('deciding', () => {
  test('an unknown outcome names both risks before any choice', () => {
    const words = dilemma(group({}))
    expect(words).toMatch(/data created since then goes too/)
    expect(words).toMatch(/two vendor requests/)
    expect(words).toMatch(/may never be erased/)
  })

  test('every choice says what follows, and its button says how many', () => {
    for (const words of Object.values(decisionWords)) {
      expect(words.consequence).toMatch(/\.$/)
      expect(words.button(1)).toMatch(/1 identifier\b/)
      expect(words.button(38)).toMatch(/38 identifiers/)
      expect(`${words.choice} ${words.consequence}`).not.toMatch(/please|oops|\bwe\b|!/i)
    }
  })

  test('one decision covers only groups of the same state that offer the same', () => {
    const other = group({ batchId: 5 as BatchId, batchNumber: 5 })
    const unconfirmed = group({ state: 'unconfirmed', decisions: ['accept as unconfirmed'] })
    const fewer = group({ batchId: 6 as BatchId, decisions: ['treat as sent'] })
    expect(sameKind([group({}), other, unconfirmed, fewer], group({}))).toEqual([group({}), other])
  })

  test('the target is the identifier, else all, else the batch', () => {
    expect(decisionTarget(group({}), { id: 9 as IdentifierId }, true)).toEqual({ identifierId: 9 })
    expect(decisionTarget(group({}), null, true)).toEqual({ all: true })
    expect(decisionTarget(group({}), null, false)).toEqual({ batchId: 4 })
    expect(decisionTarget(group({ batchId: null }), null, false)).toEqual({ all: true })
  })

  test('an identifier waits in the group of its state and batch until it is decided', () => {
    const groups = [group({}), group({ state: 'held', batchId: null, batchNumber: null, decisions: ['release'] })]
    expect(groupOf(groups, { state: 'outcome unknown', batchNumber: 4, decided: false })).toBe(groups[0])
    expect(groupOf(groups, { state: 'outcome unknown', batchNumber: 5, decided: false })).toBeNull()
    expect(groupOf(groups, { state: 'held', batchNumber: 5, decided: false })).toBe(groups[1])
    expect(groupOf(groups, { state: 'outcome unknown', batchNumber: 4, decided: true })).toBeNull()
  })
})

describe('what a request shows at first', () => {
  test('what is left, where part is erased', () => {
    expect(statesAtFirst({ counts: { erased: 10, accepted: 3 } })).toEqual(notErased)
  })
  test('everything, where nothing or all of it is erased', () => {
    expect(statesAtFirst({ counts: { queued: 10 } })).toEqual([])
    expect(statesAtFirst({ counts: { erased: 10 } })).toEqual([])
  })
  test('"not erased" is exactly every other state', () => {
    expect(isNotErased(notErased)).toBe(true)
    expect(isNotErased(['queued'])).toBe(false)
    expect(notErased).not.toContain('erased')
  })
})

describe('sorting the requests', () => {
  test('a title pressed twice goes back to the newest first', () => {
    expect(nextSort('due', 'newest')).toBe('answer due')
    expect(nextSort('due', 'answer due')).toBe('newest')
  })
  test('the age has both directions', () => {
    expect(nextSort('created', 'newest')).toBe('oldest')
    expect(nextSort('created', 'oldest')).toBe('newest')
  })
  test('the mark stands at the column that sorts', () => {
    expect(sortMark('size')).toEqual({ sort: { key: 'size', direction: 'descending' } })
  })
})
