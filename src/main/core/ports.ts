/**
 * Everything the core needs of the world, as plain values and functions. Adapters and vendors implement these; the
 * core imports nothing else, so the engine runs in plain Node, on virtual time, against a simulated vendor.
 */
import type { Failure, Result } from '../../shared/failure.ts'
import type { ChannelName, ParsedInput, Value } from '../../shared/contract.ts'
import type {
  Connection,
  ConnectionSettings,
  ConnectionTest,
  RateWindow,
  SigningSettings,
  StopCause,
  VendorId,
} from '../../shared/model/connection.ts'
import type { CaseColumn } from '../../shared/model/case.ts'
import type { IdentifierKind } from '../../shared/model/identifier.ts'
import type {
  AccountId,
  AttemptId,
  BatchId,
  CaseId,
  ConnectionId,
  IdentifierId,
  ImportId,
  RequestId,
  RetrievalId,
  Timestamp,
} from '../../shared/model/ids.ts'
import type { ColumnRole, FileFormat, FilePreview, Finding, RejectReason } from '../../shared/model/import.ts'
import type {
  AttemptEnding,
  CallStage,
  CaseFacts,
  Decision,
  PlanCall,
  RepeatDecision,
} from '../../shared/model/request.ts'
import type { Scope } from '../../shared/model/scope.ts'
import type { IdentifierState } from '../../shared/model/state.ts'
import type { VendorProfile } from '../../shared/model/vendor.ts'

