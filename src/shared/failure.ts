/**
 * Everything that can go wrong and that an operator can meet, as one union.
 * A failure says three things: what happened (`message`), what was kept (`kept`) and what to do (`next`).
 * None of the three ever holds a secret, a token or an identifier.
 */
import { z } from 'zod'

export const failureCodes = [
  'invalid-input',
  'not-found',
  'not-allowed',
  'internal',
  'cancelled',
  // keychain and history
  'keychain-missing',
  'keychain-locked',
  'history-in-memory',
  'history-key-missing',
  'history-key-wrong',
  'history-from-newer-version',
  'history-damaged',
  'history-locked',
  'history-read-only',
  'disk-full',
  'not-the-sender',
  'secret-missing',
  'secret-expired',
  // connections
  'vendor-unknown',
  'origin-not-allowed',
  'connection-retired',
  'connection-in-use',
  'connection-stopped',
  'sandbox-failed',
  // import
  'file-gone',
  'file-changed',
  'file-unreadable',
  'file-empty',
  'file-header-only',
  'file-is-spreadsheet',
  'file-has-nul',
  'file-encoding',
  'column-missing',
  'quote-not-closed',
  'import-running',
  'import-off',
  // plan and send
  'nothing-to-send',
  'scope-missing',
  'count-not-typed',
  'plan-changed',
  'wrong-state',
  'reason-missing',
] as const

export const failureCodeSchema = z.enum(failureCodes)
export type FailureCode = z.infer<typeof failureCodeSchema>

export const failureSchema = z.object({
  code: failureCodeSchema,
  message: z.string(),
  kept: z.string().optional(),
  next: z.string().optional(),
  retryable: z.boolean(),
  field: z.string().optional(),
})
export type Failure = Readonly<z.infer<typeof failureSchema>>

export type Success<T> = Readonly<{ ok: true; value: T }>
export type Failed = Readonly<{ ok: false; failure: Failure }>
export type Result<T> = Success<T> | Failed

/** The schema of a Result whose value follows `value`; used at the bridge, where both directions are parsed. */
export function resultSchema<T extends z.ZodType>(value: T) {
  return z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), value }),
    z.object({ ok: z.literal(false), failure: failureSchema }),
  ])
}

/** Wraps a value as a success. */
export function succeed<T>(value: T): Success<T> {
  return { ok: true, value }
}

/**
 * Makes a failed Result. `message` says what happened, `kept` what was not lost, `next` what to do.
 * @example fail('file-gone', 'The file is no longer there.', { kept: 'Nothing was imported.', next: 'Choose it again.' })
 */
export function fail(
  code: FailureCode,
  message: string,
  more: { kept?: string; next?: string; retryable?: boolean; field?: string } = {},
): Failed {
  const { retryable = false, ...rest } = more
  return { ok: false, failure: { code, message, retryable, ...rest } }
}

/** Marks a branch that the types say cannot be reached; at run time it throws, naming what came instead. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`)
}
