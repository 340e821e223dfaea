import type { BatchRow, RequestDetail } from '../../../../shared/model/request.ts'
import type { IdentifierState } from '../../../../shared/model/state.ts'
import { useChannel } from '../../api.ts'
import { termOfScope, useVendor } from '../../vendors.tsx'
import { Button, countOf, describeCounts, Dialog, Facts, Identifier, Time } from '../../ui/index.ts'
import { BatchCalls } from './AttemptsTab.tsx'
import { describeChildren, describeLookUp, dividedAs } from './batch-words.ts'
import { describeEnd } from './call-words.ts'
import { CancelBatch } from './CancelBatch.tsx'
import { decideVerb, scopesInWords } from './decisions.ts'
import { NamedIds } from './NamedIds.tsx'

/** One batch: what it carried, its calls and how the first ended, what it still waits for, and whom the vendor named beside. */
export function BatchDialog({
  request,
  batch,
  onDecide,
  onClose,
}: {
  readonly request: RequestDetail
  readonly batch: BatchRow
  readonly onDecide: (state: IdentifierState) => void
  readonly onClose: () => void
}) {
  const vendor = useVendor(request.vendor)
  const groups = useChannel('listBatchGroups', { requestId: request.id, batchId: batch.id })
  const ended = groups.data?.find((group) => group.ended !== null)?.ended ?? null
  const showsNames = batch.strangers > 0 || (batch.counts.unconfirmed ?? 0) > 0
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="wide"
      title={`Batch ${batch.number}: ${dividedAs(batch) ?? batch.status}`}
      footer={
        <>
          <Button onPress={onClose}>Close</Button>
          <div className="push" />
          {batch.open.map(({ state, count }) => (
            <Button key={state} onPress={() => onDecide(state)}>
              {`${decideVerb(state)} ${count} ${state}…`}
            </Button>
          ))}
        </>
      }
    >
      <Facts
        facts={[
          [
            'Identifiers',
            dividedAs(batch) !== null
              ? countOf(batch.size, 'identifier')
              : `${countOf(batch.size, 'identifier')}: ${describeCounts(batch.counts)}`,
          ],
          [
            termOfScope(vendor),
            scopesInWords({ scopes: [{ scope: batch.scope, identifiers: batch.size }], scopeCount: 1 }),
          ],
          [
            'Vendor’s id',
            batch.vendorRequestId === null ? null : <Identifier key="id" value={batch.vendorRequestId} />,
          ],
          ['Looked up', describeLookUp(batch.lookUp)],
          ['Comes from', batch.parent],
          [
            'Stands for',
            batch.adopted ? 'a task that was running at the vendor already; it is not taken back from here' : null,
          ],
          ['Taking it back', batch.cancelAsked ? 'asked for; the vendor has not answered yet' : null],
          ['Went on', describeChildren(batch.children)],
          ['Made', <Time key="made" at={batch.createdAt} exact />],
          ['Accepted', batch.acceptedAt === null ? null : <Time key="accepted" at={batch.acceptedAt} exact />],
          ['Finished', batch.finishedAt === null ? null : <Time key="finished" at={batch.finishedAt} exact />],
          ['Last answer', batch.lastAnswerAt === null ? null : <Time key="answer" at={batch.lastAnswerAt} exact />],
          ['How it ended', ended === null ? null : describeEnd(ended)],
          [
            'The vendor’s words',
            batch.vendorWords === null ? null : (
              <q key="words" className="mono">
                {batch.vendorWords}
              </q>
            ),
          ],
          ['Noted', batch.note],
        ]}
      />
      <BatchCalls requestId={request.id} batchId={batch.id} />
      <CancelBatch request={request} batch={batch} />
      {showsNames ? <NamedIds requestId={request.id} batchId={batch.id} /> : null}
    </Dialog>
  )
}
