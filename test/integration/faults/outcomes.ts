/** What a fault may come to: what is known, what becomes of the identifiers, and what the history then says of them. */
import type { AttemptEnding, CallStage, Decision } from '../../../src/shared/model/request.ts'
import type { IdentifierState } from '../../../src/shared/model/state.ts'
import type { Fault } from '../../support/faults.ts'

/** What every case says, whichever call it is about. */
export type FaultCase<Name extends string> = Readonly<{
  /** In an operator's words. */
  what: string
  /** All of them come to the same. */
  faults: readonly Fault[]
  outcome: Name
  /** How far the call may have got; where the operating system decides, there is more than one. */
  stages: readonly CallStage[]
  /**
   * What is written beside the attempt: the vendor's words or a note. `{status}` is the fault's, `{limit}` the time-out
   * of the connection. Of several, one; null: nothing.
   */
  says: string | readonly string[] | null
  /** The one clear notice where the line stops. */
  notice?: Notice
  /** What helps, where there is no notice that says it. */
  todo?: string
}>

/** A case of a call that is made again where it comes to nothing. */
export type CallCase<Name extends string> = FaultCase<Name> &
  Readonly<{
    /** How often the fault strikes; once unless given. */
    times?: number
    /** Milliseconds for which the account then waits. */
    hold?: number
  }>

export type EraseCase = FaultCase<EraseOutcomeName> &
  Readonly<{
    /** How many identifiers are in the call; 2 unless given. */
    identifiers?: 1 | 2
    /** The first of them is in a task that the vendor runs already. */
    inConflict?: boolean
    /** Milliseconds for which the account then waits. */
    hold?: number
  }>

export type Notice = Readonly<{ title: string; explanation: string; steps: readonly string[] }>

/** What every outcome says, for the guide and for the journal. */
export type OutcomeOfCall = Readonly<{
  /** For the guide: what Erasure Desk knows, and what becomes of the identifiers. */
  known: string
  becomes: string
  todo: string
  ending: AttemptEnding
  /** Whether the call weighs on the account's budget. */
  counts: boolean
  stops: boolean
}>

type Outcome = OutcomeOfCall &
  Readonly<{
    /** The identifiers of the call when its end is on disk. */
    state: IdentifierState
    /** The same once the fault is gone and what stood still was resumed, without any decision about them. */
    finally: IdentifierState
  }>

/** `tries`: how often the batch that met the fault was called by the end. A list of states: one for each identifier. */
export type EraseOutcome = OutcomeOfCall &
  Readonly<{
    state: IdentifierState | readonly IdentifierState[]
    finally: IdentifierState | readonly IdentifierState[]
    tries: 1 | 2
    decisions: readonly Decision[]
  }>

const notSent = {
  known: 'For certain: not a byte of the call reached the vendor.',
  ending: 'not sent',
  counts: false,
  stops: false,
} as const
const doubt = {
  ending: 'outcome unknown',
  counts: true,
  state: 'outcome unknown',
  finally: 'outcome unknown',
  tries: 1,
  decisions: ['send again', 'treat as sent'],
} as const
const rejected = { counts: true, stops: false, tries: 1 } as const

