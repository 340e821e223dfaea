/** The history, as named whole-transaction commands and reads. */
import type { Failure, Result } from '../../../shared/failure.ts'
import type { ChannelName, ParsedInput, Value } from '../../../shared/contract.ts'
import type {
  Connection,
  ConnectionSettings,
  ConnectionTest,
  RateWindow,
  VendorId,
} from '../../../shared/model/connection.ts'
import type { CaseColumn } from '../../../shared/model/case.ts'
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
} from '../../../shared/model/ids.ts'
import type { ColumnRole, FileFormat } from '../../../shared/model/import.ts'
import type { CaseFacts, Decision, RepeatDecision } from '../../../shared/model/request.ts'
import type { Scope } from '../../../shared/model/scope.ts'
import type { IdentifierState } from '../../../shared/model/state.ts'
import type { Moment } from './machine.ts'
import type { ConnectionForCall, Submitted } from './vendor.ts'
import type {
  AttemptResult,
  CancelOutcome,
  Epoch,
  EraseOutcome,
  LookUpOutcome,
  PollOutcome,
  Reservation,
  ReservedRetrievalStatus,
  RetrievalStatusOutcome,
  RetrieveOutcome,
  RetrievedFile,
} from './calls.ts'
import type { ImportProgress, MessagePortLike } from './csv.ts'

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
