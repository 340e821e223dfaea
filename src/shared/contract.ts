/**
 * The contract between the window and the main process: every channel with the schemas of its input and output.
 * The preload builds `window.erasureDesk` from it, main parses every input by it; types on both sides are inferred.
 * Every output is a Result.
 */
import { z } from 'zod'
import { caseChannels } from './case-channels.ts'
import { anchorSchema, channel, nothing, pageOf, pageSize } from './channel.ts'
import { failureSchema, type Result } from './failure.ts'
import {
  budgetSchema,
  connectionInputSchema,
  connectionSchema,
  connectionSettingsSchema,
  connectionTestSchema,
  environmentSchema,
  vendorIdSchema,
} from './model/connection.ts'
import {
  accountIdSchema,
  batchIdSchema,
  connectionIdSchema,
  identifierIdSchema,
  importIdSchema,
  requestIdSchema,
  retrievalIdSchema,
  timestampSchema,
} from './model/ids.ts'
import {
  chosenFileSchema,
  columnRoleSchema,
  delimiterSchema,
  encodingSchema,
  filePreviewSchema,
  fileFormatSchema,
  importRowSchema,
  importSummarySchema,
} from './model/import.ts'
import {
  attemptRowSchema,
  batchRowSchema,
  caseFactsSchema,
  decisionPlanSchema,
  eventRowSchema,
  identifierRowSchema,
  planCallSchema,
  planSchema,
  repeatDecisionSchema,
  repeatRowSchema,
  repeatsSchema,
  requestDetailSchema,
  requestSummarySchema,
  strangerRowSchema,
  waitingGroupSchema,
  stuckSchema,
} from './model/request.ts'
import { retrievalRowSchema } from './model/retrieval.ts'
import { scopeSchema } from './model/scope.ts'
import { identifierStateSchema, stateCountsSchema } from './model/state.ts'
import { vendorProfileSchema } from './model/vendor.ts'

export const appearanceSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** 0.8 to 2. */
  zoom: z.number().min(0.8).max(2).default(1),
})
export type Appearance = Readonly<z.infer<typeof appearanceSchema>>

export const appStatusSchema = z.object({
  version: z.string(),
  electron: z.string(),
  /** `memory`: nothing is saved, import is off; `failure` says why and what cures it. */
  history: z.object({ kind: z.enum(['encrypted', 'memory']), failure: failureSchema.nullable() }),
  keychain: z.object({ usable: z.boolean(), failure: failureSchema.nullable() }),
  /** Whether this window's process is the one that sends, else why not. */
  sender: z.object({ sends: z.boolean(), reason: z.string().nullable() }),
  /** Why the rows of a file whose import failed cannot be taken back yet; null: none wait for that. */
  importTrouble: failureSchema.nullable(),
  sandbox: z.object({ running: z.boolean(), origin: z.string().nullable() }),
  online: z.boolean(),
})
export type AppStatus = Readonly<z.infer<typeof appStatusSchema>>

export const requestFilterSchema = z.enum(['open', 'waiting', 'due this week', 'drafts', 'closed', 'all'])
export type RequestFilter = z.infer<typeof requestFilterSchema>

export const overviewSchema = z.object({
  waiting: z.number().int().nonnegative(),
  dueWithinWeek: z.number().int().nonnegative(),
  onTheirWay: z.number().int().nonnegative(),
  erasedLast30Days: z.number().int().nonnegative(),
  /** True where the figures leave the sandbox out, but for what waits: as soon as there is another connection. */
  sandboxApart: z.boolean(),
  /** One entry per day of the operator's calendar, oldest first, 30 of them: identifiers settled that day, by state. */
  days: z.array(z.object({ day: z.string(), counts: stateCountsSchema })),
  byDeadline: z.array(requestSummarySchema),
  waitingGroups: z.array(
    z.object({
      requestId: requestIdSchema,
      requestName: z.string(),
      state: identifierStateSchema,
      count: z.number().int().positive(),
    }),
  ),
  /** Requests, drafts too, with copies of which nobody knows whether the vendor was asked for them. */
  copiesInDoubt: z.array(
    z.object({ requestId: requestIdSchema, requestName: z.string(), count: z.number().int().positive() }),
  ),
  stoppedConnections: z.array(z.object({ connectionId: connectionIdSchema, name: z.string(), title: z.string() })),
  /** Requests that the app itself paused, until a person answers. */
  pausedRequests: z.array(z.object({ requestId: requestIdSchema, requestName: z.string(), title: z.string() })),
  /** Requests with batches without any change for long. */
  stuck: z.array(stuckSchema.extend({ requestId: requestIdSchema, requestName: z.string() })),
})
export type Overview = Readonly<z.infer<typeof overviewSchema>>

