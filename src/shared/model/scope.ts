/** Where at the vendor the data goes: named bots, or every bot of the account. */
import { z } from 'zod'

export const scopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('bots'), botIds: z.array(z.string().trim().min(1).max(200)).min(1).max(200) }),
  z.object({ kind: z.literal('all bots') }),
])
export type Scope = Readonly<z.infer<typeof scopeSchema>>

/** The one text for a scope: bot ids without doubles and in code-unit order, so that equal scopes are equal texts. */
export function canonicalScope(scope: Scope): string {
  if (scope.kind === 'all bots') return JSON.stringify({ kind: 'all bots' })
  const botIds = [...new Set(scope.botIds.map((botId) => botId.trim()))].toSorted((a, b) =>
    a < b ? -1 : a > b ? 1 : 0,
  )
  return JSON.stringify({ kind: 'bots', botIds })
}

/** The scope that `canonicalScope` wrote. */
export function readScope(canonical: string): Scope {
  return scopeSchema.parse(JSON.parse(canonical))
}

/** "all bots", "bot st-1", "3 bots". */
export function describeScope(scope: Scope): string {
  if (scope.kind === 'all bots') return 'all bots'
  return scope.botIds.length === 1 ? `bot ${scope.botIds[0]}` : `${scope.botIds.length} bots`
}
