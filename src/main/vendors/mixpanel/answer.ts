/** Reads the shapes that Mixpanel answers in. Nothing of them is believed: every one is checked, every text is tidied. */
import { z } from 'zod'
import { isHtml, plainWordsOf, tidyWords, type Answer } from '../common/answer.ts'

/** More identifiers than any task can have; an answer with more is not the vendor's. */
const mostEchoed = 10_000
/** Tasks that one call can be in conflict with: each has one of its identifiers, and a call carries no more than this. */
const mostTasks = 2000

const text = z.string().optional().catch(undefined)

/** `{"status":"error","error":"…"}`; undocumented, `error` is an object in some answers. */
const errorSchema = z.object({
  status: z.literal('error'),
  error: z.union([
    z.string(),
    z.object({
      error: text,
      message: text,
      conflicting_distinct_ids: z.array(z.unknown()).optional().catch(undefined),
      conflicting_task_ids: z.array(z.unknown()).optional().catch(undefined),
    }),
  ]),
})

const taskSchema = z.object({
  tracking_id: z.unknown().optional(),
  task_id: z.unknown().optional(),
  status: text,
  distinct_ids: z.array(z.unknown()).optional().catch(undefined),
  results: text,
  result: text,
  destination_url: text,
})
const resultsSchema = z.object({ status: text, results: z.union([taskSchema, z.array(taskSchema).min(1).max(1000)]) })

/** A task as a status answer tells of it. */
export type AnsweredTask = Readonly<{
  /** Null where the answer does not say. */
  trackingId: string | null
  word: string
  /** Null for an entry that is no text. */
  distinctIds: readonly (string | null)[]
}>

/** A retrieval as a status answer tells of it; `link` is null while there is none. */
export type AnsweredRetrieval = Readonly<{ trackingId: string | null; word: string; link: string | null }>

/** What a refusal because of running tasks names. */
export type Conflict = Readonly<{ distinctIds: readonly string[]; taskIds: readonly string[]; words: string }>

/** The words of the vendor's own error; null for a body of another shape. */
export function errorWordsOf(answer: Answer): string | null {
  const error = errorOf(answer)
  if (error === null) return null
  const words = harmless((typeof error === 'string' ? error : (error.error ?? error.message)) ?? '')
  return words === '' ? '(an error without words)' : words
}

/** The words of an answer: those of the vendor's error, else what `plainWordsOf` quotes. */
export function wordsOf(answer: Answer): string | null {
  const error = errorWordsOf(answer)
  if (error !== null) return error
  const plain = plainWordsOf(answer)
  return plain === null ? null : harmless(plain)
}

/**
 * The ids in an answer that accepts a deletion: `task_id` by the vendor's OpenAPI, `tracking_id` by its overview, in an
 * object or a list, a text or a number. Empty: it holds none. More than one would be more tasks than were asked for.
 */
export function acceptedIdsOf(answer: Answer): readonly string[] {
  return [...new Set(resultsOf(answer).map(idOfTask))].filter((id) => id !== null)
}

/** `{"status":"ok"}`, with or without results. */
export function saysOk(answer: Answer): boolean {
  const read = z.object({ status: z.literal('ok') }).safeParse(exactJsonOf(answer))
  return read.success
}

/** The task that an answer tells of; null for a body of another shape, and where it tells of several. */
export function taskOf(answer: Answer): AnsweredTask | null {
  const [task, ...others] = resultsOf(answer)
  if (task === undefined || others.length > 0) return null
  const { status = '', distinct_ids: echoed = [] } = task
  const word = tidyWords(status).slice(0, 100)
  if (word === '' || echoed.length > mostEchoed) return null
  const distinctIds = echoed.map((id) => (typeof id === 'string' ? id : null))
  return { trackingId: idOfTask(task), word, distinctIds }
}

/**
 * The retrieval that an answer tells of; null for a body of another shape. Its link stands in `results` by the vendor's
 * OpenAPI, in `result` by its overview, and the answer to its creation has a `destination_url`.
 */
export function retrievalOf(answer: Answer): AnsweredRetrieval | null {
  const task = taskOf(answer)
  const [fields] = resultsOf(answer)
  if (task === null || fields === undefined) return null
  const links = [fields.results, fields.result, fields.destination_url].map((link) => link?.trim() ?? '')
  return { trackingId: task.trackingId, word: task.word, link: links.find((link) => link !== '') ?? null }
}

/** What a 409 names. No page of the vendor's documents it; null for a body of another shape. */
export function conflictOf(answer: Answer): Conflict | null {
  const error = errorOf(answer)
  if (error === null || typeof error === 'string') return null
  const { conflicting_distinct_ids: distinctIds, conflicting_task_ids: taskIds } = error
  if (distinctIds === undefined) return null
  const tasks = new Set((taskIds ?? []).map(idOf).filter((id) => id !== null))
  return {
    distinctIds: distinctIds.filter((id) => typeof id === 'string').slice(0, mostEchoed),
    taskIds: [...tasks].slice(0, mostTasks),
    words: wordsOf(answer) ?? '',
  }
}

const rateText = /^\s*"?(?:too many requests\b|.{0,60}\blimited to \d+ req)/i

/** The vendor's words for too many calls, as its error body or as bare text, whatever the HTTP status. */
export function rateWordsOf(answer: Answer): string | null {
  const words = errorWordsOf(answer) ?? (answer.cut || isHtml(answer) ? '' : answer.body)
  return rateText.test(words) ? harmless(words) : null
}

function errorOf(answer: Answer) {
  const read = errorSchema.safeParse(exactJsonOf(answer))
  return read.success ? read.data.error : null
}

/** What stands in `results`, as a list; empty for a body of another shape and for an error. */
function resultsOf(answer: Answer): readonly z.infer<typeof taskSchema>[] {
  const read = resultsSchema.safeParse(exactJsonOf(answer))
  if (!read.success || read.data.status === 'error') return []
  const { results } = read.data
  return Array.isArray(results) ? results : [results]
}

function idOfTask({ tracking_id, task_id }: z.infer<typeof taskSchema>): string | null {
  return idOf(tracking_id) ?? idOf(task_id)
}

/** The id of a task as text. It goes into an address: printable, and none of the names that lead elsewhere. */
function idOf(value: unknown): string | null {
  const id = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? String(value) : value
  return typeof id === 'string' && /^(?!\.{1,2}$)[\x21-\x7e]{1,200}$/.test(id) ? id : null
}

/**
 * The body as JSON, in which a whole number too long to be kept as a number is the text of its digits: the vendor's ids
 * have nineteen, and one that was rounded would be another task's. Undefined where it is no JSON or was cut off.
 */
function exactJsonOf(answer: Answer): unknown {
  if (answer.cut) return undefined
  try {
    return JSON.parse(answer.body, keepDigits) as unknown
  } catch {
    return undefined
  }
}

function keepDigits(_key: string, value: unknown, context?: Readonly<{ source?: string }>): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  return /^\d+$/.test(context?.source ?? '') ? context?.source : value
}

/**
 * Tidied, and without anything like a project token, 32 hexadecimal digits, or the beginning of one where the text was
 * shortened: an error may repeat the one of the call.
 */
function harmless(words: string): string {
  return tidyWords(words).replace(/\b[0-9a-f]{32}\b|\b[0-9a-f]{4,31}(?=…$)/gi, '[token]')
}
