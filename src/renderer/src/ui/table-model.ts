/** What a table needs to know: its columns, where its rows come from, how the keyboard moves in it. */
import type { ReactNode } from 'react'
import type { Failure } from '../../../shared/failure.ts'

/** Rows by index, some of them not loaded yet. */
export type RowSource<Row> = Readonly<{
  /** Changes when it is another list (another filter or sort): the table then begins at the top. */
  key: string
  /** Rows in the whole list; null before the first answer. */
  total: number | null
  /** The row, or undefined while it is on its way. */
  rowAt: (index: number) => Row | undefined
  /** Says which rows are in sight, so that they and those around them are loaded. */
  want: (firstRow: number, lastRow: number) => void
  failure: Failure | null
}>

export type Column<Row> = Readonly<{
  id: string
  title: string
  /** A CSS grid track: "160px", "minmax(180px, 2fr)". */
  track: string
  align?: 'start' | 'end'
  cell: (row: Row) => ReactNode
  /** Can be hidden by the column chooser. */
  optional?: boolean
  /** Hidden until chosen. */
  hiddenAtFirst?: boolean
  /** What `onSort` gets when the title is pressed; absent: the list cannot be sorted by it. */
  sort?: string
}>

export type SortMark = Readonly<{ key: string; direction: 'ascending' | 'descending' }>

/** A list that is wholly there, as a row source. */
export function rowsOf<Row>(rows: readonly Row[], key = ''): RowSource<Row> {
  return { key, total: rows.length, rowAt: (index) => rows[index], want: () => undefined, failure: null }
}

/** Where a key moves the active row to, or null where the key does not move it. */
export function moveByKey(key: string, active: number, total: number, pageRows: number): number | null {
  const clamp = (index: number) => Math.min(Math.max(0, index), Math.max(0, total - 1))
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return clamp(active + 1)
    case 'ArrowUp':
    case 'k':
      return clamp(active - 1)
    case 'PageDown':
      return clamp(active + pageRows)
    case 'PageUp':
      return clamp(active - pageRows)
    case 'Home':
      return 0
    case 'End':
      return clamp(total - 1)
    default:
      return null
  }
}

/** The rows between two places, both included, whichever comes first. */
export function rowsBetween(from: number, to: number): readonly number[] {
  const first = Math.min(from, to)
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, offset) => first + offset)
}
