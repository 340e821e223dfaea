/** What the frame picks out of many for the gauges. Pure. */
import type { Budget } from '../../../shared/model/connection.ts'
import { isBriefWindow } from '../ui/format.ts'

/**
 * The budget with the largest share of any of its windows used; the first of equals. A window that empties within seconds
 * does not count: full after every call, it would take the gauges' place and leave it again.
 */
export function busiestBudget(budgets: readonly Budget[]): Budget | null {
  const share = ({ windows }: Budget) =>
    Math.max(
      0,
      ...windows.filter(({ milliseconds }) => !isBriefWindow(milliseconds)).map(({ used, usable }) => used / usable),
    )
  return budgets.reduce<Budget | null>(
    (busiest, budget) => (busiest === null || share(budget) > share(busiest) ? budget : busiest),
    null,
  )
}
