/** The lists of the Overview: by deadline, what waits, what is stuck, connections. */
import { CirclePause, KeyRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { Overview } from '../../../../shared/contract.ts'
import type { Budget, Connection } from '../../../../shared/model/connection.ts'
import type { RequestSummary } from '../../../../shared/model/request.ts'
import { useChannel } from '../../api.ts'
import { useBudgets } from '../../budgets.ts'
import { paths } from '../../paths.ts'
import { endingOf, toneOf } from '../../secret-ending.ts'
import { useVendors } from '../../vendors.tsx'
import {
  countOf,
  EnvironmentChip,
  formatDue,
  formatDuration,
  formatNumber,
  formatClock,
  formatWindow,
  HoldNotice,
  isHeld,
  StateBar,
  StateIcon,
  useNow,
} from '../../ui/index.ts'

function Lines({
  id,
  title,
  hint,
  none,
  children,
}: {
  readonly id: string
  readonly title: string
  /** What the list counts. */
  readonly hint?: string | undefined
  readonly none: string
  readonly children: readonly ReactNode[]
}) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {title}
        {hint === undefined || children.length === 0 ? null : <span className="overview-hint">{hint}</span>}
      </h2>
      {children.length === 0 ? <p className="faint overview-none">{none}</p> : <ul className="lines">{children}</ul>}
    </section>
  )
}

/** Open requests, the nearest answer first. */
export function ByDeadline({
  requests,
  hint,
}: {
  readonly requests: readonly RequestSummary[]
  readonly hint: string | undefined
}) {
  const now = useNow()
  return (
    <Lines id="by-deadline" title="By deadline" hint={hint} none="No open request has a deadline.">
      {requests.map((request) => {
        const due = request.answerDue === null ? null : formatDue(request.answerDue, now)
        return (
          <li key={request.id}>
            <Link href={paths.request(request.id)} className="line by-deadline">
              <span className="cut">{request.name}</span>
              <StateBar counts={request.counts} />
              <span className={`due ${due?.risk ?? 'far'}`}>{due?.words ?? 'no deadline'}</span>
            </Link>
          </li>
        )
      })}
    </Lines>
  )
}

/** What waits for a person: groups of identifiers, copies in doubt, requests that the app paused, connections that stopped, secrets that end. */
export function WaitingLines({
  groups,
  copies,
  stopped,
  paused,
  connections,
}: {
  readonly groups: Overview['waitingGroups']
  readonly copies: Overview['copiesInDoubt']
  readonly stopped: Overview['stoppedConnections']
  readonly paused: Overview['pausedRequests']
  readonly connections: readonly Connection[]
}) {
  const ending = useEndingSecrets(connections)
  return (
    <Lines
      id="waiting"
      title="Waits for you"
      hint={describeWaiting(groups, copies, stopped, paused, ending.length)}
      none="Nothing waits for you."
    >
      {[
        ...groups.map((group) => (
          <li key={`${group.requestId}/${group.state}`}>
            <Link href={paths.request(group.requestId)} className="line">
              <span className="state">
                <StateIcon state={group.state} />
                {formatNumber(group.count)} {group.state}
              </span>
              <span className="faint cut">{group.requestName}</span>
            </Link>
          </li>
        )),
        ...copies.map((copy) => (
          <li key={`copies/${copy.requestId}`}>
            <Link href={paths.copies(copy.requestId)} className="line">
              <span className="state">
                <StateIcon state="outcome unknown" />
                {countOf(copy.count, 'copy', 'copies')} in doubt
              </span>
              <span className="faint cut">{copy.requestName}</span>
            </Link>
          </li>
        )),
        ...paused.map((request) => (
          <li key={`request/${request.requestId}`}>
            <Link href={paths.request(request.requestId)} className="line">
              <span className="state">
                <CirclePause aria-hidden className="icon danger-text" />
                <span className="cut">{request.title}</span>
              </span>
              <span className="faint cut">{request.requestName}</span>
            </Link>
          </li>
        )),
        ...stopped.map((connection) => (
          <li key={`connection/${connection.connectionId}`}>
            <Link href={paths.connection(connection.connectionId)} className="line">
              <span className="state">
                <CirclePause aria-hidden className="icon danger-text" />
                <span className="cut">{connection.title}</span>
              </span>
              <span className="faint cut">{connection.name}</span>
            </Link>
          </li>
        )),
        ...ending.map(({ connection, standing, words }) => (
          <li key={`secret/${connection.id}`}>
            <Link href={paths.connection(connection.id)} className="line">
              <span className="state">
                <KeyRound aria-hidden className={`icon ${toneOf(standing)}`} />
                <span className="cut">{words}</span>
              </span>
              <span className="faint cut">{connection.name}</span>
            </Link>
          </li>
        )),
      ]}
    </Lines>
  )
}

