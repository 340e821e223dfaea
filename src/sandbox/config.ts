import { z } from 'zod'
import { httpStatus, milliseconds, rateWindow, retryAfter, token } from './config-parts.ts'
import { mixpanelConfigSchema, resolveMixpanelConfig, type MixpanelConfig } from './mixpanel/config.ts'
import type { SandboxRandom } from './ports.ts'

/** One refusal as the vendor writes it: `{"errors":[{"msg":"…","code":N}]}` under an HTTP status. */
const refusal = (status: number, code: number, message: string) =>
  z
    .strictObject({
      status: httpStatus.default(status),
      code: z.number().int().default(code),
      message: z.string().default(message),
    })
    .prefault({})

const account = z.strictObject({
  accountId: token.default('sandbox-account'),
  windows: z.array(rateWindow).default([
    { milliseconds: 60_000, calls: 60 },
    { milliseconds: 3_600_000, calls: 1_800 },
  ]),
})

const scope = z.enum(['erase', 'status', 'bots', 'users-info'])

const app = z.strictObject({
  accountId: token.optional(),
  clientId: token.optional(),
  clientSecret: token.optional(),
  algorithm: z.enum(['HS256', 'HS512']).default('HS256'),
  scopes: z.array(scope).default(['erase', 'status', 'bots', 'users-info']),
  /** A token without `jti`, or without `exp`, is refused. One used twice always is. */
  enforceJti: z.boolean().default(false),
  /** Every token that is only signed is refused. */
  jweEnforced: z.boolean().default(false),
})

const bot = z.strictObject({ botId: token, name: token })

export const inProgressStyles = [
  'response-empty',
  'response-missing',
  'response-null',
  'status-missing',
  'status-empty',
  'status-in-progress',
  'status-pending',
  'partial-list',
] as const

const processing = z.strictObject({
  /** From the moment the call took effect until its first identifier is done. */
  batchMilliseconds: milliseconds.default(1_500),
  /** From one identifier to the next. */
  perIdentifierMilliseconds: milliseconds.default(20),
  /** How much later than usual an identifier with `sandbox-late` is named. */
  lateMilliseconds: milliseconds.default(90_000),
  /** What an unfinished request looks like. The vendor documents none of these. */
  inProgress: z
    .array(z.enum(inProgressStyles))
    .min(1)
    .default([...inProgressStyles]),
  /** A style for the life of a request, as real services do, or the next one with every answer. */
  inProgressChosen: z.enum(['per-request', 'per-answer']).default('per-request'),
})

const faults = z.strictObject({
  /** How often one identifier causes its cut, error or silence before the vendor behaves again. */
  times: z.number().int().positive().default(1),
  slowMilliseconds: milliseconds.default(8_000),
})

const latency = z
  .strictObject({ minimum: milliseconds.default(40), maximum: milliseconds.default(160) })
  .refine(({ minimum, maximum }) => minimum <= maximum, { error: 'minimum is greater than maximum' })

const errors = z.strictObject({
  invalidToken: refusal(401, 4002, 'Invalid JWT token'),
  invalidCredentials: refusal(401, 4002, 'Invalid SDK credentials'),
  wrongScope: refusal(401, 4002, 'Permission denied. Scope is incorrect!'),
  replay: refusal(401, 401, 'error verifying the jwt: possibly a replay'),
  methodNotAllowed: refusal(405, 405, 'Method Not Allowed'),
  invalidArguments: refusal(412, 412, 'Validation errors/ Invalid arguments'),
  badRequest: refusal(400, 400, 'Bad Request'),
  tooLarge: refusal(413, 413, 'request entity too large'),
  unknownRequest: refusal(404, 404, 'Invalid request id'),
  accountOwner: refusal(400, 400, 'User cannot be deleted: account owner'),
  accountMember: refusal(400, 400, 'User cannot be deleted: belongs to one or more accounts'),
  botOwner: refusal(400, 400, 'User cannot be deleted: bot owner'),
  coDeveloper: refusal(400, 400, 'User cannot be deleted: bot co-developer'),
})

const overLimit = z.strictObject({
  status: httpStatus.default(429),
  code: z.number().int().default(429),
  message: z.string().default('Rate limit for this API has been reached. Please try again after some time.'),
  body: z.enum(['vendor', 'text']).default('vendor'),
  retryAfter: retryAfter.default('none'),
})

/**
 * Everything about the simulated vendors that can be chosen, with a default for each: Kore.ai's settings and what both
 * share, and Mixpanel's apart.
 */
