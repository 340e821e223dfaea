/** What a fault may come to in a call that takes a deletion back, and in the calls about copies. */
import type { RetrievalStatus } from '../../../../src/shared/model/retrieval.ts'
import type { IdentifierState } from '../../../../src/shared/model/state.ts'
import type { OutcomeOfCall } from '../outcomes.ts'

/** `wish`: the operator's wish still stands when the end of the call is on disk. */
type CancelOutcome = OutcomeOfCall &
  Readonly<{
    wish: boolean
    state: IdentifierState
    /** Once the fault is gone; `as it is`: whatever the vendor made of the call, which the next status call shows. */
    finally: IdentifierState | 'as it is'
  }>

const wished = { state: 'accepted', finally: 'revoked', wish: true } as const

export const cancelOutcomes = {
  'made again': {
    ...wished,
    known: 'For certain: not a byte of the call reached the vendor.',
    becomes: 'Accepted, as before; the call is made again by itself, after 5 seconds and with longer pauses.',
    todo: 'Put it right; *Test connection* says how.',
    ending: 'not sent',
    counts: false,
    stops: false,
  },
  'made after a pause': {
    ...wished,
    known: 'For certain: the vendor counted too many calls and did nothing.',
    becomes:
      'Accepted, as before; the whole account waits as long as the vendor asks, a minute where it does not say, then the call is made again by itself.',
    todo: 'Nothing.',
    ending: 'rate limited',
    counts: true,
    stops: false,
  },
  'line stopped': {
    ...wished,
    known: 'For certain: the call was not let in.',
    becomes: 'Accepted, as before; the call is made again once the connection is resumed.',
    todo: '',
    ending: 'stopped the line',
    counts: true,
    stops: true,
  },
  'too late': {
    known: 'For certain: the task had started, and goes on.',
    becomes: 'Accepted, as before; asked about as always.',
    todo: 'Nothing.',
    ending: 'answered',
    counts: true,
    stops: false,
    state: 'accepted',
    finally: 'accepted',
    wish: false,
  },
  'in doubt': {
    known: 'That no answer came which can be used: the task may or may not have been taken back.',
    becomes:
      'Accepted, as before; the next status call, at once, shows it. Where it was not taken back the batch says so, and can be asked for again there while the vendor allows it.',
    todo: 'Look at the batch after the next status call; where it says *not taken back*, ask again.',
    ending: 'no answer',
    counts: true,
    stops: false,
    state: 'accepted',
    finally: 'as it is',
    wish: false,
  },
  'taken back': {
    known: 'The vendor took the task back before it began.',
    becomes: 'Revoked. Nothing of the batch is erased.',
    todo: 'Nothing.',
    ending: 'answered',
    counts: true,
    stops: false,
    state: 'revoked',
    finally: 'revoked',
    wish: false,
  },
} as const satisfies Readonly<Record<string, CancelOutcome>>

export type CancelOutcomeName = keyof typeof cancelOutcomes

/** The copy when the end of the call is on disk, and once the fault is gone; nobody is erased by any of it. */
type CopyOutcome = OutcomeOfCall & Readonly<{ state: RetrievalStatus; finally: RetrievalStatus }>

const doubt = {
  ending: 'outcome unknown',
  counts: true,
  state: 'outcome unknown',
  finally: 'outcome unknown',
  known: 'That the vendor may or may not make this copy.',
} as const
const askedFor = { state: 'queued', finally: 'ready' } as const

