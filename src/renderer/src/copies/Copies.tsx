/** Copies of what the vendor has about the people of a request: asked for, followed, fetched. */
import { useState, type ReactNode } from 'react'
import type { RequestDetail } from '../../../shared/model/request.ts'
import { isUnderWay, type RetrievalRow } from '../../../shared/model/retrieval.ts'
import { describeScope } from '../../../shared/model/scope.ts'
import type { VendorProfile } from '../../../shared/model/vendor.ts'
import { useAction, useChannel } from '../api.ts'
import { usePagedRows } from '../paged-rows.ts'
import {
  Button,
  countOf,
  DataTable,
  EmptyState,
  FailureNotice,
  formatNumber,
  Identifier,
  NeutralLabel,
  Notice,
  StateLabel,
  Time,
  useNow,
  type Column,
} from '../ui/index.ts'
import { AskForCopies } from './AskForCopies.tsx'
import { CopyDecision, type DecidedCopy } from './CopyDecision.tsx'
import { fileWords, linkWords, statusLooks } from './copy-words.ts'
import { TakeFile } from './TakeFile.tsx'
import './copies.css'

/** There where the vendor's profile describes copies. */
export function Copies({
  request,
  vendor,
  capability,
}: {
  readonly request: RequestDetail
  readonly vendor: VendorProfile
  readonly capability: NonNullable<VendorProfile['retrieval']>
}) {
  const requestId = request.id
  const rows = usePagedRows('listRetrievals', { requestId })
  const check = useAction('checkRetrieval')
  const fetch = useAction('fetchRetrievalLink')
  const [asks, setAsks] = useState(false)
  const [taken, setTaken] = useState<RetrievalRow | null>(null)
  const [decided, setDecided] = useState<DecidedCopy | null>(null)
  const askForLink = (row: RetrievalRow) => {
    fetch.reset()
    setTaken(row)
    fetch.mutate({ requestId, retrievalId: row.id })
  }
  const ask = (
    <Button isDisabled={request.total === 0 || request.scope === null} onPress={() => setAsks(true)}>
      Ask for a copy…
    </Button>
  )
  return (
    <div className="copies">
      {(rows.total ?? 0) === 0 ? null : (
        <div className="copies-tools">
          <p className="dim">{capability.words}</p>
          {ask}
        </div>
      )}
      {check.failure === null ? null : <FailureNotice failure={check.failure} />}
      <DataTable
        label="Retrievals"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        rememberAs={`request/${requestId}/copies`}
        rowActions={(row) =>
          actionsOf(row, {
            onTake: () => askForLink(row),
            onDecide: (decision) => setDecided({ row, decision }),
            onCheck: () => check.mutate({ requestId, retrievalId: row.id }),
          })
        }
        minWidth={800}
        empty={
          <EmptyState title="No copy was asked for" action={ask}>
            {capability.words}
          </EmptyState>
        }
      />
      {asks ? (
        <AskForCopies request={request} vendor={vendor} capability={capability} onClose={() => setAsks(false)} />
      ) : null}
      {taken === null ? null : (
        <TakeFile
          requestId={requestId}
          copy={taken}
          vendorName={vendor.name}
          fetch={fetch}
          onFetch={() => askForLink(taken)}
          onClose={() => setTaken(null)}
        />
      )}
      {decided === null ? null : (
        <CopyDecision
          requestId={requestId}
          decided={decided}
          vendorName={vendor.name}
          onClose={() => setDecided(null)}
        />
      )}
    </div>
  )
}

