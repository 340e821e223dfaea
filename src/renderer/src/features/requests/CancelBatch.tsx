/** Taking an accepted batch back at the vendor, while its last word still allows that, and what came of it. */
import { useState } from 'react'
import type { AttemptRow, BatchRow, RequestDetail } from '../../../../shared/model/request.ts'
import { useAction, useChannel } from '../../api.ts'
import { nameOfVendor, useVendor, useVendors } from '../../vendors.tsx'
import { Button, countOf, FailureNotice, Notice, TextField } from '../../ui/index.ts'

type CancelProperties = { readonly request: RequestDetail; readonly batch: BatchRow }

/** A try to take it back is looked for among so many of its last calls. */
const lastCalls = 50

/** Nothing for a batch that is not under way, or that the vendor takes nothing back of. */
export function CancelBatch({ request, batch }: CancelProperties) {
  const mayEver = useVendor(request.vendor)?.capabilities.cancel ?? false
  const isUnderWay = batch.status === 'accepted' && !batch.adopted && !batch.cancelAsked
  const calls = useChannel(
    'listAttempts',
    { requestId: request.id, batchId: batch.id, anchor: { index: 0 }, limit: lastCalls },
    { enabled: mayEver && isUnderWay },
  )
  if (!mayEver || !isUnderWay || calls.data === undefined) return null
  const last = calls.data.rows.find(({ kind }) => kind === 'cancel')
  const isRefused = last?.ending === 'answered'
  return (
    <>
      {last === undefined ? null : <LastTry last={last} vendor={request.vendor} />}
      {batch.mayBeCancelled && !isRefused ? <AskForIt request={request} batch={batch} /> : null}
    </>
  )
}

/** How the last try ended, where the batch goes on all the same. */
function LastTry({ last, vendor }: { readonly last: AttemptRow; readonly vendor: RequestDetail['vendor'] }) {
  const vendorName = nameOfVendor(useVendors(), vendor)
  if (last.ending === 'answered') {
    return (
      <Notice tone="warning" title="Too late to take it back">
        {`${vendorName} had begun${last.vendorWords === null ? '' : `: “${last.vendorWords}”`}. The batch goes on, and is followed to its end like any other.`}
      </Notice>
    )
  }
  if (last.ending === 'no answer') {
    return (
      <Notice tone="warning" title="Whether it was taken back is in doubt">
        The call was cut off, or answered without a yes or no. The next status call shows it.
      </Notice>
    )
  }
  return null
}

function AskForIt({ request, batch }: CancelProperties) {
  const cancel = useAction('cancelBatch')
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const vendorName = nameOfVendor(useVendors(), request.vendor)
  const isMissing = reason.trim() === ''
  const take = () => {
    setTried(true)
    if (!isMissing) cancel.mutate({ requestId: request.id, batchId: batch.id, reason: reason.trim() })
  }
  return (
    <section className="cancel-batch" aria-labelledby="cancel-batch-title">
      <h3 id="cancel-batch-title">{`Take it back at ${vendorName}`}</h3>
      <p className="dim">
        {`Until ${vendorName} begins, ${countOf(batch.size, 'identifier')} can be taken back: nothing of them is erased then. Whether it is in time, only the vendor’s answer says.`}
      </p>
      {cancel.failure === null ? null : <FailureNotice failure={cancel.failure} />}
      <TextField
        label="Why"
        value={reason}
        onChange={setReason}
        error={tried && isMissing ? 'A reason is needed: it stays in the log.' : undefined}
      />
      <div>
        <Button kind="danger" isPending={cancel.isPending} onPress={take}>
          {`Take ${countOf(batch.size, 'identifier')} back`}
        </Button>
      </div>
    </section>
  )
}
