/** Rows of a file in words. Pure. */
import type { Finding, ImportRow } from '../../../shared/model/import.ts'
import { formatNumber } from '../ui/format.ts'

/** Which row a duplicate repeats: "line 5", "line 5 of october.csv"; the reason alone where the row is not known. */
export function describeRepeated(row: Pick<ImportRow, 'duplicateOfLine' | 'duplicateOfFile' | 'reason'>): string {
  if (row.duplicateOfLine === null) return row.reason
  const line = `line ${formatNumber(row.duplicateOfLine)}`
  return row.duplicateOfFile === null ? line : `${line} of ${row.duplicateOfFile}`
}

/** "Lines 4, 9 and 1,204.", "Lines 4, 9, 11, 12, 20 and 36 more." */
export function describeLines({ lines, count }: Pick<Finding, 'lines' | 'count'>): string {
  const numbers = lines.map(formatNumber)
  const more = count - lines.length
  const all = more > 0 ? [...numbers, `${formatNumber(more)} more`] : numbers
  const words = all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`
  return `${all.length === 1 ? 'Line' : 'Lines'} ${words}.`
}
