/** A copy of what a vendor has about the people of a request, as the screens see it. Its link is nowhere in here. */
import { z } from 'zod'
import { retrievalIdSchema, timestampSchema } from './ids.ts'
import { scopeSchema } from './scope.ts'

export const retrievalStatusSchema = z.enum([
  'queued',
  'sending',
  /** The vendor makes it. */
  'accepted',
  'ready',
  'failed',
  /** Its call was cut off: it may or may not have been asked for. */
  'outcome unknown',
  /** An operator decided to wait for it no longer. */
  'left',
])
export type RetrievalStatus = z.infer<typeof retrievalStatusSchema>

/** What was done with its file: saved here, or handed to the browser. */
export const fileUseSchema = z.enum(['saved', 'opened'])
export type FileUse = z.infer<typeof fileUseSchema>

export const retrievalRowSchema = z.object({
  id: retrievalIdSchema,
  /** Within its request, from 1. */
  number: z.number().int().positive(),
  /** The number of the one it was asked for again from; null: of none. */
  againOf: z.number().int().positive().nullable(),
  status: retrievalStatusSchema,
  scope: scopeSchema,
  /** What it holds, by the vendor's profile; null: there was nothing to choose. */
  disclosure: z.string().nullable(),
  /** Identifiers in it. */
  size: z.number().int().positive(),
  vendorRequestId: z.string().nullable(),
  askedAt: timestampSchema,
  readyAt: timestampSchema.nullable(),
  lastAnswerAt: timestampSchema.nullable(),
  nextPollAt: timestampSchema.nullable(),
  vendorWords: z.string().nullable(),
  /** What this app noted of its last call, where the vendor said nothing. */
  note: z.string().nullable(),
  /** When its link says that it ends; null: it does not say, or there is none. */
  linkExpiresAt: timestampSchema.nullable(),
  /** When the link was last refused; null: it was not since it was last given. */
  linkRefusedAt: timestampSchema.nullable(),
  used: z.object({ how: fileUseSchema, at: timestampSchema }).nullable(),
  /** Bytes that are here while the file is being saved; `total` is null where its host does not say. */
  saving: z
    .object({ bytes: z.number().int().nonnegative(), total: z.number().int().nonnegative().nullable() })
    .nullable(),
})
export type RetrievalRow = Readonly<z.infer<typeof retrievalRowSchema>>

/** Where a retrieval may still change by itself. */
export function isUnderWay(status: RetrievalStatus): boolean {
  return status === 'queued' || status === 'sending' || status === 'accepted'
}
