/**
 * The states of an identifier and the only ways between them.
 * `erased` needs the vendor's word or a recorded pairing; accepted is not erased.
 */
import { z } from 'zod'

/** In the order in which the state bar shows them, everywhere. */
export const identifierStates = [
  'erased',
  'accepted',
  'sending',
  'queued',
  'outcome unknown',
  'unconfirmed',
  'refused',
  'failed',
  'held',
  'revoked',
  'cancelled',
] as const

export const identifierStateSchema = z.enum(identifierStates)
export type IdentifierState = z.infer<typeof identifierStateSchema>

/** What the database stores for a state. Never renumber: histories outlive versions. */
export const stateNumbers: Readonly<Record<IdentifierState, number>> = {
  held: 1,
  queued: 2,
  sending: 3,
  accepted: 4,
  'outcome unknown': 5,
  erased: 6,
  failed: 7,
  refused: 8,
  unconfirmed: 9,
  revoked: 10,
  cancelled: 11,
}

const stateByNumber = new Map(identifierStates.map((state) => [stateNumbers[state], state]))

/** The state stored as `number`; a number this version does not know is a damaged or newer history. */
export function stateFromNumber(number: number): IdentifierState {
  const state = stateByNumber.get(number)
  if (state === undefined) throw new Error(`No identifier state has the number ${number}`)
  return state
}

const transitions: Readonly<Record<IdentifierState, readonly IdentifierState[]>> = {
  held: ['queued', 'cancelled'],
  queued: ['sending', 'held', 'cancelled'],
  // back to queued only where the call certainly never counted; held where the vendor rejected the whole call
  sending: ['accepted', 'queued', 'outcome unknown', 'refused', 'held'],
  'outcome unknown': ['queued', 'unconfirmed', 'accepted'],
  accepted: ['erased', 'failed', 'refused', 'unconfirmed', 'revoked'],
  erased: ['failed', 'unconfirmed'],
  failed: ['erased', 'queued'],
  refused: ['queued'],
  unconfirmed: ['erased', 'failed', 'refused', 'revoked', 'queued'],
  revoked: ['queued'],
  cancelled: [],
}

/** True where an identifier may go from `from` to `to` in one step. */
export function mayBecome(from: IdentifierState, to: IdentifierState): boolean {
  return transitions[from].includes(to)
}

export const settledStates: readonly IdentifierState[] = [
  'erased',
  'failed',
  'refused',
  'unconfirmed',
  'revoked',
  'cancelled',
]

/** True for the states in which nothing more happens by itself. */
export function isSettled(state: IdentifierState): boolean {
  return settledStates.includes(state)
}

/** The states that wait for a person until a decision about them is recorded. */
export const waitingStates: readonly IdentifierState[] = ['outcome unknown', 'unconfirmed', 'held']

export const stateCountsSchema = z.partialRecord(identifierStateSchema, z.number().int().nonnegative())
/** How many identifiers are in each state; a state that is absent has none. */
export type StateCounts = Readonly<Partial<Record<IdentifierState, number>>>

/** The sum over all states. */
export function countAll(counts: StateCounts): number {
  return identifierStates.reduce((sum, state) => sum + (counts[state] ?? 0), 0)
}