export const eraseOutcomes = {
  'sent again': {
    ...notSent,
    becomes:
      'Queued; sent again by itself, after 5 seconds and with longer pauses up to 5 minutes. It spent no budget.',
    todo: 'Put it right; *Test connection* says how.',
    state: 'queued',
    finally: 'accepted',
    tries: 2,
    decisions: [],
  },
  'sent after a pause': {
    known: 'For certain: the vendor counted too many calls and did nothing.',
    becomes:
      'Queued; the whole account waits as long as the vendor asks, a minute where it does not say and longer with every refusal in a row, then goes on by itself.',
    todo: 'Nothing. Where it happens often, another tool uses the account: lower the limits of the connection.',
    ending: 'rate limited',
    counts: true,
    stops: false,
    state: 'queued',
    finally: 'accepted',
    tries: 2,
    decisions: [],
  },
  accepted: {
    known: 'The vendor took the call and gave it an id.',
    becomes: 'Accepted, and asked about as always.',
    todo: 'Nothing.',
    ending: 'accepted',
    counts: true,
    stops: false,
    state: 'accepted',
    finally: 'accepted',
    tries: 1,
    decisions: [],
  },
  // What becomes of a call that is rejected as a whole, or too large, is said in these entries alone.
  'rejected as a whole': {
    ...rejected,
    known: 'For certain: the vendor rejected the call because of something in it, and did nothing.',
    becomes: 'Queued in two halves, and halved on until the identifier at fault is alone; the other batches go on.',
    todo: 'Nothing. The one that is *refused* in the end can be retried once the cause is put right.',
    ending: 'rejected',
    state: 'queued',
    finally: 'accepted',
    decisions: [],
  },
  'refused alone': {
    ...rejected,
    known: 'For certain: the vendor rejected the call because of the one identifier in it.',
    becomes: 'Refused, with the vendor’s words; the other batches go on.',
    todo: 'Put the cause right at the vendor, then *Retry*.',
    ending: 'rejected',
    state: 'refused',
    finally: 'refused',
    decisions: [],
  },
  'too large': {
    ...rejected,
    known: 'For certain: the call was too large. No identifier is at fault.',
    becomes: 'Queued in two halves; nobody is refused, and the other batches go on.',
    todo: 'Nothing. Calls formed later hold at most half as many identifiers; the connection’s page says so.',
    ending: 'too large',
    state: 'queued',
    finally: 'accepted',
    decisions: [],
  },
  'too large alone': {
    ...rejected,
    known: 'For certain: the call was too large, with one identifier in it.',
    becomes: 'Held, not refused; the other batches go on.',
    todo: 'Find out what on the way takes no larger calls, then *send again*; or *cancel*.',
    ending: 'too large',
    state: 'held',
    finally: 'held',
    decisions: ['send again', 'cancel'],
  },
  'follows the running task': {
    ...rejected,
    known:
      'For certain: the vendor refused the whole call, because it has some of its identifiers in a task that runs.',
    becomes:
      'Those that it names are accepted, as a batch that follows that task; the others are queued in a batch of their own. The other batches go on.',
    todo: 'Nothing.',
    ending: 'rejected',
    state: ['accepted', 'queued'],
    finally: ['accepted', 'accepted'],
    decisions: [],
  },
  'line stopped': {
    known: 'For certain: the call was not let in.',
    becomes: 'Queued; nothing more leaves over this connection until it is resumed.',
    todo: '',
    ending: 'stopped the line',
    counts: true,
    stops: true,
    state: 'queued',
    finally: 'accepted',
    tries: 2,
    decisions: [],
  },
  'in doubt': {
    ...doubt,
    known: 'Nothing for certain: the call had left, and may or may not have taken effect.',
    becomes:
      'Outcome unknown; never sent again by itself. The other batches go on, until call after call ends so: see *Again and again* below.',
    todo: 'Decide: *send again* or *treat as sent*. Both carry a risk, which the dialog names.',
    stops: false,
  },
  'in doubt, line stopped': {
    ...doubt,
    known: 'Nothing for certain about this call, but that the next one would meet the same.',
    becomes:
      'Outcome unknown; never sent again by itself. The others stay queued: nothing more leaves over this connection until it is resumed.',
    todo: 'Then decide about the call in doubt.',
    stops: true,
  },
} as const satisfies Readonly<Record<string, EraseOutcome>>

export type EraseOutcomeName = keyof typeof eraseOutcomes

const accepted = { state: 'accepted', finally: 'erased', todo: 'Nothing.' } as const

