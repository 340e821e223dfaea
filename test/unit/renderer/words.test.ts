import { expect, test } from 'vitest'
import { describeUse } from '../../../src/renderer/src/features/overview/OverviewLists.tsx'
import { zoomStep } from '../../../src/renderer/src/features/settings/SettingsPage.tsx'
import { describeCounts, formatClock } from '../../../src/renderer/src/ui/index.ts'
import { inventBudgets, inventConnections } from '../../fakes/invented.ts'

const [production, staging] = inventConnections(0)
const [busy, held] = inventBudgets(0)

test('a connection’s line says what it uses, or why it stands still', () => {
  expect(describeUse(production!, busy, 0)).toBe('41 of 57 / min')
  expect(describeUse(production!, held, 0)).toBe(`waits until ${formatClock(20_000, 0)}`)
  expect(describeUse(staging!, busy, 0)).toBe('stopped')
  expect(describeUse(production!, undefined, 0)).toBe('')
})

test('zoom goes by steps and stays between 80 and 200 %', () => {
  expect(zoomStep(1, 1)).toBe(1.1)
  expect(zoomStep(1, -1)).toBe(0.9)
  expect(zoomStep(1.33, -1)).toBe(1.25)
  expect(zoomStep(2, 1)).toBe(2)
  expect(zoomStep(0.8, -1)).toBe(0.8)
})

test('a state bar reads its counts aloud in the one order', () => {
  expect(describeCounts({ failed: 6, erased: 3, queued: 0 })).toBe('3 erased, 6 failed')
  expect(describeCounts({})).toBe('no identifiers')
})
