import { useState } from 'react'
import type { Plan } from '../../../../shared/model/request.ts'
import { describeScope } from '../../../../shared/model/scope.ts'
import { Button, CallBlock, countOf, formatNumber } from '../../ui/index.ts'
import { writeCall } from './plan-words.ts'

const shownAtFirst = 3

/** The first call of every group exactly as it will be sent, its identifiers cut in the middle. */
export function PlanCalls({ plan }: { readonly plan: Plan }) {
  const [showsAll, setShowsAll] = useState(false)
  const shown = showsAll ? plan.groups : plan.groups.slice(0, shownAtFirst)
  return (
    <>
      {shown.map((group, index) => {
        const title = group.calls === 1 ? 'The only call' : `First call of ${formatNumber(group.calls)}`
        const words =
          plan.groups.length === 1
            ? title
            : `${title}, ${countOf(group.identifiers, 'identifier')} from ${describeScope(group.scope)}`
        return (
          // A plan's groups keep their order, and nothing else names them.
          // oxlint-disable-next-line react/no-array-index-key
          <section key={index} className="plan-call">
            <h3>{words}</h3>
            <CallBlock label={words}>{writeCall(group.firstCall)}</CallBlock>
          </section>
        )
      })}
      {shown.length === plan.groups.length ? null : (
        <div>
          <Button size="small" onPress={() => setShowsAll(true)}>
            {`Show the first calls of ${countOf(plan.groups.length - shown.length, 'more group')}`}
          </Button>
        </div>
      )}
    </>
  )
}
