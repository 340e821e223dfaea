import { z } from 'zod'
import { httpStatus, milliseconds, rateWindow, retryAfter, token } from '../config-parts.ts'
import type { SandboxRandom } from '../ports.ts'

const dayMilliseconds = 86_400_000

const residency = z.enum(['US', 'EU', 'IN'])

/** One refusal as the vendor writes it: `{"error":"…","status":"error"}` under an HTTP status. */
const refusal = (status: number, message: string) =>
  z.strictObject({ status: httpStatus.default(status), message: z.string().default(message) }).prefault({})

const project = z.strictObject({
  projectId: z.number().int().positive().optional(),
  projectToken: token.optional(),
  /** Where its data is kept. One that is elsewhere than what the simulator stands for is the wrong-residency case. */
  residency: residency.optional(),
  /** The vendor's bound on ids a task falls with every data group: floor(2000 / (data groups + 1)). */
  dataGroups: z.number().int().nonnegative().default(0),
})

const account = z.strictObject({
  accountId: token.default('sandbox-mixpanel'),
  oauthToken: token.optional(),
  /** From the start of the simulator; the vendor's tokens live a year. */
  tokenLifetimeMilliseconds: milliseconds.default(365 * dayMilliseconds),
  requestingUser: token.default('privacy-desk@sandbox.example'),
  windows: z.array(rateWindow).default([{ milliseconds: 1_000, calls: 1 }]),
  projects: z.array(project).min(1).optional(),
})

const processing = z.strictObject({
  pendingMilliseconds: milliseconds.default(2_000),
  stagingMilliseconds: milliseconds.default(2_000),
  startedMilliseconds: milliseconds.default(3_000),
  /** How long the look-up of a task with `sandbox-unknown` fails, from its creation. */
  unknownMilliseconds: milliseconds.default(4_000),
})

const linkPlace = z.enum(['results', 'result', 'destination_url'])

const retrieval = z.strictObject({
  linkAt: linkPlace.default('results'),
  /** From the end of the task until its link has expired. */
  linkMilliseconds: milliseconds.default(7 * dayMilliseconds),
  expiredStatus: z.union([z.literal(403), z.literal(404)]).default(403),
})

/** The vendor documents the form of its errors and no words: these are ours. */
const errors = z.strictObject({
  unauthorized: refusal(401, 'Unauthorized: a valid OAuth token is required'),
  tokenExpired: refusal(401, 'Unauthorized: the OAuth token has expired'),
  forbidden: refusal(403, 'Forbidden: no access to this project'),
  methodNotAllowed: refusal(405, 'Method Not Allowed'),
  tooLate: refusal(405, 'Method Not Allowed: the task has started and cannot be canceled'),
  badRequest: refusal(400, 'Bad Request: the body is not JSON'),
  invalidArguments: refusal(400, 'Bad Request: invalid arguments'),
  invalidId: refusal(400, 'Bad Request: invalid distinct_id'),
  tooManyIds: refusal(400, 'Bad Request: too many distinct_ids'),
  tooLarge: refusal(413, 'Request Entity Too Large'),
  unknownTask: refusal(404, 'Not Found: no such task'),
  unknownPath: refusal(404, 'Not Found'),
  conflict: refusal(409, 'Some distinct_ids are already in a running deletion task'),
})

const overLimit = z.strictObject({
  status: httpStatus.default(429),
  message: z.string().default('Too Many Requests, this API is limited to 1 req/s'),
  body: z.enum(['vendor', 'text']).default('vendor'),
  retryAfter: retryAfter.default('none'),
})

