import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { Failure } from '../../../shared/failure.ts'
import { Button, Dialog, FailureNotice, showToast } from '../ui/index.ts'

/** The way to take something out of the history of which nothing was sent, with the question before it. */
export function Discard({
  what,
  name,
  action,
  run,
  backTo,
  children,
}: {
  readonly what: 'draft' | 'case'
  readonly name: string
  readonly action: Readonly<{ isPending: boolean; failure: Failure | null; reset: () => void }>
  /** Settles once it is gone; a rejection is told by the action's failure. */
  readonly run: () => Promise<unknown>
  readonly backTo: string
  /** What leaves the history, and what stays. */
  readonly children: ReactNode
}) {
  const [, navigate] = useLocation()
  const [asks, setAsks] = useState(false)
  const close = () => {
    action.reset()
    setAsks(false)
  }
  // Awaited as a promise: once it is gone this screen may be gone before the answer has come.
  const discard = () =>
    void run().then(
      () => {
        navigate(backTo, { replace: true })
        showToast(`${what === 'case' ? 'Case' : 'Draft'} “${name}” discarded. Nothing of it was sent.`)
      },
      () => {},
    )
  return (
    <>
      <Button kind="danger" onPress={() => setAsks(true)}>
        {`Discard ${what}`}
      </Button>
      <Dialog
        isOpen={asks}
        onClose={close}
        busy={action.isPending}
        alert
        title={`Discard the ${what} “${name}”?`}
        footer={
          <>
            <Button autoFocus onPress={close}>
              {`Keep the ${what}`}
            </Button>
            <div className="push" />
            <Button kind="danger" isPending={action.isPending} onPress={discard}>
              {`Discard ${what}`}
            </Button>
          </>
        }
      >
        <p>{children}</p>
        {action.failure === null ? null : <FailureNotice failure={action.failure} />}
      </Dialog>
    </>
  )
}
