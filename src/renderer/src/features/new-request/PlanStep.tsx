import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Value } from '../../../../shared/contract.ts'
import type { Plan } from '../../../../shared/model/request.ts'
import { useAction, useChannel } from '../../api.ts'
import { Copies, CopiesUnderWay } from '../../copies/Copies.tsx'
import { CopiesInDoubt } from '../../copies/CopiesInDoubt.tsx'
import { paths } from '../../paths.ts'
import { nameOfVendor, useVendor, useVendors } from '../../vendors.tsx'
import {
  announce,
  Button,
  confirmsCount,
  countOf,
  FailureNotice,
  formatNumber,
  Notice,
  readTypedCount,
  showToast,
  TextField,
} from '../../ui/index.ts'
import { DryRunResult } from './DryRunResult.tsx'
import { countReach, describeVendor, goesByBots, listReach, ruleOfPlan } from './plan-words.ts'
import { PlanCalls } from './PlanCalls.tsx'
import { PlanFacts } from './PlanFacts.tsx'
import { Destination, PlanObstacles } from './PlanObstacles.tsx'
import { PlanScopes } from './PlanScopes.tsx'
import { Repeats } from './Repeats.tsx'
import { StepFrame } from '../../wizard/StepFrame.tsx'
import type { StepProps } from './steps.ts'
import './new-request-steps.css'

/** The last step: everything that Send will do, on one page. Nothing has left before it. */
export function PlanStep({ draft, goTo }: StepProps) {
  const [, navigate] = useLocation()
  const asked = useChannel('getPlan', { requestId: draft.id }, { keepPrevious: true })
  const connection = useChannel('getConnection', { connectionId: draft.connectionId })
  const status = useChannel('getAppStatus', {})
  const dryRun = useAction('dryRun')
  const send = useAction('sendRequest')
  const [typed, setTyped] = useState('')
  const [tested, setTested] = useState<{ readonly digest: string; readonly result: Value<'dryRun'> } | null>(null)
  const plan = asked.data
  const sender = status.data?.sender
  const vendorName = describeVendor(nameOfVendor(useVendors(), draft.vendor), draft.environment)
  const isConfirmed = plan !== undefined && (!plan.needsTypedCount || confirmsCount(typed, plan.identifiers))
  const isClear = plan !== undefined && plan.obstacles.length === 0 && plan.identifiers > 0
  const maySend = isClear && isConfirmed && sender?.sends !== false

  const runDry = (shown: Plan) => {
    send.reset()
    dryRun.mutate(
      { requestId: draft.id },
      {
        onSuccess: (result) => {
          setTested({ digest: shown.digest, result })
          announce('The dry run is done. Nothing was sent.')
        },
      },
    )
  }
  const sendPlan = (shown: Plan) => {
    dryRun.reset()
    const typedCount = shown.needsTypedCount ? readTypedCount(typed) : null
    send.mutate(
      { requestId: draft.id, planDigest: shown.digest, ...(typedCount === null ? {} : { typedCount }) },
      {
        onSuccess: () => {
          if (draft.case === null) return navigate(paths.request(draft.id), { replace: true })
          // The case says what of it is left to send.
          navigate(paths.case(draft.case.id), { replace: true })
          showToast(`${draft.connectionName}: ${countOf(shown.identifiers, 'identifier')} on their way.`)
        },
      },
    )
  }

  return (
    <StepFrame
      heading="Plan"
      footer={
        <>
          <Button kind="quiet" onPress={() => goTo('facts')}>
            Back
          </Button>
          <span className="spacer" />
          {plan === undefined ? null : (
            <>
              <Button isDisabled={!isClear} isPending={dryRun.isPending} onPress={() => runDry(plan)}>
                Dry run
              </Button>
              <span className={`send env-${draft.environment}`}>
                <Button
                  kind="primary"
                  isDisabled={!maySend}
                  isPending={send.isPending || asked.isFetching}
                  onPress={() => sendPlan(plan)}
                >
                  {`Send ${countOf(plan.identifiers, 'identifier')} to ${vendorName}`}
                </Button>
              </span>
            </>
          )}
        </>
      }
    >
      {asked.error === null ? null : <FailureNotice failure={asked.error.failure} />}
      {plan === undefined && asked.error === null ? <p className="dim">The plan is being worked out.</p> : null}
      {plan === undefined ? null : (
        <div className="plan">
          <Destination draft={draft} origin={connection.data?.origin ?? null} />
          <Lede plan={plan} vendor={vendorName} />
          {send.failure === null ? null : <FailureNotice failure={send.failure} />}
          {dryRun.failure === null ? null : <FailureNotice failure={dryRun.failure} />}
          <PlanObstacles obstacles={plan.obstacles} draft={draft} goTo={goTo} />
          {sender === undefined || sender.sends ? null : (
            <Notice tone="warning" title="This window does not send">
              {sender.reason} The draft is kept.
            </Notice>
          )}
          <CopiesInDoubt request={draft} onShow={showCopies} />
          <CopiesUnderWay request={draft} />
          <Repeats draft={draft} saysNone={false} />
          {plan.needsTypedCount && isClear ? <TypedCount plan={plan} value={typed} onChange={setTyped} /> : null}
          {tested === null || tested.digest !== plan.digest ? null : <DryRunResult result={tested.result} />}
          <PlanFacts plan={plan} draft={draft} />
          <PlanScopes plan={plan} />
          <PlanCalls plan={plan} />
          <DraftCopies draft={draft} />
        </div>
      )}
    </StepFrame>
  )
}