/** Owns time and every timer. */
export interface Clock {
  /** Milliseconds since 1970. May jump when the machine sleeps or the operator sets it. */
  readonly now: () => Timestamp
  /** Whole milliseconds since some moment of this process: nobody sets them. May stand still while the machine sleeps. */
  readonly steady: () => number
  /** Milliseconds since the machine started, its sleep included; null or absent: not known. */
  readonly uptime?: () => number | null
  /** Settles after `milliseconds`, or as soon as `signal` aborts; never rejects. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>
}

/**
 * One moment on every clock, read together: where the date jumps, `steady` says how much time really passed, and
 * `uptime`, where it is known, also across two processes.
 */
export type Moment = Readonly<{ now: Timestamp; steady: number; uptime?: number | null }>

export interface Random {
  readonly uuid: () => string
  readonly bytes: (count: number) => Uint8Array
  /** From 0 up to, not including, 1. */
  readonly fraction: () => number
}

/** Codes, numbers and row ids only: no identifier, no secret, no token, no URL query. */
export interface Log {
  readonly info: (event: string, facts?: Readonly<Record<string, string | number | boolean | null>>) => void
  readonly problem: (event: string, facts?: Readonly<Record<string, string | number | boolean | null>>) => void
}

/** The operating system's keychain. Fails with `keychain-missing` or `keychain-locked`; never falls back to a file. */
export interface SecretStore {
  /** Writes, reads back and removes a probe: whether the keychain really works now. */
  readonly check: () => Promise<Result<null>>
  readonly read: (name: string) => Promise<Result<string | null>>
  readonly write: (name: string, secret: string) => Promise<Result<null>>
  readonly remove: (name: string) => Promise<Result<null>>
}

/** The folder of the history. Which key of the keychain opens it is written there as an id; the key never is. */
export interface HistoryFolder {
  /** Absolute. */
  readonly path: string
  /** The id in force; null: the folder has none yet. */
  readonly readId: () => Promise<Result<string | null>>
  /**
   * Puts `id` into force and gives it back; where another instance was first, gives its id instead. `replaced` is the
   * id that may be overwritten; null: none.
   */
  readonly claimId: (id: string, replaced: string | null) => Promise<Result<string>>
  /** Whether anything of a history lies there already. */
  readonly holdsHistory: () => Promise<Result<boolean>>
}

export interface Signer {
  /** A fresh token for one call (RFC 7519, HS256 by default): `appId`, `sub`, `iat`, `exp`, `jti`. */
  readonly sign: (
    claims: Readonly<{ appId: string; jti: string; now: Timestamp }>,
    settings: SigningSettings,
    secret: string,
  ) => Promise<Result<string>>
}

export type HttpCall = Readonly<{
  method: string
  url: string
  headers: Readonly<Record<string, string>>
  body: string | null
  timeoutMilliseconds: number
  /** Longer answers are cut off here. */
  maximumBodyBytes: number
}>

/** Why no answer came. `before first byte` certain-no causes are told by `stage` alone. */
export type HttpTrouble = Readonly<{
  kind: 'dns' | 'refused' | 'tls' | 'proxy' | 'reset' | 'timeout' | 'invalid answer' | 'offline' | 'other'
  /** For the operator; no URL, no header, no body. */
  words: string
  /** For 'tls': a certificate nobody on this machine vouches for. */
  unknownAuthority?: boolean
  /** For 'proxy': it asks for a password. */
  proxyAuthentication?: boolean
}>

export type HttpReport = Readonly<{
  /** How far the call got. Up to and including `connected`, not one byte of the request reached the vendor. */
  stage: CallStage
  startedAt: Timestamp
  endedAt: Timestamp
  answer: Readonly<{
    status: number
    headers: Readonly<Record<string, string>>
    body: string
    cut: boolean
  }> | null
  trouble: HttpTrouble | null
}>

/**
 * One transmission on a connection of its own: no retry, no redirect, no cookie, no cache. Never rejects. `mayLeave` is
 * asked once there is a connection, right before the first byte: where it says no, nothing of the call leaves, and the
 * report's stage is `connected`.
 */
export interface Http {
  readonly send: (
    call: HttpCall,
    onStage?: (stage: CallStage) => void,
    mayLeave?: () => Promise<boolean>,
  ) => Promise<HttpReport>
}

/** What became of a file that was to be fetched. Nothing of its address is in it. */
export type DownloadReport =
  | Readonly<{ kind: 'saved'; bytes: number; sha256: string }>
  /** The host answered with another status than 200. */
  | Readonly<{ kind: 'refused'; httpStatus: number }>
  /** It sent on to another host or scheme, which is not followed. */
  | Readonly<{ kind: 'led elsewhere' }>
  | Readonly<{ kind: 'trouble'; words: string }>
  /** The disk did not take it; `code` as the operating system names it. */
  | Readonly<{ kind: 'disk'; code: string }>
  | Readonly<{ kind: 'cancelled' }>

/** Fetches files to disk. Never rejects; where it does not save, nothing of the file is left. */
export interface Downloads {
  /** `url`: checked before; `file`: absolute, overwritten once the new one is whole. `total` is null where nobody says. */
  readonly save: (
    input: Readonly<{
      url: string
      file: string
      signal: AbortSignal
      onProgress: (bytes: number, total: number | null) => void
    }>,
  ) => Promise<DownloadReport>
}

// ---------------------------------------------------------------- vendors

/** One identifier as a vendor's call needs it. */
export type Submitted = Readonly<{ kind: IdentifierKind; value: string; channelId: string | null }>

export type VendorCall = Readonly<{
  method: string
  url: string
  headers: Readonly<Record<string, string>>
  body: string | null
}>

export type EraseVerdict =
  | Readonly<{ kind: 'accepted'; vendorRequestId: string; words: string | null }>
  /** Certain: nothing reached the vendor, or it said so. Try again later. */
  | Readonly<{ kind: 'not sent'; words: string }>
  | Readonly<{ kind: 'rate limited'; retryAfterMilliseconds: number | null; words: string | null }>
  | Readonly<{ kind: 'stop the line'; cause: Omit<StopCause, 'at'> }>
  /** Certain: the vendor rejected the whole call because of what is in it. */
  | Readonly<{ kind: 'rejected'; words: string }>
  | Readonly<{ kind: 'too large'; words: string }>
  /**
   * Certain: the whole call was refused, because these identifiers are in tasks that run already. `names` are written
   * like those of `Vendor.namesOf`.
   */
  | Readonly<{
      kind: 'conflict'
      names: readonly (readonly string[])[]
      vendorRequestIds: readonly string[]
      words: string
    }>
  /** It may or may not have arrived; with a cause, nothing else can leave either. */
  | Readonly<{ kind: 'outcome unknown'; words: string; cause?: Omit<StopCause, 'at'> }>

/** What one entry of a status answer means: the vendor's own word is kept beside it. */
export type StatusEntry = Readonly<{
  /** Every name this entry answers to, written like those of `Vendor.namesOf`; empty: it names nobody for certain. */
  names: readonly string[]
  /** The id as it stood in the answer. */
  raw: string
  meaning: 'success' | 'failure' | 'running' | 'revoked'
  word: string
}>

export type StatusVerdict =
  /**
   * `vendorRequestId`: the request the answer says it is about; null where it does not say. `ended`: the vendor says
   * that nothing more will come. `word`: its word for the request as a whole, where it has one.
   */
  | Readonly<{
      kind: 'answer'
      vendorRequestId: string | null
      entries: readonly StatusEntry[]
      digest: string
      ended: boolean
      word?: string
    }>
  /** The vendor no longer knows the request id. */
  | Readonly<{ kind: 'vanished'; words: string }>
  | Readonly<{ kind: 'rate limited'; retryAfterMilliseconds: number | null; words: string | null }>
  | Readonly<{ kind: 'stop the line'; cause: Omit<StopCause, 'at'> }>
  /** No usable answer; asked again later. */
  | Readonly<{ kind: 'no answer'; words: string }>

/** What a call that takes back an accepted one came to. A doubt is cleared by the next status call. */
export type CancelVerdict =
  | Readonly<{ kind: 'cancelled'; words: string | null }>
  | Readonly<{ kind: 'too late'; words: string }>
  | Readonly<{ kind: 'not sent'; words: string }>
  | Readonly<{ kind: 'rate limited'; retryAfterMilliseconds: number | null; words: string | null }>
  | Readonly<{ kind: 'stop the line'; cause: Omit<StopCause, 'at'> }>
  | Readonly<{ kind: 'no answer'; words: string }>

/** What a status call about a copy came to. The link is never written down, and no `words` hold it. */
export type RetrievalStatusVerdict =
  | Readonly<{ kind: 'running'; words: string }>
  | Readonly<{ kind: 'ready'; words: string; link: string }>
  /** The vendor's final word: there will be no copy. */
  | Readonly<{ kind: 'failed'; words: string }>
  | Readonly<{ kind: 'not found'; words: string }>
  | Readonly<{ kind: 'rate limited'; retryAfterMilliseconds: number | null; words: string | null }>
  | Readonly<{ kind: 'stop the line'; cause: Omit<StopCause, 'at'> }>
  /** No usable answer; asked again later. */
  | Readonly<{ kind: 'no answer'; words: string }>

/** How a vendor makes a copy of what it has about people. Nothing is erased by it. */
export type Retrieval = Readonly<{
  /** `disclosure`: one of the profile's choices for this scope; null: there is none to choose. */
  call: (
    connection: ConnectionForCall,
    identifiers: readonly Submitted[],
    scope: Scope,
    disclosure: string | null,
  ) => Result<VendorCall>
  read: (report: HttpReport) => EraseVerdict
  statusCall: (connection: ConnectionForCall, vendorRequestId: string) => VendorCall
  readStatus: (report: HttpReport, vendorRequestId: string) => RetrievalStatusVerdict
}>

/** The vendor's own id of an identifier, by the identifier's place in the look-up. */
export type FoundId = Readonly<{ index: number; vendorId: string }>

export type LookUpVerdict =
  /** `found`: only where the answer itself says whose id it is. */
  | Readonly<{ kind: 'answer'; found: readonly FoundId[] }>
  /** Certain: nothing reached the vendor. */
  | Readonly<{ kind: 'not sent'; words: string }>
  | Readonly<{ kind: 'rate limited'; retryAfterMilliseconds: number | null; words: string | null }>
  | Readonly<{ kind: 'stop the line'; cause: Omit<StopCause, 'at'> }>
  /** Certain: the vendor does not take this call, and would not take it again. */
  | Readonly<{ kind: 'rejected'; words: string }>
  /** No usable answer; asked again later. */
  | Readonly<{ kind: 'no answer'; words: string }>

/** How a vendor gives its own id of a person. Nothing is erased by it, so it may be repeated freely. */
export type LookUp = Readonly<{
  /** For identifiers of the kind that can be looked up; at least one. */
  call: (connection: ConnectionForCall, identifiers: readonly Submitted[]) => VendorCall
  /** Nothing of the answer is believed but ids in the vendor's own form, each for the identifier that it names. */
  read: (report: HttpReport, identifiers: readonly Submitted[]) => LookUpVerdict
  /** Looks up a made-up address: whether the app has the scope. */
  testCall: (connection: ConnectionForCall) => VendorCall
  readTest: (report: HttpReport, connection: ConnectionForCall) => Omit<ConnectionTest, 'at'>
  /** The names under which a status answer names such an id, written like those of `StatusEntry`. */
  namesOf: (vendorId: string) => readonly string[]
}>

/** What a connection to the vendor's simulator is made of. */
export type SandboxPart = Readonly<{
  /** The public half of the credentials in the vendor's form, from a random UUID. */
  clientId: (uuid: string) => string
  /** Whole days for which the simulator takes its secret; null: it does not expire. */
  secretDays: number | null
  /** A simulator answers in seconds what takes a vendor days: settings of a new connection that are unlike the usual ones. */
  settings: Partial<ConnectionSettings>
  /** The simulator's own settings by which it accepts these credentials (docs/guide/sandbox.md). */
  simulator: (credentials: Readonly<{ clientId: string; secret: string }>) => Readonly<Record<string, unknown>>
}>

/** Everything the core needs to know of a vendor. Pure: no call is made here. */
export interface Vendor {
  /** Data that the screens read as well. */
  readonly profile: VendorProfile
  /** What a call is authorised by: a token signed with the secret for it alone, or the secret as it is. */
  readonly authorization: 'signed token' | 'the secret itself'
  /** Normalises an origin the operator typed; https only, plain http to loopback alone. */
  readonly checkOrigin: (origin: string) => Result<Readonly<{ origin: string; warning: string | null }>>
  /**
   * The settings with what follows from the vendor's own ones: how many identifiers a call carries, where that is not
   * chosen. The own ones are all there and within the profile's bounds. Fails on what profile and schema cannot see.
   */
  readonly completeSettings: (settings: ConnectionSettings) => Result<ConnectionSettings>
  /** True where a scope reaches so far that the plan asks for the count to be typed. */
  readonly needsTypedCount: (scope: Scope) => boolean
  readonly eraseCall: (
    connection: ConnectionForCall,
    identifiers: readonly Submitted[],
    scope: Scope,
  ) => Result<VendorCall>
  /** What stands in the call for this identifier, as JSON text: one or more array entries. */
  readonly sentForm: (identifier: Submitted, settings: ConnectionSettings) => string
  /**
   * The names under which a status answer names it for certain, written like those of `StatusEntry`. What stood in the
   * call decides where it is known: the settings may have changed since.
   */
  readonly namesOf: (
    identifier: Submitted & Readonly<{ sentForm?: string }>,
    settings: ConnectionSettings,
  ) => readonly string[]
  readonly statusCall: (connection: ConnectionForCall, vendorRequestId: string) => VendorCall
  /** A harmless call whose answer shows whether the credentials are accepted. */
  readonly testCall: (connection: ConnectionForCall) => VendorCall
  readonly readErase: (report: HttpReport) => EraseVerdict
  readonly readStatus: (report: HttpReport, settings: ConnectionSettings) => StatusVerdict
  readonly readTest: (report: HttpReport, connection: ConnectionForCall) => Omit<ConnectionTest, 'at'>
  /** There where the profile's capabilities name `cancel`. */
  readonly cancel?: Readonly<{
    call: (connection: ConnectionForCall, vendorRequestId: string) => VendorCall
    read: (report: HttpReport) => CancelVerdict
    /** Whether the vendor's word for a request (`StatusEntry.word`) says that it can still be taken back. */
    mayStill: (word: string) => boolean
  }>
  /** There where the profile describes it. */
  readonly retrieval?: Retrieval
  /** Absent: the vendor has no such call, and its connections cannot ask for it. */
  readonly lookUp?: LookUp
  /** Absent: the sandbox does not play this vendor. */
  readonly sandbox?: SandboxPart
  /** The call as it leaves: authorised, and marked with the attempt's own id where the token does not hold it. */
  readonly authorize: (call: VendorCall, authority: Readonly<{ token: string; jti: string }>) => VendorCall
  /** The call to be shown: two of its identifiers, how many more there are, and what is confidential left out. */
  readonly redact: (call: VendorCall) => PlanCall
}

/** Every vendor the app knows, by its id. */
export type Vendors = Readonly<Record<VendorId, Vendor>>

/** A connection as the engine uses it; the secret comes from the keychain at the moment of the call. */
export type ConnectionForCall = Readonly<{
  id: ConnectionId
  accountId: AccountId
  vendor: VendorId
  origin: string
  clientId: string
  isSandbox: boolean
  secretReference: string
  /** As they are in force: a call holds no more identifiers than the vendor was found to take. */
  settings: ConnectionSettings
}>

// ---------------------------------------------------------------- database

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

/** The row of `connection` with what only main may see. */
export type StoredConnection = Readonly<{ connection: Connection; secretReference: string }>

/** Named channels whose answer is read straight from the history; the database answers them as the contract says. */
export type ReadChannel = Extract<
  ChannelName,
  | 'listConnections'
  | 'getConnection'
  | 'listAccounts'
  | 'listBudgets'
  | 'getImport'
  | 'listImportRows'
  | 'suggestBots'
  | 'getRepeats'
  | 'listRepeats'
  | 'listRequests'
  | 'getRequest'
  | 'listIdentifiers'
  | 'listBatches'
  | 'listBatchGroups'
  | 'listStrangers'
  | 'listScopes'
  | 'listAttempts'
  | 'listEvents'
  | 'listRetrievals'
  | 'getOverview'
  | 'getAppearance'
  | 'listCases'
  | 'getCase'
  | 'listPeople'
  | 'listPersonIdentifiers'
>

/** What the account's calls so far show for those to come. */
export type Pace = Readonly<{
  /** What its last calls took; null: none was made yet. */
  callMilliseconds: number | null
  /** Status calls that are due now. */
  pollsDue: number
  /** The call of the schedule by which batches of this connection were ready; null: nothing is known of it. */
  readyStep: number | null
}>

/** What the plan is computed from; the calls themselves are written by the vendor's folder. */
export type PlanBasis = Readonly<{
  requestId: RequestId
  phase: 'draft' | 'open' | 'closed'
  connection: ConnectionForCall
  connectionRetired: boolean
  connectionStopped: boolean
  secretSaved: boolean
  importRunning: boolean
  /** Where it is part of a case whose file is not in to the end: which case, and whether it is still being read. */
  unreadCase: Readonly<{ name: string; isRunning: boolean }> | null
  /** Without those that are kept back as repeats. */
  held: number
  /** Identifiers that earlier requests have already, as last compared. */
  repeats: Readonly<{ count: number; decision: RepeatDecision; compared: boolean }>
  windows: readonly RateWindow[]
  margin: number
  /** Calls that still weigh on the account, each with the moment it counts from. */
  spent: readonly Timestamp[]
  holdUntil: Timestamp | null
  pace: Pace
  /** Unsent identifiers by their effective scope, in sending order; null scope: the request has none yet. */
  groups: readonly Readonly<{
    scope: Scope | null
    scopeId: number
    identifiers: number
    /** Calls of it that are looked up before; counted by a share of it where `samplePerGroup` is 0 and there are many. */
    lookUps: number
    first: readonly Submitted[]
  }>[]
  /** Calls other requests of the account still have to make, look-ups among them. */
  callsAhead: number
  /** Identifiers in the smallest call that the vendor found too large, where calls hold fewer for it; else null. */
  tooLarge: number | null
  /** Changes with every identifier, scope and setting that shapes a call. */
  fingerprint: string
}>

/** What a decision is about. `vendorWords`: those of the state whose delivery has these very words. */
export type DecisionSubject = Readonly<{
  requestId: RequestId
  target:
    | Readonly<{ batchId: BatchId }>
    | Readonly<{ identifierId: IdentifierId }>
    | Readonly<{ vendorWords: string | null }>
    | Readonly<{ all: true }>
  state: IdentifierState
  decision: Decision
}>

/** What the plan of a decision that sends is computed from. */
export type DecisionBasis = Readonly<{
  connection: ConnectionForCall
  windows: readonly RateWindow[]
  margin: number
  /** Calls that still weigh on the account, each with the moment it counts from. */
  spent: readonly Timestamp[]
  holdUntil: Timestamp | null
  pace: Pace
  /** Calls the account has to make already, those of this request among them. */
  callsAhead: number
  /** The identifiers that would go, by the scope of their calls, the most first. */
  scopes: readonly Readonly<{ scope: Scope; identifiers: number; calls: number }>[]
  /** Calls before them that look up, at most. */
  lookUps: number
  /** The numbers of identifiers that are cut into calls together: those of one batch, or of one scope. */
  groups: readonly number[]
  /** Changes with every identifier, scope and setting that shapes a call. */
  fingerprint: string
}>

/**
 * Named, whole-transaction commands; never begin/await/commit across the worker's thread. Write commands of the engine
 * reject nothing silently: a stale epoch fails with `not-the-sender`.
 */
export interface Database {
  /** Answers a read-only channel of the contract. */
  readonly read: <C extends ReadChannel>(channel: C, input: ParsedInput<C>, now: Timestamp) => Promise<Result<Value<C>>>

