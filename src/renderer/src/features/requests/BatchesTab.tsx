import type { RequestId } from '../../../../shared/model/ids.ts'
import type { BatchRow, BatchStatus } from '../../../../shared/model/request.ts'
import { describeScope } from '../../../../shared/model/scope.ts'
import type { IdentifierState } from '../../../../shared/model/state.ts'
import { usePagedRows } from '../../paged-rows.ts'
import {
  DataTable,
  EmptyState,
  formatNumber,
  Identifier,
  StateBar,
  StateLabel,
  Time,
  type Column,
} from '../../ui/index.ts'

/** The batches: what each call carried and what became of it. */
export function BatchesTab({ requestId }: { readonly requestId: RequestId }) {
  const rows = usePagedRows('listBatches', { requestId })
  return (
    <DataTable
      label="Batches"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      rememberAs={`request/${requestId}/batches`}
      minWidth={880}
      empty={<EmptyState title="No batch yet">Batches are made when sending begins.</EmptyState>}
    />
  )
}

/** The state whose mark stands for a batch's status. */
const marks: Readonly<Record<BatchStatus, IdentifierState>> = {
  queued: 'queued',
  sending: 'sending',
  accepted: 'accepted',
  finished: 'erased',
  'outcome unknown': 'outcome unknown',
  rejected: 'refused',
  resolved: 'held',
}

const columns: readonly Column<BatchRow>[] = [
  { id: 'number', title: 'Batch', track: '84px', cell: (row) => <span className="mono">{row.number}</span> },
  {
    id: 'status',
    title: 'Status',
    track: '148px',
    cell: (row) => <StateLabel state={marks[row.status]} words={row.status} />,
  },
  { id: 'counts', title: 'Identifiers', track: 'minmax(120px, 1fr)', cell: (row) => <StateBar counts={row.counts} /> },
  { id: 'size', title: 'Size', track: '64px', align: 'end', cell: (row) => formatNumber(row.size) },
  {
    id: 'vendor id',
    title: 'Vendor’s id',
    track: 'minmax(150px, 1.4fr)',
    cell: (row) =>
      row.vendorRequestId === null ? (
        <span className="faint">—</span>
      ) : (
        <Identifier value={row.vendorRequestId} length={26} />
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
    title: 'What the vendor said',
    track: 'minmax(120px, 1.2fr)',
    optional: true,
    cell: (row) => (
      <span className="cut dim" title={row.vendorWords ?? undefined}>
        {row.vendorWords ?? '—'}
      </span>
    ),
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
]
