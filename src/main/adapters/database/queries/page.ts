import type { Anchor } from '../../../../shared/channel.ts'

/** Cuts a page out of a list of ids that is small enough to be read whole. */
export function cutPage<Id extends number>(
  ids: readonly Id[],
  anchor: Anchor,
  limit: number,
): Readonly<{ ids: readonly Id[]; start: number }> {
  const start = 'index' in anchor ? Math.min(anchor.index, ids.length) : ids.findIndex((id) => id === anchor.after) + 1
  return { ids: ids.slice(start, start + limit), start }
}
