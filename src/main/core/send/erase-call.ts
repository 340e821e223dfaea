/** One erase call from its reservation to what is written of it. */
import { createHash } from 'node:crypto'
import { assertNever, type Failure } from '../../../shared/failure.ts'
import type { AttemptEnding } from '../../../shared/model/request.ts'
import { pollWait } from '../poll/spacing.ts'
import type { AttemptResult, Epoch, EraseOutcome, EraseVerdict, HttpReport, ReservedErase, Vendor } from '../ports.ts'
import { findVendor } from '../vendors.ts'
import { brokeBeforeCall, causeOfFailure, gotLost, momentOf, neverLeft, resultOf, type CallParts } from './parts.ts'
import { mostBytesOfAnswer, noteAndSend, prepareCall } from './signed-call.ts'

export const stoppedWords = 'Sending was stopped before this call left.'

/** What is to be written, and whether the call reached anybody. */
export type EraseEnd = Readonly<{ result: AttemptResult; outcome: EraseOutcome; reached: boolean }>

type Situation = Readonly<{
  epoch: Epoch
  /** Asked at the last moment before the first byte: false, and the call does not leave. */
  mayLeave: () => boolean
  /** Milliseconds until a call that certainly did not arrive may be tried again. */
  retryAfter: () => number
}>

/** Set when the call is handed over to leave: before, it certainly did not; after, only its report can say. */
type Progress = { left: boolean; report: HttpReport | null }

/**
 * Makes the call that was reserved: sign, note on disk, send once, read. Settles in every case: where something breaks
 * that nobody foresaw, a call that has not left stops the line, and one that has is in doubt.
 */
export async function makeEraseCall(
  parts: CallParts,
  reserved: ReservedErase,
  situation: Situation,
): Promise<EraseEnd> {
  const progress: Progress = { left: false, report: null }
  try {
    return await makeCall(parts, reserved, situation, progress)
  } catch {
    if (!progress.left) return stoppedBefore(parts, reserved, situation.epoch, brokeBeforeCall())
    return endedInDoubt(parts, reserved, situation.epoch, progress.report)
  }
}

async function makeCall(
  parts: CallParts,
  reserved: ReservedErase,
  situation: Situation,
  progress: Progress,
): Promise<EraseEnd> {
  const found = findVendor(parts.vendors, reserved.connection.vendor)
  if (!found.ok) return stoppedBefore(parts, reserved, situation.epoch, found.failure)
  const vendor = found.value
  const { connection, identifiers, scope, attemptId, jti } = reserved
  const { epoch } = situation

  const call = vendor.eraseCall(connection, identifiers, scope)
  if (!call.ok) return stoppedBefore(parts, reserved, epoch, call.failure)
  const prepared = await prepareCall(parts, vendor, connection, jti, call.value)
  if (!prepared.ok) return stoppedBefore(parts, reserved, epoch, prepared.failure)

  const sentForms = identifiers.map((identifier) => vendor.sentForm(identifier, connection.settings))
  const digest = createHash('sha256')
    .update(call.value.body ?? '')
    .digest('hex')
  const note = { attemptId, epoch, digest, sentForms }
  const onLeave = () => {
    progress.left = true
  }
  const most = mostBytesOfAnswer.erase
  const sent = await noteAndSend(parts, prepared.value, most, note, situation.mayLeave, onLeave)
  if ('heldBack' in sent) return keptBack(parts, reserved, situation, sent.heldBack)
  progress.report = sent.report
  return endOf(parts, vendor, reserved, situation, sent.report)
}

