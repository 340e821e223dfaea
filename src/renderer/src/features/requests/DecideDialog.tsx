import { useState } from 'react'
import { writeIdentifier } from '../../../../shared/model/identifier.ts'
import type { Decision, IdentifierRow, RequestDetail, WaitingGroup } from '../../../../shared/model/request.ts'
import { useAction } from '../../api.ts'
import {
  Button,
  Checkbox,
  countOf,
  Dialog,
  FailureNotice,
  Identifier,
  RadioGroup,
  showToast,
  TextField,
} from '../../ui/index.ts'
import { decisionTarget, decisionWords, dilemma, sameKind } from './decisions.ts'

/**
 * Asks what to do with a group that waits, or with one identifier of it: both risks first, then the choices, a reason,
 * and a button that says all.
 */
export function DecideDialog({
  request,
  group,
  identifier = null,
  onClose,
}: {
  readonly request: RequestDetail
  readonly group: WaitingGroup
  readonly identifier?: IdentifierRow | null
  readonly onClose: () => void
}) {
  const [decision, setDecision] = useState<Decision | null>(null)
  const [reason, setReason] = useState('')
  const [all, setAll] = useState(false)
  const decide = useAction('decide')
  const alike = sameKind(request.waitingGroups, group)
  const offersAll = identifier === null && alike.length > 1
  const count = identifier !== null ? 1 : all ? alike.reduce((sum, other) => sum + other.count, 0) : group.count
  // A batch is paired as a whole or not at all: one identifier of it has nothing to be paired with.
  const offered =
    identifier === null ? group.decisions : group.decisions.filter((value) => value !== 'pair whole batch')
  const words = decision === null ? null : decisionWords[decision]
  const missing = words === null || (words.needsReason && reason.trim() === '')

  const run = () => {
    if (decision === null) return
    const target = decisionTarget(group, identifier, all)
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
      title={identifier === null ? group.title : `1 identifier: ${group.state}`}
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
      {identifier === null ? null : <Identifier value={writeIdentifier(identifier)} length={60} passive />}
      <p className="dim">{group.explanation}</p>
      <p>{dilemma(group)}</p>
      <RadioGroup
        label="What to do"
        value={decision}
        onChange={setDecision}
        options={offered.map((value) => ({
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
