/** What the frame picks out of many: one environment for the band, one budget for the gauges. Pure. */
import type { Budget, Connection, Environment } from '../../../shared/model/connection.ts'
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

/** Where a screen shows several connections the band is that of the one that can do the most harm. */
export function riskiestEnvironment(connections: readonly Pick<Connection, 'environment'>[]): Environment | null {
  const order: readonly Environment[] = ['production', 'staging', 'sandbox']
  return order.find((environment) => connections.some((connection) => connection.environment === environment)) ?? null
}
