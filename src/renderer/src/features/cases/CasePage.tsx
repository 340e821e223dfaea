import type { CaseDetail } from '../../../../shared/model/case.ts'
import type { CaseId } from '../../../../shared/model/ids.ts'
import { countAll, identifierStates } from '../../../../shared/model/state.ts'
import { useChannel } from '../../api.ts'
import { answerDueOf } from '../../../../shared/model/deadline.ts'
import { paths } from '../../paths.ts'
import {
  countOf,
  dateFromIso,
  FailureNotice,
  formatDay,
  formatDue,
  isMoving,
  movingStates,
  NumberText,
  riskiestEnvironment,
  ScreenHeader,
  StateBar,
  StateIcon,
  Tabs,
  useEnvironmentBand,
  useNow,
  useRemembered,
} from '../../ui/index.ts'
import { CaseActions } from './CaseActions.tsx'
import { CaseFile } from './CaseFile.tsx'
import { CaseParts } from './CaseParts.tsx'
import { CaseReadings } from './CaseReadings.tsx'
import { describeRejects } from './case-words.ts'
import { People } from './People.tsx'
import './cases.css'

/** One case from its file to its end. */
export function CasePage({ caseId }: { readonly caseId: CaseId }) {
  const { data, error } = useChannel('getCase', { caseId })
  useEnvironmentBand(data === undefined ? null : riskiestEnvironment(data.connections))
  if (data === undefined) {
    return (
      <>
        <ScreenHeader title="Case" crumb={{ words: 'Cases', to: paths.cases() }} />
        <div className="inset">{error === null ? null : <FailureNotice failure={error.failure} />}</div>
      </>
    )
  }
  return (
    <>
      <ScreenHeader
        title={data.name}
        crumb={{ words: 'Cases', to: paths.cases() }}
        actions={<CaseActions detail={data} />}
      />
      <FactsLine detail={data} />
      {error === null ? null : (
        <div className="inset">
          <FailureNotice failure={error.failure} />
        </div>
      )}
      {data.reading === 'done' ? <Shown detail={data} /> : <CaseReadings detail={data} />}
    </>
  )
}

type TabId = 'people' | 'file'

function Shown({ detail }: { readonly detail: CaseDetail }) {
  const [tab, setTab] = useRemembered<TabId>(`case/${detail.id}/tab`, 'people')
  return (
    <>
      {detail.phase === 'draft' ? null : <States detail={detail} />}
      <CaseParts detail={detail} />
      <Tabs
        label="Parts of the case"
        selected={tab}
        onSelect={setTab}
        tabs={[
          { id: 'people', words: 'People', count: detail.people, content: <People detail={detail} /> },
          { id: 'file', words: 'File', content: <CaseFile detail={detail} /> },
        ]}
      />
    </>
  )
}

/** Every identifier of the case by its state; those that come and go keep their places. Each request filters its own. */
function States({ detail }: { readonly detail: CaseDetail }) {
  const { counts } = detail
  const always = isMoving(detail) ? movingStates : []
  const widest = always.length > 0 ? countAll(counts) : undefined
  return (
    <div className="case-states">
      <StateBar counts={counts} size="big" />
      <ul className="case-legend" aria-label="Identifiers by state">
        {identifierStates
          .filter((state) => (counts[state] ?? 0) > 0 || always.includes(state))
          .map((state) => (
            <li key={state} className="state">
              <StateIcon state={state} />
              <b>
                <NumberText value={counts[state] ?? 0} widest={widest} />
              </b>
              {state}
            </li>
          ))}
      </ul>
    </div>
  )
}

/** How many people, until when they must have an answer, under which reference, and where they came from. */
function FactsLine({ detail }: { readonly detail: CaseDetail }) {
  const now = useNow()
  const { reference } = detail.caseFacts
  const answerDue = detail.answerDue ?? answerDueOf(detail.caseFacts)
  const due = answerDue === null ? null : formatDue(answerDue, now)
  const isClosed = detail.phase === 'closed'
  const rejects = detail.reading === 'done' ? describeRejects(detail) : null
  return (
    <p className="case-line dim">
      {detail.reading === 'done' ? <span>{countOf(detail.people, 'person', 'people')}</span> : null}
      {answerDue === null || due === null ? null : (
        <span>
          Answer due {formatDay(dateFromIso(answerDue), now)}
          {isClosed ? null : ', '}
          {isClosed ? null : (
            <span className={due.risk === 'late' ? 'strong danger-text' : due.risk === 'near' ? 'strong' : undefined}>
              {due.words}
            </span>
          )}
        </span>
      )}
      {rejects === null ? null : <span className="strong">{rejects}</span>}
      {reference === '' ? null : <span className="cut">Reference {reference}</span>}
      <span className="cut">Read from {detail.fileName}</span>
      {detail.phase === 'closed' ? <span>Closed: each of its requests is</span> : null}
    </p>
  )
}