/** Connections whose secret ends within 30 days or has ended, the most pressing first. */
function useEndingSecrets(connections: readonly Connection[]) {
  const vendors = useVendors()
  const now = useNow()
  return connections
    .toSorted((a, b) => (a.settings.secretExpiresOn ?? '').localeCompare(b.settings.secretExpiresOn ?? ''))
    .flatMap((connection) => {
      const label = vendors.find(({ id }) => id === connection.vendor)?.secret.label ?? 'Secret'
      const ending = endingOf(connection, label, now)
      return ending === null ? [] : [{ connection, ...ending }]
    })
}

/** "34 identifiers in 3 requests, 1 copy, 1 paused request, 1 connection, 1 secret". */
export function describeWaiting(
  groups: Overview['waitingGroups'],
  copies: Overview['copiesInDoubt'],
  stopped: Overview['stoppedConnections'],
  paused: Overview['pausedRequests'],
  endingSecrets = 0,
): string | undefined {
  const requests = new Set(groups.map(({ requestId }) => requestId)).size
  const identifiers = groups.reduce((sum, { count }) => sum + count, 0)
  const inDoubt = copies.reduce((sum, { count }) => sum + count, 0)
  const parts = [
    ...(requests === 0 ? [] : [`${countOf(identifiers, 'identifier')} in ${countOf(requests, 'request')}`]),
    ...(inDoubt === 0 ? [] : [countOf(inDoubt, 'copy', 'copies')]),
    ...(paused.length === 0 ? [] : [countOf(paused.length, 'paused request')]),
    ...(stopped.length === 0 ? [] : [countOf(stopped.length, 'connection')]),
    ...(endingSecrets === 0 ? [] : [countOf(endingSecrets, 'secret')]),
  ]
  return parts.length === 0 ? undefined : parts.join(', ')
}

/** Batches of which nothing has been heard for long; left out while there are none. */
export function StuckLines({ stuck }: { readonly stuck: Overview['stuck'] }) {
  const now = useNow()
  if (stuck.length === 0) return null
  return (
    <Lines id="stuck" title="No change for long" none="">
      {stuck.map((entry) => (
        <li key={entry.requestId}>
          <Link href={paths.request(entry.requestId)} className="line">
            <span className="cut" title={entry.vendorWords ?? undefined}>
              {describeStuckLine(entry, now)}
            </span>
            <span className="faint cut">{entry.requestName}</span>
          </Link>
        </li>
      ))}
    </Lines>
  )
}

/** "2 batches for 9 days: “ON_HOLD”": the vendor's own words, raw. */
export function describeStuckLine({ batches, since, vendorWords }: Overview['stuck'][number], now: number): string {
  const words = `${countOf(batches, 'batch', 'batches')} for ${formatDuration(now - since)}`
  return vendorWords === null ? words : `${words}: “${vendorWords}”`
}

/** Connections, each with what it is doing or why it is not. */
export function ConnectionLines() {
  const connections = useChannel('listConnections', {})
  const budgets = useBudgets()
  const now = useNow()
  return (
    <>
      <Lines id="connections" title="Connections" none="No connection yet.">
        {(connections.data ?? []).map((connection) => (
          <li key={connection.id}>
            <Link href={paths.connection(connection.id)} className="line">
              <EnvironmentChip environment={connection.environment} words={connection.name} />
              <span className="faint nowrap">
                {describeUse(
                  connection,
                  budgets.find(({ accountId }) => accountId === connection.accountId),
                  now,
                )}
              </span>
            </Link>
          </li>
        ))}
      </Lines>
      <Holds budgets={budgets} />
    </>
  )
}

/** Accounts whose vendor asked them to wait. */
function Holds({ budgets }: { readonly budgets: readonly Budget[] }) {
  const now = useNow()
  const held = budgets.filter((budget) => isHeld(budget, now))
  if (held.length === 0) return null
  return (
    <div className="overview-holds">
      {held.map((budget) => (
        <HoldNotice key={budget.accountId} budget={budget} />
      ))}
    </div>
  )
}

/** "41 of 57 / min", "stopped", "waits until 14:20". */
export function describeUse(connection: Pick<Connection, 'stopped'>, budget: Budget | undefined, now: number): string {
  if (connection.stopped !== null) return 'stopped'
  const window = budget?.windows[0]
  if (window === undefined) return ''
  if (budget !== undefined && isHeld(budget, now)) return `waits until ${formatClock(budget.holdUntil, now)}`
  return `${formatNumber(window.used)} of ${formatNumber(window.usable)} / ${formatWindow(window.milliseconds)}`
}
