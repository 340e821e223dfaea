/** Reads what came back over the wire. Nothing of it is believed: every shape is checked, every text is tidied. */
import { z } from 'zod'
import type { HttpReport } from '../../core/ports.ts'

export type Answer = NonNullable<HttpReport['answer']>

/** The vendor's own error body, `{"errors":[{"msg":"…","code":N}]}`. */
export type VendorError = Readonly<{ message: string; code: number | null }>

const errorBodySchema = z.object({
  errors: z
    .array(z.object({ msg: z.string(), code: z.union([z.number(), z.string()]).optional() }))
    .min(1)
    .max(1000),
})

const messageSchema = z.object({
  message: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
})

const requestIdSchema = z.string().regex(/^(?!\.{1,2}$)[\x21-\x7e]{1,200}$/)
const acceptedSchema = z.object({ requestId: requestIdSchema, status: z.string().optional().catch(undefined) })

const text = z.string().max(2000)
const entrySchema = z.object({
  userId: z.union([text, z.object({ channel_id: text, channel_user_id: text })]),
  status: z.string().nullish(),
})
const statusSchema = z.object({
  _id: z.string().max(200).optional().catch(undefined),
  response: z.array(z.unknown()).nullish(),
})

/** One entry of `response` that could be read. */
export type AnsweredEntry = Readonly<z.infer<typeof entrySchema>>

/** The body as JSON; undefined where it is none or was cut off. */
export function jsonOf(answer: Answer): unknown {
  if (answer.cut) return undefined
  try {
    return JSON.parse(answer.body) as unknown
  } catch {
    return undefined
  }
}

/** The vendor's own error, where the body is one. */
export function vendorErrorOf(answer: Answer): VendorError | null {
  const read = errorBodySchema.safeParse(jsonOf(answer))
  const first = read.success ? read.data.errors[0] : undefined
  if (first === undefined) return null
  const code = Number(first.code)
  return { message: tidyWords(first.msg), code: first.code === undefined || Number.isNaN(code) ? null : code }
}

/** `requestId` and `status` of an accepted erase call, where the body is one. */
export function acceptedOf(answer: Answer): Readonly<{ requestId: string; status: string | null }> | null {
  const read = acceptedSchema.safeParse(jsonOf(answer))
  return read.success ? { requestId: read.data.requestId, status: read.data.status ?? null } : null
}

/**
 * A status answer; `entries` holds null for an entry that could not be read. Null for a body of another shape: one
 * must at least name its request or hold a list.
 */
export function statusOf(
  answer: Answer,
): Readonly<{ vendorRequestId: string | null; entries: readonly (AnsweredEntry | null)[] }> | null {
  const read = statusSchema.safeParse(jsonOf(answer))
  if (!read.success || (read.data._id === undefined && !Array.isArray(read.data.response))) return null
  const entries = (read.data.response ?? []).map((entry) => {
    const parsed = entrySchema.safeParse(entry)
    return parsed.success ? parsed.data : null
  })
  return { vendorRequestId: read.data._id ?? null, entries }
}

/** True for a web page, as portals, proxies and login screens give. */
export function isHtml(answer: Answer): boolean {
  const isTyped = /html/i.test(answer.headers['content-type'] ?? '') && !looksLikeJson(answer)
  return isTyped || /^\s*<(?:!doctype|html|head|body|!--)/i.test(answer.body)
}

const rateText = /^\s*Rate limit for this API has been reached/i

/** The vendor's words for too many calls, as its error body or as bare text, whatever the HTTP status. */
export function rateWordsOf(answer: Answer): string | null {
  const error = vendorErrorOf(answer)
  if (error !== null) return rateText.test(error.message) ? error.message : null
  return !answer.cut && !isHtml(answer) && rateText.test(answer.body.replace(/^"/, '')) ? tidyWords(answer.body) : null
}

/** Milliseconds that `Retry-After` (RFC 9110, 10.2.3) asks for, at most a day; null where it does not say. */
export function retryAfterOf(answer: Answer, answeredAt: number): number | null {
  const header = answer.headers['retry-after']?.trim()
  if (header === undefined || header === '') return null
  if (/^\d{1,9}$/.test(header)) return Math.min(Number(header) * 1000, 86_400_000)
  // An HTTP-date begins with the day's name; Date.parse takes much else for a date, "-5" among it.
  const until = /^[A-Z][a-z]{2,8},? /.test(header) ? Date.parse(header) : Number.NaN
  if (Number.isNaN(until)) return null
  // The vendor's clock wrote it: count from the vendor's own Date, so that a wrong clock here does not matter.
  const from = Date.parse(answer.headers['date'] ?? '')
  return Math.min(Math.max(until - (Number.isNaN(from) ? answeredAt : from), 0), 86_400_000)
}

/** The vendor's clock minus this machine's, taken at the middle of the call; null where no Date came. */
export function clockSkewOf(report: HttpReport): number | null {
  const date = Date.parse(report.answer?.headers['date'] ?? '')
  return Number.isNaN(date) ? null : Math.round(date - (report.startedAt + report.endedAt) / 2)
}

/**
 * The words of an answer: the message of an error, the title of a page, or the beginning of plain text. JSON of any other
 * shape is not quoted, since it may repeat identifiers.
 */
export function wordsOf(answer: Answer): string | null {
  const error = vendorErrorOf(answer)
  if (error !== null) return error.code === null ? error.message : `${error.message} (${error.code})`
  const words = isHtml(answer)
    ? /<title[^>]*>([^<]{1,300})/i.exec(answer.body)?.[1]
    : looksLikeJson(answer)
      ? messageOf(answer)
      : answer.body
  const tidy = tidyWords(words ?? '')
  return tidy === '' ? null : tidy
}

/** True for a body that begins as an object or a list does, whole or not. */
export function looksLikeJson(answer: Answer): boolean {
  return /^\s*[[{]/.test(answer.body)
}

/** What gateways write where they answer in JSON. */
function messageOf(answer: Answer): string | undefined {
  const read = messageSchema.safeParse(jsonOf(answer))
  return read.success ? (read.data.message ?? read.data.error) : undefined
}

// Control characters, half characters, and those that turn the direction of writing or take no room.
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu
const token = /eyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g

/** A vendor's text made harmless: one line, no hidden characters, nothing that looks like a token, 500 letters at most. */
export function tidyWords(words: string): string {
  const line = words.slice(0, 20_000).replace(hidden, ' ').replace(token, '[token]').replace(/\s+/g, ' ').trim()
  const letters = [...line]
  return letters.length <= 500 ? line : `${letters.slice(0, 499).join('')}…`
}
