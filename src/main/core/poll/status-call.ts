/** One status call from its reservation to what is written of it. */
import { assertNever, type Failure } from '../../../shared/failure.ts'
import type { AttemptEnding } from '../../../shared/model/request.ts'
import type { AttemptResult, Epoch, HttpReport, PollOutcome, ReservedPoll, StatusVerdict, Vendor } from '../ports.ts'
import { holdOf, stoppedWords } from '../send/erase-call.ts'
import {
  brokeBeforeCall,
  causeOfFailure,
  gotLost,
  momentOf,
  neverLeft,
  resultOf,
  type CallParts,
} from '../send/parts.ts'
import { beforeFirstByte, mostBytesOfAnswer, noteAndSend, prepareCall } from '../send/signed-call.ts'
import { findVendor } from '../vendors.ts'
import { settle, settleVanished } from './settle.ts'
import { pollWait } from './spacing.ts'

/** What is to be written, and whether the call reached anybody. */
export type PollEnd = Readonly<{ result: AttemptResult; outcome: PollOutcome; reached: boolean }>

type Situation = Readonly<{ epoch: Epoch; mayLeave: () => boolean; retryAfter: () => number }>

/**
 * Asks the vendor about one batch. It may be repeated freely, so every doubt is asked again later. Settles in every
 * case: where something breaks that nobody foresaw, a call that has not left stops the line, and one that has is asked
 * again.
 */
export async function makeStatusCall(parts: CallParts, reserved: ReservedPoll, situation: Situation): Promise<PollEnd> {
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
  reserved: ReservedPoll,
  situation: Situation,
  progress: { left: boolean },
): Promise<PollEnd> {
  const found = findVendor(parts.vendors, reserved.connection.vendor)
  if (!found.ok) return stoppedBefore(parts, reserved, situation.epoch, found.failure)
  const vendor = found.value
  const { connection, vendorRequestId, jti } = reserved
  const prepared = await prepareCall(parts, vendor, connection, jti, vendor.statusCall(connection, vendorRequestId))
  if (!prepared.ok) return stoppedBefore(parts, reserved, situation.epoch, prepared.failure)
  const note = { attemptId: reserved.attemptId, epoch: situation.epoch, digest: null, sentForms: [] }
  const onLeave = () => {
    progress.left = true
  }
  const most = mostBytesOfAnswer.status
  const sent = await noteAndSend(parts, prepared.value, most, note, situation.mayLeave, onLeave)
  if ('heldBack' in sent) return keptBack(parts, reserved, situation, sent.heldBack)
  return endOf(parts, vendor, reserved, situation, sent.report)
}

function endOf(
  parts: CallParts,
  vendor: Vendor,
  reserved: ReservedPoll,
  { epoch, retryAfter }: Situation,
  report: HttpReport,
): PollEnd {
  const { connection, deliveries, previous } = reserved
  const moment = momentOf(parts.clock)
  const { now } = moment
  const fraction = parts.random.fraction()
  const later = now + pollWait(previous.polls + 1, connection.settings, fraction)
  const end = (ending: AttemptEnding, vendorWords: string | null, outcome: PollOutcome): PollEnd => ({
    result: resultOf(moment, reserved, epoch, ending, vendorWords, report),
    outcome,
    reached: ending !== 'not sent',
  })
  const verdict = readSafely(vendor, reserved, report)
  switch (verdict.kind) {
    case 'answer': {
      const named = deliveries.map((delivery) => ({
        ...delivery,
        names: vendor.namesOf(delivery, connection.settings),
        lookedUpNames: (delivery.lookedUp ?? []).flatMap((vendorId) => vendor.lookUp?.namesOf(vendorId) ?? []),
      }))
      const { kind: _kind, vendorRequestId: _vendorRequestId, ...said } = verdict
      const outcome = settle({ ...said, deliveries: named, previous, now, settings: connection.settings, fraction })
      return end('answered', outcome.vendorWords, outcome)
    }
    case 'vanished': {
      const { words } = verdict
      const { settings } = connection
      return end('answered', words, settleVanished({ deliveries, words, previous, now, settings, fraction }))
    }
    case 'rate limited': {
      const accountHoldUntil = now + holdOf(verdict.retryAfterMilliseconds)
      const nextPollAt = Math.max(later, accountHoldUntil)
      return end('rate limited', verdict.words, { kind: 'again', nextPollAt, accountHoldUntil, words: verdict.words })
    }
    case 'stop the line':
      return end('stopped the line', verdict.cause.vendorWords, {
        kind: 'stop the line',
        cause: { ...verdict.cause, at: now },
        nextPollAt: later,
      })
    case 'no answer': {
      const neverLeftHere = beforeFirstByte(report)
      return end(neverLeftHere ? 'not sent' : 'no answer', verdict.words, {
        kind: 'again',
        nextPollAt: neverLeftHere ? now + retryAfter() : later,
        words: verdict.words,
      })
    }
    default:
      return assertNever(verdict)
  }
}

/** Something of ours broke after the call had left. */
function askedInVain(parts: CallParts, reserved: ReservedPoll, epoch: Epoch): PollEnd {
  const moment = momentOf(parts.clock)
  const { now } = moment
  const words = 'Erasure Desk could not take in the answer.'
  const result = resultOf(moment, reserved, epoch, 'no answer', words, gotLost)
  const nextPollAt = now + pollWait(reserved.previous.polls + 1, reserved.connection.settings, 0)
  return { result, outcome: { kind: 'again', nextPollAt, words }, reached: true }
}

/** An answer about another request, as a cache between may give, is no answer. */
function readSafely(vendor: Vendor, reserved: ReservedPoll, report: HttpReport): StatusVerdict {
  try {
    const verdict = vendor.readStatus(report, reserved.connection.settings)
    const isAnother =
      verdict.kind === 'answer' &&
      verdict.vendorRequestId !== null &&
      verdict.vendorRequestId !== reserved.vendorRequestId
    return isAnother ? { kind: 'no answer', words: 'The answer was about another request.' } : verdict
  } catch {
    return { kind: 'no answer', words: 'The answer could not be read.' }
  }
}

/** Stopped or paused since it was reserved (null: by this process), or the history could not take the note. */
function keptBack(
  parts: CallParts,
  reserved: ReservedPoll,
  { epoch, retryAfter }: Situation,
  failure: Failure | null,
): PollEnd {
  const result = neverLeft(parts, reserved, epoch, failure?.message ?? stoppedWords)
  const wait = failure === null || failure.code === 'wrong-state' ? 0 : retryAfter()
  return {
    result,
    outcome: { kind: 'again', nextPollAt: result.endedAt + wait, words: null },
    reached: wait === 0,
  }
}

function stoppedBefore(parts: CallParts, reserved: ReservedPoll, epoch: Epoch, failure: Failure): PollEnd {
  const result = neverLeft(parts, reserved, epoch, failure.message)
  const cause = causeOfFailure(failure, result.endedAt)
  return { result, outcome: { kind: 'stop the line', cause, nextPollAt: result.endedAt }, reached: true }
}
