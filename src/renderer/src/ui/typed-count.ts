/** The typed confirmation that erasing from all bots asks for. */

/**
 * The count that a text means, null where it means none. Digits alone or grouped by threes as any locale writes them
 * ("1204", "1,204", "1.204", "1 204", "1’204"); anything else, "1,2,04" or "1204 ids" among it, is no count.
 */
export function readTypedCount(text: string): number | null {
  const trimmed = text.trim()
  if (/^\d{1,9}$/.test(trimmed)) return Number(trimmed)
  const grouped = /^\d{1,3}(?:([,.\s'’\u00a0\u202f])\d{3})(?:\1\d{3})*$/.test(trimmed)
  return grouped ? Number(trimmed.replace(/\D/g, '')) : null
}

/** True where the text names exactly `count`; a count of none is never confirmed. */
export function confirmsCount(text: string, count: number): boolean {
  return count > 0 && readTypedCount(text) === count
}