/** What can be done about a copy, by where it stands. */
function actionsOf(
  row: RetrievalRow,
  {
    onTake,
    onDecide,
    onCheck,
  }: Readonly<{
    onTake: () => void
    onDecide: (decision: DecidedCopy['decision']) => void
    onCheck: () => void
  }>,
): ReactNode {
  const of = `copy ${row.number}`
  const again = (
    <Button size="small" aria-label={`Ask again for ${of}`} onPress={() => onDecide('again')}>
      Ask again…
    </Button>
  )
  const leave = (
    <Button size="small" kind="quiet" aria-label={`Leave ${of}`} onPress={() => onDecide('leave')}>
      Leave…
    </Button>
  )
  switch (row.status) {
    case 'ready':
      return (
        <>
          <Button size="small" aria-label={`Get the file of ${of}`} onPress={onTake}>
            Get the file…
          </Button>
          {again}
        </>
      )
    case 'accepted':
      return (
        <>
          <Button size="small" aria-label={`Ask now about ${of}`} onPress={onCheck}>
            Ask now
          </Button>
          {leave}
        </>
      )
    case 'queued':
      return leave
    case 'outcome unknown':
      return (
        <>
          {again}
          {leave}
        </>
      )
    case 'failed':
    case 'left':
      return again
    case 'sending':
      return null
  }
}

const columns: readonly Column<RetrievalRow>[] = [
  {
    id: 'number',
    title: 'Copy',
    track: '84px',
    cell: (row) => (
      <span className="cut">
        <span className="mono">{row.number}</span>
        {row.againOf === null ? null : <span className="faint"> for {row.againOf}</span>}
      </span>
    ),
  },
  {
    id: 'status',
    title: 'State',
    track: '146px',
    cell: (row) => {
      const { words, mark } = statusLooks[row.status]
      return mark === null ? <NeutralLabel words={words} /> : <StateLabel state={mark} words={words} />
    },
  },
  { id: 'size', title: 'Size', track: '56px', align: 'end', cell: (row) => formatNumber(row.size) },
  {
    id: 'holds',
    title: 'Holds',
    track: '124px',
    cell: (row) => (
      <span className="cut dim">
        {[describeScope(row.scope), row.disclosure].filter((word) => word !== null).join(', ')}
      </span>
    ),
  },
  { id: 'link', title: 'Link', track: 'minmax(112px, 1fr)', cell: (row) => <LinkCell row={row} /> },
  { id: 'file', title: 'File', track: 'minmax(112px, 1fr)', cell: (row) => <FileCell row={row} /> },
  {
    id: 'asked',
    title: 'Asked for',
    track: '112px',
    optional: true,
    hiddenAtFirst: true,
    cell: (row) => <Time at={row.askedAt} />,
  },
  {
    id: 'next',
    title: 'Next asked',
    track: '112px',
    optional: true,
    hiddenAtFirst: true,
    cell: (row) => <Time at={row.nextPollAt} />,
  },
  {
    id: 'words',
    title: 'What was said',
    track: 'minmax(96px, 1fr)',
    optional: true,
    cell: (row) => (
      <span className="cut dim" title={row.vendorWords ?? row.note ?? undefined}>
        {row.vendorWords ?? row.note ?? '—'}
      </span>
    ),
  },
  {
    id: 'vendor id',
    title: 'Vendor’s id',
    track: 'minmax(150px, 1fr)',
    optional: true,
    hiddenAtFirst: true,
    cell: (row) =>
      row.vendorRequestId === null ? (
        <span className="faint">—</span>
      ) : (
        <Identifier value={row.vendorRequestId} inRow />
      ),
  },
]

function LinkCell({ row }: { readonly row: RetrievalRow }) {
  const words = linkWords(row, useNow())
  return (
    <span className="cut dim" title={words}>
      {words}
    </span>
  )
}

function FileCell({ row }: { readonly row: RetrievalRow }) {
  const words = fileWords(row, useNow())
  return (
    <span className="cut dim" title={words}>
      {words}
    </span>
  )
}

/** Above the plan of a draft: what is erased before its copies are made is not in them. Nothing where none is under way. */
export function CopiesUnderWay({ request }: { readonly request: RequestDetail }) {
  const copies = useChannel('listRetrievals', { requestId: request.id, anchor: { index: 0 }, limit: 500 })
  const underWay = copies.data?.rows.filter(({ status }) => isUnderWay(status)).length ?? 0
  if (underWay === 0) return null
  return (
    <Notice tone="warning" title={`${countOf(underWay, 'copy', 'copies')} of these people’s data still being made`}>
      What is erased before the vendor has made a copy is not in it. Send once the copies are ready and saved.
    </Notice>
  )
}
