import type { Value } from '../../../../shared/contract.ts'
import { CallBlock, countOf, Disclosure, formatBytes, Notice } from '../../ui/index.ts'
import { writeCall } from './plan-words.ts'

/** What came of writing and signing every call with the network off. */
export function DryRunResult({ result }: { readonly result: Value<'dryRun'> }) {
  return (
    <section aria-label="Dry run" className="dry-run">
      <Notice tone="info" title="Dry run: nothing was sent">
        {`${countOf(result.calls, 'call')} with ${countOf(result.identifiers, 'identifier')}${result.lookUpCalls === 0 ? '' : ` and ${countOf(result.lookUpCalls, 'look-up')} before`} were written and signed, ${formatBytes(result.bytes)} in all, the largest ${formatBytes(result.largestCall)}.`}
      </Notice>
      <Disclosure title="The last call">
        <CallBlock label="The last call of the dry run">{writeCall(result.lastCall)}</CallBlock>
      </Disclosure>
    </section>
  )
}
