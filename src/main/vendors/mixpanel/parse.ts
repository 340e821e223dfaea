/** What an answer of Mixpanel's means. A certain no and a doubt are different things: product rule 4. */
import type { ConnectionTest } from '../../../shared/model/connection.ts'
import type {
  CancelVerdict,
  ConnectionForCall,
  EraseVerdict,
  HttpReport,
  RetrievalStatusVerdict,
  StatusEntry,
  StatusVerdict,
} from '../../core/ports.ts'
import { clockSkewOf, isHtml, isSuccess, neverLeft, retryAfterOf, tidyWords, type Answer } from '../common/answer.ts'
import { digestOf } from '../common/digest.ts'
import {
  causeOfStranger,
  doubtWords,
  noAnswerCause,
  notAStatusWords,
  unclearWords,
  withoutResume,
} from '../common/words.ts'
import {
  acceptedIdsOf,
  conflictOf,
  errorWordsOf,
  rateWordsOf,
  retrievalOf,
  saysOk,
  taskOf,
  wordsOf,
  type AnsweredTask,
} from './answer.ts'
import { nameOfAnswered } from './names.ts'
import { standingOf } from './statuses.ts'
import {
  acceptedWords,
  causeOfRefusal,
  dialect,
  isAboutCredentials,
  limitedWords,
  lookUpFailedWords,
  namesNobodyWords,
  severalTasksWords,
} from './words.ts'

const refusals = new Set([401, 403, 404, 405])
const rejections = new Set([400, 412, 422])

/** What a call that creates a task came to. Everything that is not certain is `outcome unknown`. */
export function readErase(report: HttpReport): EraseVerdict {
  const { answer, trouble } = report
  if (neverLeft(report)) return { kind: 'not sent', words: doubtWords(report, dialect) }
  if (answer === null || trouble !== null) return { kind: 'outcome unknown', words: doubtWords(report, dialect) }
  // Longer than is read: the status is whole, and where it alone says no, it is a no.
  if (answer.cut && !saysNoAlone(answer.status)) return inDoubt(report, answer)

  const ids = isSuccess(answer) ? acceptedIdsOf(answer) : []
  const [vendorRequestId, ...others] = ids
  if (others.length > 0) return { kind: 'outcome unknown', words: severalTasksWords(answer, ids) }
  if (vendorRequestId !== undefined) return { kind: 'accepted', vendorRequestId, words: taskOf(answer)?.word ?? null }
  const limited = rateLimitOf(answer, report.endedAt)
  if (limited !== null) return limited
  if (refusals.has(answer.status)) return { kind: 'stop the line', cause: causeOfRefusal(report) }
  if (answer.status === 413)
    return { kind: 'too large', words: wordsOf(answer) ?? 'The call was too large for the vendor (413).' }
  const conflict = answer.status === 409 ? conflictOf(answer) : null
  if (conflict !== null)
    return {
      kind: 'conflict',
      names: conflict.distinctIds.map((id) => [nameOfAnswered(id)]),
      vendorRequestIds: conflict.taskIds,
      words: conflict.words,
    }
  const words = errorWordsOf(answer)
  if (rejections.has(answer.status) && words !== null) {
    if (isAboutCredentials(words)) return { kind: 'stop the line', cause: causeOfRefusal(report) }
    return { kind: isAboutSize(words) ? 'too large' : 'rejected', words }
  }
  return inDoubt(report, answer)
}

/** Nobody knows what became of the call; where it was not the vendor that answered, no other call leaves either. */
function inDoubt(report: HttpReport, answer: Answer): EraseVerdict {
  const cause = causeOfStranger(answer, dialect)
  return { kind: 'outcome unknown', words: doubtWords(report, dialect), ...(cause === null ? {} : { cause }) }
}

