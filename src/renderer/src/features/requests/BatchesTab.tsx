import { useState } from 'react'
import type { BatchRow, BatchStatus, RequestDetail } from '../../../../shared/model/request.ts'
import { describeScope } from '../../../../shared/model/scope.ts'
import type { IdentifierState } from '../../../../shared/model/state.ts'
import { usePagedRows } from '../../paged-rows.ts'
import {
  Button,
  countOf,
  DataTable,
  EmptyState,
  formatNumber,
  Identifier,
  NeutralLabel,
  StateBar,
  StateLabel,
  Time,
  type Column,
} from '../../ui/index.ts'
import { BatchDecision, type Asked } from './BatchDecision.tsx'
import { describeChildren, describeParts, dividedAs } from './batch-words.ts'
import { BatchDialog } from './BatchDialog.tsx'
import { decideVerb, decideWord } from './decisions.ts'
import { Said } from './Said.tsx'

/** The batches: what each call carried and what became of it. */
export function BatchesTab({ request }: { readonly request: RequestDetail }) {
  const requestId = request.id
  const rows = usePagedRows('listBatches', { requestId })
  const [opened, setOpened] = useState<BatchRow | null>(null)
  const [asked, setAsked] = useState<Asked | null>(null)
  // As it stands now: what is asked of the vendor from its dialog shows there. Batches are numbered from 1 without a gap.
  const shown = opened === null ? null : (rows.rowAt(opened.number - 1) ?? opened)
  const decide = (row: BatchRow, state: IdentifierState) => {
    setOpened(null)
    setAsked({ batchId: row.id, state, identifier: null })
  }
  return (
    <>
      <DataTable
        label="Batches"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        rememberAs={`request/${requestId}/batches`}
        onOpen={setOpened}
        rowActions={(row) =>
          row.open.map(({ state, count }) => (
            <Button
              key={state}
              size="small"
              aria-label={`${decideVerb(state)} ${countOf(count, 'identifier')} of batch ${row.number}: ${state}`}
              onPress={() => decide(row, state)}
            >
              {decideWord(state)}
            </Button>
          ))
        }
        minWidth={880}
        empty={<EmptyState title="No batch yet">Batches are made when sending begins.</EmptyState>}
      />
      {shown === null ? null : (
        <BatchDialog
          request={request}
          batch={shown}
          onDecide={(state) => decide(shown, state)}
          onClose={() => setOpened(null)}
        />
      )}
      {asked === null ? null : <BatchDecision request={request} asked={asked} onClose={() => setAsked(null)} />}
    </>
  )
}

/** The state whose mark stands for a batch's status; null: none does. */
const marks: Readonly<Record<BatchStatus, IdentifierState | null>> = {
  queued: 'queued',
  sending: 'sending',
  accepted: 'accepted',
  finished: null,
  'outcome unknown': 'outcome unknown',
  rejected: 'refused',
  resolved: null,
}

function statusWords({ status, adopted, mayBeCancelled, lastCancel }: BatchRow): string {
  if (adopted) return `${status}, adopted`
  return mayBeCancelled && lastCancel?.came === 'not done' ? 'not taken back' : status
}

const columns: readonly Column<BatchRow>[] = [
  {
    id: 'number',
    title: 'Batch',
    track: '108px',
    cell: (row) => (
      <span className="cut" title={row.parent ?? undefined}>
        <span className="mono">{row.number}</span>
        {row.parentNumber === null ? null : <span className="faint"> from {row.parentNumber}</span>}
      </span>
    ),
  },
  {
    id: 'status',
    title: 'Status',
    track: '148px',
    cell: (row) => {
      const divided = dividedAs(row)
      if (divided !== null) return <NeutralLabel words={divided} />
      const mark = marks[row.status]
      const words = statusWords(row)
      return mark === null ? <NeutralLabel words={words} /> : <StateLabel state={mark} words={words} />
    },
  },
  {
    id: 'counts',
    title: 'Identifiers',
    track: 'minmax(120px, 1fr)',
    // What became of those of a batch that was taken apart is told by the batches in which they went on.
    cell: (row) =>
      dividedAs(row) === null ? (
        <StateBar counts={row.counts} />
      ) : (
        <span className="cut dim" title={describeChildren(row.children) ?? undefined}>
          {describeParts(row.children)}
        </span>
      ),
  },
  { id: 'size', title: 'Size', track: '64px', align: 'end', cell: (row) => formatNumber(row.size) },
  {
    id: 'vendor id',
    title: 'Vendor’s id',
    track: 'minmax(150px, 1.4fr)',
    cell: (row) =>
      row.vendorRequestId === null ? (
        <span className="faint">—</span>
      ) : (
        <Identifier value={row.vendorRequestId} inRow />
      ),
  },
  {
    id: 'answer',
    title: 'Last answer',
    track: '112px',
    optional: true,
    cell: (row) => <Time at={row.lastAnswerAt} />,
  },
  {
    id: 'next',
    title: 'Next asked',
    track: '112px',
    optional: true,
    cell: (row) => <Time at={row.nextPollAt} />,
  },
  {
    id: 'words',
    title: 'What was said',
    track: 'minmax(120px, 1.2fr)',
    optional: true,
    cell: (row) => <Said vendorWords={row.vendorWords} note={row.note} />,
  },
  {
    id: 'calls',
    title: 'Calls',
    track: '72px',
    align: 'end',
    optional: true,
    hiddenAtFirst: true,
    cell: (row) => formatNumber(row.attempts + row.polls),
  },
  {
    id: 'scope',
    title: 'Scope',
    track: '120px',
    optional: true,
    hiddenAtFirst: true,
    cell: (row) => <span className="cut dim">{describeScope(row.scope)}</span>,
  },
  {
    id: 'parent',
    title: 'Comes from',
    track: '150px',
    optional: true,
    hiddenAtFirst: true,
    cell: (row) => <span className="cut dim">{row.parent ?? '—'}</span>,
  },
  {
    id: 'children',
    title: 'Went on',
    track: '190px',
    optional: true,
    hiddenAtFirst: true,
    cell: (row) => <span className="cut dim">{describeChildren(row.children) ?? '—'}</span>,
  },
]
