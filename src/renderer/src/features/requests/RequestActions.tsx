import { Pause, Play, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { RequestDetail } from '../../../../shared/model/request.ts'
import { useAction } from '../../api.ts'
import { paths } from '../../paths.ts'
import {
  Button,
  countOf,
  Dialog,
  FailureNotice,
  formatNumber,
  isMoving,
  showToast,
  TextField,
  useShortcuts,
} from '../../ui/index.ts'

/** What can be done with a request as a whole, in its header. */
export function RequestActions({ request }: { readonly request: RequestDetail }) {
  const [, navigate] = useLocation()
  const [asks, setAsks] = useState(false)
  const pause = useAction('pauseRequest')
  const resume = useAction('resumeRequest')
  const poll = useAction('pollNow')
  const unsent = request.counts.queued ?? 0
  const requestId = request.id
  const isOpen = request.phase === 'open'
  const canPause = isOpen && (unsent > 0 || (request.counts.sending ?? 0) > 0)
  // Once it is closed the vendor may still be asked about what stayed unconfirmed.
  const isAwaited = (request.counts.accepted ?? 0) > 0 || (request.counts.unconfirmed ?? 0) > 0
  const canPoll = request.nextPollAt !== null || (isOpen && isAwaited)
  // What comes and goes between two calls keeps its place; what is done for good stands left of it.
  const showsPoll = canPoll || (isOpen && isMoving(request))

  const togglePause = () => {
    if (request.paused) {
      resume.mutate({ requestId }, { onSuccess: () => showToast('Sending goes on.'), onError: tell })
      return
    }
    const underWay = request.callsUnderWay === 0 ? '' : ' The call under way is awaited.'
    pause.mutate({ requestId }, { onSuccess: () => showToast(`Paused: no new call starts.${underWay}`), onError: tell })
  }
  const pollNow = () =>
    poll.mutate(
      { requestId },
      {
        onSuccess: ({ batches }) =>
          showToast(
            batches === 0 ? 'No batch waits for an answer.' : `Asking about ${countOf(batches, 'batch', 'batches')}.`,
          ),
        onError: tell,
      },
    )
  useShortcuts([
    ...(canPause || request.paused
      ? [{ keys: 'P', words: request.paused ? 'Resume sending' : 'Pause sending', run: togglePause }]
      : []),
    ...(canPoll ? [{ keys: 'A', words: 'Ask the vendor now', run: pollNow }] : []),
  ])
  return (
    <>
      {isOpen && unsent > 0 ? (
        <Button kind="danger" onPress={() => setAsks(true)}>
          Cancel unsent…
        </Button>
      ) : null}
      {request.connectionStopped ? (
        <Button onPress={() => navigate(paths.connection(request.connectionId))}>Open the connection</Button>
      ) : null}
      {request.paused ? (
        <Button kind="primary" icon={Play} shortcut="P" isPending={resume.isPending} onPress={togglePause}>
          Resume
        </Button>
      ) : canPause ? (
        <Button icon={Pause} shortcut="P" isPending={pause.isPending} onPress={togglePause}>
          Pause
        </Button>
      ) : null}
      {showsPoll ? (
        <Button icon={RefreshCw} isPending={poll.isPending} isDisabled={!canPoll} onPress={pollNow}>
          Ask now
        </Button>
      ) : null}
      <CancelUnsentDialog request={request} isOpen={asks} onClose={() => setAsks(false)} />
    </>
  )
}

function tell(error: { readonly failure: { readonly message: string; readonly next?: string | undefined } }): void {
  showToast([error.failure.message, error.failure.next].filter(Boolean).join(' '))
}

function CancelUnsentDialog({
  request,
  isOpen,
  onClose,
}: {
  readonly request: RequestDetail
  readonly isOpen: boolean
  readonly onClose: () => void
}) {
  const [reason, setReason] = useState('')
  const cancel = useAction('cancelUnsent')
  const unsent = request.counts.queued ?? 0
  const close = () => {
    setReason('')
    cancel.reset()
    onClose()
  }
  const run = () =>
    cancel.mutate(
      { requestId: request.id, reason: reason.trim() },
      {
        onSuccess: () => {
          showToast(`${countOf(unsent, 'identifier')} taken back before being sent.`)
          close()
        },
      },
    )
  return (
    <Dialog
      isOpen={isOpen}
      onClose={close}
      busy={cancel.isPending}
      alert
      title={`Take back ${countOf(unsent, 'unsent identifier')}?`}
      footer={
        <>
          <Button onPress={close}>Keep them queued</Button>
          <div className="push" />
          <Button kind="danger" isPending={cancel.isPending} isDisabled={reason.trim() === ''} onPress={run}>
            {`Cancel ${formatNumber(unsent)} unsent`}
          </Button>
        </>
      }
    >
      <p>
        They become cancelled and are not sent. What was sent already is not touched, and a call under way is awaited.
        Sending them later needs a new request.
      </p>
      <TextField
        label="Reason, kept in the event log"
        hint="Needed. Who decided what and why is part of the proof."
        value={reason}
        onChange={setReason}
        rows={2}
        autoFocus
      />
      {cancel.failure === null ? null : <FailureNotice failure={cancel.failure} />}
    </Dialog>
  )
}
