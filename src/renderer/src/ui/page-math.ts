/** Which pages of a long list to hold. Pure. */

/** Rows asked for at once. */
export const pageSize = 100

export type PageRange = Readonly<{ first: number; last: number }>

/**
 * The pages that hold the rows `firstRow` to `lastRow`, widened by `around` pages, within a list of `total` rows. While
 * the total is not known (null) nothing is widened, and what is asked for is taken at its word.
 */
export function pagesFor(firstRow: number, lastRow: number, total: number | null, around = 0): PageRange {
  const end = total === null ? Number.POSITIVE_INFINITY : Math.max(0, Math.ceil(total / pageSize) - 1)
  const clamp = (page: number) => Math.min(Math.max(0, page), end)
  const wider = total === null ? 0 : around
  return {
    first: clamp(Math.floor(Math.max(0, firstRow) / pageSize) - wider),
    last: clamp(Math.floor(Math.max(0, lastRow) / pageSize) + wider),
  }
}

/** The numbers of the pages in a range, nearest to `centre` first: what is looked at loads before what is near. */
export function pagesInOrder(range: PageRange, centre: PageRange): readonly number[] {
  const distance = (page: number) => Math.max(centre.first - page, page - centre.last, 0)
  return Array.from({ length: range.last - range.first + 1 }, (_, offset) => range.first + offset).toSorted(
    (a, b) => distance(a) - distance(b) || a - b,
  )
}
