import { expect, test } from 'vitest'
import { channelNames, type Change } from '../../../src/shared/contract.ts'
import { channelKey } from '../../../src/renderer/src/api.ts'
import { channelsUnder, concernsChange } from '../../../src/renderer/src/topics.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'

const change = (topic: Change['topic'], id: number | null = null): Change => ({ topic, id, revision: 1, at: 0 })
const requestId = 7 as RequestId

test('every channel that reads is made stale by some topic', () => {
  const reading = channelNames.filter((name) => /^(get|list|suggest)/.test(name))
  const covered = new Set(Object.values(channelsUnder).flat())
  // Which vendors there are never changes while the app runs.
  expect(reading.filter((name) => !covered.has(name))).toEqual(['listVendors'])
})

test('no channel that does something is ever asked again by itself', () => {
  const doing = Object.values(channelsUnder)
    .flat()
    .filter((name) => !/^(get|list|suggest)/.test(name))
  expect(doing).toEqual([])
})

test('a change of one request leaves another alone', () => {
  const key = channelKey('getRequest', { requestId })
  expect(concernsChange(key, change('request', 7))).toBe(true)
  expect(concernsChange(key, change('request', 8))).toBe(false)
  expect(concernsChange(key, change('request'))).toBe(true)
})

test('an import that moves on refreshes the request it belongs to', () => {
  expect(concernsChange(channelKey('getRequest', { requestId }), change('import', 3))).toBe(true)
})

test('what another topic pushes is no concern', () => {
  expect(concernsChange(channelKey('listBudgets', {}), change('requests'))).toBe(false)
})
