/** Calls as the history reserves them, and what follows from each end of one. */
import type { StopCause } from '../../../shared/model/connection.ts'
import type { AttemptId, BatchId, IdentifierId, RequestId, RetrievalId, Timestamp } from '../../../shared/model/ids.ts'
import type { AttemptEnding, CallStage } from '../../../shared/model/request.ts'
import type { Scope } from '../../../shared/model/scope.ts'
import type { IdentifierState } from '../../../shared/model/state.ts'
import type { ConnectionForCall, Submitted } from './vendor.ts'

/** What a sender is given when it takes the lock; every write of the engine names it. */
export type Epoch = number

/** A call that the journal holds and that may now leave. On disk (WAL, synchronous FULL) when this is returned. */
export type ReservedErase = Readonly<{
  kind: 'erase'
  attemptId: AttemptId
  jti: string
  requestId: RequestId
  batchId: BatchId
  connection: ConnectionForCall
  scope: Scope
  identifiers: readonly (Submitted & Readonly<{ identifierId: IdentifierId; position: number }>)[]
}>

export type ReservedLookUp = Readonly<{
  kind: 'look-up'
  attemptId: AttemptId
  jti: string
  requestId: RequestId
  batchId: BatchId
  connection: ConnectionForCall
  /** Those of the batch that can be looked up; at least one. */
  identifiers: readonly (Submitted & Readonly<{ identifierId: IdentifierId }>)[]
  /** Look-ups of this batch before this one that got no answer. */
  unanswered: number
}>

/** An accepted call that the operator wants taken back. */
export type ReservedCancel = Readonly<{
  kind: 'cancel'
  attemptId: AttemptId
  jti: string
  requestId: RequestId
  batchId: BatchId
  connection: ConnectionForCall
  vendorRequestId: string
}>

export type ReservedPoll = Readonly<{
  kind: 'status'
  attemptId: AttemptId
  jti: string
  requestId: RequestId
  batchId: BatchId
  connection: ConnectionForCall
  vendorRequestId: string
  deliveries: readonly DeliveryState[]
  previous: Readonly<{
    digest: string | null
    quietSince: Timestamp | null
    /** The place in the schedule that this call has reached (`ask-schedule.ts`); below 0: it comes before its turn. */
    polls: number
    acceptedAt: Timestamp
    /** The place by which the batch was ready if it is found so; null: not known, since the operator asks now. */
    readyBy?: number | null
  }>
}>

/** A copy to be asked for. */
export type ReservedRetrieve = Readonly<{
  kind: 'retrieve'
  attemptId: AttemptId
  jti: string
  requestId: RequestId
  retrievalId: RetrievalId
  connection: ConnectionForCall
  scope: Scope
  disclosure: string | null
  identifiers: readonly Submitted[]
}>

export type ReservedRetrievalStatus = Readonly<{
  kind: 'retrieval status'
  attemptId: AttemptId
  jti: string
  requestId: RequestId
  retrievalId: RetrievalId
  connection: ConnectionForCall
  vendorRequestId: string
  /** Status calls about this copy before this one. */
  polls: number
}>

export type DeliveryState = Readonly<
  Submitted & {
    identifierId: IdentifierId
    position: number
    state: IdentifierState
    decided: boolean
    /** What stood in the call for it, as JSON text; absent before it was sent, and after it was wiped. */
    sentForm?: string
    /** The vendor's own ids of it, as looked up before its batch was sent. */
    lookedUp?: readonly string[]
  }
>

/** `wait`: something is due but the budget, a hold or a `not_before` says when; `idle`: nothing is due at all. */
export type Reservation =
  | ReservedErase
  | ReservedLookUp
  | ReservedCancel
  | ReservedPoll
  | ReservedRetrieve
  | ReservedRetrievalStatus
  | Readonly<{ kind: 'wait'; until: Timestamp }>
  | Readonly<{ kind: 'idle'; until: Timestamp | null }>

/** How an attempt ended; written with all that follows from it in one transaction. */
export type AttemptResult = Readonly<{
  attemptId: AttemptId
  epoch: Epoch
  endedAt: Timestamp
  /** `Clock.steady` at `endedAt`. */
  steady: number
  stage: CallStage
  ending: AttemptEnding
  httpStatus: number | null
  vendorWords: string | null
  /** True where the vendor cannot have counted the call: it weighs on no window. */
  neverCounted: boolean
}>

/** What follows from an erase call for its batch and identifiers. */
export type EraseOutcome =
  /** `nextPollAt`: the first status call of the schedule; the batch may begin with a later one. */
  | Readonly<{ kind: 'accepted'; vendorRequestId: string; nextPollAt: Timestamp }>
  | Readonly<{ kind: 'queue again'; notBefore: Timestamp; accountHoldUntil?: Timestamp }>
  | Readonly<{ kind: 'stop the line'; cause: StopCause }>
  | Readonly<{ kind: 'refused'; words: string }>
  /**
   * The call was rejected as a whole: its identifiers go again in halves. One that was alone is refused; where its call
   * was too large, held for a person.
   */
  | Readonly<{ kind: 'rejected'; words: string }>
  /**
   * Refused as a whole because the identifiers at `positions` are in tasks that run at the vendor already: they wait for
   * those tasks, which are asked about; the others go again.
   */
  | Readonly<{ kind: 'conflict'; positions: readonly number[]; vendorRequestIds: readonly string[]; words: string }>
  /** With a cause the line stops as well. */
  | Readonly<{ kind: 'outcome unknown'; words: string; cause?: StopCause }>

