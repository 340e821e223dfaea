/** Looking up the vendor's own id of a person before the person is erased (docs/adr/0013). */
import { z } from 'zod'
import type { IdentifierKind } from './identifier.ts'

/** The kind of identifier that a vendor's own id can be looked up for. */
export const lookedUpKind: IdentifierKind = 'email'

/** A batch whose look-up got no answer so often goes on without. */
export const mostUnansweredLookUps = 3

/** `without`: it was asked for and could not be had. Batches made from another one take this over. */
export const lookUpStateSchema = z.enum(['none', 'answered', 'without'])
export type LookUpState = z.infer<typeof lookUpStateSchema>
