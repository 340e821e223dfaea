/** One look-up of a batch, before its erase call, from its reservation to what is written of it. */
import { createHash } from 'node:crypto'
import { assertNever, type Failure } from '../../../shared/failure.ts'
import type { AttemptEnding } from '../../../shared/model/request.ts'
import { pollWait } from '../poll/spacing.ts'
import type {
  AttemptResult,
  Epoch,
  HttpReport,
  LookUp,
  LookUpOutcome,
  LookUpVerdict,
  ReservedLookUp,
} from '../ports.ts'
import { findVendor } from '../vendors.ts'
import { holdOf, stoppedWords } from './erase-call.ts'
import { brokeBeforeCall, causeOfFailure, gotLost, momentOf, neverLeft, resultOf, type CallParts } from './parts.ts'
import { mostBytesOfAnswer, noteAndSend, prepareCall } from './signed-call.ts'

/** What is to be written, and whether the call reached anybody. */
export type LookUpEnd = Readonly<{ result: AttemptResult; outcome: LookUpOutcome; reached: boolean }>

const noLookUp: Failure = {
  code: 'invalid-input',
  message: 'This vendor has no look-up of its own ids.',
  kept: 'Nothing was sent.',
  next: 'Turn off the look-up in the settings of the connection.',
  retryable: false,
}

type Situation = Readonly<{ epoch: Epoch; mayLeave: () => boolean; retryAfter: () => number }>

/**
 * Asks for the vendor's own ids of a batch. Nothing is erased by it, so it may be repeated freely. Settles in every case:
 * where something breaks that nobody foresaw, a call that has not left stops the line, and one that has is asked again.
 */
export async function makeLookUpCall(
  parts: CallParts,
  reserved: ReservedLookUp,
  situation: Situation,
): Promise<LookUpEnd> {
  const progress = { left: false }
  try {
    return await makeCall(parts, reserved, situation, progress)
  } catch {
    if (!progress.left) return stoppedBefore(parts, reserved, situation.epoch, brokeBeforeCall())
    return askedInVain(parts, reserved, situation.epoch)
  }
}

async function makeCall(
  parts: CallParts,
  reserved: ReservedLookUp,
  situation: Situation,
  progress: { left: boolean },
): Promise<LookUpEnd> {
  const known = findVendor(parts.vendors, reserved.connection.vendor)
  if (!known.ok) return stoppedBefore(parts, reserved, situation.epoch, known.failure)
  const vendor = known.value
  const { connection, identifiers, attemptId, jti } = reserved
  const { epoch } = situation
  const { lookUp } = vendor
  if (lookUp === undefined) return stoppedBefore(parts, reserved, epoch, noLookUp)
  const call = lookUp.call(connection, identifiers)
  const prepared = await prepareCall(parts, vendor, connection, jti, call)
  if (!prepared.ok) return stoppedBefore(parts, reserved, epoch, prepared.failure)
  const digest = createHash('sha256')
    .update(call.body ?? '')
    .digest('hex')
  const note = { attemptId, epoch, digest, sentForms: [] }
  const sent = await noteAndSend(parts, prepared.value, mostBytesOfAnswer.lookUp, note, situation.mayLeave, () => {
    progress.left = true
  })
  if ('heldBack' in sent) return keptBack(parts, reserved, situation, sent.heldBack)
  const { report } = sent
  return endOf(parts, lookUp, reserved, situation, report)
}

function endOf(
  parts: CallParts,
  lookUp: LookUp,
  reserved: ReservedLookUp,
  { epoch, retryAfter }: Situation,
  report: HttpReport,
): LookUpEnd {
  const moment = momentOf(parts.clock)
  const { now } = moment
  const end = (ending: AttemptEnding, vendorWords: string | null, outcome: LookUpOutcome): LookUpEnd => ({
    result: resultOf(moment, reserved, epoch, ending, vendorWords, report),
    outcome,
    reached: ending !== 'not sent',
  })
  const verdict = readSafely(lookUp, reserved, report)
  switch (verdict.kind) {
    case 'answer': {
      const found = verdict.found.flatMap(({ index, vendorId }) => {
        const identifier = reserved.identifiers[index]
        return identifier === undefined ? [] : [{ identifierId: identifier.identifierId, vendorId }]
      })
      return end('answered', null, { kind: 'answer', found })
    }
    case 'not sent':
      return end('not sent', verdict.words, { kind: 'again', notBefore: now + retryAfter() })
    case 'rate limited': {
      const accountHoldUntil = now + holdOf(verdict.retryAfterMilliseconds)
      return end('rate limited', verdict.words, { kind: 'again', notBefore: now, accountHoldUntil })
    }
    case 'stop the line': {
      const { cause } = verdict
      return end('stopped the line', cause.vendorWords, { kind: 'stop the line', cause: { ...cause, at: now } })
    }
    case 'rejected':
      return end('rejected', verdict.words, { kind: 'rejected' })
    case 'no answer': {
      const wait = pollWait(reserved.unanswered, reserved.connection.settings, parts.random.fraction())
      return end('no answer', verdict.words, { kind: 'no answer', notBefore: now + wait })
    }
    default:
      return assertNever(verdict)
  }
}

/** Something of ours broke after the call had left. */
function askedInVain(parts: CallParts, reserved: ReservedLookUp, epoch: Epoch): LookUpEnd {
  const moment = momentOf(parts.clock)
  const { now } = moment
  const result = resultOf(moment, reserved, epoch, 'no answer', 'Erasure Desk could not take in the answer.', gotLost)
  const notBefore = now + pollWait(reserved.unanswered, reserved.connection.settings, 0)
  return { result, outcome: { kind: 'no answer', notBefore }, reached: true }
}

function readSafely(lookUp: LookUp, { identifiers }: ReservedLookUp, report: HttpReport): LookUpVerdict {
  try {
    return lookUp.read(report, identifiers)
  } catch {
    return { kind: 'no answer', words: 'The answer could not be read.' }
  }
}

/** Stopped or paused since it was reserved (null: by this process), or the history could not take the note. */
function keptBack(
  parts: CallParts,
  reserved: ReservedLookUp,
  { epoch, retryAfter }: Situation,
  failure: Failure | null,
): LookUpEnd {
  const result = neverLeft(parts, reserved, epoch, failure?.message ?? stoppedWords)
  const wait = failure === null || failure.code === 'wrong-state' ? 0 : retryAfter()
  return { result, outcome: { kind: 'again', notBefore: result.endedAt + wait }, reached: wait === 0 }
}

function stoppedBefore(parts: CallParts, reserved: ReservedLookUp, epoch: Epoch, failure: Failure): LookUpEnd {
  const result = neverLeft(parts, reserved, epoch, failure.message)
  const cause = causeOfFailure(failure, result.endedAt)
  return { result, outcome: { kind: 'stop the line', cause }, reached: true }
}
