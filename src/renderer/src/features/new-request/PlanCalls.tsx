import type { Plan } from '../../../../shared/model/request.ts'
import { CallBlock, countOf, formatNumber } from '../../ui/index.ts'
import { exampleGroups, writeCall } from './plan-words.ts'

/** One call of each kind as it will be sent: a look-up, and erase calls for the request's scope and for rows that name their own bots. */
export function PlanCalls({ plan }: { readonly plan: Plan }) {
  return (
    <>
      <FirstLookUp plan={plan} />
      <EraseCalls plan={plan} />
    </>
  )
}

function FirstLookUp({ plan }: { readonly plan: Plan }) {
  if (plan.firstLookUp === null) return null
  const words =
    plan.lookUpCalls === 1 ? 'The only look-up, before it' : `First look-up of ${formatNumber(plan.lookUpCalls)}`
  return (
    <section className="plan-call">
      <h3>{words}</h3>
      <CallBlock label={words}>{writeCall(plan.firstLookUp)}</CallBlock>
    </section>
  )
}

function EraseCalls({ plan }: { readonly plan: Plan }) {
  const examples = exampleGroups(plan.groups)
  return examples.map((group) => {
    const calls = plan.groups.filter(({ own }) => own === group.own).reduce((sum, other) => sum + other.calls, 0)
    const title = calls === 1 ? 'The only call' : `First call of ${formatNumber(calls)}`
    const words =
      examples.length === 1
        ? title
        : `${title} to ${group.own ? 'the bots that rows name' : group.scope.kind === 'bots' ? countOf(group.scope.botIds.length, 'bot') : 'all bots'}`
    return (
      <section key={String(group.own)} className="plan-call">
        <h3>{words}</h3>
        <CallBlock label={words}>{writeCall(group.firstCall)}</CallBlock>
      </section>
    )
  })
}
