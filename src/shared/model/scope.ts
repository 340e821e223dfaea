/** Where at the vendor the data goes, and by which rule: what a vendor's profile lets the operator choose. */
import { z } from 'zod'

export const scopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('bots'), botIds: z.array(z.string().trim().min(1).max(200)).min(1).max(200) }),
  z.object({ kind: z.literal('all bots') }),
  /** One of the values of the vendor's profile. */
  z.object({ kind: z.literal('choice'), value: z.string().min(1).max(60) }),
  /** The vendor leaves nothing to choose. */
  z.object({ kind: z.literal('everything') }),
])
export type Scope = Readonly<z.infer<typeof scopeSchema>>

/** The one text for a scope: bot ids without doubles and in code-unit order, so that equal scopes are equal texts. */
export function canonicalScope(scope: Scope): string {
  if (scope.kind === 'choice') return JSON.stringify({ kind: 'choice', value: scope.value })
  if (scope.kind !== 'bots') return JSON.stringify({ kind: scope.kind })
  const botIds = [...new Set(scope.botIds.map((botId) => botId.trim()))].toSorted((a, b) =>
    a < b ? -1 : a > b ? 1 : 0,
  )
  return JSON.stringify({ kind: 'bots', botIds })
}

/** The scope that `canonicalScope` wrote. */
export function readScope(canonical: string): Scope {
  return scopeSchema.parse(JSON.parse(canonical))
}

/** Letters, digits and the marks that vendors use in ids; at most 200 of them. */
const usableBotId = /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,199}$/
/** Words people write for every bot, or for none. Neither may be sent as the id of one. */
const noBotId =
  /^(?:\*|all|any|every|each|alle|jeder|keine|tous|toutes|aucun|todos|todas|ninguno|tutti|none|null|undefined|nil|n\/a|no|yes|true|false)$/i

/** Why a text is no bot id, the same in a file as in the window; null where it may be one. Bot ids are never guessed. */
export function troubleWithBotId(text: string): 'a word for all or none' | 'too long' | 'characters' | null {
  if (noBotId.test(text)) return 'a word for all or none'
  if (text.length > 200) return 'too long'
  return usableBotId.test(text) ? null : 'characters'
}

/** "all bots", "bot st-1", "3 bots", a choice's own value. */
export function describeScope(scope: Scope): string {
  if (scope.kind === 'all bots') return 'all bots'
  if (scope.kind === 'choice') return scope.value
  if (scope.kind === 'everything') return 'the whole account'
  return scope.botIds.length === 1 ? `bot ${scope.botIds[0]}` : `${scope.botIds.length} bots`
}