const copiesHeading = 'draft-copies'

/** They stand below all that the plan says. */
function showCopies(): void {
  document.getElementById(copiesHeading)?.scrollIntoView({ block: 'start' })
}

/** Before anything is erased there is still something to copy. */
function DraftCopies({ draft }: Pick<StepProps, 'draft'>) {
  const vendor = useVendor(draft.vendor)
  if (vendor?.retrieval === undefined) return null
  return (
    <section className="plan-copies not-printed" aria-labelledby={copiesHeading}>
      <h3 id={copiesHeading}>Retrievals: copies of their data</h3>
      <Copies request={draft} vendor={vendor} capability={vendor.retrieval} />
    </section>
  )
}

function Lede({ plan, vendor }: { readonly plan: Plan; readonly vendor: string }) {
  const [first, second] = listReach(plan)
  if (first === undefined) return <p className="lede">Nothing can be sent yet.</p>
  const { identifiers } = countReach(plan)
  const calls = <b>{countOf(plan.eraseCalls, plan.lookUpCalls === 0 ? 'call' : 'erase call')}</b>
  const rule = ruleOfPlan(plan)
  if (!goesByBots(plan)) {
    return (
      <p className="lede">
        {countOf(identifiers, 'identifier')} will be erased at {vendor}
        {rule === null ? '' : ` ${rule}`}, in {calls}. This cannot be undone.
      </p>
    )
  }
  return second === undefined ? (
    <p className="lede">
      {countOf(identifiers, 'identifier')} will be erased from <Reach {...first} /> at {vendor}, in {calls}. This cannot
      be undone.
    </p>
  ) : (
    <p className="lede">
      {countOf(identifiers, 'identifier')} will be erased at {vendor}, in {calls}: {formatNumber(first.identifiers)}{' '}
      from <Reach {...first} />, {formatNumber(second.identifiers)} from <Reach {...second} />. This cannot be undone.
    </p>
  )
}

function Reach({ words, isAll }: { readonly words: string; readonly isAll: boolean }) {
  return <b className={isAll ? 'danger-text' : ''}>{words}</b>
}

function TypedCount(properties: {
  readonly plan: Plan
  readonly value: string
  readonly onChange: (text: string) => void
}) {
  const { plan, value, onChange } = properties
  const { identifiers, own } = countReach(plan)
  const isWrong = value.trim() !== '' && !confirmsCount(value, plan.identifiers)
  return (
    <div className="typed-count">
      <TextField
        label="Type the number of identifiers to send"
        value={value}
        onChange={onChange}
        width={160}
        hint={`${countOf(identifiers, 'identifier')}${own === 0 ? '' : `, ${formatNumber(identifiers - own)} of them`} erased at every bot of the account. Nothing brings the data back.`}
        error={isWrong ? 'This is not the number in the plan.' : undefined}
      />
    </div>
  )
}
