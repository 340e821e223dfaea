/**
 * A finder of recognisable ids: given an id, the rows of the table whose `sandbox-<name>` is anywhere in it as a word of
 * its own, in the table's order, in any letter case.
 */
export function createFinder<Row extends { readonly name: string }>(
  table: readonly Row[],
): (id: string) => readonly Row[] {
  const longestFirst = table.map(({ name }) => name).toSorted((one, other) => other.length - one.length)
  const pattern = new RegExp(`(?<![a-z0-9])sandbox-(${longestFirst.join('|')})(?![a-z0-9])`, 'g')
  return (id) => {
    const names = new Set([...id.toLowerCase().matchAll(pattern)].map((match) => match[1]))
    return names.size === 0 ? [] : table.filter(({ name }) => names.has(name))
  }
}
