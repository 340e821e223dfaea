/** One call that takes an accepted batch back, from its reservation to what is written of it. */
import { assertNever, type Failure } from '../../../shared/failure.ts'
import type { AttemptEnding } from '../../../shared/model/request.ts'
import type {
  AttemptResult,
  CancelOutcome,
  CancelVerdict,
  Epoch,
  HttpReport,
  ReservedCancel,
  Vendor,
} from '../ports.ts'
import { findVendor } from '../vendors.ts'
import { holdOf, stoppedWords } from './erase-call.ts'
import { brokeBeforeCall, causeOfFailure, gotLost, momentOf, neverLeft, resultOf, type CallParts } from './parts.ts'
import { mostBytesOfAnswer, noteAndSend, prepareCall } from './signed-call.ts'

/** What is to be written, and whether the call reached anybody. */
export type CancelEnd = Readonly<{ result: AttemptResult; outcome: CancelOutcome; reached: boolean }>

type Situation = Readonly<{ epoch: Epoch; mayLeave: () => boolean; retryAfter: () => number }>

const noCancel: Failure = {
  code: 'invalid-input',
  message: 'This vendor takes nothing back once it has accepted it.',
  kept: 'Nothing was sent.',
  retryable: false,
}

/**
 * Asks the vendor to take one batch back. Settles in every case: where something breaks that nobody foresaw, a call that
 * has not left stops the line, and one that has is in doubt, which the next status call clears.
 */
export async function makeCancelCall(
  parts: CallParts,
  reserved: ReservedCancel,
  situation: Situation,
): Promise<CancelEnd> {
  const progress = { left: false }
  try {
    return await makeCall(parts, reserved, situation, progress)
  } catch {
    if (!progress.left) return stoppedBefore(parts, reserved, situation.epoch, brokeBeforeCall())
    const result = resultOf(
      momentOf(parts.clock),
      reserved,
      situation.epoch,
      'no answer',
      'Erasure Desk could not take in the answer.',
      gotLost,
    )
    return { result, outcome: { kind: 'no answer' }, reached: true }
  }
}

async function makeCall(
  parts: CallParts,
  reserved: ReservedCancel,
  situation: Situation,
  progress: { left: boolean },
): Promise<CancelEnd> {
  const { connection, vendorRequestId, attemptId, jti } = reserved
  const { epoch } = situation
  const found = findVendor(parts.vendors, connection.vendor)
  if (!found.ok) return stoppedBefore(parts, reserved, epoch, found.failure)
  const { cancel } = found.value
  if (cancel === undefined) return stoppedBefore(parts, reserved, epoch, noCancel)
  const prepared = await prepareCall(parts, found.value, connection, jti, cancel.call(connection, vendorRequestId))
  if (!prepared.ok) return stoppedBefore(parts, reserved, epoch, prepared.failure)
  const note = { attemptId, epoch, digest: null, sentForms: [] }
  const sent = await noteAndSend(parts, prepared.value, mostBytesOfAnswer.erase, note, situation.mayLeave, () => {
    progress.left = true
  })
  if ('heldBack' in sent) return keptBack(parts, reserved, situation, sent.heldBack)
  const { report } = sent
  return endOf(parts, found.value, reserved, situation, report)
}

function endOf(
  parts: CallParts,
  vendor: Vendor,
  reserved: ReservedCancel,
  { epoch, retryAfter }: Situation,
  report: HttpReport,
): CancelEnd {
  const { resultForEach } = vendor.profile.capabilities
  const verdict = readSafely(vendor, report)
  const moment = momentOf(parts.clock)
  const end = (ending: AttemptEnding, words: string | null, outcome: CancelOutcome): CancelEnd => ({
    result: resultOf(moment, reserved, epoch, ending, words, report),
    outcome,
    reached: ending !== 'not sent',
  })
  const { now } = moment
  switch (verdict.kind) {
    case 'cancelled':
      return end('answered', verdict.words, resultForEach ? { kind: 'stopped' } : verdict)
    case 'too late':
      return end('answered', verdict.words, { kind: 'too late' })
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
    case 'no answer':
      return end('no answer', verdict.words, { kind: 'no answer' })
    default:
      return assertNever(verdict)
  }
}

function readSafely({ cancel }: Vendor, report: HttpReport): CancelVerdict {
  try {
    return cancel?.read(report) ?? { kind: 'no answer', words: 'The answer could not be read.' }
  } catch {
    return { kind: 'no answer', words: 'The answer could not be read.' }
  }
}

function stoppedBefore(parts: CallParts, reserved: ReservedCancel, epoch: Epoch, failure: Failure): CancelEnd {
  const result = neverLeft(parts, reserved, epoch, failure.message)
  const cause = causeOfFailure(failure, result.endedAt)
  return { result, outcome: { kind: 'stop the line', cause }, reached: true }
}

/** Stopped since it was reserved (null: by this process), or the history could not take the note. */
function keptBack(
  parts: CallParts,
  reserved: ReservedCancel,
  { epoch, retryAfter }: Situation,
  failure: Failure | null,
): CancelEnd {
  const result = neverLeft(parts, reserved, epoch, failure?.message ?? stoppedWords)
  const wait = failure === null || failure.code === 'wrong-state' ? 0 : retryAfter()
  return { result, outcome: { kind: 'again', notBefore: result.endedAt + wait }, reached: wait === 0 }
}
