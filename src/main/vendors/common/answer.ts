/**
 * Reads what came back over the wire, whichever vendor was called. Nothing of it is believed: every text is tidied, and
 * what shape it has is for the vendor's folder to check.
 */
import type { CallStage } from '../../../shared/model/request.ts'
import type { HttpReport } from '../../core/ports.ts'
import { z } from 'zod'

export type Answer = NonNullable<HttpReport['answer']>

const stagesBeforeFirstByte: readonly CallStage[] = ['none', 'resolved', 'connected']

const messageSchema = z.object({
  message: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
})

/** True where not one byte of the call can have reached anybody. */
export function neverLeft(report: HttpReport): boolean {
  return report.answer === null && stagesBeforeFirstByte.includes(report.stage)
}

/** The body as JSON; undefined where it is none or was cut off. */
export function jsonOf(answer: Answer): unknown {
  if (answer.cut) return undefined
  try {
    return JSON.parse(answer.body) as unknown
  } catch {
    return undefined
  }
}

/** True for a status that says the call went through. */
export function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300
}

export function isRedirect({ status }: Answer): boolean {
  return status >= 300 && status < 400
}

/** True for a web page, as portals, proxies and login screens give. */
export function isHtml(answer: Answer): boolean {
  const isTyped = /html/i.test(answer.headers['content-type'] ?? '') && !looksLikeJson(answer)
  return isTyped || /^\s*<(?:!doctype|html|head|body|!--)/i.test(answer.body)
}

/** True for a body that begins as an object or a list does, whole or not. */
export function looksLikeJson(answer: Answer): boolean {
  return /^\s*[[{]/.test(answer.body)
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
 * The words of an answer that is no error in the vendor's own shape: the title of a page, what a gateway writes in JSON,
 * or the beginning of plain text. JSON of any other shape is not quoted, since it may repeat identifiers.
 */
export function plainWordsOf(answer: Answer): string | null {
  const words = isHtml(answer)
    ? /<title[^>]*>([^<]{1,300})/i.exec(answer.body)?.[1]
    : looksLikeJson(answer)
      ? messageOf(answer)
      : answer.body
  const tidy = tidyWords(words ?? '')
  return tidy === '' ? null : tidy
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
