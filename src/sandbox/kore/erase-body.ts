import { z } from 'zod'
import type { RefusalName } from '../config.ts'
import type { UserIdEntry } from '../ledger.ts'

/** What an erase call asks for. `botIds` is empty where all bots are meant. */
export type EraseOrder = {
  readonly userIds: readonly UserIdEntry[]
  readonly botIds: readonly string[]
  readonly removeDataFromAllBots: boolean
}

export type BodyCheck<Value> =
  { readonly accepted: true; readonly value: Value } | { readonly accepted: false; readonly refusal: RefusalName }

const id = z.string().refine((value) => value.trim() !== '')

const eraseSchema = z
  .object({
    userIds: z.array(z.union([id, z.strictObject({ channel_id: id, channel_user_id: id })])).min(1),
    botIds: z.array(id).default([]),
    RemoveDataFromAllBots: z.boolean().default(false),
  })
  .refine(({ botIds, RemoveDataFromAllBots }) => RemoveDataFromAllBots || botIds.length > 0)

const usersInfoSchema = z.object({
  emailIds: z.array(id).min(1),
  status: z.enum(['active', 'not active', 'all']).default('all'),
})

/**
 * Reads the body of an erase call. `botIds` counts only when `RemoveDataFromAllBots` is false, and false with no
 * `botIds` is refused: the vendor would erase nothing and say nothing of it.
 */
export function readEraseBody(contentType: string | undefined, body: string): BodyCheck<EraseOrder> {
  const read = readJson(contentType, body, eraseSchema)
  if (!read.accepted) return read
  const { userIds, botIds, RemoveDataFromAllBots: removeDataFromAllBots } = read.value
  return {
    accepted: true,
    value: { userIds, botIds: removeDataFromAllBots ? [] : botIds, removeDataFromAllBots },
  }
}

/** Reads the body of a users' info call: the email ids asked about. */
export function readUsersInfoBody(
  contentType: string | undefined,
  body: string,
): BodyCheck<{ readonly emailIds: readonly string[] }> {
  return readJson(contentType, body, usersInfoSchema)
}

/** A body that is not declared as JSON is not read at all, as is usual on the vendor's kind of server. */
function readJson<Value>(contentType: string | undefined, body: string, schema: z.ZodType<Value>): BodyCheck<Value> {
  const declared = contentType?.split(';')[0]?.trim().toLowerCase() === 'application/json'
  const parsed = declared ? parse(body) : { readable: true, value: undefined }
  if (!parsed.readable) return { accepted: false, refusal: 'badRequest' }
  const checked = schema.safeParse(parsed.value)
  return checked.success ? { accepted: true, value: checked.data } : { accepted: false, refusal: 'invalidArguments' }
}

function parse(body: string): { readonly readable: boolean; readonly value: unknown } {
  try {
    return { readable: true, value: JSON.parse(body) as unknown }
  } catch {
    return { readable: false, value: undefined }
  }
}
