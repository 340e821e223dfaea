import { createHash } from 'node:crypto'
import type { StatusEntry } from '../../core/ports.ts'

/** What two status answers are compared by: the same for the same entries in any order. */
export function digestOf(entries: readonly StatusEntry[]): string {
  const lines = entries.map(({ names, raw, word }) => JSON.stringify([names, raw, word])).toSorted()
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}
