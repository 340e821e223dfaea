/** Requests, their batches, attempts and events, as the screens see them. */
import { z } from 'zod'
import { environmentSchema, rateWindowSchema, stopCauseSchema, vendorIdSchema } from './connection.ts'
import { identifierKindSchema } from './identifier.ts'
import {
  attemptIdSchema,
  batchIdSchema,
  caseIdSchema,
  connectionIdSchema,
  eventIdSchema,
  identifierIdSchema,
  requestIdSchema,
  timestampSchema,
} from './ids.ts'
import { importSummarySchema } from './import.ts'
import { lookUpStateSchema } from './look-up.ts'
import { scopeSchema } from './scope.ts'
import { identifierStateSchema, stateCountsSchema } from './state.ts'

const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

export const caseFactsSchema = z.object({
  regulation: z.enum(['GDPR', 'UK GDPR', 'CCPA', 'LGPD', 'other', 'none']).default('GDPR'),
  /** The day the ask arrived, YYYY-MM-DD. */
  receivedOn: isoDate.nullable().default(null),
  /** The day by which the person must have an answer; derived from the regulation unless set. */
  answerDue: isoDate.nullable().default(null),
  /** How the ask came in: "email", "web form" … */
  channel: z.string().trim().max(80).default(''),
  reference: z.string().trim().max(120).default(''),
})
export type CaseFacts = Readonly<z.infer<typeof caseFactsSchema>>

export const requestPhaseSchema = z.enum(['draft', 'open', 'closed'])
export type RequestPhase = z.infer<typeof requestPhaseSchema>

export const requestSummarySchema = z.object({
  id: requestIdSchema,
  name: z.string(),
  phase: requestPhaseSchema,
  connectionId: connectionIdSchema,
  connectionName: z.string(),
  environment: environmentSchema,
  vendor: vendorIdSchema,
  reference: z.string(),
  answerDue: isoDate.nullable(),
  counts: stateCountsSchema,
  /** The case it belongs to where that is one over several connections or people; null: it stands alone. */
  case: z.object({ id: caseIdSchema, name: z.string() }).nullable(),
  /** Identifiers that wait for a person's decision. */
  waiting: z.number().int().nonnegative(),
  /** Copies of which nobody knows whether the vendor was asked for them: a person decides. */
  copiesInDoubt: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  paused: z.boolean(),
  createdAt: timestampSchema,
  sentAt: timestampSchema.nullable(),
  closedAt: timestampSchema.nullable(),
})
export type RequestSummary = Readonly<z.infer<typeof requestSummarySchema>>

/** How far a call got. `none`: nothing left this machine. */
export const callStageSchema = z.enum(['none', 'resolved', 'connected', 'first byte', 'sent', 'headers', 'body'])
export type CallStage = z.infer<typeof callStageSchema>

/** How a call ended, as the journal has it. */
const callEndSchema = z.object({
  at: timestampSchema,
  /** Null where the app ended while the call was under way. */
  stage: callStageSchema.nullable(),
  httpStatus: z.number().int().nullable(),
  /** What was noted of the end, in words of this app that may quote the vendor; null: nothing. */
  note: z.string().nullable(),
})
export type CallEnd = Readonly<z.infer<typeof callEndSchema>>

/**
 * A group of identifiers with the same cause, decided together: what waits for a person, or what failed and may be
 * tried again.
 */
export const waitingGroupSchema = z.object({
  state: identifierStateSchema,
  /** What its identifiers share: their batch, the vendor's words for them, or the state alone. */
  by: z.enum(['batch', 'words', 'state']),
  batchId: batchIdSchema.nullable(),
  batchNumber: z.number().int().positive().nullable(),
  count: z.number().int().positive(),
  title: z.string(),
  explanation: z.string(),
  vendorWords: z.string().nullable(),
  /** Of the call that carried them, where its end is the cause. */
  ended: callEndSchema.nullable(),
  /** Ids the vendor named in this batch that nobody submitted. */
  strangers: z.number().int().nonnegative(),
  decisions: z.array(
    z.enum(['send again', 'treat as sent', 'accept as unconfirmed', 'pair whole batch', 'release', 'cancel']),
  ),
})
export type WaitingGroup = Readonly<z.infer<typeof waitingGroupSchema>>
export type Decision = WaitingGroup['decisions'][number]

/** True for the decisions after which identifiers leave this machine. */
export function sendsAgain(decision: Decision): boolean {
  return decision === 'send again' || decision === 'release'
}

