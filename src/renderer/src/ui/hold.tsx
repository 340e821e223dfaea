/** That an account waits since its vendor asked for it. */
import type { Budget } from '../../../shared/model/connection.ts'
import { formatUntil } from './format.ts'
import { Notice } from './notice.tsx'
import { useNow } from './now.ts'

export type HeldBudget = Budget & { readonly holdUntil: number }

/** True while the vendor asked the account to wait. */
export function isHeld(budget: Budget, now: number): budget is HeldBudget {
  return budget.holdUntil !== null && budget.holdUntil > now
}

/** Until when the vendor asked an account to wait, and that nothing is lost by it. */
export function HoldNotice({ budget }: { readonly budget: HeldBudget }) {
  const now = useNow()
  return (
    <Notice tone="info" title={`The vendor asked to wait until ${formatUntil(budget.holdUntil, now)}`}>
      It counted too many calls of the account {budget.accountName}. Nothing is lost or counted as failed: sending and
      asking go on by themselves then.
    </Notice>
  )
}
