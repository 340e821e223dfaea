/** How a person of a case stands: a projection of their identifiers, never a flag of its own. */
import { z } from 'zod'
import { isSettled, waitingStates, type IdentifierState } from './state.ts'

/**
 * In the order in which screens show them. `waits`: something of theirs waits for a decision; `not erased`: all is
 * settled, and something of theirs was not erased, or a row of theirs could not be read.
 */
export const personStandings = ['erased', 'under way', 'not sent', 'waits', 'not erased'] as const
export const personStandingSchema = z.enum(personStandings)
export type PersonStanding = z.infer<typeof personStandingSchema>

/** Identifiers of one person that are alike: how many, and whether their request was sent. */
export type PersonPart = Readonly<{ state: IdentifierState; decided: boolean; isSent: boolean; count: number }>

/**
 * How somebody with these identifiers stands. Only who has at least one identifier, every one of them erased, and no row
 * that could not be read, is erased: `unconfirmed` is not, even when a person has accepted it as that.
 */
export function standingOf(parts: readonly PersonPart[], rejectedRows: number): PersonStanding {
  const some = (holds: (part: PersonPart) => boolean): boolean => parts.some((part) => part.count > 0 && holds(part))
  if (some(({ isSent, state, decided }) => isSent && !decided && waitingStates.includes(state))) return 'waits'
  if (some(({ isSent }) => !isSent)) return 'not sent'
  if (some(({ state }) => !isSettled(state))) return 'under way'
  const isErased = some(() => true) && !some(({ state }) => state !== 'erased')
  return isErased && rejectedRows === 0 ? 'erased' : 'not erased'
}
