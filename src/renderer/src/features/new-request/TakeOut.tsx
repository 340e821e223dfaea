import { useState } from 'react'
import type { ImportSummary } from '../../../../shared/model/import.ts'
import { useAction } from '../../api.ts'
import { describeSum } from '../../files/import-words.ts'
import { Button, countOf, Dialog, FailureNotice, showToast } from '../../ui/index.ts'

/** The way to take a file out of the draft again, with the question before it where rows go with it. */
export function TakeOut({ entry }: { readonly entry: ImportSummary }) {
  const [asks, setAsks] = useState(false)
  const remove = useAction('removeImport')
  const isEmpty = entry.status !== 'done'
  const close = () => {
    remove.reset()
    setAsks(false)
  }
  // Awaited as a promise: once the file is out its line may be gone before the answer has come.
  const run = () =>
    void remove.mutateAsync({ importId: entry.id }).then(
      () => showToast(`${entry.fileName} taken out of the draft. The file itself is untouched.`),
      () => {},
    )
  return (
    <>
      <Button kind="danger" isPending={isEmpty && remove.isPending} onPress={() => (isEmpty ? run() : setAsks(true))}>
        {isEmpty ? 'Take this file out' : 'Take this file out…'}
        <span className="hidden-visually">({entry.fileName})</span>
      </Button>
      <Dialog
        isOpen={asks || (isEmpty && remove.failure !== null)}
        onClose={close}
        busy={remove.isPending}
        alert
        title={`Take ${entry.fileName} out of the draft?`}
        footer={
          <>
            <Button autoFocus onPress={close}>
              Keep the file
            </Button>
            <div className="push" />
            <Button kind="danger" isPending={remove.isPending} onPress={run}>
              {`Take ${countOf(entry.identifiers, 'identifier')} out`}
            </Button>
          </>
        }
      >
        <p>
          {describeSum(entry)}: they leave the draft. The file itself is untouched and can be imported again. Nothing of
          it was sent.
        </p>
        {remove.failure === null ? null : <FailureNotice failure={remove.failure} />}
      </Dialog>
    </>
  )
}
