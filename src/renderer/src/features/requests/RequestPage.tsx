import { useEffect, useState } from 'react'
import { Redirect, useLocation } from 'wouter'
import type { RequestId } from '../../../../shared/model/ids.ts'
import type { RequestDetail } from '../../../../shared/model/request.ts'
import { identifierStates, type IdentifierState } from '../../../../shared/model/state.ts'
import { useChannel } from '../../api.ts'
import { Copies } from '../../copies/Copies.tsx'
import { CopiesInDoubt } from '../../copies/CopiesInDoubt.tsx'
import { paths } from '../../paths.ts'
import { useVendor } from '../../vendors.tsx'
import {
  announce,
  describeCounts,
  EnvironmentChip,
  FailureNotice,
  isMoving,
  movingStates,
  ScreenHeader,
  StateBarFilter,
  StateLegend,
  Tabs,
  useEnvironmentBand,
  useRemembered,
} from '../../ui/index.ts'
import { AttemptsTab } from './AttemptsTab.tsx'
import { BatchesTab } from './BatchesTab.tsx'
import { CaseLine } from './CaseLine.tsx'
import { CaseFactsTab } from './CaseFactsTab.tsx'
import { EventsTab } from './EventsTab.tsx'
import { isNotErased, statesAtFirst } from './filters.ts'
import { IdentifiersTab } from './IdentifiersTab.tsx'
import { RequestActions } from './RequestActions.tsx'
import { Standing } from './Standing.tsx'
import { WaitingGroups } from './WaitingGroups.tsx'
import { withinOf, type Within } from './within.ts'
import './requests.css'

/** Room for so many calls is kept in any request. */
const fewCalls = 9_999

type TabId = 'identifiers' | 'batches' | 'calls' | 'copies' | 'events' | 'case facts'

/** One request from its plan to its end; `opened`: the part that the address names. A draft opens in the wizard instead. */
export function RequestPage({
  requestId,
  opened,
}: {
  readonly requestId: RequestId
  readonly opened: 'copies' | null
}) {
  const { data, error } = useChannel('getRequest', { requestId })
  useEnvironmentBand(data?.environment)
  if (error !== null) {
    return (
      <>
        <ScreenHeader title="Request" crumb={{ words: 'Requests', to: paths.requests() }} />
        <div className="inset">
          <FailureNotice failure={error.failure} />
        </div>
      </>
    )
  }
  if (data === undefined) return null
  if (data.phase === 'draft') {
    return <Redirect to={opened === 'copies' ? paths.draftCopies(requestId) : paths.draft(requestId)} replace />
  }
  return <Shown request={data} opened={opened} />
}

function Shown({ request, opened }: { readonly request: RequestDetail; readonly opened: 'copies' | null }) {
  const [, navigate] = useLocation()
  const [remembered, rememberTab] = useRemembered<TabId>(`request/${request.id}/tab`, 'identifiers')
  const tab = opened ?? remembered
  const setTab = (next: TabId) => {
    rememberTab(next)
    if (opened !== null) navigate(paths.request(request.id), { replace: true })
  }
  const [states, setStates] = useRemembered(`request/${request.id}/states`, statesAtFirst(request))
  const [within, setWithin] = useRemembered<Within | null>(`request/${request.id}/within`, null)
  useSpokenCounts(request)
  const vendor = useVendor(request.vendor)

  const show = (next: readonly IdentifierState[], part: Within | null = null) => {
    setWithin(part)
    setStates(identifierStates.filter((state) => next.includes(state)))
    setTab('identifiers')
  }
  const toggle = (state: IdentifierState) =>
    show(
      isNotErased(states)
        ? [state]
        : states.includes(state)
          ? states.filter((other) => other !== state)
          : [...states, state],
    )

  // A batch holds one identifier at least; calls that ask how it stands come on top, so few digits are not enough.
  const widest = isMoving(request) ? Math.max(request.total, fewCalls) : undefined

  return (
    <>
      <ScreenHeader
        title={request.name}
        crumb={{ words: 'Requests', to: paths.requests() }}
        beside={<EnvironmentChip environment={request.environment} words={request.connectionName} />}
        actions={<RequestActions request={request} />}
      />
      <CaseLine request={request} />
      <div className="request-states">
        <StateBarFilter counts={request.counts} onChoose={(state) => show([state])} />
        <StateLegend
          counts={request.counts}
          always={isMoving(request) ? movingStates : []}
          selected={isNotErased(states) ? [] : states}
          onToggle={toggle}
        />
      </div>
      <Standing request={request} />
      {request.copiesInDoubt === 0 ? null : (
        <div className="request-notice">
          <CopiesInDoubt request={request} onShow={() => setTab('copies')} />
        </div>
      )}
      <WaitingGroups request={request} onShow={(group) => show([group.state], withinOf(group))} />
      <Tabs
        label="Parts of the request"
        selected={tab}
        onSelect={setTab}
        tabs={[
          {
            id: 'identifiers',
            words: 'Identifiers',
            count: request.total,
            content: (
              <IdentifiersTab request={request} states={states} within={within} onStates={(next) => show(next)} />
            ),
          },
          {
            id: 'batches',
            words: 'Batches',
            count: request.batches,
            widest,
            content: <BatchesTab request={request} />,
          },
          {
            id: 'calls',
            words: 'Calls',
            count: request.attempts,
            widest,
            content: <AttemptsTab request={request} />,
          },
          ...(vendor?.retrieval === undefined
            ? []
            : [
                {
                  id: 'copies' as const,
                  words: 'Retrievals',
                  content: <Copies request={request} vendor={vendor} capability={vendor.retrieval} />,
                },
              ]),
          { id: 'events', words: 'Events', content: <EventsTab requestId={request.id} /> },
          { id: 'case facts', words: 'Case facts', content: <CaseFactsTab request={request} /> },
        ]}
      />
    </>
  )
}

const spokenEveryMilliseconds = 20_000

/** Tells a screen reader how the counts stand, at most every twenty seconds, and only where they moved. */
function useSpokenCounts(request: RequestDetail): void {
  const words = describeCounts(request.counts)
  const [spoken, setSpoken] = useState({ words, at: 0 })
  useEffect(() => {
    if (words === spoken.words) return
    const wait = Math.max(0, spoken.at + spokenEveryMilliseconds - Date.now())
    const timer = window.setTimeout(() => {
      announce(words)
      setSpoken({ words, at: Date.now() })
    }, wait)
    return () => window.clearTimeout(timer)
  }, [words, spoken])
}
