/** Which scopes reach at least as far as another. */
import { readScope, type Scope } from '../../../../shared/model/scope.ts'
import { all, type Sql } from '../sql.ts'

/** True where what was erased at the scope `earlier` was erased at `own` too; ids of scopes. */
export type Covers = (earlier: number, own: number) => boolean

/**
 * Compares scopes of the history by their ids. A scope that is not chosen yet (0) is covered by every other: until the
 * operator has chosen one, nothing is known that speaks against it.
 */
export function coverageOf(sql: Sql): Covers {
  // Null: the whole account. Of any other scope: what it names; a choice covers itself alone.
  const namedById = new Map<number, ReadonlySet<string> | null>()
  for (const { id, canonical } of all<{ id: number; canonical: string }>(sql, 'SELECT id, canonical FROM scope')) {
    const scope = readScope(canonical)
    namedById.set(id, namedBy(scope))
  }
  const known = new Map<string, boolean>()
  const isCovered = (earlier: number, own: number): boolean => {
    const reached = namedById.get(earlier)
    const wanted = namedById.get(own)
    if (reached === undefined || wanted === undefined) return false
    if (reached === null) return true
    return wanted !== null && [...wanted].every((name) => reached.has(name))
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

function namedBy(scope: Scope): ReadonlySet<string> | null {
  switch (scope.kind) {
    case 'bots':
      return new Set(scope.botIds.map((botId) => `bot ${botId}`))
    case 'choice':
      return new Set([`choice ${scope.value}`])
    case 'all bots':
    case 'everything':
      return null
  }
}
