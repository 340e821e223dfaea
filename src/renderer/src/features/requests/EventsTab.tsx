import type { RequestId } from '../../../../shared/model/ids.ts'
import type { EventRow } from '../../../../shared/model/request.ts'
import { usePagedRows } from '../../paged-rows.ts'
import { DataTable, EmptyState, Time, type Column } from '../../ui/index.ts'

/** What happened, who did it, and the reasons given. */
export function EventsTab({ requestId }: { readonly requestId: RequestId }) {
  const rows = usePagedRows('listEvents', { requestId })
  return (
    <DataTable
      label="Events"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      rememberAs={`request/${requestId}/events`}
      minWidth={740}
      empty={<EmptyState title="Nothing has happened yet" />}
    />
  )
}

const columns: readonly Column<EventRow>[] = [
  { id: 'at', title: 'When', track: '212px', cell: (row) => <Time at={row.at} exact /> },
  { id: 'actor', title: 'Who', track: '92px', cell: (row) => <span className="dim">{row.actor}</span> },
  {
    id: 'words',
    title: 'What',
    track: 'minmax(240px, 2.4fr)',
    cell: (row) => (
      <span className="cut" title={row.words}>
        {row.words}
      </span>
    ),
  },
  {
    id: 'reason',
    title: 'Reason',
    track: 'minmax(120px, 1fr)',
    cell: (row) => (
      <span className="cut dim" title={row.reason ?? undefined}>
        {row.reason ?? '—'}
      </span>
    ),
  },
]