  // -- sender lock
  /** Takes the lock if it is free: a new epoch; else null. Calls left `sending` by a dead sender become outcome unknown. */
  readonly takeSenderLock: (moment: Moment) => Promise<Result<Readonly<{ epoch: Epoch; recovered: number }> | null>>
  readonly releaseSenderLock: () => Promise<Result<null>>

  // -- engine
  /** Dates anew what counts from a date where the clock was set since the last step; every step of a call does so too. */
  readonly noticeClock: (input: Moment & Readonly<{ epoch: Epoch }>) => Promise<Result<null>>
  /** Accounts with anything queued, in flight or to poll. */
  readonly accountsAtWork: () => Promise<Result<readonly AccountId[]>>
  /**
   * In one transaction: checks epoch, pauses, stops, both windows and holds; picks the next erase batch or due poll of
   * the account; journals the attempt with its jti and budget reservation; moves identifiers to `sending`.
   * A batch that is to be looked up first gets its look-up in the place of its erase call, and stays queued.
   * Erase calls come first; while some wait, every tenth call is a due poll.
   * Polls that are late because nothing could leave when they were due go one after the other, spread evenly over the budget.
   */
  readonly reserveCall: (
    input: Moment & Readonly<{ accountId: AccountId; epoch: Epoch; jti: string; allowErase: boolean }>,
  ) => Promise<Result<Reservation>>
  /**
   * Puts the digest of the body (SHA-256, hex; null: it has none) and each delivery's form in it on disk, before the
   * first byte leaves. From here on the call counts until its time-out and the windows have passed. Fails with
   * `wrong-state` where the request was paused or the line stopped since the call was reserved.
   */
  readonly noteCall: (
    input: Moment &
      Readonly<{ attemptId: AttemptId; epoch: Epoch; digest: string | null; sentForms: readonly string[] }>,
  ) => Promise<Result<null>>
  readonly finishErase: (result: AttemptResult, outcome: EraseOutcome) => Promise<Result<null>>
  /** An answer's ids and the mark that the batch is looked up are one transaction. */
  readonly finishLookUp: (result: AttemptResult, outcome: LookUpOutcome) => Promise<Result<null>>
  readonly finishCancel: (result: AttemptResult, outcome: CancelOutcome) => Promise<Result<null>>
  readonly finishPoll: (result: AttemptResult, outcome: PollOutcome) => Promise<Result<null>>
  readonly finishRetrieve: (result: AttemptResult, outcome: RetrieveOutcome) => Promise<Result<null>>
  readonly finishRetrievalStatus: (result: AttemptResult, outcome: RetrievalStatusOutcome) => Promise<Result<null>>
  /**
   * Journals a status call about a copy out of its turn, since the operator wants its link; `wait` where the budget has
   * no room, or another call about it is under way.
   */
  readonly reserveRetrievalStatus: (
    input: Moment & Readonly<{ requestId: RequestId; retrievalId: RetrievalId; epoch: Epoch; jti: string }>,
  ) => Promise<Result<ReservedRetrievalStatus | Readonly<{ kind: 'wait'; until: Timestamp }>>>
  /** Journals a connection test inside the same budget; `wait` where the budget has no room. */
  readonly reserveTest: (
    input: Moment & Readonly<{ connectionId: ConnectionId; epoch: Epoch; jti: string }>,
  ) => Promise<
    Result<
      | Readonly<{ kind: 'test'; attemptId: AttemptId; connection: ConnectionForCall }>
      | Readonly<{ kind: 'wait'; until: Timestamp }>
    >
  >
  readonly finishTest: (result: AttemptResult, test: ConnectionTest) => Promise<Result<null>>

