/**
 * The words of a task, by the list in the vendor's OpenAPI and what its overview says of each. Final are SUCCESS, FAILURE
 * and REVOKED. A word that is not on the list keeps running: it is shown as it stands and never taken for erased.
 */
import type { StatusEntry } from '../../core/ports.ts'

/** What a word says of the task. */
export type Standing =
  | Readonly<{ kind: 'task'; meaning: StatusEntry['meaning']; ended: boolean }>
  /** There is no such task. */
  | Readonly<{ kind: 'not found' }>
  /** The vendor's own look-up of it failed: nothing is said of the task. */
  | Readonly<{ kind: 'look-up failed' }>

const standings: Readonly<Record<string, Standing>> = {
  SUCCESS: { kind: 'task', meaning: 'success', ended: true },
  FAILURE: { kind: 'task', meaning: 'failure', ended: true },
  REVOKED: { kind: 'task', meaning: 'revoked', ended: true },
  NOT_FOUND: { kind: 'not found' },
  UNKNOWN: { kind: 'look-up failed' },
}
const running: Standing = { kind: 'task', meaning: 'running', ended: false }

/** Until a task has STARTED. */
const wordsWhileCancellable = new Set(['PENDING', 'STAGING'])

/** What the word of a task means, in any letter case. */
export function standingOf(word: string): Standing {
  const folded = fold(word)
  return Object.hasOwn(standings, folded) ? (standings[folded] ?? running) : running
}

/** Whether a task with this word can still be cancelled; a word that is not known says no. */
export function mayBeCancelled(word: string): boolean {
  return wordsWhileCancellable.has(fold(word))
}

function fold(word: string): string {
  return word.trim().toUpperCase()
}
