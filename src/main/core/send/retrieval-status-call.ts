/**
 * One status call about a copy of people's data, from its reservation to what is written of it. The link that its answer
 * may hold goes to the caller, beside what is written and never in it.
 */
import { assertNever, type Failure } from '../../../shared/failure.ts'
import type { AttemptEnding } from '../../../shared/model/request.ts'
import type {
  AttemptResult,
  Epoch,
  HttpReport,
  ReservedRetrievalStatus,
  Retrieval,
  RetrievalStatusOutcome,
  RetrievalStatusVerdict,
} from '../ports.ts'
import { pollWait } from '../poll/spacing.ts'
import { expiryOfLink, withoutLinks } from '../retrievals/link.ts'
import { findVendor } from '../vendors.ts'
import { holdOf, stoppedWords } from './erase-call.ts'
import { brokeBeforeCall, causeOfFailure, gotLost, momentOf, neverLeft, resultOf, type CallParts } from './parts.ts'
import { noRetrieval } from './retrieve-call.ts'
import { beforeFirstByte, mostBytesOfAnswer, noteAndSend, prepareCall } from './signed-call.ts'

/** What is to be written, whether the call reached anybody, and the link for whoever asked for it. */
export type RetrievalStatusEnd = Readonly<{
  result: AttemptResult
  outcome: RetrievalStatusOutcome
  reached: boolean
  link: string | null
}>

type Situation = Readonly<{ epoch: Epoch; mayLeave: () => boolean; retryAfter: () => number }>

/**
 * Asks the vendor about one copy. It may be repeated freely, so every doubt is asked again later. Settles in every case:
 * where something breaks that nobody foresaw, a call that has not left stops the line, and one that has is asked again.
 */
export async function makeRetrievalStatusCall(
  parts: CallParts,
  reserved: ReservedRetrievalStatus,
  situation: Situation,
): Promise<RetrievalStatusEnd> {
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
    return {
      result,
      outcome: { kind: 'again', nextPollAt: nextPollAt(parts, reserved) },
      reached: true,
      link: null,
    }
  }
}

async function makeCall(
  parts: CallParts,
  reserved: ReservedRetrievalStatus,
  situation: Situation,
  progress: { left: boolean },
): Promise<RetrievalStatusEnd> {
  const { connection, vendorRequestId, attemptId, jti } = reserved
  const { epoch } = situation
  const found = findVendor(parts.vendors, connection.vendor)
  if (!found.ok) return stoppedBefore(parts, reserved, epoch, found.failure)
  const { retrieval } = found.value
  if (retrieval === undefined) return stoppedBefore(parts, reserved, epoch, noRetrieval)
  const call = retrieval.statusCall(connection, vendorRequestId)
  const prepared = await prepareCall(parts, found.value, connection, jti, call)
  if (!prepared.ok) return stoppedBefore(parts, reserved, epoch, prepared.failure)
  const note = { attemptId, epoch, digest: null, sentForms: [] }
  const sent = await noteAndSend(parts, prepared.value, mostBytesOfAnswer.erase, note, situation.mayLeave, () => {
    progress.left = true
  })
  if ('heldBack' in sent) return keptBack(parts, reserved, situation, sent.heldBack)
  const { report } = sent
  return endOf(parts, reserved, situation, report, readSafely(retrieval, reserved, report))
}

function endOf(
  parts: CallParts,
  reserved: ReservedRetrievalStatus,
  { epoch, retryAfter }: Situation,
  report: HttpReport,
  verdict: RetrievalStatusVerdict,
): RetrievalStatusEnd {
  const link = verdict.kind === 'ready' ? verdict.link : null
  const moment = momentOf(parts.clock)
  const end = (ending: AttemptEnding, words: string | null, outcome: RetrievalStatusOutcome): RetrievalStatusEnd => ({
    result: resultOf(moment, reserved, epoch, ending, words === null ? null : withoutLinks(words), report),
    outcome,
    reached: ending !== 'not sent',
    link,
  })
  const { now } = moment
  const later = nextPollAt(parts, reserved)
  switch (verdict.kind) {
    case 'ready': {
      const words = withoutLinks(verdict.words)
      return end('answered', words, { kind: 'ready', words, linkExpiresAt: expiryOfLink(verdict.link) })
    }
    case 'running':
    case 'not found': {
      const words = withoutLinks(verdict.words)
      return end('answered', words, { kind: verdict.kind, words, nextPollAt: later })
    }
    case 'failed': {
      const words = withoutLinks(verdict.words)
      return end('answered', words, { kind: 'failed', words })
    }
    case 'rate limited': {
      const accountHoldUntil = now + holdOf(verdict.retryAfterMilliseconds)
      const at = Math.max(later, accountHoldUntil)
      return end('rate limited', verdict.words, { kind: 'again', nextPollAt: at, accountHoldUntil })
    }
    case 'stop the line': {
      const cause = { ...verdict.cause, at: now }
      return end('stopped the line', cause.vendorWords, { kind: 'stop the line', cause, nextPollAt: later })
    }
    case 'no answer': {
      const isHere = beforeFirstByte(report)
      const at = isHere ? now + retryAfter() : later
      return end(isHere ? 'not sent' : 'no answer', verdict.words, { kind: 'again', nextPollAt: at })
    }
    default:
      return assertNever(verdict)
  }
}

function nextPollAt(parts: CallParts, { polls, connection }: ReservedRetrievalStatus): number {
  return parts.clock.now() + pollWait(polls + 1, connection.settings, parts.random.fraction())
}

function readSafely(
  retrieval: Retrieval,
  { vendorRequestId }: ReservedRetrievalStatus,
  report: HttpReport,
): RetrievalStatusVerdict {
  try {
    return retrieval.readStatus(report, vendorRequestId)
  } catch {
    return { kind: 'no answer', words: 'The answer could not be read.' }
  }
}

function stoppedBefore(
  parts: CallParts,
  reserved: ReservedRetrievalStatus,
  epoch: Epoch,
  failure: Failure,
): RetrievalStatusEnd {
  const result = neverLeft(parts, reserved, epoch, failure.message)
  const cause = causeOfFailure(failure, result.endedAt)
  const outcome: RetrievalStatusOutcome = { kind: 'stop the line', cause, nextPollAt: result.endedAt }
  return { result, outcome, reached: true, link: null }
}

/** Stopped or paused since it was reserved (null: by this process), or the history could not take the note. */
function keptBack(
  parts: CallParts,
  reserved: ReservedRetrievalStatus,
  { epoch, retryAfter }: Situation,
  failure: Failure | null,
): RetrievalStatusEnd {
  const result = neverLeft(parts, reserved, epoch, failure?.message ?? stoppedWords)
  const wait = failure === null || failure.code === 'wrong-state' ? 0 : retryAfter()
  return {
    result,
    outcome: { kind: 'again', nextPollAt: result.endedAt + wait },
    reached: wait === 0,
    link: null,
  }
}
