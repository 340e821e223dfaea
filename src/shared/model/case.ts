/** Cases: one ask of one or more people over one or more connections, made from one file. */
import { z } from 'zod'
import { environmentSchema, vendorIdSchema } from './connection.ts'
import {
  caseIdSchema,
  connectionIdSchema,
  identifierIdSchema,
  importIdSchema,
  personIdSchema,
  requestIdSchema,
  timestampSchema,
} from './ids.ts'
import { identifierKindSchema } from './identifier.ts'
import { importSummarySchema } from './import.ts'
import { caseFactsSchema, requestSummarySchema } from './request.ts'
import { identifierStateSchema, stateCountsSchema } from './state.ts'
import { personStandings, personStandingSchema } from './person.ts'

/** What a column of a case's file may hold for one of its connections. */
export const connectionRoleSchema = z.enum(['user id', 'channel id', 'channel user id', 'distinct id', 'bot ids'])
export type ConnectionRole = z.infer<typeof connectionRoleSchema>

/**
 * What one column of a case's file holds. Several columns may hold ids of the same connection: each of a person's ids
 * counts. A `person key` ties rows to one person; without one, each row is a person.
 */
export const caseColumnSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ignore') }),
  z.object({ kind: z.literal('person key') }),
  z.object({ kind: z.literal('case reference') }),
  z.object({
    kind: z.literal('of connection'),
    connectionId: connectionIdSchema,
    role: connectionRoleSchema,
  }),
])
export type CaseColumn = Readonly<z.infer<typeof caseColumnSchema>>

/** `draft`: nothing of it was sent; `open`: something was, and something is not closed; `closed`: every request is. */
export const casePhaseSchema = z.enum(['draft', 'open', 'closed'])
export type CasePhase = z.infer<typeof casePhaseSchema>

/** How far the file of a case is read in. `incomplete`: a reading failed, was cancelled or was cut off by the app's end. */
export const caseReadingSchema = z.enum(['running', 'done', 'incomplete'])
export type CaseReading = z.infer<typeof caseReadingSchema>

const casePartFacts = {
  connectionId: connectionIdSchema,
  connectionName: z.string(),
  vendor: vendorIdSchema,
  environment: environmentSchema,
}

export const caseSummarySchema = z.object({
  id: caseIdSchema,
  name: z.string(),
  phase: casePhaseSchema,
  reading: caseReadingSchema,
  createdAt: timestampSchema,
  /** The earliest day by which one of its open requests is to be answered (YYYY-MM-DD); null: none. */
  answerDue: z.string().nullable(),
  people: z.number().int().nonnegative(),
  /** Identifiers of all its requests together. */
  counts: stateCountsSchema,
  /** Identifiers that wait for a person. */
  waiting: z.number().int().nonnegative(),
  connections: z.array(z.object(casePartFacts)),
})
export type CaseSummary = Readonly<z.infer<typeof caseSummarySchema>>

/** One reading of the case's file: one identifier of each row, for one connection. */
export const readingOfCaseSchema = z.object({
  /** The titles of its columns, such as "slack channel" and "slack user". */
  columns: z.array(z.string()).min(1),
  importId: importIdSchema.nullable(),
  /** Null: it was not begun, or nothing is left of it. */
  summary: importSummarySchema.nullable(),
})
export type ReadingOfCase = Readonly<z.infer<typeof readingOfCaseSchema>>

/** What of a case goes to one connection. */
export const casePartSchema = z.object({
  ...casePartFacts,
  /** Null: the operator left this connection out after the file was read in. */
  request: requestSummarySchema.nullable(),
  leftOutAt: timestampSchema.nullable(),
  /** In the order in which the file is read for it. */
  readings: z.array(readingOfCaseSchema),
  /** People with at least one identifier here. */
  people: z.number().int().nonnegative(),
})
export type CasePart = Readonly<z.infer<typeof casePartSchema>>

export const standingCountsSchema = z.record(personStandingSchema, z.number().int().nonnegative())
/** How many people stand how; every standing is there. */
export type StandingCounts = Readonly<Record<(typeof personStandings)[number], number>>

export const caseDetailSchema = caseSummarySchema.extend({
  fileName: z.string(),
  /** Share of all readings that is done, 0 to 1. */
  progress: z.number().min(0).max(1),
  /** The title of the column that ties rows to one person; null: each row is a person. */
  personColumn: z.string().nullable(),
  /** As they were given to every part; a part's own may have been changed since. */
  caseFacts: caseFactsSchema,
  standings: standingCountsSchema,
  parts: z.array(casePartSchema).min(1),
})
export type CaseDetail = Readonly<z.infer<typeof caseDetailSchema>>

/** One person of a case, with how each connection stands. */
export const personRowSchema = z.object({
  id: personIdSchema,
  /** As the file gives it; null: the file has no key for this person, or it was forgotten. */
  key: z.string().nullable(),
  /** The first line that names the person, and how many do. */
  line: z.number().int().positive(),
  lines: z.number().int().positive(),
  standing: personStandingSchema,
  /** One entry a part of the case that has something of this person's, in the order of the parts. */
  cells: z.array(
    z.object({
      connectionId: connectionIdSchema,
      standing: personStandingSchema,
      /** What was left out as erased or under way in an earlier request counts as that one stands. */
      counts: stateCountsSchema,
      waiting: z.number().int().nonnegative(),
      /** Rows of this person that hold an id for this connection that could not be read. */
      rejected: z.number().int().nonnegative(),
    }),
  ),
})
export type PersonRow = Readonly<z.infer<typeof personRowSchema>>

/** One identifier of a person. */
export const personIdentifierSchema = z.object({
  id: identifierIdSchema,
  connectionId: connectionIdSchema,
  requestId: requestIdSchema,
  line: z.number().int().positive(),
  kind: identifierKindSchema,
  /** Null once forgotten. */
  value: z.string().nullable(),
  channelId: z.string().nullable(),
  state: identifierStateSchema,
  decided: z.boolean(),
  /** The vendor's last words about it. */
  vendorWords: z.string().nullable(),
  /** Other people of this case who have it too. */
  sharedWith: z.number().int().nonnegative(),
  /** Left out, since this earlier request has it; with how it stands there. */
  earlier: z.object({ requestId: requestIdSchema, requestName: z.string(), state: identifierStateSchema }).nullable(),
})
export type PersonIdentifier = Readonly<z.infer<typeof personIdentifierSchema>>
