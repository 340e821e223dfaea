/** Which scopes reach at least as far as another. */
import { readScope } from '../../../../shared/model/scope.ts'
import { all, type Sql } from '../sql.ts'

/** True where what was erased at the scope `earlier` was erased at `own` too; ids of scopes. */
export type Covers = (earlier: number, own: number) => boolean

/**
 * Compares scopes of the history by their ids. A scope that is not chosen yet (0) is covered by every other: until the
 * operator has chosen one, nothing is known that speaks against it.
 */
export function coverageOf(sql: Sql): Covers {
  const botsById = new Map<number, ReadonlySet<string> | null>()
  for (const { id, canonical } of all<{ id: number; canonical: string }>(sql, 'SELECT id, canonical FROM scope')) {
    const scope = readScope(canonical)
    botsById.set(id, scope.kind === 'all bots' ? null : new Set(scope.botIds))
  }
  const known = new Map<string, boolean>()
  const isCovered = (earlier: number, own: number): boolean => {
    const reached = botsById.get(earlier)
    const wanted = botsById.get(own)
    if (reached === undefined || wanted === undefined) return false
    if (reached === null) return true
    return wanted !== null && [...wanted].every((botId) => reached.has(botId))
  }
  return (earlier, own) => {
    if (own === 0 || earlier === own) return true
    const key = `${earlier} ${own}`
    const before = known.get(key)
    if (before !== undefined) return before
    const found = isCovered(earlier, own)
    known.set(key, found)
    return found
  }
}
