/** Files the operator chose, behind tokens: the page never sees a path and cannot make one up. */
import type { Random } from '../ports.ts'

export type FileTokens = Readonly<{
  /** A token for a path that a dialog or a drop gave. */
  give: (path: string) => string
  /** The path behind a token; null where it is unknown, or older than the last 200 files. */
  pathOf: (token: string) => string | null
}>

const remembered = 200

/** Tokens live in memory and end with the app. */
export function createFileTokens(random: Random): FileTokens {
  const paths = new Map<string, string>()
  return {
    give: (path) => {
      const token = random.uuid()
      paths.set(token, path)
      const oldest = paths.keys().next().value
      if (paths.size > remembered && oldest !== undefined) paths.delete(oldest)
      return token
    },
    pathOf: (token) => paths.get(token) ?? null,
  }
}
