import { Copy } from 'lucide-react'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import { writeIdentifier } from '../../../../shared/model/identifier.ts'
import type { IdentifierRow, RequestDetail, WaitingGroup } from '../../../../shared/model/request.ts'
import { describeScope } from '../../../../shared/model/scope.ts'
import { countAll, type IdentifierState } from '../../../../shared/model/state.ts'
import { usePagedRows } from '../../paged-rows.ts'
import {
  Button,
  copyText,
  countOf,
  DataTable,
  EmptyState,
  FilterChip,
  Identifier,
  SearchField,
  showToast,
  StateLabel,
  useRemembered,
  useShortcuts,
  type Column,
} from '../../ui/index.ts'
import { BatchDecision } from './BatchDecision.tsx'
import { DecideDialog } from './DecideDialog.tsx'
import { decideWord, mayDecide } from './decisions.ts'
import { isNotErased, notErased } from './filters.ts'
import type { Within } from './within.ts'

/** The identifiers, all of them or those in the chosen states. */
export function IdentifiersTab({
  request,
  states,
  within,
  onStates,
}: {
  readonly request: RequestDetail
  readonly states: readonly IdentifierState[]
  /** The part of these that is shown; null: all of them. */
  readonly within: Within | null
  readonly onStates: (states: readonly IdentifierState[]) => void
}) {
  const [search, setSearch] = useRemembered(`request/${request.id}/search`, '')
  const searchNow = useDeferredValue(search.length < 3 ? '' : search)
  const input = useMemo(
    () => ({
      requestId: request.id,
      states: [...states],
      search: searchNow,
      ...(within === null ? {} : { within: within.filter }),
    }),
    [request.id, states, searchNow, within],
  )
  const rows = usePagedRows('listIdentifiers', input)
  const [asked, setAsked] = useState<IdentifierRow | null>(null)
  const loose = asked === null ? null : (request.waitingGroups.find((group) => isLooseOf(group, asked)) ?? null)
  const decideAction = (row: IdentifierRow) =>
    mayDecide(row) ? (
      <Button size="small" onPress={() => setAsked(row)}>
        {decideWord(row.state)}
      </Button>
    ) : null
  const searchInput = useRef<HTMLInputElement>(null)
  useShortcuts([{ keys: '/', words: 'Search identifiers', run: () => searchInput.current?.focus() }])
  const erased = request.counts.erased ?? 0
  const showsNotErased = within === null && isNotErased(states)
  const isErased = within === null && states.length === 1 && states[0] === 'erased'
  const showsAll = within === null && states.length === 0
  return (
    <>
      <div className="tools tab-tools">
        <SearchField
          label="Search identifiers"
          value={search}
          onChange={setSearch}
          inputRef={searchInput}
          shortcut="/"
        />
        <div className="filters" role="group" aria-label="Filter">
          <FilterChip
            isSelected={showsNotErased}
            onChange={() => onStates(notErased)}
            count={countAll(request.counts) - erased}
            widest={request.total}
          >
            Not erased
          </FilterChip>
          <FilterChip isSelected={isErased} onChange={() => onStates(['erased'])} count={erased} widest={request.total}>
            Erased
          </FilterChip>
          <FilterChip isSelected={showsAll} onChange={() => onStates([])} count={request.total}>
            All
          </FilterChip>
          {!showsAll && !showsNotErased && !isErased ? (
            <FilterChip isSelected onChange={() => onStates([])}>
              {[states.join(', '), within?.words].filter(Boolean).join(' · ')}
            </FilterChip>
          ) : null}
        </div>
      </div>
      <DataTable
        label="Identifiers"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        rememberAs={`request/${request.id}/identifiers`}
        selectionActions={selectionActions}
        rowActions={decideAction}
        minWidth={760}
        empty={
          <EmptyState
            title={searchNow === '' ? 'No identifier in these states' : `No identifier here begins with “${searchNow}”`}
            action={
              <Button
                onPress={() => {
                  setSearch('')
                  onStates([])
                }}
              >
                Show all
              </Button>
            }
          >
            {searchNow === ''
              ? undefined
              : 'The search finds an exact identifier or, from three characters on, its beginning.'}
          </EmptyState>
        }
      />
      {asked === null ? null : asked.batchId !== null ? (
        <BatchDecision
          request={request}
          asked={{ batchId: asked.batchId, state: asked.state, identifier: asked }}
          onClose={() => setAsked(null)}
        />
      ) : loose === null ? null : (
        <DecideDialog request={request} group={loose} identifier={asked} onClose={() => setAsked(null)} />
      )}
    </>
  )
}

