import { useState } from 'react'
import { writeIdentifier } from '../../../../shared/model/identifier.ts'
import {
  sendsAgain,
  type Decision,
  type IdentifierRow,
  type RequestDetail,
  type WaitingGroup,
} from '../../../../shared/model/request.ts'
import { useAction, useChannel } from '../../api.ts'
import {
  Button,
  Checkbox,
  confirmsCount,
  countOf,
  Dialog,
  Facts,
  FailureNotice,
  formatNumber,
  Identifier,
  RadioGroup,
  readTypedCount,
  showToast,
  TextField,
} from '../../ui/index.ts'
import { describeEnd } from './call-words.ts'
import { DecisionPlanFacts } from './DecisionPlanFacts.tsx'
import { consequenceOf, decisionsOffered, decisionTarget, decisionWords, sameState, titleOf } from './decisions.ts'
import { NamedIds } from './NamedIds.tsx'

/**
 * Asks what to do with a group, or with one identifier of it: what happened, the choices each with its risk, for one
 * that sends its plan, a reason, and a button that says all.
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
  const [chosen, setChosen] = useState<Decision | null>(null)
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const [all, setAll] = useState(false)
  const decide = useAction('decide')
  const alike = sameState([...request.waitingGroups, ...request.retryGroups], group)
  const offersAll = identifier === null && group.by !== 'state' && alike.length > 1
  const isForAll = offersAll && all
  const offered = decisionsOffered(group, identifier !== null ? 'identifier' : isForAll ? 'all' : 'group', alike)
  const decision =
    offered.length === 1 ? (offered[0] ?? null) : chosen !== null && offered.includes(chosen) ? chosen : null
  const sends = decision !== null && sendsAgain(decision)
  const sum = alike.reduce((total, other) => total + other.count, 0)
  const count = identifier !== null ? 1 : isForAll ? sum : group.count
  const subject = {
    requestId: request.id,
    target: decisionTarget(group, identifier, isForAll),
    state: group.state,
    decision: decision ?? 'send again',
  } as const
  const asked = useChannel('getDecisionPlan', subject, { enabled: sends })
  const plan = sends ? asked.data : undefined
  const words = decision === null ? null : decisionWords[decision]
  const isPlanned = !sends || (plan !== undefined && (!plan.needsTypedCount || confirmsCount(typed, plan.identifiers)))
  const missing = words === null || !isPlanned || reason.trim() === ''
  const shownCount = plan?.identifiers ?? count
  const showsNames = identifier === null && !isForAll && group.batchId !== null && group.strangers > 0

  const run = () => {
    if (decision === null) return
    const typedCount = plan?.needsTypedCount === true ? readTypedCount(typed) : null
    decide.mutate(
      {
        ...subject,
        decision,
        reason: reason.trim(),
        ...(plan === undefined ? {} : { planDigest: plan.digest }),
        ...(typedCount === null ? {} : { typedCount }),
      },
      {
        onSuccess: () => {
          showToast(`Decided: ${decision}, ${countOf(shownCount, 'identifier')}.`)
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
      size={showsNames ? 'wide' : 'normal'}
      title={titleOf(group, identifier, isForAll ? { count: sum, groups: alike.length } : null)}
      footer={
        <>
          <Button onPress={onClose}>Decide later</Button>
          <div className="push" />
          <Button
            kind={words?.danger === true ? 'danger' : 'primary'}
            isDisabled={missing}
            isPending={decide.isPending || (sends && asked.isFetching)}
            onPress={run}
          >
            {words === null ? 'Choose first' : words.button(shownCount)}
          </Button>
        </>
      }
    >
      {identifier === null ? null : (
        <p>
          <Identifier value={writeIdentifier(identifier)} />
        </p>
      )}
      {isForAll ? null : <Cause group={group} identifier={identifier} />}
      {showsNames && group.batchId !== null ? <NamedIds requestId={request.id} batchId={group.batchId} /> : null}
      {decision !== null && offered.length === 1 ? (
        <p>{consequenceOf(decision, group.state, count)}</p>
      ) : (
        <RadioGroup
          label="What to do"
          value={decision}
          onChange={setChosen}
          options={offered.map((value) => ({
            value,
            words: decisionWords[value].choice(count),
            hint: consequenceOf(value, group.state, count),
          }))}
        />
      )}
      {offersAll ? (
        <Checkbox isSelected={all} onChange={setAll}>
          {`Decide the same for all ${formatNumber(alike.length)} groups that are ${group.state} here: ${countOf(sum, 'identifier')}`}
        </Checkbox>
      ) : null}
      {plan === undefined ? null : <DecisionPlanFacts plan={plan} request={request} typed={typed} onTyped={setTyped} />}
      {sends && asked.error !== null ? <FailureNotice failure={asked.error.failure} /> : null}
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

/** What happened, how the call ended, and the vendor's words for it. */
function Cause({ group, identifier }: { readonly group: WaitingGroup; readonly identifier: IdentifierRow | null }) {
  const vendorWords = identifier === null ? group.vendorWords : (identifier.vendorWords ?? group.vendorWords)
  return (
    <>
      <p className="dim">{group.explanation}</p>
      {group.ended === null && vendorWords === null ? null : (
        <Facts
          facts={[
            [
              'How it ended',
              group.ended === null ? null : (
                <span key="ended">
                  {describeEnd(group.ended)}
                  {group.ended.note === null ? null : <span className="dim"> · {group.ended.note}</span>}
                </span>
              ),
            ],
            [
              'The vendor’s words',
              vendorWords === null ? null : (
                <q key="words" className="mono">
                  {vendorWords}
                </q>
              ),
            ],
          ]}
        />
      )}
    </>
  )
}
