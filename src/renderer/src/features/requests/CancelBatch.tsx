/** Taking an accepted batch back at the vendor, while its last word still allows that, and what came of it. */
import { useState } from 'react'
import type { BatchRow, RequestDetail } from '../../../../shared/model/request.ts'
import { useAction } from '../../api.ts'
import { nameOfVendor, useVendor, useVendors } from '../../vendors.tsx'
import { Button, countOf, FailureNotice, Notice, TextField } from '../../ui/index.ts'
import { lastTryWords } from './batch-words.ts'

type CancelProperties = { readonly request: RequestDetail; readonly batch: BatchRow }

/** Nothing for a batch that is not under way, or that the vendor takes nothing back of. */
export function CancelBatch({ request, batch }: CancelProperties) {
  const mayEver = useVendor(request.vendor)?.capabilities.cancel ?? false
  const isUnderWay = batch.status === 'accepted' && !batch.adopted && !batch.cancelAsked
  if (!mayEver || !isUnderWay) return null
  return (
    <>
      <LastTry batch={batch} vendor={request.vendor} />
      {batch.mayBeCancelled && batch.lastCancel?.came !== 'too late' ? (
        <AskForIt request={request} batch={batch} />
      ) : null}
    </>
  )
}

/** How the last try ended, where the batch goes on all the same. */
function LastTry({ batch, vendor }: { readonly batch: BatchRow; readonly vendor: RequestDetail['vendor'] }) {
  const vendorName = nameOfVendor(useVendors(), vendor)
  if (batch.lastCancel === null) return null
  const { title, words } = lastTryWords(batch.lastCancel, batch, vendorName)
  return (
    <Notice tone="warning" title={title}>
      {words}
    </Notice>
  )
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
