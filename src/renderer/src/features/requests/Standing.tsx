import type { RequestDetail } from '../../../../shared/model/request.ts'
import { useAction } from '../../api.ts'
import {
  Button,
  FailureNotice,
  formatClock,
  formatEstimate,
  formatExact,
  Notice,
  Time,
  useNow,
} from '../../ui/index.ts'

/** Where the request stands: why nothing moves, or when what moves will be through. One line, always there. */
export function Standing({ request }: { readonly request: RequestDetail }) {
  if (request.phase === 'closed') {
    return (
      <p className="request-standing dim">
        Closed <Time at={request.closedAt} />: every identifier is settled and nothing waits.
      </p>
    )
  }
  return (
    <>
      <p className="request-standing dim">
        <Progress request={request} />
      </p>
      {request.standstill === null ? null : <Standstill request={request} words={request.standstill} />}
    </>
  )
}

function Progress({ request }: { readonly request: RequestDetail }) {
  const now = useNow()
  const { sendingEndsAt, nextPollAt, callsUnderWay } = request
  const parts = [
    sendingEndsAt === null || request.standstill !== null ? null : (
      <span key="sending" title={formatExact(sendingEndsAt)}>
        Sending takes {formatEstimate(Math.max(0, sendingEndsAt - now), now)}, then the vendor’s own time
      </span>
    ),
    callsUnderWay === 0 ? null : (
      <span key="calls">{callsUnderWay === 1 ? '1 call under way' : `${callsUnderWay} calls under way`}</span>
    ),
    nextPollAt === null ? null : (
      <span key="poll" title={formatExact(nextPollAt)}>
        the vendor is asked next at {formatClock(nextPollAt, now)}
      </span>
    ),
  ].filter((part) => part !== null)
  if (parts.length === 0) {
    return request.waiting > 0 ? <>Nothing is under way; the rest waits for a decision.</> : <>Nothing is under way.</>
  }
  return parts.flatMap((part, index) => (index === 0 ? [part] : [' · ', part]))
}

function Standstill({ request, words }: { readonly request: RequestDetail; readonly words: string }) {
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
          ? 'Nothing more is sent through this connection. What was queued stays queued. Put right what the connection says, then resume.'
          : undefined}
      </Notice>
      {resume.failure === null ? null : <FailureNotice failure={resume.failure} />}
    </div>
  )
}
