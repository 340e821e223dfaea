import type { CaseDetail } from '../../../../shared/model/case.ts'
import { useAction } from '../../api.ts'
import { paths } from '../../paths.ts'
import { countOf } from '../../ui/index.ts'
import { Discard } from '../../wizard/Discard.tsx'

/** A case of which nothing was sent, out of the history with everybody it names. */
export function DiscardCase({ detail }: { readonly detail: CaseDetail }) {
  const action = useAction('discardCase')
  const run = async () => await action.mutateAsync({ caseId: detail.id })
  const drafts = detail.parts.filter(({ request }) => request !== null).length
  return (
    <Discard what="case" name={detail.name} action={action} run={run} backTo={paths.cases()}>
      {countOf(drafts, 'draft')}, their scopes and facts leave the history with everyone the file names. Nothing of it
      was sent, and the file stays where it is.
    </Discard>
  )
}