  // -- entries of the keychain, by their names
  /** Notes one that is about to be written: the next sender's start removes it where no connection names it by then. */
  readonly noteSecret: (reference: string) => Promise<Result<null>>
  /** Gives up one that was noted. */
  readonly leaveSecret: (reference: string) => Promise<Result<null>>
  /** Those to be removed: no connection names them, and no call under way was reserved with them. */
  readonly leftSecrets: () => Promise<Result<readonly string[]>>
  readonly forgetSecret: (reference: string) => Promise<Result<null>>

  // -- connections
  /** Where `secretReference` changes, the one before is left to `leftSecrets` in the same transaction. */
  readonly storedConnection: (connectionId: ConnectionId) => Promise<Result<StoredConnection>>
  readonly saveConnection: (
    input: Readonly<{
      id: ConnectionId | null
      vendor: VendorId
      name: string
      environment: Connection['environment']
      isSandbox: boolean
      origin: string
      clientId: string
      secretReference: string
      secretSavedAt: Timestamp | null
      accountId: AccountId | null
      accountName: string
      windows: readonly RateWindow[]
      margin: number
      settings: ConnectionSettings
      now: Timestamp
    }>,
  ) => Promise<Result<Connection>>
  readonly setConnectionRetired: (
    input: Readonly<{ connectionId: ConnectionId; retired: boolean; now: Timestamp }>,
  ) => Promise<Result<Connection>>
  /** Clears the stop cause: one call is tried, and the queue goes on once one has gone through. */
  readonly resumeConnection: (
    input: Readonly<{ connectionId: ConnectionId; now: Timestamp }>,
  ) => Promise<Result<Connection>>

