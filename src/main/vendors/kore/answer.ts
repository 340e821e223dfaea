/** Reads the shapes that Kore.ai answers in. Nothing of them is believed: every one is checked, every text is tidied. */
import { z } from 'zod'
import { isHtml, jsonOf, plainWordsOf, tidyWords, type Answer } from '../common/answer.ts'

/** The vendor's own error body, `{"errors":[{"msg":"…","code":N}]}`. */
export type VendorError = Readonly<{ message: string; code: number | null }>

const errorBodySchema = z.object({
  errors: z
    .array(z.object({ msg: z.string(), code: z.union([z.number(), z.string()]).optional() }))
    .min(1)
    .max(1000),
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

const rateText = /^\s*Rate limit for this API has been reached/i

/** The vendor's words for too many calls, as its error body or as bare text, whatever the HTTP status. */
export function rateWordsOf(answer: Answer): string | null {
  const error = vendorErrorOf(answer)
  if (error !== null) return rateText.test(error.message) ? error.message : null
  return !answer.cut && !isHtml(answer) && rateText.test(answer.body.replace(/^"/, '')) ? tidyWords(answer.body) : null
}

/** The words of an answer: the message of an error, else what `plainWordsOf` quotes. */
export function wordsOf(answer: Answer): string | null {
  const error = vendorErrorOf(answer)
  if (error !== null) return error.code === null ? error.message : `${error.message} (${error.code})`
  return plainWordsOf(answer)
}
