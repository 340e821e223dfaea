import type { StopCause } from '../../../../shared/model/connection.ts'
import type { RequestId } from '../../../../shared/model/ids.ts'
import type { RequestDetail, Stuck } from '../../../../shared/model/request.ts'
import { useAction, useChannel } from '../../api.ts'
import { useBudgets } from '../../budgets.ts'
import {
  Button,
  countOf,
  FailureNotice,
  formatClock,
  formatEstimate,
  formatExact,
  HoldNotice,
  isHeld,
  isMoving,
  Notice,
  Time,
  useNow,
} from '../../ui/index.ts'
import { describeStuck } from './call-words.ts'

/** Where the request stands: why nothing moves, or when what moves will be through. One line, always there. */
export function Standing({ request }: { readonly request: RequestDetail }) {
  return (
    <>
      <div className="request-standing dim">
        <Progress request={request} />
      </div>
      {mayCall(request) ? <Hold request={request} /> : null}
      {request.phase === 'closed' || request.standstill === null ? null : (
        <Standstill request={request} words={request.standstill} />
      )}
      {request.stuck === null ? null : <StuckNotice stuck={request.stuck} />}
    </>
  )
}

/** True where nothing but the limits keeps the next call of the request, to send or to ask, from leaving. */
function mayCall(request: RequestDetail): boolean {
  const { phase, paused, connectionStopped, nextPollAt } = request
  return phase === 'open' && !paused && !connectionStopped && (isMoving(request) || nextPollAt !== null)
}

/** While the vendor asked the account to wait. */
function Hold({ request }: { readonly request: RequestDetail }) {
  const connection = useChannel('getConnection', { connectionId: request.connectionId })
  const budget = useBudgets().find(({ accountId }) => accountId === connection.data?.accountId)
  const now = useNow()
  if (budget === undefined || !isHeld(budget, now)) return null
  return (
    <div className="request-notice">
      <HoldNotice budget={budget} />
    </div>
  )
}

function Progress({ request }: { readonly request: RequestDetail }) {
  const now = useNow()
  const { nextPollAt, callsUnderWay } = request
  if (request.phase === 'closed') {
    return (
      <span className="standing-alone">
        Closed <Time at={request.closedAt} />: every identifier is settled and nothing waits.
      </span>
    )
  }
  // Each has a place of its own: what comes and goes between two calls moves nothing.
  return (
    <>
      <span className="standing-sending">
        <Sending request={request} now={now} />
      </span>
      <span className="standing-next" title={nextPollAt === null ? undefined : formatExact(nextPollAt)}>
        {nextPollAt === null ? null : `Vendor asked next at ${formatClock(nextPollAt, now)}`}
      </span>
      <span>{callsUnderWay === 0 ? null : `${countOf(callsUnderWay, 'call')} under way`}</span>
    </>
  )
}

function Sending({ request, now }: { readonly request: RequestDetail; readonly now: number }) {
  const { counts, sendingEndsAt, standstill } = request
  const unsent = (counts.queued ?? 0) + (counts.sending ?? 0)
  if (!isMoving(request)) {
    return <>{request.waiting > 0 ? 'Nothing is under way; the rest waits for a decision' : 'Nothing is under way'}</>
  }
  if (unsent === 0) return <>Everything is sent; what is left is the vendor’s own time</>
  if (standstill !== null) return <>Sending stands still</>
  const left = Math.max(0, (sendingEndsAt ?? now) - now)
  return (
    <span title={formatExact(now + left)}>
      {`Sending takes ${formatEstimate(left, now)}, then the vendor’s own time`}
    </span>
  )
}

/** The vendor took batches and has said nothing new about them for long. */
function StuckNotice({ stuck }: { readonly stuck: Stuck }) {
  const now = useNow()
  return (
    <div className="request-notice">
      <Notice tone="warning" title={`${describeStuck(stuck, now)}.`}>
        {stuck.vendorWords === null
          ? 'The vendor took them and has said nothing since. '
          : `The vendor says “${stuck.vendorWords}”. `}
        They are still asked about. Ask the vendor, naming the request ids that stand in Batches.
      </Notice>
    </div>
  )
}

function Standstill({ request, words }: { readonly request: RequestDetail; readonly words: string }) {
  return request.pauseCause === null ? (
    <ConnectionStandstill request={request} words={words} />
  ) : (
    <PausedByItself requestId={request.id} cause={request.pauseCause} />
  )
}

/** The app held the rest of the request back: why, what to look at, and the way on. */
function PausedByItself({ requestId, cause }: { readonly requestId: RequestId; readonly cause: StopCause }) {
  const resume = useAction('resumeRequest')
  return (
    <div className="request-notice">
      <Notice
        tone="warning"
        title={cause.title}
        actions={
          <Button isPending={resume.isPending} onPress={() => resume.mutate({ requestId })}>
            Resume sending
          </Button>
        }
      >
        <p>{cause.explanation}</p>
        {cause.vendorWords === null ? null : (
          <p>
            The vendor’s words: <q className="mono">{cause.vendorWords}</q>
          </p>
        )}
        <ol className="standing-steps">
          {cause.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </Notice>
      {resume.failure === null ? null : <FailureNotice failure={resume.failure} />}
    </div>
  )
}

function ConnectionStandstill({ request, words }: { readonly request: RequestDetail; readonly words: string }) {
  const resume = useAction('resumeConnection')
  return (
    <div className="request-notice">
      <Notice
        tone="warning"
        title={words}
        actions={
          request.connectionStopped ? (
            <Button isPending={resume.isPending} onPress={() => resume.mutate({ connectionId: request.connectionId })}>
              Resume the connection
            </Button>
          ) : undefined
        }
      >
        {request.connectionStopped
          ? 'Nothing more is sent through this connection. What was queued stays queued. Put right what the connection says, then resume: one call is tried first.'
          : undefined}
      </Notice>
      {resume.failure === null ? null : <FailureNotice failure={resume.failure} />}
    </div>
  )
}