function endOf(
  parts: CallParts,
  vendor: Vendor,
  reserved: ReservedErase,
  { epoch, retryAfter }: Situation,
  report: HttpReport,
): EraseEnd {
  const verdict = readSafely(vendor, report)
  const moment = momentOf(parts.clock)
  const { now: at } = moment
  const end = (ending: AttemptEnding, words: string | null, outcome: EraseOutcome): EraseEnd => ({
    result: resultOf(moment, reserved, epoch, ending, words, report),
    outcome,
    reached: ending !== 'not sent',
  })
  switch (verdict.kind) {
    case 'accepted': {
      const nextPollAt = at + pollWait(0, reserved.connection.settings, parts.random.fraction())
      return end('accepted', verdict.words, { kind: 'accepted', vendorRequestId: verdict.vendorRequestId, nextPollAt })
    }
    case 'not sent':
      return end('not sent', verdict.words, { kind: 'queue again', notBefore: at + retryAfter() })
    case 'rate limited':
      return end('rate limited', verdict.words, {
        kind: 'queue again',
        notBefore: at,
        accountHoldUntil: at + holdOf(verdict.retryAfterMilliseconds),
      })
    case 'stop the line':
      return end('stopped the line', verdict.cause.vendorWords, {
        kind: 'stop the line',
        cause: { ...verdict.cause, at },
      })
    case 'rejected':
      return end('rejected', verdict.words, {
        kind: reserved.identifiers.length === 1 ? 'refused' : 'rejected',
        words: verdict.words,
      })
    case 'too large':
      // It says nothing against anybody.
      return end('too large', verdict.words, { kind: 'rejected', words: verdict.words })
    case 'conflict':
      return end('rejected', verdict.words, conflictOf(vendor, reserved, verdict))
    case 'outcome unknown':
      return end('outcome unknown', verdict.words, {
        kind: 'outcome unknown',
        words: verdict.words,
        ...(verdict.cause === undefined ? {} : { cause: { ...verdict.cause, at } }),
      })
    default:
      return assertNever(verdict)
  }
}

/**
 * Which of the call's identifiers the vendor has in tasks of others already. Where none is recognised, or no task is
 * named, nobody knows whom to take out: the call is rejected like any other.
 */
function conflictOf(
  vendor: Vendor,
  { identifiers, connection }: ReservedErase,
  { names, vendorRequestIds, words }: Extract<EraseVerdict, { kind: 'conflict' }>,
): EraseOutcome {
  const named = new Set(names.flat())
  const positions = identifiers
    .filter((identifier) => vendor.namesOf(identifier, connection.settings).some((name) => named.has(name)))
    .map(({ position }) => position)
  if (positions.length > 0 && vendorRequestIds.length > 0)
    return { kind: 'conflict', positions, vendorRequestIds, words }
  return { kind: identifiers.length === 1 ? 'refused' : 'rejected', words }
}

/** Something of ours broke after the call had left: it may or may not have arrived. */
function endedInDoubt(parts: CallParts, reserved: ReservedErase, epoch: Epoch, report: HttpReport | null): EraseEnd {
  const moment = momentOf(parts.clock)
  const words = 'Erasure Desk could not take in how this call ended.'
  const result = resultOf(moment, reserved, epoch, 'outcome unknown', words, report ?? gotLost)
  return { result, outcome: { kind: 'outcome unknown', words }, reached: true }
}

/** A reader that breaks on an answer nobody foresaw must not turn a doubt into anything else. */
function readSafely(vendor: Vendor, report: HttpReport): EraseVerdict {
  try {
    return vendor.readErase(report)
  } catch {
    return { kind: 'outcome unknown', words: 'The answer could not be read.' }
  }
}

/** How long an account waits after a 429: what the vendor asks for, else a minute; never less than a second. */
export function holdOf(retryAfterMilliseconds: number | null): number {
  return Math.max(retryAfterMilliseconds ?? 60_000, 1000)
}

/** Without secret, token or a lawful body nothing of this connection can leave: the line stops, with words. */
function stoppedBefore(parts: CallParts, reserved: ReservedErase, epoch: Epoch, failure: Failure): EraseEnd {
  const result = neverLeft(parts, reserved, epoch, failure.message)
  const cause = causeOfFailure(failure, result.endedAt)
  return { result, outcome: { kind: 'stop the line', cause }, reached: true }
}

/** Stopped or paused since it was reserved (null: by this process), or the history could not take the note. */
function keptBack(
  parts: CallParts,
  reserved: ReservedErase,
  { epoch, retryAfter }: Situation,
  failure: Failure | null,
): EraseEnd {
  const result = neverLeft(parts, reserved, epoch, failure?.message ?? stoppedWords)
  const wait = failure === null || failure.code === 'wrong-state' ? 0 : retryAfter()
  return { result, outcome: { kind: 'queue again', notBefore: result.endedAt + wait }, reached: wait === 0 }
}