/** What a status call came to. It may be repeated freely, so every doubt is `no answer`. */
export function readStatus(report: HttpReport): StatusVerdict {
  const { answer, trouble } = report
  if (answer === null || trouble !== null || (answer.cut && !saysNoAlone(answer.status)))
    return { kind: 'no answer', words: doubtWords(report, dialect) }
  const task = isSuccess(answer) ? taskOf(answer) : null
  if (task !== null) return readTask(task)
  const limited = rateLimitOf(answer, report.endedAt)
  if (limited !== null) return limited
  if (isSuccess(answer)) return { kind: 'no answer', words: notAStatusWords(answer, dialect) }
  const words = errorWordsOf(answer)
  if (isRefused(answer, words)) return { kind: 'stop the line', cause: causeOfRefusal(report) }
  if (isUnknownTask(answer, words)) return { kind: 'vanished', words: `${words} (${answer.status})` }
  return { kind: 'no answer', words: doubtWords(report, dialect) }
}

/**
 * The word of a task is the word of every identifier that it names, and of none that it does not. One that runs and names
 * nobody says nothing of anybody, so it is asked again; one that has ended leaves nobody to wait for.
 */
function readTask({ trackingId, word, distinctIds }: AnsweredTask): StatusVerdict {
  const standing = standingOf(word)
  if (standing.kind === 'not found') return { kind: 'vanished', words: word }
  if (standing.kind === 'look-up failed') return { kind: 'no answer', words: lookUpFailedWords(word) }
  const { meaning, ended } = standing
  if (!ended && distinctIds.length === 0) return { kind: 'no answer', words: namesNobodyWords(word) }
  const entries = distinctIds.map((id): StatusEntry =>
    id === null
      ? { names: [], raw: '(an identifier that could not be read)', meaning, word }
      : { names: [nameOfAnswered(id)], raw: tidyWords(id), meaning, word },
  )
  return { kind: 'answer', vendorRequestId: trackingId, entries, digest: digestOf(entries), ended, word }
}

/**
 * What a status call about a retrieval came to. Only its link is new in it, and nothing that it says quotes the answer,
 * which may hold that link. One that has succeeded without a link is asked again.
 */
export function readRetrievalStatus(report: HttpReport, trackingId: string): RetrievalStatusVerdict {
  const { answer } = report
  const retrieval = answer !== null && report.trouble === null && isSuccess(answer) ? retrievalOf(answer) : null
  if (retrieval === null) return withoutRetrieval(readStatus(report), report)
  const { word, link } = retrieval
  if (retrieval.trackingId !== null && retrieval.trackingId !== trackingId)
    return { kind: 'no answer', words: 'The answer was about another task.' }
  const standing = standingOf(word)
  if (standing.kind === 'not found') return { kind: 'not found', words: word }
  if (standing.kind === 'look-up failed') return { kind: 'no answer', words: lookUpFailedWords(word) }
  switch (standing.meaning) {
    case 'success':
      return link === null
        ? { kind: 'running', words: `${word}, without a link yet` }
        : { kind: 'ready', words: word, link }
    case 'failure':
    case 'revoked':
      return { kind: 'failed', words: word }
    case 'running':
      return { kind: 'running', words: word }
  }
}

function withoutRetrieval(verdict: StatusVerdict, { answer, trouble }: HttpReport): RetrievalStatusVerdict {
  // What went wrong on the way has words of its own, which quote nothing.
  if (trouble === null && answer !== null && isSuccess(answer) && verdict.kind !== 'rate limited')
    return { kind: 'no answer', words: `Answered ${answer.status}, but not with a status.` }
  if (verdict.kind === 'vanished') return { kind: 'not found', words: verdict.words }
  if (verdict.kind === 'answer') return { kind: 'no answer', words: 'The answer could not be read.' }
  return verdict
}

