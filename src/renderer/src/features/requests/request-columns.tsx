import { useMemo } from 'react'
import type { RequestSummary } from '../../../../shared/model/request.ts'
import {
  countOf,
  dateFromIso,
  EnvironmentChip,
  formatDay,
  formatDue,
  formatNumber,
  StateBar,
  Time,
  useNow,
  type Column,
} from '../../ui/index.ts'

/** The columns of the requests table. */
export function useRequestColumns(): readonly Column<RequestSummary>[] {
  return useMemo(
    () => [
      {
        id: 'name',
        title: 'Request',
        track: 'minmax(170px, 2.4fr)',
        sort: 'name',
        cell: (request) => (
          <>
            <span className="cut">{request.name}</span>
            <span className="cut faint">
              <SecondLine request={request} />
            </span>
          </>
        ),
      },
      {
        id: 'connection',
        title: 'Connection',
        track: 'minmax(120px, 1.6fr)',
        optional: true,
        cell: (request) => <EnvironmentChip environment={request.environment} words={request.connectionName} />,
      },
      {
        id: 'states',
        title: 'Identifiers by state',
        track: 'minmax(140px, 2.6fr)',
        cell: (request) =>
          request.phase === 'draft' ? <span className="faint">not sent</span> : <StateBar counts={request.counts} />,
      },
      {
        id: 'total',
        title: 'Total',
        track: '92px',
        align: 'end',
        sort: 'size',
        cell: (request) => formatNumber(request.total),
      },
      {
        id: 'waiting',
        title: 'Waits',
        track: '80px',
        align: 'end',
        optional: true,
        hiddenAtFirst: true,
        cell: (request) => (request.waiting === 0 ? <span className="faint">—</span> : formatNumber(request.waiting)),
      },
      {
        id: 'created',
        title: 'Begun',
        track: '110px',
        sort: 'created',
        optional: true,
        hiddenAtFirst: true,
        cell: (request) => <Time at={request.createdAt} />,
      },
      {
        id: 'due',
        title: 'Answer due',
        track: 'minmax(120px, 1.3fr)',
        sort: 'due',
        cell: (request) => <Due request={request} />,
      },
    ],
    [],
  )
}

function SecondLine({ request }: { readonly request: RequestSummary }) {
  const parts = [
    request.reference,
    request.phase === 'draft' ? 'draft' : '',
    request.paused ? 'paused' : '',
    request.waiting > 0 ? `${formatNumber(request.waiting)} ${request.waiting === 1 ? 'waits' : 'wait'} for you` : '',
    request.copiesInDoubt > 0 ? `${countOf(request.copiesInDoubt, 'copy', 'copies')} in doubt` : '',
    caseWords(request),
  ].filter((part) => part !== '')
  return parts.length === 0 ? request.environment : parts.join(' · ')
}

/** The name of a case's part begins with the case's, until somebody gives it another one. */
function caseWords({ name, case: whole }: RequestSummary): string {
  if (whole === null) return ''
  return name.startsWith(whole.name) ? 'part of a case' : `part of ${whole.name}`
}

function Due({ request }: { readonly request: RequestSummary }) {
  const now = useNow()
  if (request.closedAt !== null) return <span className="dim">closed {formatDay(request.closedAt, now)}</span>
  if (request.answerDue === null) return <span className="faint">no deadline</span>
  const due = formatDue(request.answerDue, now)
  return (
    <>
      <span className={due.risk === 'late' ? 'strong danger-text' : due.risk === 'near' ? 'strong' : undefined}>
        {due.words}
      </span>
      <span className="faint">{formatDay(dateFromIso(request.answerDue), now)}</span>
    </>
  )
}
