/** What an account's rolling windows have used, as it stands now. */
import type { Budget } from '../../../../shared/model/connection.ts'
import { Gauge, Time, formatNumber } from '../../ui/index.ts'
import { nameWindow } from './words.ts'

/** One line and one thin gauge for each of the vendor's windows. */
export function AccountBudget({ budget }: { readonly budget: Budget }) {
  return (
    <div className="account-budget">
      {budget.windows.map((window) => (
        <div key={window.milliseconds} className="account-window">
          <span className="nowrap">
            {formatNumber(window.used)} of {formatNumber(window.usable)}{' '}
            <span className="faint">this {nameWindow(window)}</span>
          </span>
          <Gauge
            label={`${budget.accountName}, calls this ${nameWindow(window)}`}
            used={window.used}
            of={window.usable}
          />
        </div>
      ))}
      {budget.holdUntil === null ? null : (
        <span className="danger-text">
          The vendor asked to wait; the next call leaves <Time at={budget.holdUntil} />.
        </span>
      )}
    </div>
  )
}