/** What a decision is about. */
const decisionSchema = z.object({
  requestId: requestIdSchema,
  /** One batch's group, one identifier, those with the same words of the vendor's, or every group of this state. */
  target: z.union([
    z.object({ batchId: batchIdSchema }),
    z.object({ identifierId: identifierIdSchema }),
    z.object({ vendorWords: z.string().max(500).nullable() }),
    z.object({ all: z.literal(true) }),
  ]),
  state: identifierStateSchema,
  decision: z.enum(['send again', 'treat as sent', 'accept as unconfirmed', 'pair whole batch', 'release', 'cancel']),
})

const retrievalSchema = z.object({ requestId: requestIdSchema, retrievalId: retrievalIdSchema })
const retrievalDecisionSchema = retrievalSchema.extend({ reason: z.string().trim().min(1).max(500) })

export const contract = {
  // app
  getAppStatus: channel(nothing, appStatusSchema),
  getAppearance: channel(nothing, appearanceSchema),
  setAppearance: channel(appearanceSchema, appearanceSchema),
  openExternalLink: channel(z.object({ url: z.string().max(2000) }), nothing),
  /** One connection for each vendor that the sandbox plays. */
  startSandbox: channel(nothing, z.object({ connectionIds: z.array(connectionIdSchema).min(1), origin: z.string() })),
  stopSandbox: channel(nothing, nothing),

  // connections
  listConnections: channel(z.object({ retired: z.boolean().default(false) }), z.array(connectionSchema)),
  getConnection: channel(z.object({ connectionId: connectionIdSchema }), connectionSchema),
  saveConnection: channel(connectionInputSchema, connectionSchema),
  testConnection: channel(z.object({ connectionId: connectionIdSchema }), connectionTestSchema),
  /** Every vendor this version knows, as the screens need it. */
  listVendors: channel(nothing, z.array(vendorProfileSchema)),
  /** The settings as they would be kept, with what follows from the vendor's own ones. */
  completeSettings: channel(
    z.object({ vendor: vendorIdSchema, settings: connectionSettingsSchema }),
    connectionSettingsSchema,
  ),
  checkOrigin: channel(
    z.object({ vendor: vendorIdSchema, origin: z.string().max(300) }),
    z.object({ allowed: z.boolean(), origin: z.string().nullable(), warning: z.string().nullable() }),
  ),
  retireConnection: channel(z.object({ connectionId: connectionIdSchema }), connectionSchema),
  restoreConnection: channel(z.object({ connectionId: connectionIdSchema }), connectionSchema),
  resumeConnection: channel(z.object({ connectionId: connectionIdSchema }), connectionSchema),
  listAccounts: channel(
    nothing,
    z.array(
      z.object({ id: accountIdSchema, vendor: vendorIdSchema, name: z.string(), environment: environmentSchema }),
    ),
  ),
  listBudgets: channel(nothing, z.array(budgetSchema)),

  // files and imports
  /** Null where the operator closed the dialog. What another encoding or header might cure comes with its token. */
  chooseFile: channel(nothing, chosenFileSchema.nullable()),
  inspectFile: channel(
    z.object({
      token: z.string().uuid(),
      encoding: encodingSchema.optional(),
      delimiter: delimiterSchema.optional(),
      hasHeader: z.boolean().optional(),
    }),
    filePreviewSchema,
  ),
  startImport: channel(
    z.object({
      requestId: requestIdSchema,
      token: z.string().uuid(),
      format: fileFormatSchema,
      roles: z.array(columnRoleSchema).min(1).max(2000),
    }),
    importSummarySchema,
  ),
  cancelImport: channel(z.object({ importId: importIdSchema }), importSummarySchema),
  getImport: channel(z.object({ importId: importIdSchema }), importSummarySchema),
  removeImport: channel(z.object({ importId: importIdSchema }), nothing),
  listImportRows: channel(
    z.object({
      importId: importIdSchema,
      disposition: z.enum(['duplicate', 'reject']),
      anchor: anchorSchema,
      limit: pageSize,
    }),
    pageOf(importRowSchema),
  ),
  /** Asks where to save; null where the operator closed the dialog. */
  saveRejects: channel(
    z.object({ importId: importIdSchema }),
    z.object({ fileName: z.string(), rows: z.number() }).nullable(),
  ),

  // requests
  createDraft: channel(z.object({ connectionId: connectionIdSchema }), requestDetailSchema),
  updateDraft: channel(
    z.object({
      requestId: requestIdSchema,
      name: z.string().trim().min(1).max(120).optional(),
      connectionId: connectionIdSchema.optional(),
      scope: scopeSchema.optional(),
      caseFacts: caseFactsSchema.optional(),
    }),
    requestDetailSchema,
  ),
  discardDraft: channel(z.object({ requestId: requestIdSchema }), nothing),
  /** Bot ids seen in the file's own column and in earlier requests of the connection, most used first. */
  suggestBots: channel(
    z.object({ requestId: requestIdSchema }),
    z.object({
      inFile: z.array(z.object({ botIds: z.array(z.string()), identifiers: z.number() })),
      withoutOwn: z.number().int().nonnegative(),
      known: z.array(z.string()),
    }),
  ),
  /** What earlier requests of the account have already of a draft, compared as the history stands now. */
  getRepeats: channel(z.object({ requestId: requestIdSchema }), repeatsSchema),
  listRepeats: channel(
    z.object({ requestId: requestIdSchema, anchor: anchorSchema, limit: pageSize }),
    pageOf(repeatRowSchema),
  ),
  /** One decision for all of them; a draft's alone. */
  decideRepeats: channel(z.object({ requestId: requestIdSchema, decision: repeatDecisionSchema }), repeatsSchema),
  getPlan: channel(z.object({ requestId: requestIdSchema }), planSchema),
  /** Builds and signs every call of the plan without sending one. */
  dryRun: channel(
    z.object({ requestId: requestIdSchema }),
    z.object({
      calls: z.number(),
      /** Beside them: calls that ask for the vendor's own ids. */
      lookUpCalls: z.number(),
      identifiers: z.number(),
      bytes: z.number(),
      largestCall: z.number(),
      lastCall: planCallSchema,
    }),
  ),
  sendRequest: channel(
    z.object({ requestId: requestIdSchema, planDigest: z.string(), typedCount: z.number().int().optional() }),
    requestDetailSchema,
  ),
  pauseRequest: channel(z.object({ requestId: requestIdSchema }), requestDetailSchema),
  resumeRequest: channel(z.object({ requestId: requestIdSchema }), requestDetailSchema),
  cancelUnsent: channel(
    z.object({ requestId: requestIdSchema, reason: z.string().trim().max(500) }),
    requestDetailSchema,
  ),
  /** Takes an accepted batch back at the vendor, where the vendor still allows it. */
  cancelBatch: channel(
    z.object({ requestId: requestIdSchema, batchId: batchIdSchema, reason: z.string().trim().max(500) }),
    requestDetailSchema,
  ),
  /** Copies of what the vendor has about the people of a request, the newest first. */
  listRetrievals: channel(
    z.object({ requestId: requestIdSchema, anchor: anchorSchema, limit: pageSize }),
    pageOf(retrievalRowSchema),
  ),
  /** Gives how many copies were asked for. `disclosure`: one of the vendor's choices for the request's scope. */
  askForRetrievals: channel(
    z.object({ requestId: requestIdSchema, disclosure: z.string().min(1).max(60).nullable() }),
    z.object({ copies: z.number().int().positive() }),
  ),
  askRetrievalAgain: channel(retrievalDecisionSchema, nothing),
  leaveRetrieval: channel(retrievalDecisionSchema, nothing),
  checkRetrieval: channel(retrievalSchema, nothing),
  /** Asks the vendor once more and keeps the link in main, for ten minutes: the window gets a token for it. */
  fetchRetrievalLink: channel(
    retrievalSchema,
    z.object({ token: z.string().uuid(), host: z.string(), expiresAt: timestampSchema.nullable() }),
  ),
  openRetrievalLink: channel(retrievalSchema.extend({ token: z.string().uuid() }), nothing),
  /** Asks where to save, then saves; null where the operator closed the dialog. */
  saveRetrieval: channel(
    retrievalSchema.extend({ token: z.string().uuid() }),
    z.object({ fileName: z.string(), bytes: z.number().int().nonnegative(), sha256: z.string() }).nullable(),
  ),
  cancelRetrievalSave: channel(retrievalSchema, nothing),
  pollNow: channel(z.object({ requestId: requestIdSchema }), z.object({ batches: z.number() })),
  /** What a decision that sends would come to: how many, in how many calls, from where, until when. */
  getDecisionPlan: channel(decisionSchema, decisionPlanSchema),
  decide: channel(
    decisionSchema.extend({
      reason: z.string().trim().max(500),
      /** Of the plan on screen; a decision that sends needs it. */
      planDigest: z.string().optional(),
      typedCount: z.number().int().optional(),
    }),
    requestDetailSchema,
  ),
  listRequests: channel(
    z.object({
      filter: requestFilterSchema,
      search: z.string().max(200).default(''),
      sort: z.enum(['newest', 'oldest', 'answer due', 'name', 'size']).default('newest'),
      anchor: anchorSchema,
      limit: pageSize,
    }),
    pageOf(requestSummarySchema).extend({ counts: z.record(requestFilterSchema, z.number()) }),
  ),
  getRequest: channel(z.object({ requestId: requestIdSchema }), requestDetailSchema),
  listIdentifiers: channel(
    z.object({
      requestId: requestIdSchema,
      /** Empty: every state. */
      states: z.array(identifierStateSchema).max(11),
      /** Exact identifier (folded like an import) or, from three characters on, its beginning. */
      search: z.string().max(600).default(''),
      /** Only those that are in this batch now, or those with these very words of the vendor's. */
      within: z
        .union([z.object({ batchId: batchIdSchema }), z.object({ vendorWords: z.string().max(500).nullable() })])
        .optional(),
      anchor: anchorSchema,
      limit: pageSize,
    }),
    pageOf(identifierRowSchema),
  ),
  listBatches: channel(
    z.object({ requestId: requestIdSchema, anchor: anchorSchema, limit: pageSize }),
    pageOf(batchRowSchema),
  ),
  /** What may be decided about one batch: what waits in it, and what failed in it. */
  listBatchGroups: channel(
    z.object({ requestId: requestIdSchema, batchId: batchIdSchema }),
    z.array(waitingGroupSchema),
  ),
  /** The ids that the vendor named in a batch and that nobody submitted there, in the order of its answer. */
  listStrangers: channel(
    z.object({ requestId: requestIdSchema, batchId: batchIdSchema, anchor: anchorSchema, limit: pageSize }),
    pageOf(strangerRowSchema),
  ),
  /** The scopes that calls went out with, by how many identifiers each reached; the first hundred. */
  listScopes: channel(
    z.object({ requestId: requestIdSchema }),
    z.object({
      scopes: z.array(
        z.object({ scope: scopeSchema, identifiers: z.number().int().positive(), calls: z.number().int().positive() }),
      ),
      total: z.number().int().nonnegative(),
    }),
  ),
  listAttempts: channel(
    z.object({ requestId: requestIdSchema, batchId: batchIdSchema.optional(), anchor: anchorSchema, limit: pageSize }),
    pageOf(attemptRowSchema),
  ),
  listEvents: channel(
    z.object({ requestId: requestIdSchema, anchor: anchorSchema, limit: pageSize }),
    pageOf(eventRowSchema),
  ),
  getOverview: channel(nothing, overviewSchema),

  ...caseChannels,
} as const