  // -- requests
  readonly createDraft: (
    input: Readonly<{ connectionId: ConnectionId; name: string; caseFacts: CaseFacts; now: Timestamp }>,
  ) => Promise<Result<RequestId>>
  /** A changed scope folds rows that name this very scope in their own cell into those that leave it open, and back. */
  readonly updateDraft: (
    input: Readonly<{
      requestId: RequestId
      name?: string | undefined
      connectionId?: ConnectionId | undefined
      scope?: Scope | undefined
      caseFacts?: CaseFacts | undefined
      now: Timestamp
    }>,
  ) => Promise<Result<null>>
  readonly discardDraft: (input: Readonly<{ requestId: RequestId; now: Timestamp }>) => Promise<Result<null>>
  readonly planBasis: (
    input: Readonly<{ requestId: RequestId; now: Timestamp; samplePerGroup: number }>,
  ) => Promise<Result<PlanBasis>>
  /** Unsent identifiers of one scope group in sending order, for the dry run. */
  readonly unsentPage: (
    input: Readonly<{ requestId: RequestId; scopeId: number; after: number; limit: number }>,
  ) => Promise<Result<readonly (Submitted & Readonly<{ identifierId: IdentifierId }>)[]>>
  /**
   * Compares a draft with the sent requests of its account and keeps back, or lets go, what they have already, as
   * decided; at once where nothing changed since. Done in slices, so that no call waits. Nothing for a sent request.
   */
  readonly compareWithHistory: (input: Readonly<{ requestId: RequestId; now: Timestamp }>) => Promise<Result<null>>
  /** One decision for every identifier of a draft that earlier requests have already. */
  readonly decideRepeats: (
    input: Readonly<{ requestId: RequestId; decision: RepeatDecision; now: Timestamp }>,
  ) => Promise<Result<null>>
  /**
   * Fails with `plan-changed` where the draft is no longer what the plan was made from, or was not compared with every
   * sent request. What is left out as a repeat is cancelled when this settles.
   */
  readonly openRequest: (
    input: Readonly<{ requestId: RequestId; planDigest: string; fingerprint: string; now: Timestamp }>,
  ) => Promise<Result<null>>
  readonly setPaused: (
    input: Readonly<{ requestId: RequestId; paused: boolean; now: Timestamp }>,
  ) => Promise<Result<null>>
  /** Everything not yet in a call becomes cancelled; slices of at most 200 ms each. */
  readonly cancelUnsent: (
    input: Readonly<{ requestId: RequestId; reason: string; now: Timestamp }>,
  ) => Promise<Result<number>>
  /** Notes that a batch is to be taken back at the vendor; the sender does so ahead of all other calls. */
  readonly askToCancel: (
    input: Readonly<{ requestId: RequestId; batchId: BatchId; reason: string; now: Timestamp }>,
  ) => Promise<Result<null>>
  /**
   * Asks for copies of what the vendor has about every identifier of a request that was not cancelled: as many copies as
   * calls are needed. All of them, or none where this is cut off. Gives how many; fails where some are being asked for.
   */
  readonly askForRetrievals: (
    input: Readonly<{ requestId: RequestId; disclosure: string | null; now: Timestamp }>,
  ) => Promise<Result<number>>
  /** A new copy of the same identifiers; one whose outcome is not known is left for it. */
  readonly askRetrievalAgain: (
    input: Readonly<{ requestId: RequestId; retrievalId: RetrievalId; reason: string; now: Timestamp }>,
  ) => Promise<Result<null>>
  /** Nothing more is asked about it; the vendor may make it all the same. */
  readonly leaveRetrieval: (
    input: Readonly<{ requestId: RequestId; retrievalId: RetrievalId; reason: string; now: Timestamp }>,
  ) => Promise<Result<null>>
  /** Asks about it at once, also where it is ready or has failed. */
  readonly checkRetrieval: (
    input: Readonly<{ requestId: RequestId; retrievalId: RetrievalId; now: Timestamp }>,
  ) => Promise<Result<null>>
  readonly noteRetrievedFile: (
    input: Readonly<{ requestId: RequestId; retrievalId: RetrievalId; file: RetrievedFile; now: Timestamp }>,
  ) => Promise<Result<null>>
  readonly pollNow: (input: Readonly<{ requestId: RequestId; now: Timestamp }>) => Promise<Result<number>>
  /** What a decision that sends is computed from; fails where nothing waits for it. */
  readonly decisionBasis: (input: DecisionSubject & Readonly<{ now: Timestamp }>) => Promise<Result<DecisionBasis>>
  /** With a fingerprint it fails with `plan-changed` where the history no longer is what the plan was made from. */
  readonly decide: (
    input: DecisionSubject & Readonly<{ reason: string; fingerprint?: string | undefined; now: Timestamp }>,
  ) => Promise<Result<null>>

