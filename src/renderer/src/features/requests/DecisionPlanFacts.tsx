import type { DecisionPlan, RequestDetail } from '../../../../shared/model/request.ts'
import { termOfScope, useVendor } from '../../vendors.tsx'
import { describeSplitting } from '../../splitting.ts'
import { confirmsCount, countOf, Duration, Facts, TextField } from '../../ui/index.ts'
import { scopesInWords } from './decisions.ts'

/** What a decision that sends comes to; for all bots the count is asked to be typed. */
export function DecisionPlanFacts({
  plan,
  request,
  typed,
  onTyped,
}: {
  readonly plan: DecisionPlan
  readonly request: RequestDetail
  readonly typed: string
  readonly onTyped: (text: string) => void
}) {
  const vendor = useVendor(request.vendor)
  const isWrong = typed.trim() !== '' && !confirmsCount(typed, plan.identifiers)
  return (
    <section className="decision-plan" aria-label="What is sent">
      <Facts
        facts={[
          [
            'What is sent',
            <span key="what">
              <b>{countOf(plan.identifiers, 'identifier')}</b> in <b>{countOf(plan.calls, 'call')}</b> through{' '}
              {request.connectionName}
              {plan.lookUpCalls === 0 ? '' : `, after at most ${countOf(plan.lookUpCalls, 'look-up')}`}. This cannot be
              undone.
            </span>,
          ],
          [
            termOfScope(vendor),
            <span key="scope" className={plan.needsTypedCount ? 'danger-text strong' : undefined}>
              {scopesInWords(plan)}
            </span>,
          ],
          ['Sending time', <Duration key="time" milliseconds={plan.sendingMilliseconds} />],
          ['Vendor’s own time', plan.vendorTime],
          ['If one identifier makes a call fail', describeSplitting(plan.splitting, plan.calls)],
          ['Not before', request.standstill === null ? null : `what stands in the way is gone: ${request.standstill}`],
        ]}
      />
      {plan.needsTypedCount ? (
        <TextField
          label="Type the number of identifiers to send"
          value={typed}
          onChange={onTyped}
          width={160}
          hint="Erased at every bot of the account. Nothing brings the data back."
          error={isWrong ? 'This is not the number above.' : undefined}
        />
      ) : null}
    </section>
  )
}
