import { useRef, useState } from 'react'
import type { CaseDetail } from '../../../../shared/model/case.ts'
import { FactFields, focusFirstMistake } from '../../case-facts/FactFields.tsx'
import { factValuesOf, findFactMistakes, toDraftFacts } from '../../case-facts/facts.ts'
import { useAction } from '../../api.ts'
import { Button, Dialog, FailureNotice, isoDayOf, showToast, useNow } from '../../ui/index.ts'
import { DiscardCase } from './DiscardCase.tsx'

/** What can be done with a case as a whole, in its header. */
export function CaseActions({ detail }: { readonly detail: CaseDetail }) {
  const [edits, setEdits] = useState(false)
  return (
    <>
      {/* Where the file was not read to its end, the notice about it has the button. */}
      {detail.phase === 'draft' && detail.reading === 'done' ? <DiscardCase detail={detail} /> : null}
      {detail.phase === 'closed' ? null : <Button onPress={() => setEdits(true)}>Name and facts…</Button>}
      {edits ? <FactsDialog detail={detail} onClose={() => setEdits(false)} /> : null}
    </>
  )
}

function FactsDialog({ detail, onClose }: { readonly detail: CaseDetail; readonly onClose: () => void }) {
  const now = useNow()
  const form = useRef<HTMLDivElement>(null)
  const [values, setValues] = useState(() => factValuesOf(detail))
  const update = useAction('updateCase')
  const mistakes = findFactMistakes(values, isoDayOf(now))
  const save = () => {
    if (Object.keys(mistakes).length > 0) return focusFirstMistake(form.current)
    update.mutate(
      { caseId: detail.id, ...toDraftFacts(values) },
      {
        onSuccess: () => {
          showToast('The facts of the case are saved.')
          onClose()
        },
      },
    )
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      busy={update.isPending}
      title="Name and facts of the case"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <div className="push" />
          <Button kind="primary" isPending={update.isPending} onPress={save}>
            Save
          </Button>
        </>
      }
    >
      <p className="dim">
        Every request of the case that is not sent yet gets these facts; what was sent keeps its own.
      </p>
      {update.failure === null ? null : <FailureNotice failure={update.failure} />}
      <FactFields values={values} mistakes={mistakes} onChange={setValues} place={form} />
    </Dialog>
  )
}
