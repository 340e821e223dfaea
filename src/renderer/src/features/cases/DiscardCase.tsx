import { useState } from 'react'
import { useLocation } from 'wouter'
import type { CaseDetail } from '../../../../shared/model/case.ts'
import { useAction } from '../../api.ts'
import { paths } from '../../paths.ts'
import { Button, countOf, Dialog, FailureNotice, showToast } from '../../ui/index.ts'

/** The way to take a case out of the history of which nothing was sent, with the question before it. */
export function DiscardCase({ detail }: { readonly detail: CaseDetail }) {
  const [, navigate] = useLocation()
  const [asks, setAsks] = useState(false)
  const discard = useAction('discardCase')
  const close = () => {
    discard.reset()
    setAsks(false)
  }
  // Awaited as a promise: once the case is gone this screen may be gone before the answer has come.
  const run = () =>
    void discard.mutateAsync({ caseId: detail.id }).then(
      () => {
        navigate(paths.cases(), { replace: true })
        showToast(`Case “${detail.name}” discarded. Nothing of it was sent.`)
      },
      () => {},
    )
  return (
    <>
      <Button kind="danger" onPress={() => setAsks(true)}>
        Discard case
      </Button>
      <Dialog
        isOpen={asks}
        onClose={close}
        busy={discard.isPending}
        alert
        title={`Discard the case “${detail.name}”?`}
        footer={
          <>
            <Button autoFocus onPress={close}>
              Keep the case
            </Button>
            <div className="push" />
            <Button kind="danger" isPending={discard.isPending} onPress={run}>
              Discard case
            </Button>
          </>
        }
      >
        <p>
          {countOf(detail.parts.filter(({ request }) => request !== null).length, 'draft')}, their scopes and facts
          leave the history with everyone the file names. Nothing of it was sent, and the file stays where it is.
        </p>
        {discard.failure === null ? null : <FailureNotice failure={discard.failure} />}
      </Dialog>
    </>
  )
}