/** What follows from a look-up for its batch, which stays queued in every case. */
export type LookUpOutcome =
  | Readonly<{
      kind: 'answer'
      found: readonly Readonly<{ identifierId: IdentifierId; vendorId: string }>[]
    }>
  /** It certainly told nothing and counts for nothing: asked again. */
  | Readonly<{ kind: 'again'; notBefore: Timestamp; accountHoldUntil?: Timestamp }>
  | Readonly<{ kind: 'stop the line'; cause: StopCause }>
  /** The vendor does not take this look-up: the batch goes on without. */
  | Readonly<{ kind: 'rejected' }>
  /** Asked again, until it has been asked too often: then the batch goes on without. */
  | Readonly<{ kind: 'no answer'; notBefore: Timestamp }>

/** What follows from a call that takes a batch back. */
export type CancelOutcome =
  | Readonly<{ kind: 'cancelled'; words: string | null }>
  /** Taken back where each identifier has a result of its own: what was done by then the next status call shows. */
  | Readonly<{ kind: 'stopped' }>
  | Readonly<{ kind: 'too late' }>
  /** Nobody knows: the next status call shows it. */
  | Readonly<{ kind: 'no answer' }>
  | Readonly<{ kind: 'again'; notBefore: Timestamp; accountHoldUntil?: Timestamp }>
  | Readonly<{ kind: 'stop the line'; cause: StopCause }>

/** What follows from a call that asks for a copy. */
export type RetrieveOutcome =
  | Readonly<{ kind: 'accepted'; vendorRequestId: string; words: string | null; nextPollAt: Timestamp }>
  | Readonly<{ kind: 'again'; notBefore: Timestamp; accountHoldUntil?: Timestamp }>
  | Readonly<{ kind: 'stop the line'; cause: StopCause }>
  | Readonly<{ kind: 'rejected'; words: string }>
  /** A person decides; with a cause the line stops as well. */
  | Readonly<{ kind: 'outcome unknown'; words: string; cause?: StopCause }>

/** What follows from a status call about a copy. */
export type RetrievalStatusOutcome =
  | Readonly<{ kind: 'running'; words: string; nextPollAt: Timestamp }>
  | Readonly<{ kind: 'ready'; words: string; linkExpiresAt: Timestamp | null }>
  | Readonly<{ kind: 'failed'; words: string }>
  /** Believed once it has been said twice. */
  | Readonly<{ kind: 'not found'; words: string; nextPollAt: Timestamp }>
  | Readonly<{ kind: 'again'; nextPollAt: Timestamp; accountHoldUntil?: Timestamp }>
  | Readonly<{ kind: 'stop the line'; cause: StopCause; nextPollAt: Timestamp }>

/** What became of a copy's file. */
export type RetrievedFile =
  | Readonly<{ kind: 'saved'; fileName: string; bytes: number; sha256: string }>
  | Readonly<{ kind: 'opened'; host: string }>
  /** The link was answered with this status: it is over, or never was. */
  | Readonly<{ kind: 'refused'; httpStatus: number }>

export type DeliveryChange = Readonly<{
  position: number
  identifierId: IdentifierId
  state: IdentifierState
  basis: string
  vendorWords: string | null
}>

/**
 * What an answer shows for the first status call of other batches: ready by the place `step` in the schedule (null: not
 * known by when), or still running then.
 */
export type Lesson = Readonly<{ ready: true; step: number | null } | { ready: false; step: number }>

export type PollOutcome =
  | Readonly<{
      kind: 'answer'
      digest: string
      quietSince: Timestamp
      changes: readonly DeliveryChange[]
      /** Positions of the deliveries that the answer names, whatever it says of them. */
      named?: readonly number[]
      /** Ids named in the answer that nobody submitted; `success`: the vendor says success for it. */
      strangers: readonly Readonly<{ value: string; status: string; success: boolean }>[]
      finished: boolean
      /** It is finished since the vendor says so, not by a conclusion of ours. */
      ended?: boolean
      /** Named with a word that settles nothing: shown as it is. */
      said?: readonly Readonly<{ position: number; vendorWords: string }>[]
      /** Slow polling goes on after the end where identifiers stayed unnamed; null: never again. */
      nextPollAt: Timestamp | null
      vendorWords: string | null
      /** Absent where the call shows nothing for others. */
      lesson?: Lesson
    }>
  /** The vendor says it does not know the request: an answer like any other, `finished` once it has been repeated. */
  | Readonly<{
      kind: 'vanished'
      digest: string
      quietSince: Timestamp
      changes: readonly DeliveryChange[]
      finished: boolean
      nextPollAt: Timestamp | null
      words: string
    }>
  | Readonly<{ kind: 'again'; nextPollAt: Timestamp; accountHoldUntil?: Timestamp; words: string | null }>
  | Readonly<{ kind: 'stop the line'; cause: StopCause; nextPollAt: Timestamp }>
