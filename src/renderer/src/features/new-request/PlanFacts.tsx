import type { Plan, RequestDetail } from '../../../../shared/model/request.ts'
import { countOf, Duration, Facts, formatNumber, Identifier } from '../../ui/index.ts'
import { botsOfPlan, describePace } from './plan-words.ts'
import { describeStep } from './steps.ts'

const shownBots = 6

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
        ['Vendor’s own time', plan.vendorTime],
        ['Worst case', plan.worstCase],
        ['Held back', plan.held === 0 ? null : `${countOf(plan.held, 'identifier')}, until released`],
        ['Does not reach', plan.doesNotReach.length === 0 ? null : plan.doesNotReach.join('; ')],
        ['Bots', <PlanBots key="bots" plan={plan} />],
        [
          'Case',
          describeStep('facts', { draft, pending: null, allRowsHaveBots: false }) ?? 'no day received, no reference',
        ],
        [
          'Signed as',
          <span key="signed" className="mono">
            {plan.signedAs}
          </span>,
        ],
      ]}
    />
  )
}

function PlanBots({ plan }: { readonly plan: Plan }) {
  const bots = botsOfPlan(plan)
  if (bots === null) return <span className="danger-text strong">every bot of the account, unknown ones too</span>
  if (bots.length === 0) return <span className="faint">none yet</span>
  return (
    <span className="bot-ids">
      {bots.slice(0, shownBots).map((botId) => (
        <Identifier key={botId} value={botId} />
      ))}
      {bots.length <= shownBots ? null : <span className="dim">and {formatNumber(bots.length - shownBots)} more</span>}
    </span>
  )
}
