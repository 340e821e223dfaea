import { useState } from 'react'
import { useLocation } from 'wouter'
import type { RequestDetail } from '../../../../shared/model/request.ts'
import { useAction } from '../../api.ts'
import { paths } from '../../paths.ts'
import { Button, countOf, Dialog, FailureNotice, showToast } from '../../ui/index.ts'

/** The way to take a draft out of the history, with the question before it. */
export function DiscardDraft({ draft }: { readonly draft: RequestDetail }) {
  const [, navigate] = useLocation()
  const [asks, setAsks] = useState(false)
  const discard = useAction('discardDraft')
  const close = () => {
    discard.reset()
    setAsks(false)
  }
  // Awaited as a promise: once the draft is gone this screen may be gone before the answer has come.
  const run = () =>
    void discard.mutateAsync({ requestId: draft.id }).then(
      () => {
        navigate(paths.requests(), { replace: true })
        showToast(`Draft “${draft.name}” discarded. Nothing of it was sent.`)
      },
      () => {},
    )
  return (
    <>
      <Button kind="danger" onPress={() => setAsks(true)}>
        Discard draft
      </Button>
      <Dialog
        isOpen={asks}
        onClose={close}
        busy={discard.isPending}
        alert
        title={`Discard the draft “${draft.name}”?`}
        footer={
          <>
            <Button autoFocus onPress={close}>
              Keep the draft
            </Button>
            <div className="push" />
            <Button kind="danger" isPending={discard.isPending} onPress={run}>
              Discard draft
            </Button>
          </>
        }
      >
        <p>
          {draft.total === 0
            ? 'The draft leaves the history. '
            : `${countOf(draft.total, 'identifier')}, the scope and the case facts leave the history. `}
          Nothing of it was sent, and the files stay where they are.
        </p>
        {discard.failure === null ? null : <FailureNotice failure={discard.failure} />}
      </Dialog>
    </>
  )
}
