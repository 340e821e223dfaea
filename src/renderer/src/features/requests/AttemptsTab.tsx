import type { RequestId } from '../../../../shared/model/ids.ts'
import type { AttemptEnding, AttemptRow, CallStage } from '../../../../shared/model/request.ts'
import type { IdentifierState } from '../../../../shared/model/state.ts'
import { usePagedRows } from '../../paged-rows.ts'
import { DataTable, EmptyState, Identifier, StateLabel, Time, type Column } from '../../ui/index.ts'

/** Every call that was made: what it was, how far it got, how it ended. */
export function AttemptsTab({ requestId }: { readonly requestId: RequestId }) {
  const rows = usePagedRows('listAttempts', { requestId })
  return (
    <DataTable
      label="Calls"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      rememberAs={`request/${requestId}/calls`}
      minWidth={820}
      empty={
        <EmptyState title="No call yet">Each transmission is written down before its first byte leaves.</EmptyState>
      }
    />
  )
}

const marks: Readonly<Record<AttemptEnding, IdentifierState>> = {
  accepted: 'accepted',
  answered: 'erased',
  'rate limited': 'held',
  'not sent': 'queued',
  'stopped the line': 'failed',
  rejected: 'refused',
  'too large': 'refused',
  'outcome unknown': 'outcome unknown',
  'no answer': 'unconfirmed',
}

/** How far a call got, in an operator's words. */
const stageWords: Readonly<Record<CallStage, string>> = {
  none: 'nothing left this machine',
  resolved: 'host found',
  connected: 'connected',
  'first byte': 'first byte sent',
  sent: 'sent whole',
  headers: 'answer begun',
  body: 'answer whole',
}

const columns: readonly Column<AttemptRow>[] = [
  { id: 'started', title: 'When', track: '124px', cell: (row) => <Time at={row.startedAt} /> },
  { id: 'kind', title: 'Call', track: '80px', cell: (row) => row.kind },
  {
    id: 'batch',
    title: 'Batch',
    track: '72px',
    align: 'end',
    cell: (row) =>
      row.batchNumber === null ? <span className="faint">—</span> : <span className="mono">{row.batchNumber}</span>,
  },
  {
    id: 'ending',
    title: 'Ended',
    track: '164px',
    cell: (row) =>
      row.ending === null ? (
        <StateLabel state="sending" words={row.endedAt === null ? 'under way' : 'not known'} />
      ) : (
        <StateLabel state={marks[row.ending]} words={row.ending} />
      ),
  },
  {
    id: 'stage',
    title: 'How far',
    track: '158px',
    optional: true,
    cell: (row) => <span className="dim">{row.stage === null ? '—' : stageWords[row.stage]}</span>,
  },
  {
    id: 'status',
    title: 'HTTP',
    track: '64px',
    align: 'end',
    optional: true,
    cell: (row) => <span className="mono">{row.httpStatus ?? '—'}</span>,
  },
  {
    id: 'words',
    title: 'What the vendor said',
    track: 'minmax(140px, 1.4fr)',
    cell: (row) => (
      <span className="cut dim" title={row.vendorWords ?? undefined}>
        {row.vendorWords ?? '—'}
      </span>
    ),
  },
  {
    id: 'token',
    title: 'Token id',
    track: 'minmax(140px, 1fr)',
    optional: true,
    cell: (row) => <Identifier value={row.jti} length={20} />,
  },
]