/**
 * What splitting adds at most where one identifier makes each call of a plan fail: calls for the largest call, calls in
 * all, and milliseconds by the account's budget as it stands now.
 */
export const splittingSchema = z.object({
  callsEach: z.number().int().nonnegative(),
  calls: z.number().int().nonnegative(),
  milliseconds: z.number().int().nonnegative(),
})
export type Splitting = Readonly<z.infer<typeof splittingSchema>>

/** What a decision that sends comes to, before anything is decided. */
export const decisionPlanSchema = z.object({
  /** Changes whenever anything about it changes; deciding needs the digest of the plan on screen. */
  digest: z.string(),
  identifiers: z.number().int().positive(),
  calls: z.number().int().positive(),
  /** Calls before them that ask for the vendor's own ids. */
  lookUpCalls: z.number().int().nonnegative(),
  /** The scopes that the calls carry, the largest first; the first twenty of them. */
  scopes: z.array(z.object({ scope: scopeSchema, identifiers: z.number().int().positive() })),
  /** How many scopes there are in all. */
  scopeCount: z.number().int().positive(),
  /** Milliseconds until the last of the calls has left, by the account's budget as it stands now. */
  sendingMilliseconds: z.number().int().nonnegative(),
  splitting: splittingSchema,
  vendorTime: z.string(),
  needsTypedCount: z.boolean(),
})
export type DecisionPlan = Readonly<z.infer<typeof decisionPlanSchema>>

/** An id that the vendor named in a batch and that nobody submitted there. */
export const strangerRowSchema = z.object({
  /** Its place in the answer, from 0. */
  position: z.number().int().nonnegative(),
  /** Null once forgotten. */
  value: z.string().nullable(),
  status: z.string(),
  success: z.boolean(),
})
export type StrangerRow = Readonly<z.infer<typeof strangerRowSchema>>

/** A batch whose answer has stayed the same for so long is shown as stuck. */
export const stuckAfterMilliseconds = 7 * 86_400_000

/** Accepted batches whose answer has not changed for `stuckAfterMilliseconds`. */
export const stuckSchema = z.object({
  batches: z.number().int().positive(),
  /** Since when nothing has changed in the first of them. */
  since: timestampSchema,
  /** The vendor's own words about most of them, raw; null: it said nothing. */
  vendorWords: z.string().nullable(),
})
export type Stuck = Readonly<z.infer<typeof stuckSchema>>

export const requestDetailSchema = requestSummarySchema.extend({
  scope: scopeSchema.nullable(),
  caseFacts: caseFactsSchema,
  imports: z.array(importSummarySchema),
  waitingGroups: z.array(waitingGroupSchema),
  /** What failed or was refused and may be tried again, by the vendor's words; then what was revoked and may be sent again. */
  retryGroups: z.array(waitingGroupSchema),
  batches: z.number().int().nonnegative(),
  attempts: z.number().int().nonnegative(),
  /** When the last unsent identifier will have left, by today's budget; null where nothing is unsent. */
  sendingEndsAt: timestampSchema.nullable(),
  nextPollAt: timestampSchema.nullable(),
  callsUnderWay: z.number().int().nonnegative(),
  /** Why nothing moves, in words (paused, connection stopped, other window sends …); null while it does. */
  standstill: z.string().nullable(),
  stuck: stuckSchema.nullable(),
  /** The connection's queue is stopped and can be resumed after a fix. */
  connectionStopped: z.boolean(),
  /** Why the app itself paused the request; null where a person did, or nobody. */
  pauseCause: stopCauseSchema.nullable(),
})
export type RequestDetail = Readonly<z.infer<typeof requestDetailSchema>>

export const identifierRowSchema = z.object({
  id: identifierIdSchema,
  line: z.number().int().positive(),
  kind: identifierKindSchema,
  value: z.string().nullable(),
  channelId: z.string().nullable(),
  state: identifierStateSchema,
  /** True where a person has already decided about a waiting state. */
  decided: z.boolean(),
  /** Null: the request's own scope. */
  scope: scopeSchema.nullable(),
  batchId: batchIdSchema.nullable(),
  batchNumber: z.number().int().positive().nullable(),
  vendorWords: z.string().nullable(),
  /** Why the result is believed: "named by the vendor", "paired by hand: …". */
  basis: z.string().nullable(),
  caseReference: z.string().nullable(),
  otherSpellings: z.number().int().nonnegative(),
  /** The vendor's own id of it, where one was looked up before it was sent. */
  lookedUpAs: z.string().nullable(),
})
export type IdentifierRow = Readonly<z.infer<typeof identifierRowSchema>>

