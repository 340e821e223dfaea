import { Plus } from 'lucide-react'
import { Link, useLocation } from 'wouter'
import type { Overview } from '../../../../shared/contract.ts'
import type { Connection } from '../../../../shared/model/connection.ts'
import { useChannel } from '../../api.ts'
import { paths } from '../../paths.ts'
import { Button, countOf, FailureNotice, formatNumber, ScreenHeader } from '../../ui/index.ts'
import { FirstSteps } from './FirstSteps.tsx'
import { LastDays } from './LastDays.tsx'
import { ByDeadline, ConnectionLines, StuckLines, WaitingLines } from './OverviewLists.tsx'
import './overview.css'

/** What needs attention now, and what the last month came to. */
export function OverviewPage() {
  const [, navigate] = useLocation()
  const overview = useChannel('getOverview', {})
  const requests = useChannel('listRequests', { filter: 'open', anchor: { index: 0 }, limit: 1 })
  const connections = useChannel('listConnections', {})
  const failure = overview.error ?? requests.error ?? connections.error
  const isFirstRun = requests.data?.counts.all === 0 && connections.data !== undefined
  return (
    <>
      <ScreenHeader
        title="Overview"
        actions={
          isFirstRun ? undefined : (
            <Button kind="primary" icon={Plus} shortcut="N" onPress={() => navigate(paths.newRequest())}>
              New request
            </Button>
          )
        }
      />
      {failure === null ? null : (
        <div className="inset">
          <FailureNotice failure={failure.failure} />
        </div>
      )}
      {isFirstRun ? (
        <FirstSteps connections={connections.data ?? []} />
      ) : overview.data === undefined ? null : (
        <Filled
          overview={overview.data}
          drafts={requests.data?.counts.drafts ?? 0}
          connections={connections.data ?? []}
        />
      )}
    </>
  )
}

function Filled(properties: {
  readonly overview: Overview
  readonly drafts: number
  readonly connections: readonly Connection[]
}) {
  const { overview, drafts, connections } = properties
  const apart = overview.sandboxApart ? 'without the sandbox' : undefined
  const numbers = [
    [overview.waiting, overview.waiting === 1 ? 'identifier waits for you' : 'identifiers wait for you'],
    [overview.dueWithinWeek, 'requests due within a week'],
    [overview.onTheirWay, 'identifiers on their way'],
    [overview.erasedLast30Days, 'identifiers erased in 30 days'],
  ] as const
  return (
    <>
      <dl className="overview-numbers">
        {numbers.map(([value, words]) => (
          <div key={words}>
            <dt>{words}</dt>
            <dd>{formatNumber(value)}</dd>
          </div>
        ))}
      </dl>
      {/* Always there: a draft that is sent must not move what stands below. */}
      <p className="overview-drafts">
        {drafts === 0 ? (
          'No draft waits to be sent.'
        ) : (
          <>
            <Link href={paths.drafts()}>{countOf(drafts, 'draft')}</Link> begun and not sent.
          </>
        )}
      </p>
      <div className="overview-columns">
        <div className="overview-column">
          <LastDays overview={overview} hint={apart} />
          <ByDeadline requests={overview.byDeadline} hint={apart} />
        </div>
        <div className="overview-column">
          <WaitingLines
            groups={overview.waitingGroups}
            copies={overview.copiesInDoubt}
            stopped={overview.stoppedConnections}
            paused={overview.pausedRequests}
            connections={connections}
          />
          <StuckLines stuck={overview.stuck} />
          <ConnectionLines />
        </div>
      </div>
    </>
  )
}