/** Everything about the simulated Mixpanel that can be chosen, with a default for each. */
export const mixpanelConfigSchema = z
  .strictObject({
    /** Where the data of the server is that the simulator stands for. */
    residency: residency.default('US'),
    accounts: z.array(account).min(1).prefault([{}]),
    /** More ids than this, or than the project's data groups leave room for, are refused. */
    maximumDistinctIds: z.number().int().positive().default(500),
    /** `results` of a task just created: a list with the task, as the vendor's pages show it, or an object with `task_id`. */
    createAnswer: z.enum(['array', 'object']).default('array'),
    /** A UUID, a number as text, or a bare JSON number. */
    idForm: z.enum(['uuid', 'digits', 'number']).default('uuid'),
    /** A deletion's status as the vendor's OpenAPI has it, or as the short example of its overview. */
    statusAnswer: z.enum(['openapi', 'short']).default('openapi'),
    complianceTypeCase: z.enum(['as-sent', 'lower']).default('as-sent'),
    processing: processing.prefault({}),
    retrieval: retrieval.prefault({}),
    /** What the status call says of a task nobody knows: the status NOT_FOUND, or an error. */
    unknownTask: z.enum(['status', 'error']).default('status'),
    /** What the status call says afterwards of a task for a project of another residency. */
    wrongResidencyStatus: z.enum(['NOT_FOUND', 'UNKNOWN']).default('NOT_FOUND'),
    errors: errors.prefault({}),
    overLimit: overLimit.prefault({}),
  })
  .superRefine((config, context) => {
    const refuseTwice = (name: string, values: readonly (string | undefined)[]) => {
      const given = values.filter((value) => value !== undefined)
      if (new Set(given).size < given.length)
        context.addIssue({ code: 'custom', path: ['accounts'], message: `one ${name} is there twice` })
    }
    const { accounts } = config
    const accountIds = accounts.map(({ accountId }) => accountId)
    const oauthTokens = accounts.map(({ oauthToken }) => oauthToken)
    const projectTokens = accounts.flatMap(({ projects }) => projects ?? []).map(({ projectToken }) => projectToken)
    refuseTwice('accountId', accountIds)
    refuseTwice('oauthToken', oauthTokens)
    refuseTwice('projectToken', projectTokens)
  })

type ParsedConfig = z.output<typeof mixpanelConfigSchema>
type ParsedAccount = ParsedConfig['accounts'][number]

export type Residency = z.output<typeof residency>
export type LinkPlace = z.output<typeof linkPlace>
export type MixpanelRefusalName = keyof ParsedConfig['errors']
export type MixpanelProject = {
  readonly projectId: number
  readonly projectToken: string
  readonly residency: Residency
  readonly dataGroups: number
}
export type MixpanelAccount = Omit<ParsedAccount, 'oauthToken' | 'projects'> & {
  readonly oauthToken: string
  readonly projects: readonly MixpanelProject[]
}
export type MixpanelConfig = Omit<ParsedConfig, 'accounts'> & { readonly accounts: readonly MixpanelAccount[] }

const firstProjectId = 3_000_001

/**
 * Fills what a checked configuration leaves out. An account without projects gets two: one where the simulator's data
 * is, and one of another residency, for the mistake that answers as if it worked.
 */
export function resolveMixpanelConfig(config: ParsedConfig, random: SandboxRandom): MixpanelConfig {
  let nextProjectId = firstProjectId
  const elsewhere = config.residency === 'EU' ? 'US' : 'EU'
  const resolveProject = (entry: z.output<typeof project>): MixpanelProject => {
    const projectId = entry.projectId ?? nextProjectId
    nextProjectId += 1
    return {
      projectId,
      projectToken: entry.projectToken ?? random.uuid().replaceAll('-', ''),
      residency: entry.residency ?? config.residency,
      dataGroups: entry.dataGroups,
    }
  }
  return {
    ...config,
    accounts: config.accounts.map((entry) => ({
      ...entry,
      oauthToken: entry.oauthToken ?? random.secret(),
      projects: (entry.projects ?? [{ dataGroups: 0 }, { dataGroups: 0, residency: elsewhere }]).map(resolveProject),
    })),
  }
}

/** How many ids one task of the project may have: the vendor's maintainers give the formula, its pages the bound. */
export function maximumIdsOf(config: MixpanelConfig, { dataGroups }: MixpanelProject): number {
  return Math.min(config.maximumDistinctIds, Math.floor(2_000 / (dataGroups + 1)))
}