/** A status call may be repeated freely, so no doubt is left by one. */
export const statusOutcomes = {
  'asked again': {
    ...accepted,
    known: 'That no answer came which can be used.',
    becomes:
      'Accepted, as before; asked about again in its turn, until call after call ends so: see *Again and again*.',
    ending: 'no answer',
    counts: true,
    stops: false,
  },
  'asked again, not sent': {
    ...accepted,
    ...notSent,
    becomes: 'Accepted, as before; asked about again after 5 seconds, with longer pauses. It spent no budget.',
    todo: 'Put it right; *Test connection* says how.',
  },
  'asked after a pause': {
    ...accepted,
    known: 'That the vendor counted too many calls.',
    becomes:
      'Accepted, as before; the whole account waits as long as the vendor asks, a minute where it does not say and longer with every refusal in a row.',
    ending: 'rate limited',
    counts: true,
    stops: false,
  },
  'asked once more': {
    ...accepted,
    known: 'That the vendor does not know its own request id; right after the call that may pass.',
    becomes: 'Accepted, as before; said twice, they are unconfirmed.',
    todo: 'Nothing yet; then decide about what is unconfirmed.',
    ending: 'answered',
    counts: true,
    stops: false,
  },
  vanished: {
    known: 'That the vendor said twice that it does not know the request.',
    becomes: 'Unconfirmed, with the vendor’s words; asked about now and then for 30 days.',
    todo: 'Decide: *accept as unconfirmed* or *send again*.',
    ending: 'answered',
    counts: true,
    stops: false,
    state: 'accepted',
    finally: 'unconfirmed',
  },
  answered: {
    known: 'What the vendor says of each identifier.',
    becomes: 'Settled by the answer.',
    todo: 'Nothing.',
    ending: 'answered',
    counts: true,
    stops: false,
    state: 'erased',
    finally: 'erased',
  },
  'line stopped': {
    ...accepted,
    known: 'For certain: the call was not let in.',
    becomes: 'Accepted, as before; nothing more leaves over this connection until it is resumed.',
    todo: '',
    ending: 'stopped the line',
    counts: true,
    stops: true,
  },
} as const satisfies Readonly<Record<string, Outcome>>

export type StatusOutcomeName = keyof typeof statusOutcomes

const looksUp = { state: 'queued', finally: 'erased', todo: 'Nothing.' } as const
const withoutIds = {
  becomes:
    'Queued, and sent without the vendor’s ids; the log says so. An email that the vendor then names by an id of its own is unconfirmed.',
  counts: true,
  stops: false,
} as const

/** Nobody is erased by a look-up, so no doubt is left by one. `lookUps`: how many the batch then had in all. */
export const lookUpOutcomes = {
  'asked again': {
    ...looksUp,
    known: 'That no answer came which can be used.',
    becomes: 'Queued; looked up again after the wait of a first status call, three times at most.',
    ending: 'no answer',
    counts: true,
    stops: false,
    lookUps: 2,
  },
  'asked again, not sent': {
    ...looksUp,
    ...notSent,
    becomes: 'Queued; looked up again after 5 seconds, with longer pauses. It spent no budget.',
    todo: 'Put it right; *Test connection* says how.',
    lookUps: 2,
  },
  'asked after a pause': {
    ...looksUp,
    known: 'That the vendor counted too many calls.',
    becomes: 'Queued; the whole account waits as long as the vendor asks, a minute where it does not say.',
    ending: 'rate limited',
    counts: true,
    stops: false,
    lookUps: 2,
  },
  'goes without': {
    ...looksUp,
    ...withoutIds,
    known: 'For certain: the vendor does not take this look-up, and would not take it again.',
    ending: 'rejected',
    lookUps: 1,
  },
  'goes without at last': {
    ...looksUp,
    ...withoutIds,
    known: 'That no answer came which can be used.',
    ending: 'no answer',
    lookUps: 3,
  },
  'line stopped': {
    ...looksUp,
    known: 'For certain: the look-up was not let in, and nobody was erased.',
    becomes: 'Queued; nothing more leaves over this connection until it is resumed.',
    todo: '',
    ending: 'stopped the line',
    counts: true,
    stops: true,
    lookUps: 2,
  },
  answered: {
    ...looksUp,
    known: 'Which id of the vendor’s belongs to which email, as far as it says so.',
    becomes: 'Queued, and sent next.',
    ending: 'answered',
    counts: true,
    stops: false,
    lookUps: 1,
  },
} as const satisfies Readonly<Record<string, Outcome & Readonly<{ lookUps: number }>>>

export type LookUpOutcomeName = keyof typeof lookUpOutcomes

/** What a connection test says. */
export type TestCase = Readonly<{
  what: string
  faults: readonly Fault[]
  verdict: 'accepted' | 'refused' | 'unreachable' | 'unclear'
  ending: 'answered' | 'no answer' | 'not sent'
  notice: Readonly<{ title: string; explanation: string | readonly string[]; steps: readonly string[] }>
}>
