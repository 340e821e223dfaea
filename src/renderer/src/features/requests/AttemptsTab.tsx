import type { RequestId } from '../../../../shared/model/ids.ts'
import type { AttemptEnding, AttemptRow } from '../../../../shared/model/request.ts'
import type { IdentifierState } from '../../../../shared/model/state.ts'
import { usePagedRows } from '../../paged-rows.ts'
import { DataTable, EmptyState, Identifier, NeutralLabel, StateLabel, Time, type Column } from '../../ui/index.ts'
import { stageWords } from './call-words.ts'
import { Said } from './Said.tsx'

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

/** The state whose mark stands for how a call ended; null: none does. */
const marks: Readonly<Record<AttemptEnding, IdentifierState | null>> = {
  accepted: 'accepted',
  answered: null,
  'rate limited': 'held',
  'not sent': 'queued',
  'stopped the line': 'failed',
  rejected: 'refused',
  'too large': 'refused',
  'outcome unknown': 'outcome unknown',
  'no answer': 'unconfirmed',
}

function Ending({ row }: { readonly row: AttemptRow }) {
  if (row.ending === null) {
    return <StateLabel state="sending" words={row.endedAt === null ? 'under way' : 'not known'} />
  }
  const mark = marks[row.ending]
  return mark === null ? <NeutralLabel words={row.ending} /> : <StateLabel state={mark} words={row.ending} />
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
    cell: (row) => <Ending row={row} />,
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
    title: 'What was said',
    track: 'minmax(140px, 1.4fr)',
    cell: (row) => <Said vendorWords={row.vendorWords} note={row.note} />,
  },
  {
    id: 'token',
    title: 'Token id',
    track: 'minmax(140px, 1fr)',
    optional: true,
    cell: (row) => <Identifier value={row.jti} inRow />,
  },
]
