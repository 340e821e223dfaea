import { writeIdentifier } from '../../../../shared/model/identifier.ts'
import type { BatchId, RequestId } from '../../../../shared/model/ids.ts'
import type { IdentifierRow, StrangerRow } from '../../../../shared/model/request.ts'
import { usePagedRows } from '../../paged-rows.ts'
import { DataTable, EmptyState, formatNumber, Identifier, type Column } from '../../ui/index.ts'

/** What was submitted and not named, beside what was named and never submitted: what pairing vouches for. */
export function NamedIds({ requestId, batchId }: { readonly requestId: RequestId; readonly batchId: BatchId }) {
  const unnamed = usePagedRows('listIdentifiers', { requestId, states: ['unconfirmed'], within: { batchId } })
  const strangers = usePagedRows('listStrangers', { requestId, batchId })
  return (
    <div className="named-ids">
      <section aria-label="Submitted, not named">
        <h3>
          Submitted, not named <span className="faint">{formatNumber(unnamed.total ?? 0)}</span>
        </h3>
        <div className="named-list">
          <DataTable
            label="Submitted, not named"
            columns={unnamedColumns}
            rows={unnamed}
            rowKey={(row) => row.id}
            rememberAs={`request/${requestId}/batch/${batchId}/unnamed`}
            minWidth={200}
            empty={<EmptyState title="Every identifier is named" />}
          />
        </div>
      </section>
      <section aria-label="Named, never submitted">
        <h3>
          Named, never submitted <span className="faint">{formatNumber(strangers.total ?? 0)}</span>
        </h3>
        <div className="named-list">
          <DataTable
            label="Named, never submitted"
            columns={strangerColumns}
            rows={strangers}
            rowKey={(row) => row.position}
            rememberAs={`request/${requestId}/batch/${batchId}/strangers`}
            minWidth={260}
            empty={<EmptyState title="The vendor named nobody else" />}
          />
        </div>
      </section>
    </div>
  )
}

const unnamedColumns: readonly Column<IdentifierRow>[] = [
  {
    id: 'identifier',
    title: 'Identifier',
    track: 'minmax(0, 1fr)',
    cell: (row) => <Identifier value={writeIdentifier(row)} inRow />,
  },
]

const strangerColumns: readonly Column<StrangerRow>[] = [
  {
    id: 'id',
    title: 'The vendor’s id',
    track: 'minmax(0, 1fr)',
    cell: (row) =>
      row.value === null ? <span className="faint">forgotten</span> : <Identifier value={row.value} inRow />,
  },
  {
    id: 'status',
    title: 'Its words',
    track: '92px',
    cell: (row) => (
      <span className="cut dim" title={row.status}>
        {row.status === '' ? '(no status)' : row.status}
      </span>
    ),
  },
]
