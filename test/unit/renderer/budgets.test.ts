import { expect, test } from 'vitest'
import type { Budget } from '../../../src/shared/model/connection.ts'
import { fadesAfter } from '../../../src/renderer/src/budgets.ts'

const budgetWith = (used: number, holdUntil: number | null = null): Budget =>
  ({ windows: [{ milliseconds: 60_000, calls: 60, usable: 57, used }], holdUntil }) as unknown as Budget

test('a budget is looked at again by time alone as long as something of it is used, or the vendor asked to wait', () => {
  expect(fadesAfter([])).toBeNull()
  expect(fadesAfter([budgetWith(0), budgetWith(0)])).toBeNull()
  expect(fadesAfter([budgetWith(0), budgetWith(3)])).toBe(2000)
  expect(fadesAfter([budgetWith(0), budgetWith(0, 1)])).toBe(2000)
})