  // -- cases
  /**
   * Makes a case with a draft for each part and writes down every reading that is to come, in one transaction; no part
   * can be sent until all of them are in. Remembers what the columns hold, where there is a header.
   */
  readonly startCase: (
    input: Readonly<{
      name: string
      fileName: string
      personColumn: string | null
      caseFacts: CaseFacts
      /** `scope`: where the vendor leaves nothing to choose. */
      parts: readonly Readonly<{ connectionId: ConnectionId; scope: Scope | null }>[]
      readings: readonly Readonly<{ connectionId: ConnectionId; titles: readonly string[] }>[]
      remembered: CaseColumnsOfHeader | null
      now: Timestamp
    }>,
  ) => Promise<Result<StartedCase>>
  /** What was chosen last for this header and these connections; null: nothing. */
  readonly rememberedCaseColumns: (
    input: Omit<CaseColumnsOfHeader, 'columns'>,
  ) => Promise<Result<readonly CaseColumn[] | null>>
  /** After the last reading, or the one that did not come to its end: `trouble` says why. */
  readonly endCaseReading: (
    input: Readonly<{ caseId: CaseId; trouble: Failure | null; now: Timestamp }>,
  ) => Promise<Result<null>>
  readonly updateCase: (
    input: Readonly<{
      caseId: CaseId
      name?: string | undefined
      caseFacts?: CaseFacts | undefined
      now: Timestamp
    }>,
  ) => Promise<Result<null>>
  /** Takes a case away with its drafts and people; fails once any of them was sent. */
  readonly discardCase: (input: Readonly<{ caseId: CaseId; now: Timestamp }>) => Promise<Result<null>>
  /** Takes the draft of one connection out of a case; fails for one that was sent, and for the last one. */
  readonly leaveOutPart: (
    input: Readonly<{ caseId: CaseId; connectionId: ConnectionId; reason: string; now: Timestamp }>,
  ) => Promise<Result<null>>

