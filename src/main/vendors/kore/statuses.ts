import type { StatusEntry } from '../../core/ports.ts'

/**
 * The status words of an entry. `SUCCESS` is the one that the vendor documents; those of failure say so plainly.
 * Any other word keeps running: it is shown as it stands and is never taken for erased.
 */
const meanings: Readonly<Record<string, 'success' | 'failure'>> = {
  success: 'success',
  failed: 'failure',
  failure: 'failure',
  error: 'failure',
  rejected: 'failure',
}

/** What a status word means, in any letter case; `failureWords` are those an operator added to the table. */
export function meaningOfStatus(word: string, failureWords: readonly string[]): StatusEntry['meaning'] {
  const folded = word.trim().toLowerCase()
  if (Object.hasOwn(meanings, folded)) return meanings[folded] ?? 'running'
  return failureWords.some((failureWord) => failureWord.trim().toLowerCase() === folded) ? 'failure' : 'running'
}
