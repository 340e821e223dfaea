/** What the limits of every account have used, as it stands now. */
import type { Budget } from '../../shared/model/connection.ts'
import { useChannel } from './api.ts'

const fadingMilliseconds = 2000

/** When budgets have to be looked at again, since calls leave the windows, and holds end, by time alone; null: not by time. */
export function fadesAfter(budgets: readonly Budget[]): number | null {
  const fades = ({ windows, holdUntil }: Budget) => holdUntil !== null || windows.some(({ used }) => used > 0)
  return budgets.some(fades) ? fadingMilliseconds : null
}

/** The budgets of all accounts; none until they are known. */
export function useBudgets(): readonly Budget[] {
  return useChannel('listBudgets', {}, { fades: fadesAfter }).data ?? []
}
