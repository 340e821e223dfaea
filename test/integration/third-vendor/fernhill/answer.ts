/** What an answer of Fernhill's means. Whatever is not certain is a doubt. */
import { z } from 'zod'
import type { ConnectionTest } from '../../../../src/shared/model/connection.ts'
import type {
  CancelVerdict,
  EraseVerdict,
  HttpReport,
  StatusEntry,
  StatusVerdict,
  Submitted,
} from '../../../../src/main/core/ports.ts'
import {
  clockSkewOf,
  isSuccess,
  jsonOf,
  neverLeft,
  plainWordsOf,
  retryAfterOf,
  tidyWords,
  type Answer,
} from '../../../../src/main/vendors/common/answer.ts'
import { digestOf } from '../../../../src/main/vendors/common/digest.ts'
import {
  causeOfStranger,
  doubtWords,
  noAnswerCause,
  notAStatusWords,
  resume,
  strangerCause,
  unclearWords,
  withoutResume,
  type Dialect,
  type Words,
} from '../../../../src/main/vendors/common/words.ts'

const problemSchema = z.object({ problem: z.string() })
const acceptedSchema = z.object({ erasure: z.string().regex(/^er-[0-9]{1,12}$/) })
const erasureSchema = acceptedSchema.extend({
  stage: z.enum(['waiting', 'running', 'over', 'withdrawn']),
  subjects: z.array(z.object({ subject: z.string().max(600), outcome: z.string().max(100) })).max(100),
})

const dialect: Dialect = { vendor: 'Fernhill', receipt: 'number of an erasure', wordsOf }
const refusals = new Set([401, 403, 405])
const outcomes: ReadonlyMap<string, StatusEntry['meaning']> = new Map([
  ['gone', 'success'],
  ['kept', 'failure'],
])

/** The name under which an answer names this subject: as it was sent. */
export function namesOf({ value }: Submitted): readonly string[] {
  return [value]
}

export function readErase(report: HttpReport): EraseVerdict {
  const { answer, trouble } = report
  if (neverLeft(report)) return { kind: 'not sent', words: doubtWords(report, dialect) }
  if (answer === null || trouble !== null) return { kind: 'outcome unknown', words: doubtWords(report, dialect) }
  const accepted = acceptedSchema.safeParse(jsonOf(answer))
  if (answer.status === 202 && accepted.success)
    return { kind: 'accepted', vendorRequestId: accepted.data.erasure, words: null }
  const certain = limitOf(report, answer) ?? stopOf(answer)
  if (certain !== null) return certain
  const problem = problemOf(answer)
  if (answer.status === 413) return { kind: 'too large', words: problem ?? 'The call was too large (413).' }
  if (answer.status === 400 && problem !== null) return { kind: 'rejected', words: problem }
  const cause = causeOfStranger(answer, dialect)
  return { kind: 'outcome unknown', words: doubtWords(report, dialect), ...(cause === null ? {} : { cause }) }
}

export function readStatus(report: HttpReport): StatusVerdict {
  const { answer, trouble } = report
  if (answer === null || trouble !== null) return { kind: 'no answer', words: doubtWords(report, dialect) }
  const certain = limitOf(report, answer) ?? stopOf(answer)
  if (certain !== null) return certain
  const problem = problemOf(answer)
  if (answer.status === 404 && problem !== null) return { kind: 'vanished', words: problem }
  const read = erasureSchema.safeParse(jsonOf(answer))
  if (!isSuccess(answer) || !read.success) return { kind: 'no answer', words: notAStatusWords(answer, dialect) }
  const { erasure, stage, subjects } = read.data
  const entries = subjects.map(({ subject, outcome }): StatusEntry => {
    const outcomeMeaning = outcomes.get(outcome)
    const meaning = outcomeMeaning ?? (stage === 'withdrawn' ? 'revoked' : 'running')
    const word = outcomeMeaning === undefined ? stage : outcome
    return { names: [subject], raw: tidyWords(subject), meaning, word }
  })
  const ended = stage === 'over' || stage === 'withdrawn'
  return { kind: 'answer', vendorRequestId: erasure, entries, digest: digestOf(entries), ended }
}

export function readCancel(report: HttpReport): CancelVerdict {
  const { answer, trouble } = report
  if (neverLeft(report)) return { kind: 'not sent', words: doubtWords(report, dialect) }
  if (answer === null || trouble !== null) return { kind: 'no answer', words: doubtWords(report, dialect) }
  const certain = limitOf(report, answer) ?? stopOf(answer)
  if (certain !== null) return certain
  const problem = problemOf(answer)
  if (answer.status === 409 && problem !== null) return { kind: 'too late', words: problem }
  const read = erasureSchema.safeParse(jsonOf(answer))
  if (isSuccess(answer) && read.success && read.data.stage === 'withdrawn')
    return { kind: 'cancelled', words: 'withdrawn' }
  return { kind: 'no answer', words: doubtWords(report, dialect) }
}

/** Fernhill withdraws what has not begun. */
export function mayStillBeCancelled(word: string): boolean {
  return word === 'waiting'
}

export function readTest(report: HttpReport): Omit<ConnectionTest, 'at'> {
  const { answer, trouble } = report
  const facts = { httpStatus: answer?.status ?? null, clockSkewMilliseconds: clockSkewOf(report) }
  if (answer === null || trouble !== null) return { ...noAnswerCause(report), ...facts, verdict: 'unreachable' }
  const stop = stopOf(answer)
  if (stop !== null) return { ...withoutResume(stop.cause), ...facts, verdict: 'refused' }
  const vendorWords = problemOf(answer)
  if (answer.status !== 404 || vendorWords === null)
    return { ...unclearWords(answer, dialect), ...facts, verdict: 'unclear' }
  const explanation = 'Fernhill answered a call about an erasure that does not exist.'
  return { title: 'API key accepted', explanation, steps: [], vendorWords, ...facts, verdict: 'accepted' }
}

function limitOf(report: HttpReport, answer: Answer) {
  if (answer.status !== 429) return null
  const retryAfterMilliseconds = retryAfterOf(answer, report.endedAt)
  return { kind: 'rate limited', retryAfterMilliseconds, words: wordsOf(answer) } as const
}

function stopOf(answer: Answer) {
  return refusals.has(answer.status) ? ({ kind: 'stop the line', cause: causeOfRefusal(answer) } as const) : null
}

function causeOfRefusal(answer: Answer): Words {
  const vendorWords = problemOf(answer)
  if (vendorWords === null) return strangerCause(answer, dialect)
  return {
    title: 'Fernhill does not know this API key',
    explanation: 'The key was withdrawn, or belongs to another workspace.',
    steps: ['Make a new key at Fernhill under Keys and save it in the connection.', resume],
    vendorWords,
  }
}

function problemOf(answer: Answer): string | null {
  const read = problemSchema.safeParse(jsonOf(answer))
  return read.success ? tidyWords(read.data.problem) : null
}

function wordsOf(answer: Answer): string | null {
  return problemOf(answer) ?? plainWordsOf(answer)
}
