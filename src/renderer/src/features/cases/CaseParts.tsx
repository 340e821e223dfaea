import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { CaseDetail, CasePart } from '../../../../shared/model/case.ts'
import type { RequestSummary } from '../../../../shared/model/request.ts'
import { useChannel } from '../../api.ts'
import { paths } from '../../paths.ts'
import {
  Button,
  countOf,
  EnvironmentChip,
  FailureNotice,
  formatDay,
  formatNumber,
  remember,
  StateBar,
  useNow,
} from '../../ui/index.ts'
import { draftStepKey } from '../../wizard/draft-step.ts'
import { describeDraft, describeWaiting, listStates, listUnsent, orderParts } from './case-words.ts'
import { LeaveOut } from './LeaveOut.tsx'

/** What goes to each connection: what waits for a person first, then what is left to send, then what is under way. */
export function CaseParts({ detail }: { readonly detail: CaseDetail }) {
  const unsent = listUnsent(detail)
  const kept = detail.parts.filter(({ request }) => request !== null)
  return (
    <section className="case-parts" aria-label="Connections of the case">
      {unsent.length === 0 ? null : (
        <p className="dim">
          {unsent.length === kept.length ? 'Nothing of this case is sent yet. ' : null}
          {unsent.length === 1
            ? '1 request is left to send: choose its scope, look at its plan, send it from there.'
            : `${formatNumber(unsent.length)} requests are left to send: choose the scope of each, look at its plan, send it from there.`}
        </p>
      )}
      <ul className="lines">
        {orderParts(detail.parts).map((part) => (
          <li key={part.connectionId} className="case-part">
            <span className="part-name">
              <EnvironmentChip environment={part.environment} words={part.connectionName} />
              <span className="faint nowrap">{countOf(part.people, 'person', 'people')}</span>
            </span>
            <PartStates part={part} mayLeaveOut={kept.length > 1} />
            <span className="part-actions">
              <PartActions detail={detail} part={part} mayLeaveOut={kept.length > 1} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function PartStates({ part, mayLeaveOut }: { readonly part: CasePart; readonly mayLeaveOut: boolean }) {
  const now = useNow()
  const { request } = part
  if (request === null) {
    return (
      <span className="faint">
        left out{part.leftOutAt === null ? '' : ` on ${formatDay(part.leftOutAt, now)}`}; nobody is erased here
      </span>
    )
  }
  if (request.phase === 'draft') {
    return <span className="dim">{describeDraft(request, mayLeaveOut)}</span>
  }
  return (
    <span className="part-states">
      <StateBar counts={request.counts} />
      <span className="dim cut" title={listStates(request.counts).join(', ')}>
        {request.waiting > 0 ? <b className="part-waits">{`${describeWaiting(request.waiting)}. `}</b> : null}
        {listStates(request.counts).join(', ')}
      </span>
    </span>
  )
}

function PartActions({
  detail,
  part,
  mayLeaveOut,
}: {
  readonly detail: CaseDetail
  readonly part: CasePart
  readonly mayLeaveOut: boolean
}) {
  const [asks, setAsks] = useState(false)
  const { request } = part
  if (request === null) return null
  if (request.phase !== 'draft') {
    return (
      <Link href={paths.request(request.id)}>
        {request.waiting > 0 ? 'Decide in its request' : 'Its request'}
        <span className="hidden-visually"> ({part.connectionName})</span>
      </Link>
    )
  }
  return (
    <>
      {mayLeaveOut ? (
        <Button
          kind="quiet"
          size="small"
          aria-label={`Leave out ${part.connectionName}…`}
          onPress={() => setAsks(true)}
        >
          Leave out…
        </Button>
      ) : null}
      {request.total === 0 ? null : <NextStep request={request} />}
      {asks ? <LeaveOut detail={detail} part={part} onClose={() => setAsks(false)} /> : null}
    </>
  )
}

/** What is next for a draft: its scope, then its plan. */
function NextStep({ request }: { readonly request: RequestSummary }) {
  const [, navigate] = useLocation()
  const draft = useChannel('getRequest', { requestId: request.id })
  const bots = useChannel('suggestBots', { requestId: request.id }, { enabled: draft.data?.scope === null })
  if (draft.error !== null) return <FailureNotice failure={draft.error.failure} />
  // Rows that all name their own bots need no scope of the request's.
  const ownBots = bots.data !== undefined && bots.data.withoutOwn === 0 && bots.data.inFile.length > 0
  const hasScope = (draft.data !== undefined && draft.data.scope !== null) || ownBots
  const open = (step: 'scope' | 'plan') => {
    remember(draftStepKey(request.id), step)
    navigate(paths.draft(request.id))
  }
  const of = ` of ${request.connectionName}`
  return (
    <>
      <Button
        size="small"
        kind={hasScope ? 'quiet' : 'plain'}
        aria-label={(hasScope ? 'Change the scope' : 'Choose the scope') + of}
        onPress={() => open('scope')}
      >
        {hasScope ? 'Change the scope' : 'Choose the scope'}
      </Button>
      <Button size="small" isDisabled={!hasScope} aria-label={`Look at the plan${of}`} onPress={() => open('plan')}>
        Look at the plan
      </Button>
    </>
  )
}
