import type { CasePhase, CaseSummary } from '../../../../shared/model/case.ts'
import {
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
import { describeCase } from './case-words.ts'

const phaseWords: Readonly<Record<CasePhase, string>> = { draft: 'Not sent', open: 'Open', closed: 'Closed' }

/** The columns of the table of cases. */
export const caseColumns: readonly Column<CaseSummary>[] = [
  {
    id: 'name',
    title: 'Case',
    track: 'minmax(170px, 2.2fr)',
    cell: (row) => (
      <>
        <span className="cut">{row.name}</span>
        <span className="cut faint">{describeCase(row)}</span>
      </>
    ),
  },
  {
    id: 'connections',
    title: 'Connections',
    track: 'minmax(140px, 1.8fr)',
    optional: true,
    cell: ({ connections }) => (
      <>
        {connections.slice(0, connections.length > 2 ? 1 : 2).map(({ connectionId, connectionName, environment }) => (
          <EnvironmentChip key={connectionId} environment={environment} words={connectionName} />
        ))}
        {connections.length > 2 ? (
          <span className="faint" title={connections.map(({ connectionName }) => connectionName).join(', ')}>
            and {formatNumber(connections.length - 1)} more
          </span>
        ) : null}
      </>
    ),
  },
  {
    id: 'people',
    title: 'People',
    track: '84px',
    align: 'end',
    cell: ({ people }) => formatNumber(people),
  },
  {
    id: 'states',
    title: 'Identifiers by state',
    track: 'minmax(140px, 2.2fr)',
    cell: ({ phase, counts }) =>
      phase === 'draft' ? <span className="faint">not sent</span> : <StateBar counts={counts} />,
  },
  {
    id: 'waiting',
    title: 'Waits',
    track: '76px',
    align: 'end',
    optional: true,
    cell: ({ waiting }) => (waiting === 0 ? <span className="faint">—</span> : formatNumber(waiting)),
  },
  { id: 'phase', title: 'Phase', track: '84px', optional: true, cell: ({ phase }) => phaseWords[phase] },
  {
    id: 'created',
    title: 'Begun',
    track: '110px',
    optional: true,
    hiddenAtFirst: true,
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
  { id: 'due', title: 'Answer due', track: 'minmax(110px, 1.2fr)', cell: (row) => <Due row={row} /> },
]

function Due({ row }: { readonly row: CaseSummary }) {
  const now = useNow()
  if (row.answerDue === null || row.phase === 'closed') {
    return <span className="faint">{row.phase === 'closed' ? 'closed' : 'no deadline'}</span>
  }
  const { words, risk } = formatDue(row.answerDue, now)
  return (
    <>
      <span className={risk === 'late' ? 'strong danger-text' : risk === 'near' ? 'strong' : undefined}>{words}</span>
      <span className="faint">{formatDay(dateFromIso(row.answerDue), now)}</span>
    </>
  )
}