/** `asks`: how often the vendor was asked for it by the end. */
export const copyOutcomes = {
  'asked for again': {
    ...askedFor,
    known: 'For certain: not a byte of the call reached the vendor.',
    becomes: 'Waiting; asked for again by itself, after 5 seconds and with longer pauses.',
    todo: 'Put it right; *Test connection* says how.',
    ending: 'not sent',
    counts: false,
    stops: false,
    asks: 2,
  },
  'asked for after a pause': {
    ...askedFor,
    known: 'For certain: the vendor counted too many calls and did nothing.',
    becomes: 'Waiting; the whole account waits as long as the vendor asks, a minute where it does not say.',
    todo: 'Nothing.',
    ending: 'rate limited',
    counts: true,
    stops: false,
    asks: 2,
  },
  'line stopped': {
    ...askedFor,
    known: 'For certain: the call was not let in.',
    becomes: 'Waiting; nothing more leaves over this connection until it is resumed.',
    todo: '',
    ending: 'stopped the line',
    counts: true,
    stops: true,
    asks: 2,
  },
  refused: {
    known: 'For certain: the vendor refused the call and makes no copy.',
    becomes: 'Failed, with the vendor’s words.',
    todo: 'Put the cause right, then *ask again*.',
    ending: 'rejected',
    counts: true,
    stops: false,
    state: 'failed',
    finally: 'failed',
    asks: 1,
  },
  'refused as too large': {
    known: 'For certain: the call was too large, and the vendor makes no copy.',
    becomes: 'Failed, with the vendor’s words.',
    todo: 'Lower the identifiers per call in the connection’s settings, then ask for copies anew.',
    ending: 'too large',
    counts: true,
    stops: false,
    state: 'failed',
    finally: 'failed',
    asks: 1,
  },
  'in doubt': {
    ...doubt,
    becomes: 'Outcome unknown; never asked for again by itself, since the vendor would make two.',
    todo: 'Decide: *ask again* or *leave it*.',
    stops: false,
    asks: 1,
  },
  'in doubt, line stopped': {
    ...doubt,
    becomes:
      'Outcome unknown; never asked for again by itself. Nothing more leaves over this connection until it is resumed.',
    todo: 'Decide about the copy: *ask again* or *leave it*.',
    stops: true,
    asks: 1,
  },
  accepted: {
    known: 'The vendor took the call and gave it an id.',
    becomes: 'Being made, and asked about.',
    todo: 'Nothing.',
    ending: 'accepted',
    counts: true,
    stops: false,
    state: 'accepted',
    finally: 'ready',
    asks: 1,
  },
} as const satisfies Readonly<Record<string, CopyOutcome & Readonly<{ asks: number }>>>

export type CopyOutcomeName = keyof typeof copyOutcomes

const beingMade = { state: 'accepted', finally: 'ready', todo: 'Nothing.' } as const

export const copyStatusOutcomes = {
  'asked again': {
    ...beingMade,
    known: 'That no answer came which can be used.',
    becomes: 'Being made, as before; asked about again in its turn.',
    ending: 'no answer',
    counts: true,
    stops: false,
  },
  'asked again, not sent': {
    ...beingMade,
    known: 'For certain: not a byte of the call reached the vendor.',
    becomes: 'Being made, as before; asked about again after 5 seconds, with longer pauses. It spent no budget.',
    todo: 'Put it right; *Test connection* says how.',
    ending: 'not sent',
    counts: false,
    stops: false,
  },
  'asked after a pause': {
    ...beingMade,
    known: 'That the vendor counted too many calls.',
    becomes:
      'Being made, as before; the whole account waits as long as the vendor asks, a minute where it does not say.',
    ending: 'rate limited',
    counts: true,
    stops: false,
  },
  'asked once more': {
    ...beingMade,
    known: 'That the vendor does not know its own task id; right after the call that may pass.',
    becomes: 'Being made, as before; said twice, it has failed.',
    ending: 'answered',
    counts: true,
    stops: false,
  },
  'runs on': {
    ...beingMade,
    known: 'That the vendor has made it, and gives no link yet.',
    becomes: 'Being made, as before; asked about again in its turn.',
    ending: 'answered',
    counts: true,
    stops: false,
  },
  'line stopped': {
    ...beingMade,
    known: 'For certain: the call was not let in.',
    becomes: 'Being made, as before; nothing more leaves over this connection until it is resumed.',
    todo: '',
    ending: 'stopped the line',
    counts: true,
    stops: true,
  },
  vanished: {
    known: 'That the vendor said twice that it does not know the task.',
    becomes: 'Failed, with the vendor’s words.',
    todo: 'Where it is still wanted, *ask again*.',
    ending: 'answered',
    counts: true,
    stops: false,
    state: 'accepted',
    finally: 'failed',
  },
  failed: {
    known: 'That the vendor makes no copy of it any more.',
    becomes: 'Failed, with the vendor’s words.',
    todo: 'Where it is still wanted, *ask again*.',
    ending: 'answered',
    counts: true,
    stops: false,
    state: 'failed',
    finally: 'failed',
  },
  ready: {
    known: 'That the copy is there, and where.',
    becomes: 'Ready.',
    todo: 'Save the file, or open it in the browser, while its link works.',
    ending: 'answered',
    counts: true,
    stops: false,
    state: 'ready',
    finally: 'ready',
  },
} as const satisfies Readonly<Record<string, CopyOutcome>>

export type CopyStatusOutcomeName = keyof typeof copyStatusOutcomes
