/** Connections and the accounts whose limits they share. */
import { z } from 'zod'
import { accountIdSchema, connectionIdSchema, timestampSchema } from './ids.ts'

/** The name of a vendor's folder: which vendors there are, main knows alone. */
export const vendorIdSchema = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/)
export type VendorId = z.infer<typeof vendorIdSchema>

export const environmentSchema = z.enum(['production', 'staging', 'sandbox'])
export type Environment = z.infer<typeof environmentSchema>

/** A rolling window of the vendor's: at most `calls` calls in any `milliseconds`. */
export const rateWindowSchema = z.object({
  milliseconds: z.number().int().positive(),
  calls: z.number().int().positive(),
})
export type RateWindow = Readonly<z.infer<typeof rateWindowSchema>>

/** While erase calls wait, every tenth call of an account is a status call that is due. */
export const callsPerPoll = 10

export const signingSettingsSchema = z.object({
  algorithm: z.enum(['HS256', 'HS384', 'HS512']).default('HS256'),
  /** Seconds between `iat` and `exp`; the vendor allows at most an hour where it enforces JTI. */
  lifetimeSeconds: z.number().int().min(10).max(3600).default(60),
  /** The `sub` claim; empty: the client id stands in it. */
  subject: z.string().max(200).default(''),
})
export type SigningSettings = Readonly<z.infer<typeof signingSettingsSchema>>

/** How a channel pair is written in the call; no page of the vendor's shows it. */
export const pairFormSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('object') }),
  z.object({ kind: z.literal('two entries') }),
  z.object({ kind: z.literal('template'), template: z.string().min(1).max(200) }),
])
export type PairForm = Readonly<z.infer<typeof pairFormSchema>>

/** What an operator can change on a connection. Not every vendor makes use of each: its profile says which. */
export const connectionSettingsSchema = z.object({
  signing: signingSettingsSchema.prefault({}),
  /** Last day (YYYY-MM-DD) on which the vendor takes the secret; null: it does not expire, or nobody said when. */
  secretExpiresOn: z.iso.date().nullable().default(null),
  /** Settings that one vendor alone has, by the keys of its profile. */
  own: z.record(z.string().max(40), z.union([z.string().max(200), z.number(), z.boolean()])).default({}),
  identifiersPerCall: z.number().int().min(1).max(2000).default(100),
  pairForm: pairFormSchema.default({ kind: 'object' }),
  /** POST with `x-http-method-override: delete`, for proxies that strip the body of a DELETE. */
  methodOverride: z.boolean().default(false),
  callTimeoutMilliseconds: z.number().int().min(1000).max(600_000).default(60_000),
  /** Asks for the vendor's own id of every email before it is erased; the app at the vendor needs a scope for that. */
  lookUpFirst: z.boolean().default(false),
  /** How long an answer must stay the same before identifiers it does not name become unconfirmed. */
  quietMilliseconds: z.number().int().min(1000).default(86_400_000),
  /** First wait before a status call; later waits grow with the batch's age up to the longest. */
  firstPollMilliseconds: z.number().int().min(500).default(60_000),
  longestPollMilliseconds: z
    .number()
    .int()
    .min(1000)
    .default(6 * 3_600_000),
  /** The waits between status calls, and after a call that did not leave, vary by up to this share. */
  jitter: z.number().min(0).max(0.5).default(0.1),
  /** More status words taken as failed, beside the built-in table; in any letter case. */
  failureWords: z.array(z.string().trim().min(1).max(60)).max(50).default([]),
})
export type ConnectionSettings = Readonly<z.infer<typeof connectionSettingsSchema>>

/** Identifiers that a call holds at most: as many as are set, but no more than half of a call that was too large. */
export function mostPerCall(identifiersPerCall: number, tooLarge: number | null): number {
  return tooLarge === null ? identifiersPerCall : Math.min(identifiersPerCall, Math.max(1, Math.floor(tooLarge / 2)))
}

export const stopCauseSchema = z.object({
  at: timestampSchema,
  title: z.string(),
  explanation: z.string(),
  steps: z.array(z.string()),
  vendorWords: z.string().nullable(),
})
/** Why a connection's queue stands still, in words and with what to do. */
export type StopCause = Readonly<z.infer<typeof stopCauseSchema>>

export const connectionTestSchema = z.object({
  at: timestampSchema,
  verdict: z.enum(['accepted', 'refused', 'unreachable', 'unclear']),
  title: z.string(),
  explanation: z.string(),
  steps: z.array(z.string()),
  vendorWords: z.string().nullable(),
  httpStatus: z.number().int().nullable(),
  /** The vendor's clock minus this machine's, from the Date header; null where it sent none. */
  clockSkewMilliseconds: z.number().int().nullable(),
  /** True where a made-up address was looked up as well, with a call of its own. */
  lookedUp: z.boolean().optional(),
})
export type ConnectionTest = Readonly<z.infer<typeof connectionTestSchema>>

export const connectionSchema = z.object({
  id: connectionIdSchema,
  accountId: accountIdSchema,
  accountName: z.string(),
  vendor: vendorIdSchema,
  name: z.string(),
  environment: environmentSchema,
  /** True only for a connection to the sandbox that the app started itself. */
  isSandbox: z.boolean(),
  origin: z.string(),
  clientId: z.string(),
  settings: connectionSettingsSchema,
  /** Identifiers in the smallest call that the vendor found too large since their number was set; null: none was. */
  tooLarge: z.number().int().positive().nullable(),
  windows: z.array(rateWindowSchema),
  /** Share of every window that is kept free, 0 to 0.9. */
  margin: z.number().min(0).max(0.9),
  secretSavedAt: timestampSchema.nullable(),
  createdAt: timestampSchema,
  firstUsedAt: timestampSchema.nullable(),
  retiredAt: timestampSchema.nullable(),
  stopped: stopCauseSchema.nullable(),
  lastTest: connectionTestSchema.nullable(),
  openRequests: z.number().int().nonnegative(),
})
export type Connection = Readonly<z.infer<typeof connectionSchema>>

/** What the form sends. `secret` is written to the keychain and never read back; absent means: keep what is there. */
export const connectionInputSchema = z.object({
  id: connectionIdSchema.optional(),
  vendor: vendorIdSchema,
  name: z.string().trim().min(1).max(80),
  environment: environmentSchema.default('production'),
  origin: z.string().trim().min(1).max(300),
  clientId: z.string().trim().min(1).max(200),
  secret: z.string().min(1).max(2000).optional(),
  /** Share the limits of this account; absent: a new account, named as given or after the connection. */
  accountId: accountIdSchema.optional(),
  accountName: z.string().trim().min(1).max(80).optional(),
  settings: connectionSettingsSchema.prefault({}),
  windows: z.array(rateWindowSchema).min(1).max(6).optional(),
  margin: z.number().min(0).max(0.9).default(0.05),
})
export type ConnectionInput = Readonly<z.infer<typeof connectionInputSchema>>

export const budgetSchema = z.object({
  accountId: accountIdSchema,
  accountName: z.string(),
  vendor: vendorIdSchema,
  environment: environmentSchema,
  windows: z.array(
    rateWindowSchema.extend({ used: z.number().int().nonnegative(), usable: z.number().int().positive() }),
  ),
  /** When the next call may leave; null: now. */
  nextFreeAt: timestampSchema.nullable(),
  /** Set while the account waits after a 429 of the vendor's. */
  holdUntil: timestampSchema.nullable(),
})
export type Budget = Readonly<z.infer<typeof budgetSchema>>
