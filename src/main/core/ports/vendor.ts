/** What the core needs to know of a vendor: pure functions and data, no call. */
import type { Result } from '../../../shared/failure.ts'
import type { ConnectionSettings, ConnectionTest, StopCause, VendorId } from '../../../shared/model/connection.ts'
import type { IdentifierKind } from '../../../shared/model/identifier.ts'
import type { AccountId, ConnectionId } from '../../../shared/model/ids.ts'
import type { PlanCall } from '../../../shared/model/request.ts'
import type { Scope } from '../../../shared/model/scope.ts'
import type { VendorProfile } from '../../../shared/model/vendor.ts'
import type { HttpReport } from './http.ts'

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