/** True where the group holds what waits in no batch, as this identifier does. */
function isLooseOf(group: WaitingGroup, row: IdentifierRow): boolean {
  return group.state === row.state && group.batchId === null
}

function selectionActions(rows: readonly IdentifierRow[], clear: () => void) {
  const copy = async () => {
    const done = await copyText(rows.map(writeIdentifier).join('\n'))
    showToast(done ? `${countOf(rows.length, 'identifier')} copied.` : 'The clipboard could not be written.')
  }
  return (
    <>
      <Button kind="quiet" onPress={clear}>
        Clear
      </Button>
      <Button icon={Copy} onPress={() => void copy()}>{`Copy ${countOf(rows.length, 'identifier')}`}</Button>
    </>
  )
}

/** Of one that was never sent: the earlier request that has it. */
function leftOut({ state, batchId, basis }: IdentifierRow): string | null {
  return state === 'cancelled' && batchId === null ? basis : null
}

const columns: readonly Column<IdentifierRow>[] = [
  {
    id: 'identifier',
    title: 'Identifier',
    track: 'minmax(220px, 2.6fr)',
    cell: (row) => <Identifier value={writeIdentifier(row)} inRow />,
  },
  { id: 'kind', title: 'Kind', track: '124px', optional: true, cell: (row) => <span className="dim">{row.kind}</span> },
  {
    id: 'state',
    title: 'State',
    track: '168px',
    cell: (row) => (
      <span className="state">
        <StateLabel state={row.state} />
        {row.decided ? <span className="faint">decided</span> : null}
      </span>
    ),
  },
  {
    id: 'batch',
    title: 'Batch',
    track: '76px',
    align: 'end',
    optional: true,
    cell: (row) =>
      row.batchNumber === null ? <span className="faint">—</span> : <span className="mono">{row.batchNumber}</span>,
  },
  {
    id: 'words',
    title: 'What the vendor said',
    track: 'minmax(160px, 2fr)',
    cell: (row) => (
      <span
        className={row.vendorWords === null ? 'cut faint' : 'cut dim'}
        title={row.vendorWords ?? leftOut(row) ?? undefined}
      >
        {row.vendorWords ?? leftOut(row) ?? '—'}
      </span>
    ),
  },
  {
    id: 'basis',
    title: 'Basis',
    track: 'minmax(120px, 1.4fr)',
    optional: true,
    hiddenAtFirst: true,
    cell: (row) => (
      <span className="cut dim" title={row.basis ?? undefined}>
        {row.basis ?? '—'}
      </span>
    ),
  },
  {
    id: 'looked up',
    title: 'Looked up as',
    track: '190px',
    optional: true,
    hiddenAtFirst: true,
    cell: (row) =>
      row.lookedUpAs === null ? <span className="faint">—</span> : <Identifier value={row.lookedUpAs} inRow />,
  },
  {
    id: 'scope',
    title: 'Own scope',
    track: '120px',
    optional: true,
    hiddenAtFirst: true,
    cell: (row) => <span className="cut dim">{row.scope === null ? 'the request’s' : describeScope(row.scope)}</span>,
  },
  {
    id: 'case',
    title: 'Case reference',
    track: '120px',
    optional: true,
    hiddenAtFirst: true,
    cell: (row) => <span className="cut dim">{row.caseReference ?? '—'}</span>,
  },
  {
    id: 'line',
    title: 'Line',
    track: '84px',
    align: 'end',
    optional: true,
    hiddenAtFirst: true,
    cell: (row) => <span className="dim">{row.line}</span>,
  },
]
