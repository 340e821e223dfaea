/**
 * How a call that the vendor rejected as a whole is searched for the identifier at fault, and when the search ends since
 * no identifier is (docs/adr/0010).
 */

/** So many identifiers alone in their calls, one after the other with the same words, are not at fault themselves. */
export const sameWordsInARow = 3

/** The two halves of a list in its order; the first is the larger one where it is odd. */
export function halvesOf<T>(items: readonly T[]): readonly [readonly T[], readonly T[]] {
  const middle = Math.ceil(items.length / 2)
  return [items.slice(0, middle), items.slice(middle)]
}

/**
 * The most calls after the first that a call of `count` identifiers comes to where one of them makes every call fail
 * that it is in: at each level both halves are sent, and the one that holds it goes on.
 *
 * @example callsToFindOne(100) // 14
 */
export function callsToFindOne(count: number): number {
  return count <= 1 ? 0 : 2 + callsToFindOne(Math.ceil(count / 2))
}
