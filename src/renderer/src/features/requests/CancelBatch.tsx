/** Taking an accepted batch back at the vendor, while its last word still allows that. */
import { useState } from 'react'
import type { BatchRow, RequestDetail } from '../../../../shared/model/request.ts'
import { useAction } from '../../api.ts'
import { nameOfVendor, useVendors } from '../../vendors.tsx'
import { Button, countOf, FailureNotice, TextField } from '../../ui/index.ts'

export function CancelBatch({ request, batch }: { readonly request: RequestDetail; readonly batch: BatchRow }) {
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
