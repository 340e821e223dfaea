/** What the frame picks out of many: one environment for the band, one budget for the gauges. Pure. */
import type { Budget, Connection, Environment } from '../../../shared/model/connection.ts'

/** The budget with the largest share of any of its windows used; the first of equals. */
export function busiestBudget(budgets: readonly Budget[]): Budget | null {
  const share = (budget: Budget) => Math.max(0, ...budget.windows.map((window) => window.used / window.usable))
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
