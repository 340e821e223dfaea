import { useState } from 'react'
import type { Decision, RequestDetail, WaitingGroup } from '../../../../shared/model/request.ts'
import { useAction } from '../../api.ts'
import {
  Button,
  Checkbox,
  countOf,
  Dialog,
  FailureNotice,
  RadioGroup,
  showToast,
  TextField,
} from '../../ui/index.ts'
import { decisionWords, dilemma, sameKind } from './decisions.ts'

/** Asks what to do with a group that waits: both risks first, then the choices, a reason, and a button that says all. */
export function DecideDialog({ request, group, onClose }: {
  readonly request: RequestDetail
  readonly group: WaitingGroup
  readonly onClose: () => void
}) {
  const [decision, setDecision] = useState<Decision | null>(null)
  const [reason, setReason] = useState('')
  const [all, setAll] = useState(false)
  const decide = useAction('decide')
  const alike = sameKind(request.waitingGroups, group)
  const offersAll = alike.length > 1
  const count = all ? alike.reduce((sum, other) => sum + other.count, 0) : group.count
  const words = decision === null ? null : decisionWords[decision]
  const missing = words === null || (words.needsReason && reason.trim() === '')

  const run = () => {
    if (decision === null) return
    const target = all || group.batchId === null ? ({ all: true } as const) : { batchId: group.batchId }
    decide.mutate(
      { requestId: request.id, target, state: group.state, decision, reason: reason.trim() },
      {
        onSuccess: () => {
          showToast(`Decided: ${decision}, ${countOf(count, 'identifier')}.`)
          onClose()
        },
      },
    )
  }

  return (
    <Dialog
      isOpen
      onClose={onClose}
      busy={decide.isPending}
      alert
      title={group.title}
      footer={
        <>
          <Button onPress={onClose}>Decide later</Button>
          <div className="push" />
          <Button
            kind={words?.danger === true ? 'danger' : 'primary'}
            isDisabled={missing}
            isPending={decide.isPending}
            onPress={run}
          >
            {words === null ? 'Choose first' : words.button(count)}
          </Button>
        </>
      }
    >
      <p className="dim">{group.explanation}</p>
      <p>{dilemma(group)}</p>
      <RadioGroup
        label="What to do"
        value={decision}
        onChange={setDecision}
        options={group.decisions.map((value) => ({
          value,
          words: decisionWords[value].choice,
          hint: decisionWords[value].consequence,
        }))}
      />
      {offersAll ? (
        <Checkbox isSelected={all} onChange={setAll}>
          {`Decide the same for all ${countOf(alike.length, 'such group')} of this request`}
        </Checkbox>
      ) : null}
      <TextField
        label="Reason, kept in the event log and the evidence"
        value={reason}
        onChange={setReason}
        rows={2}
        hint="Needed. Who decided what and why is part of the proof."
      />
      {decide.failure === null ? null : <FailureNotice failure={decide.failure} />}
    </Dialog>
  )
}
