import { useState } from 'react'
import type { CaseDetail, CasePart } from '../../../../shared/model/case.ts'
import { useAction } from '../../api.ts'
import { Button, countOf, Dialog, FailureNotice, showToast, TextField } from '../../ui/index.ts'

/** The question before a connection is left out of a case, with the reason that is kept. */
export function LeaveOut({
  detail,
  part,
  onClose,
}: {
  readonly detail: CaseDetail
  readonly part: CasePart
  readonly onClose: () => void
}) {
  const [reason, setReason] = useState('')
  const leave = useAction('leaveOutPart')
  const run = () =>
    leave.mutate(
      { caseId: detail.id, connectionId: part.connectionId, reason: reason.trim() },
      {
        onSuccess: () => {
          showToast(`${part.connectionName} is left out of the case. Nothing was sent there.`)
          onClose()
        },
      },
    )
  return (
    <Dialog
      isOpen
      onClose={onClose}
      busy={leave.isPending}
      alert
      title={`Leave ${part.connectionName} out of the case?`}
      footer={
        <>
          <Button onPress={onClose}>Keep it</Button>
          <div className="push" />
          <Button kind="danger" isPending={leave.isPending} isDisabled={reason.trim() === ''} onPress={run}>
            Leave it out
          </Button>
        </>
      }
    >
      <p>
        {`${countOf(part.request?.total ?? 0, 'identifier')} of ${countOf(part.people, 'person', 'people')} leave the case with its draft. Nothing was sent to ${part.connectionName}, and nothing will be; whether a person is erased is then judged without it.`}
      </p>
      <TextField
        label="Reason, kept in the history"
        hint="Needed. Who decided what and why is part of the proof."
        value={reason}
        onChange={setReason}
        rows={2}
        autoFocus
      />
      {leave.failure === null ? null : <FailureNotice failure={leave.failure} />}
    </Dialog>
  )
}
