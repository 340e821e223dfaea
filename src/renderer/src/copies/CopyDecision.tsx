import { useState } from 'react'
import type { RequestId } from '../../../shared/model/ids.ts'
import type { RetrievalRow } from '../../../shared/model/retrieval.ts'
import { useAction } from '../api.ts'
import { Button, countOf, Dialog, FailureNotice, TextField } from '../ui/index.ts'

export type DecidedCopy = Readonly<{ row: RetrievalRow; decision: 'again' | 'leave' }>

/** A new copy in place of one, or no more waiting for it: with the reason that goes into the log. */
export function CopyDecision({
  requestId,
  decided: { row, decision },
  vendorName,
  onClose,
}: {
  readonly requestId: RequestId
  readonly decided: DecidedCopy
  readonly vendorName: string
  readonly onClose: () => void
}) {
  const again = useAction('askRetrievalAgain')
  const leave = useAction('leaveRetrieval')
  const action = decision === 'again' ? again : leave
  const [reason, setReason] = useState('')
  const run = () =>
    action.mutate({ requestId, retrievalId: row.id, reason: reason.trim() }, { onSuccess: () => onClose() })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      busy={action.isPending}
      title={decision === 'again' ? `Ask again for copy ${row.number}?` : `Leave copy ${row.number}?`}
      footer={
        <>
          <Button onPress={onClose}>Not now</Button>
          <div className="push" />
          <Button kind="primary" isPending={action.isPending} isDisabled={reason.trim() === ''} onPress={run}>
            {decision === 'again' ? 'Ask for a new copy' : 'Leave it'}
          </Button>
        </>
      }
    >
      <p>{wordsOf(row, decision, vendorName)}</p>
      <TextField
        label="Reason, kept in the event log"
        hint="Needed. Who decided what and why is part of the proof."
        value={reason}
        onChange={setReason}
        rows={2}
        autoFocus
      />
      {action.failure === null ? null : <FailureNotice failure={action.failure} />}
    </Dialog>
  )
}

function wordsOf({ status, size }: RetrievalRow, decision: DecidedCopy['decision'], vendorName: string): string {
  const people = countOf(size, 'identifier')
  if (decision === 'leave')
    return `It is waited for no longer. Where ${vendorName} was asked for it, it may make it all the same, and nobody here has its link.`
  if (status === 'outcome unknown')
    return `The call that asked for it was cut off: ${vendorName} may be making it already. A new one of the same ${people} would then be the second. Nothing is erased by either.`
  return `${vendorName} is asked for a new copy of the same ${people}. What has been erased meanwhile is not in it.`
}
