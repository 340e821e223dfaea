/** The contract's channels about cases. */
import { z } from 'zod'
import { anchorSchema, channel, nothing, pageOf, pageSize } from './channel.ts'
import {
  caseColumnSchema,
  caseDetailSchema,
  caseSummarySchema,
  personIdentifierSchema,
  personRowSchema,
} from './model/case.ts'
import { caseIdSchema, connectionIdSchema, personIdSchema } from './model/ids.ts'
import { fileFormatSchema } from './model/import.ts'
import { personStandingSchema } from './model/person.ts'
import { caseFactsSchema } from './model/request.ts'

const caseOnly = z.object({ caseId: caseIdSchema })

export const caseFilterSchema = z.enum(['open', 'waiting', 'drafts', 'closed', 'all'])
export type CaseFilter = z.infer<typeof caseFilterSchema>

export const caseChannels = {
  listCases: channel(
    z.object({
      filter: caseFilterSchema,
      search: z.string().max(200).default(''),
      anchor: anchorSchema,
      limit: pageSize,
    }),
    pageOf(caseSummarySchema).extend({ counts: z.record(caseFilterSchema, z.number()) }),
  ),
  getCase: channel(caseOnly, caseDetailSchema),
  /** What the columns of a file hold for these connections: as chosen before for this very header, or guessed. */
  guessCaseColumns: channel(
    z.object({
      token: z.string().uuid(),
      format: fileFormatSchema,
      connectionIds: z.array(connectionIdSchema).min(1).max(20),
    }),
    z.object({ columns: z.array(caseColumnSchema), from: z.enum(['remembered', 'guessed']) }),
  ),
  /**
   * Makes a case with a draft for each connection, and begins to read the file: once for each identifier that a row may
   * hold. Fails, with the words of the column at fault, where the columns name no reading or leave one open.
   */
  startCase: channel(
    z.object({
      name: z.string().trim().min(1).max(120),
      token: z.string().uuid(),
      format: fileFormatSchema,
      connectionIds: z.array(connectionIdSchema).min(1).max(20),
      columns: z.array(caseColumnSchema).min(1).max(2000),
      /** Every part has them from the beginning; absent: none are known yet. */
      caseFacts: caseFactsSchema.optional(),
    }),
    caseDetailSchema,
  ),
  /** Ends every reading under way; the case stays incomplete and can only be discarded. */
  cancelCaseReading: channel(caseOnly, caseDetailSchema),
  /** Facts are given to every part that is a draft still. */
  updateCase: channel(
    caseOnly.extend({
      name: z.string().trim().min(1).max(120).optional(),
      caseFacts: caseFactsSchema.optional(),
    }),
    caseDetailSchema,
  ),
  /** Takes a case away with all its drafts; refused once something of it was sent. */
  discardCase: channel(caseOnly, nothing),
  /** Takes one connection out of a case; refused for one that was sent, and for the last one. */
  leaveOutPart: channel(
    caseOnly.extend({ connectionId: connectionIdSchema, reason: z.string().trim().max(500) }),
    caseDetailSchema,
  ),
  listPeople: channel(
    caseOnly.extend({
      /** Null: however they stand. */
      standing: personStandingSchema.nullable(),
      /** A person's key or one of their identifiers (exact, folded like an import), or the beginning of a key. */
      search: z.string().max(600).default(''),
      anchor: anchorSchema,
      limit: pageSize,
    }),
    pageOf(personRowSchema),
  ),
  /** Every identifier of one person, in the order of the parts; the first five hundred. */
  listPersonIdentifiers: channel(
    caseOnly.extend({ personId: personIdSchema }),
    z.object({ rows: z.array(personIdentifierSchema), total: z.number().int().nonnegative() }),
  ),
} as const