export const batchStatusSchema = z.enum([
  'queued',
  'sending',
  'accepted',
  'finished',
  'outcome unknown',
  'rejected',
  'resolved',
])
export type BatchStatus = z.infer<typeof batchStatusSchema>

/**
 * Why identifiers went on from one batch to another. `tied`: they are in a task that the vendor runs already, which the
 * other batch follows; `rest`: they were in a call that was refused because of such others, and went again without them.
 */
const batchReasonSchema = z.enum(['split', 'tied', 'rest', 'retry', 'resend'])
export type BatchReason = z.infer<typeof batchReasonSchema>

export const batchRowSchema = z.object({
  id: batchIdSchema,
  number: z.number().int().positive(),
  status: batchStatusSchema,
  scope: scopeSchema,
  size: z.number().int().positive(),
  counts: stateCountsSchema,
  vendorRequestId: z.string().nullable(),
  /** "batch 12, sent again" where it came from another. */
  parent: z.string().nullable(),
  parentNumber: z.number().int().positive().nullable(),
  /** The batches in which its identifiers went on, by why they did, in the order of their numbers. */
  children: z.array(z.object({ reason: batchReasonSchema, numbers: z.array(z.number().int().positive()) })),
  attempts: z.number().int().nonnegative(),
  polls: z.number().int().nonnegative(),
  lookUp: lookUpStateSchema,
  createdAt: timestampSchema,
  acceptedAt: timestampSchema.nullable(),
  finishedAt: timestampSchema.nullable(),
  lastAnswerAt: timestampSchema.nullable(),
  nextPollAt: timestampSchema.nullable(),
  vendorWords: z.string().nullable(),
  /** What this app noted of its last call, where the vendor said nothing. */
  note: z.string().nullable(),
  /** Ids the vendor named in it that nobody submitted. */
  strangers: z.number().int().nonnegative(),
  /** The vendor still lets it be taken back, as far as its last word shows. */
  mayBeCancelled: z.boolean(),
  /** It is to be taken back, and the vendor has not answered that yet. */
  cancelAsked: z.boolean(),
  /**
   * How the last try to take it back ended, where the batch goes on. `in doubt`: nobody knows, until the vendor is asked
   * about it; `not done`: an answer since says that it goes on. Null: none did, or one is asked for.
   */
  lastCancel: z
    .object({ came: z.enum(['too late', 'in doubt', 'not done']), vendorWords: z.string().nullable() })
    .nullable(),
  /** It stands for a task of somebody else's at the vendor. */
  adopted: z.boolean(),
  /** What a person may decide about, by state. */
  open: z.array(z.object({ state: identifierStateSchema, count: z.number().int().positive() })),
})
export type BatchRow = Readonly<z.infer<typeof batchRowSchema>>

export const attemptEndingSchema = z.enum([
  'accepted',
  'answered',
  'rate limited',
  'not sent',
  'stopped the line',
  'rejected',
  'too large',
  'outcome unknown',
  'no answer',
])
export type AttemptEnding = z.infer<typeof attemptEndingSchema>

export const attemptKindSchema = z.enum([
  'erase',
  'status',
  'test',
  'look-up',
  'cancel',
  'retrieve',
  'retrieval status',
])
export type AttemptKind = z.infer<typeof attemptKindSchema>

export const attemptRowSchema = z.object({
  id: attemptIdSchema,
  kind: attemptKindSchema,
  /** The token's own id; the vendor's ledger can be matched by it. */
  jti: z.string(),
  batchNumber: z.number().int().positive().nullable(),
  startedAt: timestampSchema,
  endedAt: timestampSchema.nullable(),
  /** Null while it is under way, or where the app died meanwhile. */
  ending: attemptEndingSchema.nullable(),
  stage: callStageSchema.nullable(),
  httpStatus: z.number().int().nullable(),
  vendorWords: z.string().nullable(),
  /** What this app noted of its end, where the vendor said nothing; it may quote an answer that says neither yes nor no. */
  note: z.string().nullable(),
})
export type AttemptRow = Readonly<z.infer<typeof attemptRowSchema>>