/** What a call that cancels a task came to. Every doubt is `no answer`: the next status call clears it. */
export function readCancel(report: HttpReport): CancelVerdict {
  const { answer, trouble } = report
  if (neverLeft(report)) return { kind: 'not sent', words: doubtWords(report, dialect) }
  if (answer === null || trouble !== null || (answer.cut && !saysNoAlone(answer.status)))
    return { kind: 'no answer', words: doubtWords(report, dialect) }
  const limited = rateLimitOf(answer, report.endedAt)
  if (limited !== null) return limited
  // 204 by the vendor's OpenAPI. A page under 200 is a portal's, and an error under it no yes.
  const words = errorWordsOf(answer)
  if (answer.status === 204 || (isSuccess(answer) && saysOk(answer))) return { kind: 'cancelled', words: null }
  // The vendor's way to say that the task has started. A proxy that lets no DELETE through answers with a page.
  if (answer.status === 405 && !isHtml(answer))
    return { kind: 'too late', words: wordsOf(answer) ?? 'Too late to cancel: the task has started (405).' }
  if (answer.status !== 405 && isRefused(answer, words)) return { kind: 'stop the line', cause: causeOfRefusal(report) }
  return { kind: 'no answer', words: doubtWords(report, { ...dialect, receipt: 'word that it was cancelled' }) }
}

/**
 * What a connection test came to. `accepted` only where the answer is in the vendor's shape and is not about the
 * credentials: the made-up task is not known, or its status is given. Residency is beyond what it can show.
 */
export function readTest(report: HttpReport, connection: ConnectionForCall): Omit<ConnectionTest, 'at'> {
  const { answer, trouble } = report
  const facts = { httpStatus: answer?.status ?? null, clockSkewMilliseconds: clockSkewOf(report) }
  if (answer === null || trouble !== null) return { ...noAnswerCause(report), ...facts, verdict: 'unreachable' }
  const task = isSuccess(answer) ? taskOf(answer) : null
  if (task !== null) return { ...acceptedWords(connection.origin, task.word), ...facts, verdict: 'accepted' }
  const limited = rateLimitOf(answer, report.endedAt)
  if (limited !== null) return { ...limitedWords(limited.words), ...facts, verdict: 'unclear' }
  const stranger = causeOfStranger(answer, dialect)
  if (answer.status === 407 && stranger !== null)
    return { ...withoutResume(stranger), ...facts, verdict: 'unreachable' }
  const words = errorWordsOf(answer)
  if (isRefused(answer, words)) return { ...withoutResume(causeOfRefusal(report)), ...facts, verdict: 'refused' }
  if (isUnknownTask(answer, words) || (words !== null && rejections.has(answer.status)))
    return { ...acceptedWords(connection.origin, words), ...facts, verdict: 'accepted' }
  if (answer.status === 404) return { ...withoutResume(causeOfRefusal(report)), ...facts, verdict: 'refused' }
  return { ...unclearWords(answer, dialect), ...facts, verdict: 'unclear' }
}

/** True for a status that needs no word of the vendor's to be a certain no. */
function saysNoAlone(status: number): boolean {
  return refusals.has(status) || status === 413 || status === 429
}

/** Not let in; `words`: those of the vendor's own error. An unknown task is no refusal. */
function isRefused({ status }: Answer, words: string | null): boolean {
  const isAboutUs = words !== null && status < 500 && isAboutCredentials(words)
  return status === 401 || status === 403 || status === 405 || isAboutUs
}

/** 404 or 410 in the vendor's own shape: about the task, since everything else of the address is always the same. */
function isUnknownTask({ status }: Answer, words: string | null): boolean {
  return words !== null && (status === 404 || status === 410)
}

function rateLimitOf(answer: Answer, answeredAt: number) {
  const words = rateWordsOf(answer)
  if (words === null && answer.status !== 429) return null
  const retryAfterMilliseconds = retryAfterOf(answer, answeredAt)
  return { kind: 'rate limited', retryAfterMilliseconds, words: words ?? wordsOf(answer) } as const
}

/** The vendor's words for more identifiers than a task takes: its own pages give three different bounds. */
function isAboutSize(message: string): boolean {
  return /\btoo (?:many|large|big|long)\b|\b(?:at most|up to|more than|exceed\w*|maximum|limit)\b.{0,60}\b(?:ids?|distinct_ids|identifiers|users)\b|\b(?:ids?|distinct_ids|identifiers|users)\b.{0,60}\b(?:exceed\w*|maximum|limit)\b/i.test(
    message,
  )
}
