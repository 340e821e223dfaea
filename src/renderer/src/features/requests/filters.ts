/** Which identifiers of a request are shown. Pure. */
import { countAll, identifierStates, type IdentifierState, type StateCounts } from '../../../../shared/model/state.ts'

/** Every state but erased: what an operator looks at once the rest is done. */
export const notErased: readonly IdentifierState[] = identifierStates.filter((state) => state !== 'erased')

/** True where exactly everything but the erased is shown. */
export function isNotErased(states: readonly IdentifierState[]): boolean {
  return states.length === notErased.length && !states.includes('erased')
}

/** What a request shows when it is opened first: what is left, where part of it is done; else everything. */
export function statesAtFirst({ counts }: { readonly counts: StateCounts }): readonly IdentifierState[] {
  const erased = counts.erased ?? 0
  return erased > 0 && erased < countAll(counts) ? notErased : []
}
