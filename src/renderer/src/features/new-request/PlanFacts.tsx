import type { Plan, RequestDetail } from '../../../../shared/model/request.ts'
import { describeSplitting } from '../../splitting.ts'
import { countOf, Duration, Facts } from '../../ui/index.ts'
import { describeCallSize, describeLookUps, describePace } from './plan-words.ts'
import { describeDecision } from './repeat-words.ts'
import { describeStep } from './steps.ts'

/** What a plan comes to: how long, how far, at worst. */
export function PlanFacts({ plan, draft }: { readonly plan: Plan; readonly draft: RequestDetail }) {
  return (
    <Facts
      facts={[
        [
          'Sending time',
          <>
            <Duration milliseconds={plan.sendingMilliseconds} />, paced to the account’s {describePace(plan.windows)}
          </>,
        ],
        ['Looked up before', describeLookUps(plan)],
        ['Vendor’s own time', plan.vendorTime],
        ['Identifiers per call', describeCallSize(plan.perCall)],
        ['Worst case', plan.worstCase],
        ['If one identifier makes a call fail', describeSplitting(plan.splitting, plan.eraseCalls)],
        ['Left out', describeDecision(plan.repeats)],
        ['Held back', plan.held === 0 ? null : `${countOf(plan.held, 'identifier')}, until released`],
        ['Does not reach', plan.doesNotReach.length === 0 ? null : plan.doesNotReach.join('; ')],
        [
          'Case',
          describeStep('facts', { draft, pending: null, allRowsHaveBots: false }) ?? 'no day received, no reference',
        ],
        [
          'Authorised by',
          <span key="signed" className="mono">
            {plan.signedAs}
          </span>,
        ],
      ]}
    />
  )
}
