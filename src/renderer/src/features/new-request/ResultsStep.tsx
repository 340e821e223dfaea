import { useState } from 'react'
import type { ImportId } from '../../../../shared/model/ids.ts'
import type { ChosenFile, ImportSummary } from '../../../../shared/model/import.ts'
import type { RequestDetail } from '../../../../shared/model/request.ts'
import { Button, EmptyState, FailureNotice } from '../../ui/index.ts'
import { useFileChoice } from '../../files/choose-files.ts'
import { describeSum, sumImports } from '../../files/import-words.ts'
import { ImportResults } from '../../files/ImportResults.tsx'
import { Repeats } from './Repeats.tsx'
import { StepFrame } from '../../wizard/StepFrame.tsx'
import type { Step } from './steps.ts'
import { TakeOut } from './TakeOut.tsx'

/** The second step once every chosen file is in: what became of the rows, and the way to one more file. */
export function ResultsStep({
  draft,
  imports,
  identifiers,
  onFiles,
  goTo,
}: {
  readonly draft: RequestDetail
  readonly imports: readonly ImportSummary[]
  /** How many the draft holds. */
  readonly identifiers: number
  readonly onFiles: (files: readonly ChosenFile[]) => void
  readonly goTo: (step: Step) => void
}) {
  const [chosen, setChosen] = useState<ImportId | null>(null)
  const files = useFileChoice(true, onFiles)
  const done = imports.filter(({ status }) => status === 'done')
  const selected = imports.find(({ id }) => id === chosen) ?? imports.at(-1)
  return (
    <StepFrame
      heading="Columns and check"
      footer={
        <>
          <Button kind="quiet" onPress={() => goTo('file')}>
            Back
          </Button>
          {selected === undefined ? null : <TakeOut key={selected.id} entry={selected} />}
          <span className="spacer" />
          <Button isPending={files.isBusy} onPress={files.choose}>
            Add another file
          </Button>
          <Button kind="primary" isDisabled={identifiers === 0} onPress={() => goTo('scope')}>
            Continue
          </Button>
        </>
      }
    >
      {files.failure === null ? null : <FailureNotice failure={files.failure} />}
      {selected === undefined ? (
        <EmptyState title="No file yet">Add one to go on.</EmptyState>
      ) : (
        <>
          {done.length === 0 ? null : <p className="import-sum">{describeSum(sumImports(done))}</p>}
          <ImportResults label="Files of this request" imports={imports} selected={selected} onSelect={setChosen}>
            {identifiers === 0 ? null : <Repeats draft={draft} saysNone />}
          </ImportResults>
        </>
      )}
    </StepFrame>
  )
}
