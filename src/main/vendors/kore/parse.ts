/** What an answer of Kore.ai's means. A certain no and a doubt are different things: product rule 4. */
import type { ConnectionSettings, ConnectionTest } from '../../../shared/model/connection.ts'
import type { ConnectionForCall, EraseVerdict, HttpReport, StatusEntry, StatusVerdict } from '../../core/ports.ts'
import { clockSkewOf, isSuccess, neverLeft, retryAfterOf, tidyWords, type Answer } from '../common/answer.ts'
import { digestOf } from '../common/digest.ts'
import {
  causeOfStranger,
  describeSkew,
  doubtWords,
  isSkewed,
  noAnswerCause,
  notAStatusWords,
  unclearWords,
  withoutResume,
  type Words,
} from '../common/words.ts'
import { acceptedOf, rateWordsOf, statusOf, vendorErrorOf, wordsOf, type AnsweredEntry } from './answer.ts'
import { namesOfAnswered } from './names.ts'
import { meaningOfStatus } from './statuses.ts'
import { causeOfRefusal, dialect, isAboutCredentials } from './words.ts'

export const refusals = new Set([401, 403, 404, 405])
export const rejections = new Set([400, 412, 422])

/** What an erase call came to. Everything that is not certain is `outcome unknown`. */
export function readErase(report: HttpReport): EraseVerdict {
  const { answer, trouble } = report
  if (neverLeft(report)) return { kind: 'not sent', words: doubtWords(report, dialect) }
  if (answer === null || trouble !== null) return { kind: 'outcome unknown', words: doubtWords(report, dialect) }
  // Longer than is read: the status is whole, and where it alone says no, it is a no.
  if (answer.cut && !saysNoAlone(answer.status)) return inDoubt(report, answer)

  const accepted = isSuccess(answer) ? acceptedOf(answer) : null
  if (accepted !== null)
    return {
      kind: 'accepted',
      vendorRequestId: accepted.requestId,
      words: accepted.status === null ? null : tidyWords(accepted.status),
    }
  const limited = rateLimitOf(answer, report.endedAt)
  if (limited !== null) return limited
  const error = vendorErrorOf(answer)
  // The token id is new with every call: where the vendor saw it before, a copy of this very call arrived first.
  if (error !== null && isReplay(error.message))
    return { kind: 'outcome unknown', words: wordsOf(answer) ?? error.message, cause: causeOfRefusal(report, null) }
  if (refusals.has(answer.status)) return { kind: 'stop the line', cause: causeOfRefusal(report, null) }
  if (answer.status === 413)
    return { kind: 'too large', words: wordsOf(answer) ?? 'The call was too large for the vendor (413).' }
  if (rejections.has(answer.status) && error !== null) {
    const words = wordsOf(answer) ?? error.message
    // Kore.ai may refuse a token, or the app, under 400 as well; no identifier is at fault then.
    if (isAboutCredentials(error.message)) return { kind: 'stop the line', cause: causeOfRefusal(report, null) }
    return { kind: isAboutSize(error.message) ? 'too large' : 'rejected', words }
  }
  return inDoubt(report, answer)
}

/** Nobody knows what became of the call; where it was not the vendor that answered, no other call leaves either. */
function inDoubt(report: HttpReport, answer: Answer): EraseVerdict {
  const cause = causeOfStranger(answer, dialect)
  return { kind: 'outcome unknown', words: doubtWords(report, dialect), ...(cause === null ? {} : { cause }) }
}

/** What a status call came to. It may be repeated freely, so every doubt is `no answer`. */
export function readStatus(report: HttpReport, settings: ConnectionSettings): StatusVerdict {
  const { answer, trouble } = report
  if (answer === null || trouble !== null) return { kind: 'no answer', words: doubtWords(report, dialect) }
  if (answer.cut && !saysNoAlone(answer.status)) return { kind: 'no answer', words: doubtWords(report, dialect) }
  const limited = rateLimitOf(answer, report.endedAt)
  if (limited !== null) return limited
  if (isSuccess(answer)) {
    const status = statusOf(answer)
    if (status === null) return { kind: 'no answer', words: notAStatusWords(answer, dialect) }
    const entries = status.entries.map((entry) => entryOf(entry, settings))
    return {
      kind: 'answer',
      vendorRequestId: status.vendorRequestId,
      entries,
      digest: digestOf(entries),
      ended: false,
    }
  }
  const error = vendorErrorOf(answer)
  if (error !== null && isUnknownRequest(answer.status, error.message))
    return { kind: 'vanished', words: wordsOf(answer) ?? error.message }
  const refused = answer.status === 401 || answer.status === 403 || answer.status === 405
  if (refused || (rejections.has(answer.status) && error !== null && isAboutToken(error.message)))
    return { kind: 'stop the line', cause: causeOfRefusal(report, null) }
  return { kind: 'no answer', words: doubtWords(report, dialect) }
}