const sandboxConfigSchema = z
  .strictObject({
    port: z.number().int().min(0).max(65_535).default(0),
    /** Guards `/__sandbox`; a random one is made where none is given. */
    controlToken: token.optional(),
    accounts: z.array(account).min(1).prefault([{}]),
    apps: z.array(app).min(1).prefault([{}]),
    bots: z.array(bot).default([
      { botId: 'st-5a0d1c7e-0001-5b6f-8e21-7f4c2d9a0001', name: 'Customer service' },
      { botId: 'st-5a0d1c7e-0002-5b6f-8e21-7f4c2d9a0002', name: 'Order status' },
      { botId: 'st-5a0d1c7e-0003-5b6f-8e21-7f4c2d9a0003', name: 'Returns' },
      { botId: 'st-5a0d1c7e-0004-5b6f-8e21-7f4c2d9a0004', name: 'Appointments' },
      { botId: 'st-5a0d1c7e-0005-5b6f-8e21-7f4c2d9a0005', name: 'Training' },
    ]),
    latencyMilliseconds: latency.prefault({}),
    processing: processing.prefault({}),
    faults: faults.prefault({}),
    errors: errors.prefault({}),
    overLimit: overLimit.prefault({}),
    /** The calls that draw on the account's windows. */
    limitedCalls: z.array(scope).default(['erase', 'status', 'users-info']),
    /** How a channel pair that was sent as an object is named in a status answer. The vendor documents none of these. */
    pairNaming: z.enum(['as-sent', 'channel-user-id', 'slash']).default('as-sent'),
    /** POST with `x-http-method-override: delete` counts as DELETE. */
    allowMethodOverride: z.boolean().default(false),
    bodyLimitBytes: z.number().int().positive().default(1_048_576),
    /** A call with more identifiers is answered 413; null for no such limit. */
    maximumIdentifiers: z.number().int().positive().nullable().default(null),
    /** How far the vendor's clock is ahead of the machine's; seen in the Date header and in token expiry. */
    clockSkewMilliseconds: z.number().int().default(0),
    mixpanel: mixpanelConfigSchema.prefault({}),
  })
  .superRefine((config, context) => {
    const accountIds = config.accounts.map(({ accountId }) => accountId)
    if (new Set(accountIds).size < accountIds.length)
      context.addIssue({ code: 'custom', path: ['accounts'], message: 'two accounts have one accountId' })
    const clientIds = config.apps.flatMap(({ clientId }) => clientId ?? [])
    if (new Set(clientIds).size < clientIds.length)
      context.addIssue({ code: 'custom', path: ['apps'], message: 'two apps have one clientId' })
    config.apps.forEach(({ accountId }, index) => {
      if (accountId !== undefined && !accountIds.includes(accountId))
        context.addIssue({ code: 'custom', path: ['apps', index, 'accountId'], message: 'no such account' })
    })
  })

export type SandboxConfigInput = z.input<typeof sandboxConfigSchema>
type ParsedConfig = z.output<typeof sandboxConfigSchema>
type ParsedApp = ParsedConfig['apps'][number]

export type SandboxScope = z.output<typeof scope>
export type SandboxAccount = ParsedConfig['accounts'][number]
export type SandboxApp = ParsedApp & Readonly<Record<'accountId' | 'clientId' | 'clientSecret', string>>
export type RefusalName = keyof ParsedConfig['errors']
export type InProgressStyle = (typeof inProgressStyles)[number]
export type SandboxConfig = Omit<ParsedConfig, 'apps' | 'controlToken' | 'mixpanel'> & {
  readonly apps: readonly SandboxApp[]
  readonly controlToken: string
  readonly mixpanel: MixpanelConfig
}

/**
 * Checks a configuration and fills what it leaves out, credentials and control token from `random`.
 * Throws an Error that names each wrong field.
 */
export function resolveConfig(input: SandboxConfigInput, random: SandboxRandom): SandboxConfig {
  const parsed = sandboxConfigSchema.safeParse(input)
  if (!parsed.success) throw new Error(`The sandbox's configuration is wrong.\n${z.prettifyError(parsed.error)}`)
  const config = parsed.data
  const firstAccount = config.accounts[0]?.accountId ?? ''
  return {
    ...config,
    controlToken: config.controlToken ?? random.secret(),
    apps: config.apps.map((entry) => ({
      ...entry,
      accountId: entry.accountId ?? firstAccount,
      clientId: entry.clientId ?? `cs-${random.uuid()}`,
      clientSecret: entry.clientSecret ?? random.secret(),
    })),
    mixpanel: resolveMixpanelConfig(config.mixpanel, random),
  }
}