export type Contract = typeof contract
export type ChannelName = keyof Contract
export type Input<C extends ChannelName> = z.input<Contract[C]['input']>
export type ParsedInput<C extends ChannelName> = z.output<Contract[C]['input']>
export type Output<C extends ChannelName> = z.output<Contract[C]['output']>
export type Value<C extends ChannelName> = Output<C> extends Result<infer V> ? V : never

export const topicSchema = z.enum(['app', 'appearance', 'connections', 'requests', 'request', 'import', 'budget'])
export type Topic = z.infer<typeof topicSchema>

/** What main pushes: something under this topic changed. The window asks again for the page it shows. */
export const changeSchema = z.object({
  topic: topicSchema,
  /** The row concerned; null: any. */
  id: z.number().int().nullable(),
  revision: z.number().int(),
  at: timestampSchema,
})
export type Change = Readonly<z.infer<typeof changeSchema>>

export const channelNames = Object.keys(contract) as ChannelName[]

/** The one object the window sees. Methods alone; nothing here can reach an arbitrary channel. */
export type ErasureDeskBridge = {
  readonly [C in ChannelName]: (input: Input<C>) => Promise<Output<C>>
} & {
  /** Hands a dropped file's path to main without showing it to the page; gives what `chooseFile` gives. */
  readonly dropFile: (file: File) => Promise<Output<'chooseFile'>>
  /** Calls `listener` on every change that main pushes; gives a function that ends it. */
  readonly onChange: (listener: (change: Change) => void) => () => void
}