  // -- import
  readonly rememberedRoles: (header: readonly string[]) => Promise<Result<readonly ColumnRole[] | null>>
  readonly startImport: (
    input: Readonly<{
      requestId: RequestId
      fileName: string
      byteSize: number
      format: FileFormat
      header: readonly string[]
      roles: readonly ColumnRole[]
      /** Which reading of which case's file this is; absent: the file is the request's own. */
      reading?: Readonly<{ caseId: CaseId; position: number }> | undefined
      now: Timestamp
    }>,
  ) => Promise<Result<ImportId>>
  /**
   * Hands the database's thread one end of a channel on which the CSV worker posts `ImportMessage`s; takes them in in
   * short transactions and settles with the final state of the import. What fails leaves no row of the file.
   */
  readonly receiveImport: (
    input: Readonly<{ importId: ImportId; port: MessagePortLike; now: Timestamp }>,
    onProgress: (progress: ImportProgress) => void,
  ) => Promise<Result<null>>
  readonly endImport: (
    input: Readonly<{ importId: ImportId; status: 'failed' | 'cancelled'; failure: Failure | null; now: Timestamp }>,
  ) => Promise<Result<null>>
  readonly removeImport: (input: Readonly<{ importId: ImportId; now: Timestamp }>) => Promise<Result<null>>
  /** All rejects of an import in pages, for the CSV of rejects. */
  readonly rejectsPage: (
    input: Readonly<{ importId: ImportId; afterLine: number; limit: number }>,
  ) => Promise<Result<readonly Readonly<{ line: number; endLine: number; reason: string; raw: string | null }>[]>>

