import type { BatchId } from '../../../../shared/model/ids.ts'
import type { IdentifierRow, RequestDetail } from '../../../../shared/model/request.ts'
import type { IdentifierState } from '../../../../shared/model/state.ts'
import { useChannel } from '../../api.ts'
import { DecideDialog } from './DecideDialog.tsx'

/** What is asked about: one state of one batch, or one identifier of it. */
export type Asked = Readonly<{ batchId: BatchId; state: IdentifierState; identifier: IdentifierRow | null }>

/** The decision about one batch's share of a state, however many batches the request has. */
export function BatchDecision({
  request,
  asked,
  onClose,
}: {
  readonly request: RequestDetail
  readonly asked: Asked
  readonly onClose: () => void
}) {
  const groups = useChannel('listBatchGroups', { requestId: request.id, batchId: asked.batchId })
  const group = groups.data?.find(({ state }) => state === asked.state)
  if (group === undefined) return null
  return <DecideDialog request={request} group={group} identifier={asked.identifier} onClose={onClose} />
}
