import { Plus } from 'lucide-react'
import { useDeferredValue, useEffect, useMemo, useRef } from 'react'
import { useLocation } from 'wouter'
import type { CaseFilter } from '../../../../shared/case-channels.ts'
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
import { caseColumns } from './case-columns.tsx'
import './cases.css'

const filters: readonly (readonly [CaseFilter, string])[] = [
  ['open', 'Open'],
  ['waiting', 'Waits for you'],
  ['drafts', 'Not sent'],
  ['closed', 'Closed'],
  ['all', 'All'],
]

const teaching =
  'A case answers one ask over several vendors from one CSV: it makes a request for each connection, and shows for each person whether everything of theirs is erased.'

const none: Readonly<Record<CaseFilter, readonly [title: string, words: string]>> = {
  open: ['No open case', teaching],
  waiting: ['Nothing waits for you', 'What a vendor leaves unclear appears here, with what can be decided.'],
  drafts: ['No case waits to be sent', 'A case of which nothing was sent stays here.'],
  closed: ['No closed case', 'A case is closed once each of its requests is.'],
  all: ['No case yet', teaching],
}

/** Every case as a row. */
export function CasesPage() {
  const [, navigate] = useLocation()
  const [filter, setFilter] = useRemembered<CaseFilter>('cases/filter', 'all')
  const [search, setSearch] = useRemembered('cases/search', '')
  const searchNow = useDeferredValue(search)
  const input = useMemo(() => ({ filter, search: searchNow }), [filter, searchNow])
  const rows = usePagedRows('listCases', input)
  const searchInput = useRef<HTMLInputElement>(null)
  useShortcuts([{ keys: '/', words: 'Search cases', run: () => searchInput.current?.focus() }])
  useEffect(() => {
    if (searchNow !== '' && rows.total !== null) announce(`${countOf(rows.total, 'case')} found`)
  }, [searchNow, rows.total])
  const begin = () => navigate(paths.newCase())
  const [emptyTitle, emptyWords] = none[filter]
  return (
    <>
      <ScreenHeader
        title="Cases"
        actions={
          <Button kind="primary" icon={Plus} shortcut="C" onPress={begin}>
            New case
          </Button>
        }
      />
      <div className="tools">
        <SearchField
          label="Search by name or reference"
          value={search}
          onChange={setSearch}
          inputRef={searchInput}
          shortcut="/"
        />
        <div className="filters" role="group" aria-label="Filter">
          {filters.map(([id, words]) => (
            <FilterChip
              key={id}
              isSelected={filter === id}
              onChange={() => setFilter(id)}
              count={rows.latest?.counts[id]}
            >
              {words}
            </FilterChip>
          ))}
        </div>
      </div>
      <DataTable
        label="Cases"
        columns={caseColumns}
        rows={rows}
        rowKey={({ id }) => id}
        rememberAs="cases"
        rowHeight={44}
        minWidth={760}
        onOpen={({ id }) => navigate(paths.case(id))}
        empty={
          searchNow === '' ? (
            <EmptyState
              title={emptyTitle}
              action={emptyWords === teaching ? <Button onPress={begin}>New case</Button> : undefined}
            >
              {emptyWords}
            </EmptyState>
          ) : (
            <EmptyState
              title={`No case here matches “${searchNow}”`}
              action={<Button onPress={() => setSearch('')}>Clear the search</Button>}
            >
              The search looks at names and references, within the chosen filter.
            </EmptyState>
          )
        }
      />
    </>
  )
}
