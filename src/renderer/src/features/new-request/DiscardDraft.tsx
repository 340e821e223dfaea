import type { RequestDetail } from '../../../../shared/model/request.ts'
import { useAction } from '../../api.ts'
import { paths } from '../../paths.ts'
import { countOf } from '../../ui/index.ts'
import { Discard } from '../../wizard/Discard.tsx'

/** A draft out of the history. */
export function DiscardDraft({ draft }: { readonly draft: RequestDetail }) {
  const action = useAction('discardDraft')
  const run = async () => await action.mutateAsync({ requestId: draft.id })
  return (
    <Discard what="draft" name={draft.name} action={action} run={run} backTo={paths.requests()}>
      {draft.total === 0
        ? 'The draft leaves the history. '
        : `${countOf(draft.total, 'identifier')}, the scope and the case facts leave the history. `}
      Nothing of it was sent, and the files stay where they are.
    </Discard>
  )
}