  // -- settings
  readonly writeSetting: (key: string, value: string) => Promise<Result<null>>
  readonly readSetting: (key: string) => Promise<Result<string | null>>
  readonly recordEvent: (
    event: Readonly<{
      at: Timestamp
      actor: 'operator' | 'app' | 'vendor'
      kind: string
      words: string
      reason: string | null
      requestId: RequestId | null
      connectionId: ConnectionId | null
    }>,
  ) => Promise<Result<null>>
  readonly close: () => Promise<void>
}

/** A case that was made: the draft of each of its parts, in their order. */
export type StartedCase = Readonly<{
  caseId: CaseId
  parts: readonly Readonly<{ connectionId: ConnectionId; requestId: RequestId }>[]
}>

export type CaseColumnsOfHeader = Readonly<{
  header: readonly string[]
  connectionIds: readonly ConnectionId[]
  columns: readonly CaseColumn[]
}>

/** The beginning of a CSV file, and what tells later whether it is still the same file. */
export type FileSample = Readonly<
  Pick<FilePreview, 'fileName' | 'byteSize' | 'format' | 'columns' | 'sample'> & { modifiedAt: number }
>

/** A file that is being read in a thread of its own. */
export type CsvReading = Readonly<{
  /** The end for `Database.receiveImport`. */
  port: MessagePortLike
  /** Ends the import, also while it is being merged; the database then takes back what it merged. */
  cancel: () => void
  /** Ends the thread; called once the database has settled. */
  close: () => Promise<void>
}>

/** Reads CSV files. */
export interface CsvReader {
  /** Looks at the beginning; what `chosen` leaves open is detected. `looksLikeHeader` is asked about the first two records. */
  readonly inspect: (
    path: string,
    chosen: Partial<FileFormat>,
    looksLikeHeader: (first: readonly string[], second: readonly string[] | undefined) => boolean,
  ) => Promise<Result<FileSample>>
  /** Streams the whole file as `ImportMessage`s; fails where it is no longer the file `sample` was taken from. */
  readonly read: (
    input: Readonly<{
      path: string
      sample: FileSample
      roles: readonly ColumnRole[]
      /** Where the file is a case's. */
      reading?: CaseFileReading | undefined
    }>,
  ) => Result<CsvReading>
}

/** What one reading of a case's file must know of the others. Columns are counted from 0. */
export type CaseFileReading = Readonly<{
  /** The first one rejects what is rejected as a whole, and tells which person each record names. */
  isFirst: boolean
  /** Every column in which some reading of the file finds an identifier, its own among them. */
  identifierColumns: readonly number[]
  /** Other readings take their channel from the same column. */
  channelIsShared: boolean
  /** Null: each row is a person. */
  personKeyColumn: number | null
}>

/** A transferable port of node:worker_threads, without naming the module here. */
export type MessagePortLike = Readonly<{ postMessage: (value: unknown) => void; close: () => void }>

export type ImportProgress = Readonly<{ rows: number; share: number }>

/**
 * What the CSV worker posts to the database's thread, which answers `{ack: sequence}` (at most 2 open). A run is up to a
 * million first rows: their batches, then the run itself, then the rows that repeat one of them.
 */
export type ImportMessage =
  | FileBatch
  | FileRun
  | FileRepeats
  | FilePeople
  /** `elsewhere`: rows of a case's file that hold nothing for this reading; absent where it is no case's. */
  | Readonly<{ type: 'end'; rows: number; elsewhere?: number; findings: readonly Finding[] }>
  /** Also after `end`, where the operator cancels while the last rows are being entered. */
  | Readonly<{ type: 'failed'; failure: Failure }>

/** First rows of a run in the order of the file, and what was rejected between them. */
export type FileBatch = Readonly<{
  type: 'batch'
  sequence: number
  /** JSON of `FileRow[]`, in UTF-8: bytes change hands between threads without a copy. */
  rows: Uint8Array
  /** The rows' tokens, 16 bytes each. */
  tokens: Uint8Array
  /** Canonical scopes that no earlier batch of the run had, numbered on from 1. */
  newScopes: readonly string[]
  /** JSON of `RejectedRow[]`, in UTF-8. */
  rejects: Uint8Array
  /** Rows of the file read so far, and how much of it that is (0 to 1). */
  rowsRead: number
  share: number
}>

/** Ends a run: tokens (16 bytes each) and scope numbers of all its first rows, in their order. */
export type FileRun = Readonly<{ type: 'run'; sequence: number; tokens: Uint8Array; scopes: Uint32Array }>

/** Rows of the run just ended that repeat one of its first rows; JSON of `RepeatedRow[]`, in UTF-8. */
export type FileRepeats = Readonly<{ type: 'repeats'; sequence: number; rows: Uint8Array }>

/** Who is named by the records of a case's file, ahead of the batch that holds their rows. In the first reading alone. */
export type FilePeople = Readonly<{
  type: 'people'
  sequence: number
  /** JSON of `PersonOfLine[]`, in UTF-8. */
  people: Uint8Array
  /** The tokens of their keys, 16 bytes each; all zero where there is none. */
  tokens: Uint8Array
  /** Records that are broken, after all others: each is a row of whoever has its key, and makes nobody. */
  areBroken?: true
}>

/** line, and the key as the file gives it, cut at 512 characters; null: the row is a person of its own. */
export type PersonOfLine = readonly [number, string | null]
/** line, kind number, trimmed value, channel id or null, scope number in the run (0: the request's own), case reference or null. */
export type FileRow = readonly [number, number, string, string | null, number, string | null]
/**
 * line, trimmed value, place (from 0) among the first rows of its run of the row it repeats, that row's line, and whether
 * it is spelled otherwise (null: the reading thread cannot tell).
 */
export type RepeatedRow = readonly [number, string, number, number, boolean | null]
/** line, last line, reason, raw text cut at 500 characters. */
export type RejectedRow = readonly [number, number, RejectReason, string]
