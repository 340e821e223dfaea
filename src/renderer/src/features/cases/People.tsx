import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import type { CaseDetail, CasePart, PersonRow } from '../../../../shared/model/case.ts'
import type { ConnectionId } from '../../../../shared/model/ids.ts'
import { personStandings, type PersonStanding } from '../../../../shared/model/person.ts'
import { identifierStates } from '../../../../shared/model/state.ts'
import { usePagedRows } from '../../paged-rows.ts'
import {
  announce,
  Button,
  countOf,
  DataTable,
  EmptyState,
  FilterChip,
  formatNumber,
  SearchField,
  StateBar,
  StateLabel,
  useRemembered,
  useShortcuts,
  VisibleText,
  type Column,
} from '../../ui/index.ts'
import { describeRejected, explainPerson, listStates, nameOfPerson, standingWords } from './case-words.ts'
import { PersonDialog } from './PersonDialog.tsx'
import { StandingLabel } from './standing.tsx'

/** Everybody of the case, with how each connection stands. */
export function People({ detail }: { readonly detail: CaseDetail }) {
  const [standing, setStanding] = useRemembered<PersonStanding | null>(`case/${detail.id}/standing`, null)
  const [search, setSearch] = useRemembered(`case/${detail.id}/search`, '')
  const searchNow = useDeferredValue(search)
  const input = useMemo(() => ({ caseId: detail.id, standing, search: searchNow }), [detail.id, standing, searchNow])
  const rows = usePagedRows('listPeople', input)
  const [opened, setOpened] = useState<PersonRow | null>(null)
  const searchInput = useRef<HTMLInputElement>(null)
  useShortcuts([{ keys: '/', words: 'Search people', run: () => searchInput.current?.focus() }])
  useEffect(() => {
    if (searchNow !== '' && rows.total !== null) announce(`${countOf(rows.total, 'person', 'people')} found`)
  }, [searchNow, rows.total])
  const columns = useMemo(() => personColumns(detail.parts), [detail.parts])
  return (
    <>
      <div className="tools people-tools">
        <SearchField
          label={detail.personColumn === null ? 'Search by identifier' : 'Search by person key or identifier'}
          value={search}
          onChange={setSearch}
          inputRef={searchInput}
          shortcut="/"
        />
        <div className="filters" role="group" aria-label="Filter">
          {personStandings.map((one) => (
            <FilterChip
              key={one}
              isSelected={standing === one}
              onChange={() => setStanding(standing === one ? null : one)}
              count={detail.standings[one]}
              widest={detail.people}
            >
              {standingWords[one]}
            </FilterChip>
          ))}
          <FilterChip isSelected={standing === null} onChange={() => setStanding(null)} count={detail.people}>
            All
          </FilterChip>
        </div>
      </div>
      <DataTable
        label="People"
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        rememberAs={`case/${detail.id}/people`}
        minWidth={480 + detail.connections.length * 150}
        onOpen={setOpened}
        empty={
          searchNow === '' ? (
            <EmptyState title={standing === null ? 'Nobody' : `Nobody is “${standingWords[standing]}”`}>
              {standing === null
                ? 'The file names nobody for these connections.'
                : 'Another standing shows the others.'}
            </EmptyState>
          ) : (
            <EmptyState
              title="Nobody here matches the search"
              action={<Button onPress={() => setSearch('')}>Clear the search</Button>}
            >
              A key is found by its beginning, an identifier as a whole, within the chosen standing.
            </EmptyState>
          )
        }
      />
      {opened === null ? null : <PersonDialog detail={detail} opened={opened} onClose={() => setOpened(null)} />}
    </>
  )
}

function personColumns(parts: readonly CasePart[]): readonly Column<PersonRow>[] {
  const nameOf = (id: ConnectionId): string =>
    parts.find(({ connectionId }) => connectionId === id)?.connectionName ?? ''
  return [
    {
      id: 'person',
      title: 'Person',
      track: 'minmax(150px, 1.6fr)',
      cell: (row) => (
        <span className={row.key === null ? 'cut dim' : 'cut mono'} title={nameOfPerson(row)}>
          <VisibleText text={nameOfPerson(row)} />
        </span>
      ),
    },
    {
      id: 'standing',
      title: 'Standing',
      track: '140px',
      cell: (row) => <StandingLabel standing={row.standing} why={explainPerson(row, nameOf).join('\n')} />,
    },
    ...parts
      .filter(({ request }) => request !== null)
      .map(({ connectionId, connectionName }): Column<PersonRow> => ({
        id: `connection ${connectionId}`,
        title: connectionName,
        track: 'minmax(130px, 1.4fr)',
        optional: true,
        cell: (row) => <Cell cell={row.cells.find((cell) => cell.connectionId === connectionId)} />,
      })),
    {
      id: 'line',
      title: 'Line',
      track: '130px',
      optional: true,
      cell: ({ line, lines }) => (
        <span className="dim">
          {formatNumber(line)}
          {lines > 1 ? ` and ${formatNumber(lines - 1)} more` : ''}
        </span>
      ),
    },
  ]
}

/** How one connection stands for somebody: a word where all are alike, else the bar. */
function Cell({ cell }: { readonly cell: PersonRow['cells'][number] | undefined }) {
  if (cell === undefined) return <span className="faint">—</span>
  const states = identifierStates.filter((state) => (cell.counts[state] ?? 0) > 0)
  const words = [...listStates(cell.counts), ...(cell.rejected > 0 ? [describeRejected(cell.rejected)] : [])].join(', ')
  const [state] = states
  if (cell.standing === 'not sent') {
    const count = states.reduce((sum, one) => sum + (cell.counts[one] ?? 0), 0)
    return (
      <span className="dim cut" title={words}>
        {formatNumber(count)} not sent
        {cell.rejected > 0 ? `, ${describeRejected(cell.rejected)}` : ''}
      </span>
    )
  }
  if (state !== undefined && states.length === 1) {
    const count = cell.counts[state] ?? 0
    return (
      <span className="person-cell" title={words}>
        <StateLabel state={state} words={count === 1 ? state : `${formatNumber(count)} ${state}`} />
        {cell.rejected > 0 ? <span className="dim cut">{describeRejected(cell.rejected)}</span> : null}
      </span>
    )
  }
  return (
    <span className="person-cell" title={words}>
      {state === undefined ? <span className="dim cut">{words}</span> : <StateBar counts={cell.counts} />}
    </span>
  )
}
