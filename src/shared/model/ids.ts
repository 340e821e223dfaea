/** Branded row ids: a batch's id cannot be passed where a request's is meant. */
import { z } from 'zod'

const rowId = z.number().int().positive()

export const accountIdSchema = rowId.brand<'AccountId'>()
export type AccountId = z.infer<typeof accountIdSchema>
export const connectionIdSchema = rowId.brand<'ConnectionId'>()
export type ConnectionId = z.infer<typeof connectionIdSchema>
export const requestIdSchema = rowId.brand<'RequestId'>()
export type RequestId = z.infer<typeof requestIdSchema>
export const caseIdSchema = rowId.brand<'CaseId'>()
export type CaseId = z.infer<typeof caseIdSchema>
export const personIdSchema = rowId.brand<'PersonId'>()
export type PersonId = z.infer<typeof personIdSchema>
export const importIdSchema = rowId.brand<'ImportId'>()
export type ImportId = z.infer<typeof importIdSchema>
export const identifierIdSchema = rowId.brand<'IdentifierId'>()
export type IdentifierId = z.infer<typeof identifierIdSchema>
export const batchIdSchema = rowId.brand<'BatchId'>()
export type BatchId = z.infer<typeof batchIdSchema>
export const retrievalIdSchema = rowId.brand<'RetrievalId'>()
export type RetrievalId = z.infer<typeof retrievalIdSchema>
export const attemptIdSchema = rowId.brand<'AttemptId'>()
export type AttemptId = z.infer<typeof attemptIdSchema>
export const eventIdSchema = rowId.brand<'EventId'>()
export type EventId = z.infer<typeof eventIdSchema>

/** Milliseconds since 1970, as the operator's clock said it. */
export const timestampSchema = z.number().int().nonnegative()
export type Timestamp = number
