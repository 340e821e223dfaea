import type { ReactNode } from 'react'
import type { BatchId, ConnectionId, RequestId } from '../../../../shared/model/ids.ts'
import type { AttemptEnding, AttemptRow, RequestDetail } from '../../../../shared/model/request.ts'
import type { IdentifierState } from '../../../../shared/model/state.ts'
import { useChannel } from '../../api.ts'
import { useBudgets } from '../../budgets.ts'
import { usePagedRows } from '../../paged-rows.ts'
import {
  AccountBudget,
  DataTable,
  EmptyState,
  formatTook,
  Identifier,
  NeutralLabel,
  StateLabel,
  Time,
  type Column,
} from '../../ui/index.ts'
import { stageWords } from './call-words.ts'
import { Said } from './Said.tsx'

/** Every call that was made, beneath what the limits that they share have used. */
export function AttemptsTab({ request }: { readonly request: RequestDetail }) {
  return (
    <div className="calls">
      {request.phase === 'closed' ? null : <LiveBudget connectionId={request.connectionId} />}
      <CallsTable
        requestId={request.id}
        columns={columns}
        empty={
          <EmptyState title="No call yet">Each transmission is written down before its first byte leaves.</EmptyState>
        }
      />
    </div>
  )
}

function LiveBudget({ connectionId }: { readonly connectionId: ConnectionId }) {
  const connection = useChannel('getConnection', { connectionId })
  const budgets = useBudgets()
  const budget = budgets.find(({ accountId }) => accountId === connection.data?.accountId)
  if (budget === undefined) return null
  return (
    <div className="calls-budget" role="group" aria-label={`Calls used at ${budget.accountName}`}>
      <span className="dim">Calls used at {budget.accountName}</span>
      <AccountBudget budget={budget} />
    </div>
  )
}

/** The calls of one batch, the latest first. */
export function BatchCalls({ requestId, batchId }: { readonly requestId: RequestId; readonly batchId: BatchId }) {
  return (
    <section aria-label="Calls of this batch">
      <h3>Calls</h3>
      <div className="named-list">
        <CallsTable
          requestId={requestId}
          batchId={batchId}
          columns={columns.filter(({ id }) => columnsOfBatch.includes(id))}
          empty={<EmptyState title="No call yet" />}
        />
      </div>
    </section>
  )
}

const columnsOfBatch: readonly string[] = ['started', 'kind', 'ending', 'took', 'words']

function CallsTable({
  requestId,
  batchId,
  columns: shown,
  empty,
}: {
  readonly requestId: RequestId
  readonly batchId?: BatchId
  readonly columns: readonly Column<AttemptRow>[]
  readonly empty: ReactNode
}) {
  const rows = usePagedRows('listAttempts', { requestId, ...(batchId === undefined ? {} : { batchId }) })
  return (
    <DataTable
      label="Calls"
      columns={shown}
      rows={rows}
      rowKey={(row) => row.id}
      rememberAs={batchId === undefined ? `request/${requestId}/calls` : `request/${requestId}/batch/${batchId}/calls`}
      minWidth={batchId === undefined ? 860 : 560}
      empty={empty}
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
  { id: 'kind', title: 'Call', track: '112px', cell: (row) => row.kind },
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
    id: 'took',
    title: 'Took',
    track: '64px',
    align: 'end',
    cell: (row) => <span className="mono">{row.endedAt === null ? '—' : formatTook(row.endedAt - row.startedAt)}</span>,
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