export const eventRowSchema = z.object({
  id: eventIdSchema,
  at: timestampSchema,
  actor: z.enum(['operator', 'app', 'vendor']),
  kind: z.string(),
  words: z.string(),
  reason: z.string().nullable(),
})
export type EventRow = Readonly<z.infer<typeof eventRowSchema>>

export const planCallSchema = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.array(z.tuple([z.string(), z.string()])),
  /** The body pretty-printed: its first two entries, and "… 98 more" for the others. */
  body: z.string(),
})
export type PlanCall = Readonly<z.infer<typeof planCallSchema>>

/** What becomes of identifiers that an earlier request of the account has already; one decision for all of them. */
export const repeatDecisionSchema = z.enum(['leave out', 'send again'])
export type RepeatDecision = z.infer<typeof repeatDecisionSchema>

/** Identifiers of a draft that are erased or under way in earlier requests of its account, at the same bots or more. */
export const repeatsSchema = z.object({
  count: z.number().int().nonnegative(),
  decision: repeatDecisionSchema,
  /** False while the draft has not been compared as it is now; the numbers are then of an earlier comparison. */
  compared: z.boolean(),
  /** True while the request has no scope: then every earlier request counts, whatever its bots. */
  scopeIsOpen: z.boolean(),
  /** The requests that have them, most first; the first hundred. */
  requests: z.array(
    z.object({
      requestId: requestIdSchema,
      name: z.string(),
      erased: z.number().int().nonnegative(),
      underWay: z.number().int().nonnegative(),
      /** When the first and the last of them came into the state that they were found in. */
      firstAt: timestampSchema,
      lastAt: timestampSchema,
    }),
  ),
  requestCount: z.number().int().nonnegative(),
})
export type Repeats = Readonly<z.infer<typeof repeatsSchema>>

/** One of them, with where the earlier identifier stands now. */
export const repeatRowSchema = z.object({
  id: identifierIdSchema,
  line: z.number().int().positive(),
  value: z.string().nullable(),
  channelId: z.string().nullable(),
  earlierRequestId: requestIdSchema,
  earlierRequestName: z.string(),
  earlierState: identifierStateSchema,
  /** Since when it is in that state. */
  earlierAt: timestampSchema,
})
export type RepeatRow = Readonly<z.infer<typeof repeatRowSchema>>

export const planSchema = z.object({
  requestId: requestIdSchema,
  /** Changes whenever anything about the plan changes; sending needs the digest of the plan on screen. */
  digest: z.string(),
  identifiers: z.number().int().nonnegative(),
  held: z.number().int().nonnegative(),
  /** Identifiers that earlier requests have already, and what is decided for them. */
  repeats: z.object({ count: z.number().int().nonnegative(), decision: repeatDecisionSchema }),
  eraseCalls: z.number().int().nonnegative(),
  /** Calls that ask for the vendor's own ids: one before each erase call that holds emails, where the connection says so. */
  lookUpCalls: z.number().int().nonnegative(),
  /** The first of them as it will be sent; null: there is none, or it is far from the beginning. */
  firstLookUp: planCallSchema.nullable(),
  /**
   * Identifiers that a call holds at most; `tooLarge`: in the smallest call that the vendor found too large, where calls
   * hold fewer than is set for it.
   */
  perCall: z.object({ most: z.number().int().positive(), tooLarge: z.number().int().positive().nullable() }),
  groups: z.array(
    z.object({
      scope: scopeSchema,
      /** True where the rows themselves name these bots; false: the request's scope. */
      own: z.boolean(),
      identifiers: z.number().int().positive(),
      calls: z.number().int().positive(),
      /** The first call of the group as it will be sent, with two of its identifiers. */
      firstCall: planCallSchema,
    }),
  ),
  /** Milliseconds until the last erase call has left, look-ups before it included, by the account's budget as it stands now. */
  sendingMilliseconds: z.number().int().nonnegative(),
  splitting: splittingSchema,
  windows: z.array(rateWindowSchema),
  vendorTime: z.string(),
  doesNotReach: z.array(z.string()),
  worstCase: z.string(),
  signedAs: z.string(),
  needsTypedCount: z.boolean(),
  /** Why it cannot be sent now, each in words with a next step; empty: it can. */
  obstacles: z.array(z.object({ code: z.string(), words: z.string(), next: z.string().optional() })),
})
export type Plan = Readonly<z.infer<typeof planSchema>>
