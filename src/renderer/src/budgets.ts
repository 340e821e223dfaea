/** What the limits of every account have used, as it stands now. */
import type { Budget } from '../../shared/model/connection.ts'
import { useChannel } from './api.ts'

const fadingMilliseconds = 2000

/** When what was used has to be looked at again, since calls leave the windows by time alone; null: nothing is used. */
export function fadesAfter(budgets: readonly Budget[]): number | null {
  return budgets.some(({ windows }) => windows.some(({ used }) => used > 0)) ? fadingMilliseconds : null
}

/** The budgets of all accounts; none until they are known. */
export function useBudgets(): readonly Budget[] {
  return useChannel('listBudgets', {}, { fades: fadesAfter }).data ?? []
}
