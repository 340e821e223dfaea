/** What the operator sees of a file and of its import. */
import { z } from 'zod'
import { identifierKindSchema } from './identifier.ts'
import { identifierIdSchema, importIdSchema, requestIdSchema, timestampSchema } from './ids.ts'
import { failureSchema } from '../failure.ts'

export const encodingSchema = z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'])
export type Encoding = z.infer<typeof encodingSchema>

export const delimiterSchema = z.enum([',', ';', '\t', '|'])
export type Delimiter = z.infer<typeof delimiterSchema>

/** What a column holds. At most one column per role; `user id` covers emails and user ids alike, `distinct id` is taken exactly. */
export const columnRoleSchema = z.enum([
  'user id',
  'channel id',
  'channel user id',
  'distinct id',
  'bot ids',
  'case reference',
  'ignore',
])
export type ColumnRole = z.infer<typeof columnRoleSchema>

/** Roles that name a person by themselves: without one of them a file holds nobody. */
export const identifierRoles = ['user id', 'channel user id', 'distinct id'] as const satisfies readonly ColumnRole[]

export const fileFormatSchema = z.object({
  encoding: encodingSchema,
  delimiter: delimiterSchema,
  hasHeader: z.boolean(),
})
export type FileFormat = Readonly<z.infer<typeof fileFormatSchema>>

export const filePreviewSchema = z.object({
  token: z.string(),
  fileName: z.string(),
  byteSize: z.number().int().nonnegative(),
  format: fileFormatSchema,
  /** Column titles from the header, or "Column 1" … where there is none. */
  columns: z.array(z.string()),
  /** The first records, at most 20, each cell cut at 200 characters. */
  sample: z.array(z.array(z.string())),
  /** One role per column. */
  roles: z.array(columnRoleSchema),
  /** Where the roles come from: the operator's earlier choice for this very header, or a guess. */
  rolesFrom: z.enum(['remembered', 'guessed']),
})
export type FilePreview = Readonly<z.infer<typeof filePreviewSchema>>

/** A file that was chosen and cannot be read as it was taken to be written; read in another way it may. */
export const unreadableFileSchema = z.object({ token: z.string(), fileName: z.string(), failure: failureSchema })
export type UnreadableFile = Readonly<z.infer<typeof unreadableFileSchema>>

/** What choosing or dropping a file gives. */
export const chosenFileSchema = z.union([filePreviewSchema, unreadableFileSchema])
export type ChosenFile = Readonly<z.infer<typeof chosenFileSchema>>

export const findingKinds = [
  'mangled by a spreadsheet',
  'invisible characters',
  'mixed kinds',
  'other spellings',
  'differ by case alone',
  'unusual email',
  'very long',
  'formula-like',
] as const
export const findingSchema = z.object({
  kind: z.enum(findingKinds),
  count: z.number().int().positive(),
  /** Lines of the first rows concerned, at most 5. */
  lines: z.array(z.number().int().positive()),
  words: z.string(),
})
/** Something the operator should look at before sending; nothing of it changes a row. */
export type Finding = Readonly<z.infer<typeof findingSchema>>

export const importStatusSchema = z.enum(['running', 'done', 'failed', 'cancelled'])
export const importSummarySchema = z.object({
  id: importIdSchema,
  requestId: requestIdSchema,
  fileName: z.string(),
  byteSize: z.number().int().nonnegative(),
  format: fileFormatSchema,
  status: importStatusSchema,
  /** Share of the work done, 0 to 1. */
  progress: z.number().min(0).max(1),
  rows: z.number().int().nonnegative(),
  identifiers: z.number().int().nonnegative(),
  duplicates: z.number().int().nonnegative(),
  rejects: z.number().int().nonnegative(),
  /**
   * Rows of a case's file that hold nothing for this reading: another reading of the same file tells what became of
   * them. None where the file is no case's.
   */
  elsewhere: z.number().int().nonnegative(),
  findings: z.array(findingSchema),
  failure: failureSchema.nullable(),
  startedAt: timestampSchema,
  finishedAt: timestampSchema.nullable(),
})
/** `rows` is always `identifiers + duplicates + rejects + elsewhere` once the import is done. */
export type ImportSummary = Readonly<z.infer<typeof importSummarySchema>>

export const rejectReasons = [
  'blank line',
  'no identifier in this row',
  'channel id without channel user id',
  'two identifiers in one row',
  'more cells than the header',
  'fewer cells than the header',
  'longer than 3 lines or 64 KB',
  'line break inside an identifier',
  'control character inside an identifier',
  'longer than 512 characters',
  'not a usable bot id',
] as const
export const rejectReasonSchema = z.enum(rejectReasons)
export type RejectReason = z.infer<typeof rejectReasonSchema>

/** Reasons that a record is rejected for as a whole, whatever a cell of it says. In a case it then names no person. */
export const wholeReasons = [
  'blank line',
  'longer than 3 lines or 64 KB',
  'more cells than the header',
  'fewer cells than the header',
  'no identifier in this row',
] as const satisfies readonly RejectReason[]

/** Those of records that may hold ids all the same, which are then sent to nobody. */
export const mayHoldIds = [
  'longer than 3 lines or 64 KB',
  'more cells than the header',
  'fewer cells than the header',
] as const satisfies readonly (typeof wholeReasons)[number][]

export const importRowSchema = z.object({
  line: z.number().int().positive(),
  /** Last line of the record where it spans several. */
  endLine: z.number().int().positive(),
  disposition: z.enum(['duplicate', 'reject']),
  reason: z.string(),
  duplicateOfLine: z.number().int().positive().nullable(),
  /** The file of that line where it is another one than the row's own. */
  duplicateOfFile: z.string().nullable(),
  /** How the row it repeats writes the identifier, where that is another spelling (letter case of an email). */
  firstSpelling: z.string().nullable(),
  identifierId: identifierIdSchema.nullable(),
  kind: identifierKindSchema.nullable(),
  /** The row as the file has it, cut at 500 characters; null once forgotten. */
  raw: z.string().nullable(),
})
export type ImportRow = Readonly<z.infer<typeof importRowSchema>>
