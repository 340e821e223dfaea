import { useState } from 'react'
import { Link } from 'wouter'
import { writeIdentifier } from '../../../../shared/model/identifier.ts'
import type { RepeatDecision, RepeatRow, Repeats as Found, RequestDetail } from '../../../../shared/model/request.ts'
import { useAction, useChannel } from '../../api.ts'
import { useVendor } from '../../vendors.tsx'
import { usePagedRows } from '../../paged-rows.ts'
import { paths } from '../../paths.ts'
import {
  Button,
  countOf,
  DataTable,
  EmptyState,
  FailureNotice,
  formatNumber,
  formatStamp,
  Identifier,
  RadioGroup,
  StateLabel,
  Time,
  type Column,
} from '../../ui/index.ts'
import { describeRepeats, repeatOptions } from './repeat-words.ts'

/**
 * What earlier requests of the account have already of a draft: how many, in which requests and since when, each of
 * them on demand, and the one decision for all. `saysNone`: where there is nothing, it says that it looked.
 */
export function Repeats({ draft, saysNone }: { readonly draft: RequestDetail; readonly saysNone: boolean }) {
  const vendor = useVendor(draft.vendor)
  const { data, error } = useChannel('getRepeats', { requestId: draft.id }, { keepPrevious: true })
  if (error !== null) return <FailureNotice failure={error.failure} />
  if (data === undefined || !data.compared) {
    return saysNone ? <p className="dim">Being compared with earlier requests to this account.</p> : null
  }
  if (data.count === 0) {
    return saysNone ? (
      <p className="dim">No identifier is erased or under way in an earlier request to this account.</p>
    ) : null
  }
  return (
    <section className="repeats" aria-labelledby="repeats">
      <h3 id="repeats">Already in the history</h3>
      <p>{describeRepeats(data, vendor?.scope ?? { kind: 'bots' })}</p>
      <EarlierRequests repeats={data} />
      <Decision draft={draft} repeats={data} />
      <RepeatsList draft={draft} count={data.count} />
    </section>
  )
}

function Decision({ draft, repeats }: { readonly draft: RequestDetail; readonly repeats: Found }) {
  const decide = useAction('decideRepeats')
  const chosen = decide.isPending ? (decide.variables?.decision ?? repeats.decision) : repeats.decision
  return (
    <>
      <RadioGroup<RepeatDecision>
        label={repeats.count === 1 ? 'What becomes of it' : `What becomes of all ${formatNumber(repeats.count)}`}
        value={chosen}
        onChange={(decision) => decide.mutate({ requestId: draft.id, decision })}
        options={repeatOptions(repeats.count)}
      />
      {decide.failure === null ? null : <FailureNotice failure={decide.failure} />}
    </>
  )
}

function EarlierRequests({ repeats }: { readonly repeats: Found }) {
  const more = repeats.requestCount - repeats.requests.length
  return (
    <table className="repeats-requests">
      <thead>
        <tr>
          <th scope="col">Earlier request</th>
          <th scope="col" className="end">
            Erased
          </th>
          <th scope="col" className="end">
            Under way
          </th>
          <th scope="col">When</th>
        </tr>
      </thead>
      <tbody>
        {repeats.requests.map((request) => (
          <tr key={request.requestId}>
            <td>
              <Link href={paths.request(request.requestId)}>{request.name}</Link>
            </td>
            <td className="end">{formatNumber(request.erased)}</td>
            <td className="end">{formatNumber(request.underWay)}</td>
            <td className="dim">
              {formatStamp(request.firstAt)}
              {formatStamp(request.firstAt) === formatStamp(request.lastAt)
                ? null
                : ` to ${formatStamp(request.lastAt)}`}
            </td>
          </tr>
        ))}
      </tbody>
      {more <= 0 ? null : (
        <tfoot>
          <tr>
            <td colSpan={4} className="dim">{`and ${countOf(more, 'more request')}`}</td>
          </tr>
        </tfoot>
      )}
    </table>
  )
}

/** Every one of them, on demand: it stands in the history, so that no number has to be believed. */
function RepeatsList({ draft, count }: { readonly draft: RequestDetail; readonly count: number }) {
  const [isShown, setShown] = useState(false)
  return (
    <>
      <div className="not-printed">
        <Button size="small" onPress={() => setShown(!isShown)}>
          {isShown ? 'Hide the identifiers' : `Show ${countOf(count, 'identifier')}`}
        </Button>
      </div>
      {isShown ? <RepeatsTable draft={draft} /> : null}
    </>
  )
}

function RepeatsTable({ draft }: { readonly draft: RequestDetail }) {
  const rows = usePagedRows('listRepeats', { requestId: draft.id })
  return (
    <div className="repeats-list not-printed">
      <DataTable
        label="Already in the history"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        rememberAs={`draft/${draft.id}/repeats`}
        minWidth={560}
        empty={<EmptyState title="None any more" />}
      />
    </div>
  )
}

const columns: readonly Column<RepeatRow>[] = [
  {
    id: 'line',
    title: 'Line',
    track: '76px',
    align: 'end',
    cell: (row) => <span className="mono">{formatNumber(row.line)}</span>,
  },
  {
    id: 'identifier',
    title: 'Identifier',
    track: 'minmax(160px, 1.4fr)',
    cell: (row) => <Identifier value={writeIdentifier(row)} inRow />,
  },
  { id: 'state', title: 'There', track: '148px', cell: (row) => <StateLabel state={row.earlierState} /> },
  { id: 'since', title: 'Since', track: '188px', cell: (row) => <Time at={row.earlierAt} exact /> },
  {
    id: 'request',
    title: 'Request',
    track: 'minmax(120px, 1fr)',
    cell: (row) => (
      <span className="cut" title={row.earlierRequestName}>
        {row.earlierRequestName}
      </span>
    ),
  },
]
