/** One call that asks for a copy of people's data, from its reservation to what is written of it. */
import { createHash } from 'node:crypto'
import { assertNever, type Failure } from '../../../shared/failure.ts'
import type { AttemptEnding } from '../../../shared/model/request.ts'
import type {
  AttemptResult,
  Epoch,
  EraseVerdict,
  HttpReport,
  ReservedRetrieve,
  Retrieval,
  RetrieveOutcome,
} from '../ports.ts'
import { pollWait } from '../poll/spacing.ts'
import { withoutLinks } from '../retrievals/link.ts'
import { findVendor } from '../vendors.ts'
import { holdOf, stoppedWords } from './erase-call.ts'
import { brokeBeforeCall, causeOfFailure, gotLost, momentOf, neverLeft, resultOf, type CallParts } from './parts.ts'
import { mostBytesOfAnswer, noteAndSend, prepareCall } from './signed-call.ts'

/** What is to be written, and whether the call reached anybody. */
export type RetrieveEnd = Readonly<{ result: AttemptResult; outcome: RetrieveOutcome; reached: boolean }>

type Situation = Readonly<{ epoch: Epoch; mayLeave: () => boolean; retryAfter: () => number }>

/** Why no copy can be had of a vendor. */
export const noRetrieval: Failure = {
  code: 'invalid-input',
  message: 'This vendor makes no copies of people’s data.',
  kept: 'Nothing was sent.',
  retryable: false,
}

/**
 * Asks the vendor for one copy. Settles in every case: where something breaks that nobody foresaw, a call that has not
 * left stops the line, and one that has is in doubt, which a person clears: the vendor would make two copies.
 */
export async function makeRetrieveCall(
  parts: CallParts,
  reserved: ReservedRetrieve,
  situation: Situation,
): Promise<RetrieveEnd> {
  const progress = { left: false }
  try {
    return await makeCall(parts, reserved, situation, progress)
  } catch {
    if (!progress.left) return stoppedBefore(parts, reserved, situation.epoch, brokeBeforeCall())
    const words = 'Erasure Desk could not take in how this call ended.'
    const result = resultOf(momentOf(parts.clock), reserved, situation.epoch, 'outcome unknown', words, gotLost)
    return { result, outcome: { kind: 'outcome unknown', words }, reached: true }
  }
}

async function makeCall(
  parts: CallParts,
  reserved: ReservedRetrieve,
  situation: Situation,
  progress: { left: boolean },
): Promise<RetrieveEnd> {
  const { connection, identifiers, scope, disclosure, attemptId, jti } = reserved
  const { epoch } = situation
  const found = findVendor(parts.vendors, connection.vendor)
  if (!found.ok) return stoppedBefore(parts, reserved, epoch, found.failure)
  const { retrieval } = found.value
  if (retrieval === undefined) return stoppedBefore(parts, reserved, epoch, noRetrieval)
  const call = retrieval.call(connection, identifiers, scope, disclosure)
  if (!call.ok) return refusedHere(parts, reserved, epoch, call.failure)
  const prepared = await prepareCall(parts, found.value, connection, jti, call.value)
  if (!prepared.ok) return stoppedBefore(parts, reserved, epoch, prepared.failure)
  const digest = createHash('sha256')
    .update(call.value.body ?? '')
    .digest('hex')
  const note = { attemptId, epoch, digest, sentForms: [] }
  const sent = await noteAndSend(parts, prepared.value, mostBytesOfAnswer.erase, note, situation.mayLeave, () => {
    progress.left = true
  })
  if ('heldBack' in sent) return keptBack(parts, reserved, situation, sent.heldBack)
  const { report } = sent
  return endOf(parts, reserved, situation, report, readSafely(retrieval, report))
}

function endOf(
  parts: CallParts,
  reserved: ReservedRetrieve,
  { epoch, retryAfter }: Situation,
  report: HttpReport,
  verdict: EraseVerdict,
): RetrieveEnd {
  const moment = momentOf(parts.clock)
  const end = (ending: AttemptEnding, words: string | null, outcome: RetrieveOutcome): RetrieveEnd => ({
    result: resultOf(moment, reserved, epoch, ending, words === null ? null : withoutLinks(words), report),
    outcome,
    reached: ending !== 'not sent',
  })
  const { now } = moment
  switch (verdict.kind) {
    case 'accepted': {
      const { vendorRequestId, words } = verdict
      const nextPollAt = now + pollWait(0, reserved.connection.settings, parts.random.fraction())
      return end('accepted', words, { kind: 'accepted', vendorRequestId, words, nextPollAt })
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
    case 'conflict':
    case 'too large': {
      const words = withoutLinks(verdict.words)
      return end(verdict.kind === 'too large' ? 'too large' : 'rejected', words, { kind: 'rejected', words })
    }
    case 'outcome unknown': {
      const words = withoutLinks(verdict.words)
      const cause = verdict.cause === undefined ? {} : { cause: { ...verdict.cause, at: now } }
      return end('outcome unknown', words, { kind: 'outcome unknown', words, ...cause })
    }
    default:
      return assertNever(verdict)
  }
}

/** A reader that breaks on an answer nobody foresaw must not turn a doubt into anything else. */
function readSafely(retrieval: Retrieval, report: HttpReport): EraseVerdict {
  try {
    return retrieval.read(report)
  } catch {
    return { kind: 'outcome unknown', words: 'The answer could not be read.' }
  }
}

/** What is wrong is this copy's own: the others go on. */
function refusedHere(parts: CallParts, reserved: ReservedRetrieve, epoch: Epoch, failure: Failure): RetrieveEnd {
  const result = neverLeft(parts, reserved, epoch, failure.message)
  return { result, outcome: { kind: 'rejected', words: failure.message }, reached: true }
}

function stoppedBefore(parts: CallParts, reserved: ReservedRetrieve, epoch: Epoch, failure: Failure): RetrieveEnd {
  const result = neverLeft(parts, reserved, epoch, failure.message)
  const cause = causeOfFailure(failure, result.endedAt)
  return { result, outcome: { kind: 'stop the line', cause }, reached: true }
}

/** Stopped or paused since it was reserved (null: by this process), or the history could not take the note. */
function keptBack(
  parts: CallParts,
  reserved: ReservedRetrieve,
  { epoch, retryAfter }: Situation,
  failure: Failure | null,
): RetrieveEnd {
  const result = neverLeft(parts, reserved, epoch, failure?.message ?? stoppedWords)
  const wait = failure === null || failure.code === 'wrong-state' ? 0 : retryAfter()
  return { result, outcome: { kind: 'again', notBefore: result.endedAt + wait }, reached: wait === 0 }
}
