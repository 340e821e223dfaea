/** What an account's rolling windows have used, as it stands now. */
import type { Budget } from '../../../shared/model/connection.ts'
import { formatNumber, formatWindow, isBriefWindow } from './format.ts'
import { Gauge } from './parts.tsx'
import { Time } from './words.tsx'

/** One line and one thin gauge for each of the vendor's windows. */
export function AccountBudget({ budget }: { readonly budget: Budget }) {
  return (
    <div className="account-budget">
      {budget.windows.map((window) => (
        <div key={window.milliseconds} className="account-window">
          <span className="nowrap">
            {formatNumber(window.used)} of {formatNumber(window.usable)}{' '}
            <span className="faint">per {formatWindow(window.milliseconds)}</span>
          </span>
          <Gauge
            label={`${budget.accountName}, calls per ${formatWindow(window.milliseconds)}`}
            used={window.used}
            of={window.usable}
            warnsWhenFull={!isBriefWindow(window.milliseconds)}
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
