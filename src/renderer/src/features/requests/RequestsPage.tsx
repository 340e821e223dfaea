import { Plus } from 'lucide-react'
import { useDeferredValue, useEffect, useMemo, useRef } from 'react'
import { useLocation } from 'wouter'
import type { Input, RequestFilter } from '../../../../shared/contract.ts'
import type { RequestSummary } from '../../../../shared/model/request.ts'
import { usePagedRows } from '../../paged-rows.ts'
import { paths } from '../../paths.ts'
import {
  announce,
  Button,
  countOf,
  DataTable,
  EmptyState,
  FilterChip,
  ScreenHeader,
  SearchField,
  useRemembered,
  useShortcuts,
} from '../../ui/index.ts'
import { useRequestColumns } from './request-columns.tsx'
import { nextSort, sortMark } from './sorting.ts'
import './requests.css'

const filters: readonly (readonly [RequestFilter, string])[] = [
  ['open', 'Open'],
  ['waiting', 'Waits for you'],
  ['due this week', 'Due this week'],
  ['drafts', 'Drafts'],
  ['closed', 'Closed'],
  ['all', 'All'],
]

const none: Readonly<Record<RequestFilter, readonly [string, string]>> = {
  open: [
    'No open request',
    'A request begins with a CSV of identifiers; nothing is sent before its plan has been on screen.',
  ],
  waiting: ['Nothing waits for you', 'What the vendor leaves unclear appears here, with what can be decided.'],
  'due this week': ['No answer is due within a week', 'The due day comes from the case facts of each request.'],
  drafts: ['No draft', 'A request that was begun and not sent stays here.'],
  closed: ['No closed request', 'A request closes by itself once every identifier is settled and nothing waits.'],
  all: [
    'No request yet',
    'A request begins with a CSV of identifiers; nothing is sent before its plan has been on screen.',
  ],
}

/** Every request as a row; `initialFilter` comes from the address. */
export function RequestsPage({ initialFilter }: { readonly initialFilter: RequestFilter | null }) {
  const [, navigate] = useLocation()
  const [remembered, setFilter] = useRemembered<RequestFilter>('requests/filter', 'open')
  const filter = initialFilter ?? remembered
  const [search, setSearch] = useRemembered('requests/search', '')
  const [sort, setSort] = useRemembered<NonNullable<Input<'listRequests'>['sort']>>('requests/sort', 'newest')
  const searchNow = useDeferredValue(search)
  const input = useMemo(() => ({ filter, search: searchNow, sort }), [filter, searchNow, sort])
  const rows = usePagedRows('listRequests', input)
  const columns = useRequestColumns()
  const searchInput = useRef<HTMLInputElement>(null)
  useShortcuts([{ keys: '/', words: 'Search requests', run: () => searchInput.current?.focus() }])
  useEffect(() => {
    if (searchNow !== '' && rows.total !== null) announce(`${countOf(rows.total, 'request')} found`)
  }, [searchNow, rows.total])

  const choose = (next: RequestFilter) => {
    setFilter(next)
    if (initialFilter !== null) navigate(paths.requests(), { replace: true })
  }
  const open = (request: RequestSummary) =>
    navigate(request.phase === 'draft' ? paths.draft(request.id) : paths.request(request.id))
  const newRequest = (
    <Button kind="primary" icon={Plus} shortcut="N" onPress={() => navigate(paths.newRequest())}>
      New request
    </Button>
  )
  const [emptyTitle, emptyWords] = none[filter]
  const drafts = rows.latest?.counts.drafts ?? 0
  const leadsToDrafts = filter === 'open' && drafts > 0
  return (
    <>
      <ScreenHeader title="Requests" actions={newRequest} />
      <div className="tools">
        <SearchField
          label="Search by name, reference, vendor id"
          value={search}
          onChange={setSearch}
          inputRef={searchInput}
          shortcut="/"
        />
        <div className="filters" role="group" aria-label="Filter">
          {filters.map(([id, words]) => (
            <FilterChip key={id} isSelected={filter === id} onChange={() => choose(id)} count={rows.latest?.counts[id]}>
              {words}
            </FilterChip>
          ))}
        </div>
      </div>
      <DataTable
        label="Requests"
        columns={columns}
        rows={rows}
        rowKey={(request) => request.id}
        rememberAs="requests"
        rowHeight={44}
        minWidth={760}
        onOpen={open}
        {...sortMark(sort)}
        onSort={(key) => setSort(nextSort(key, sort))}
        empty={
          searchNow === '' ? (
            <EmptyState
              title={emptyTitle}
              action={
                leadsToDrafts ? (
                  <Button onPress={() => choose('drafts')}>{`Show ${countOf(drafts, 'draft')}`}</Button>
                ) : filter === 'open' || filter === 'all' || filter === 'drafts' ? (
                  <Button onPress={() => navigate(paths.newRequest())}>New request</Button>
                ) : undefined
              }
            >
              {leadsToDrafts ? `${countOf(drafts, 'draft')} begun and not sent.` : emptyWords}
            </EmptyState>
          ) : (
            <EmptyState
              title={`No request here matches “${searchNow}”`}
              action={<Button onPress={() => setSearch('')}>Clear the search</Button>}
            >
              The search looks at names, references and the vendor’s ids, within the chosen filter.
            </EmptyState>
          )
        }
      />
    </>
  )
}