/**
 * What a connection test came to. `accepted` only where the answer is in the vendor's shape and is not about the
 * credentials: the made-up request is not known, or its status is given.
 */
export function readTest(report: HttpReport, connection: ConnectionForCall): Omit<ConnectionTest, 'at'> {
  const { answer, trouble } = report
  const skew = clockSkewOf(report)
  const facts = { httpStatus: answer?.status ?? null, clockSkewMilliseconds: skew }
  if (answer === null || trouble !== null) return { ...noAnswerCause(report), ...facts, verdict: 'unreachable' }
  const limited = rateLimitOf(answer, report.endedAt)
  if (limited !== null) return { ...rateWords(limited.words), ...facts, verdict: 'unclear' }
  const stranger = causeOfStranger(answer, dialect)
  if (answer.status === 407 && stranger !== null)
    return { ...withoutResume(stranger), ...facts, verdict: 'unreachable' }

  const error = vendorErrorOf(answer)
  const refused = answer.status === 401 || answer.status === 403
  if (error !== null && (refused || isAboutCredentials(error.message)))
    return { ...withoutResume(causeOfRefusal(report, connection.origin)), ...facts, verdict: 'refused' }
  const isStatus = isSuccess(answer) && statusOf(answer) !== null
  const isUnknown = error !== null && (answer.status === 404 || answer.status === 410 || rejections.has(answer.status))
  if (isStatus || isUnknown)
    return { ...acceptedWords(skew), ...facts, vendorWords: wordsOf(answer), verdict: 'accepted' }
  if (answer.status === 404 || answer.status === 405 || refused)
    return { ...withoutResume(causeOfRefusal(report, connection.origin)), ...facts, verdict: 'refused' }
  return { ...unclearWords(answer, dialect), ...facts, verdict: 'unclear' }
}

/** True for a status that needs no word of the vendor's to be a certain no. */
export function saysNoAlone(status: number): boolean {
  return refusals.has(status) || status === 413 || status === 429
}

/** The verdict where the vendor counts too many calls, whatever the HTTP status; null: it does not. */
export function rateLimitOf(answer: Answer, answeredAt: number) {
  const words = rateWordsOf(answer)
  if (words === null && answer.status !== 429) return null
  const retryAfterMilliseconds = retryAfterOf(answer, answeredAt)
  return { kind: 'rate limited', retryAfterMilliseconds, words: words ?? wordsOf(answer) } as const
}

/** Known words of the vendor's about the token itself. */
function isAboutToken(message: string): boolean {
  return isReplay(message) || /invalid jwt|invalid sdk credentials|scope is incorrect|verifying the jwt/i.test(message)
}

/** The vendor's words for a call that is too large, whatever the HTTP status they came with. */
function isAboutSize(message: string): boolean {
  return /(?:entity|payload|body|request|content) (?:is )?too (?:large|big|long)|too many (?:user|id)/i.test(message)
}

function isReplay(message: string): boolean {
  return /possibly a replay/i.test(message)
}

/** 404 or 410 in the vendor's own shape, or a rejection whose words are about the request's id. */
function isUnknownRequest(status: number, message: string): boolean {
  if (isAboutToken(message)) return false
  return (
    status === 404 ||
    status === 410 ||
    (rejections.has(status) && /req(?:uest)?\s?id|not found|does not exist/i.test(message))
  )
}

/** An entry that could not be read names nobody and keeps the batch open. */
function entryOf(entry: AnsweredEntry | null, settings: ConnectionSettings): StatusEntry {
  if (entry === null) return { names: [], raw: '(an entry that could not be read)', meaning: 'running', word: '' }
  const { userId } = entry
  const status = entry.status ?? ''
  return {
    names: namesOfAnswered(userId),
    raw: tidyWords(typeof userId === 'string' ? userId : `${userId.channel_id} · ${userId.channel_user_id}`),
    meaning: meaningOfStatus(status, settings.failureWords),
    word: tidyWords(status).slice(0, 100),
  }
}

function acceptedWords(skew: number | null): Omit<Words, 'vendorWords'> {
  return {
    title: 'Credentials accepted',
    explanation: isSkewed(skew)
      ? `Kore.ai answered a signed call about a made-up request. The vendor’s clock is ${describeSkew(skew)} this machine’s.`
      : 'Kore.ai accepted a signed call that asked about a made-up request. Erase and status calls share one scope, so erase calls should be accepted too; the first one shows it.',
    steps: isSkewed(skew) ? ['Set the clock of this machine: tokens live for a minute.'] : [],
  }
}

function rateWords(vendorWords: string | null): Words {
  return {
    title: 'The account’s limit is reached',
    explanation:
      'Kore.ai counted too many calls, so nothing is known about the credentials. Another tool may be using the account.',
    steps: ['Wait a minute and test again.'],
    vendorWords,
  }
}
