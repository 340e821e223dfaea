/** What the search for an identifier at fault adds to a plan, at most. */
import { callsToFindOne } from '../../../shared/model/bisection.ts'

/**
 * Calls that splitting adds at most where one identifier makes each call fail: for the largest call, and in all. Every
 * group of identifiers is cut into calls of `perCall`.
 */
export function splittingOf(
  groups: readonly number[],
  perCall: number,
): Readonly<{ callsEach: number; calls: number }> {
  const more = groups.map((identifiers) => {
    const full = Math.floor(identifiers / perCall)
    return full * callsToFindOne(perCall) + callsToFindOne(identifiers % perCall)
  })
  const largest = groups.reduce((most, identifiers) => Math.max(most, Math.min(identifiers, perCall)), 0)
  return { callsEach: callsToFindOne(largest), calls: more.reduce((sum, calls) => sum + calls, 0) }
}
