/** How the requests are sorted: what a pressed title asks for next, and the mark that shows it. Pure. */
import type { Input } from '../../../../shared/contract.ts'
import type { SortMark } from '../../ui/index.ts'

export type RequestSort = NonNullable<Input<'listRequests'>['sort']>

const marks: Readonly<Record<RequestSort, SortMark>> = {
  newest: { key: 'created', direction: 'descending' },
  oldest: { key: 'created', direction: 'ascending' },
  'answer due': { key: 'due', direction: 'ascending' },
  name: { key: 'name', direction: 'ascending' },
  size: { key: 'size', direction: 'descending' },
}

/** The mark to show, as a table's property. */
export function sortMark(sort: RequestSort): { readonly sort: SortMark } {
  return { sort: marks[sort] }
}

/** The sort after the title `key` was pressed: each has one direction, only the age has both. */
export function nextSort(key: string, now: RequestSort): RequestSort {
  if (key === 'created') return now === 'newest' ? 'oldest' : 'newest'
  const wanted: RequestSort = key === 'due' ? 'answer due' : key === 'name' ? 'name' : 'size'
  return wanted === now ? 'newest' : wanted
}
