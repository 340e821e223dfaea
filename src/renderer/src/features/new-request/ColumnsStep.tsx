import { useEffect, useRef, useState } from 'react'
import type { ImportSummary } from '../../../../shared/model/import.ts'
import type { RequestDetail } from '../../../../shared/model/request.ts'
import { useAction } from '../../api.ts'
import { announce, Button, FailureNotice } from '../../ui/index.ts'
import { describeSum, sumImports } from '../../files/import-words.ts'
import { ImportProgress } from '../../files/ImportProgress.tsx'
import type { PendingFile } from './pending.ts'
import { PendingStep } from './PendingStep.tsx'
import { ResultsStep } from './ResultsStep.tsx'
import { StepFrame } from '../../wizard/StepFrame.tsx'
import { doneImports, type Step } from './steps.ts'

/**
 * The second step. A chosen file shows its columns until it is in; then what became of its rows. Files that were chosen
 * together come one after the other.
 */
export function ColumnsStep({
  draft,
  pending,
  onPending,
  onLeaveOut,
  goTo,
}: {
  readonly draft: RequestDetail
  readonly pending: readonly PendingFile[]
  readonly onPending: (pending: readonly PendingFile[]) => void
  readonly onLeaveOut: (token: string) => void
  readonly goTo: (step: Step) => void
}) {
  const [started, setStarted] = useState<ImportSummary | null>(null)
  // Known to the draft: kept any longer, it would come back once its file is taken out.
  if (started !== null && draft.imports.some(({ id }) => id === started.id)) setStarted(null)
  const imports = withStarted(draft.imports, started)
  const running = imports.find((entry) => entry.status === 'running') ?? null
  const [file, ...rest] = pending
  useSpokenEnd(running, imports)

  if (running !== null) return <Reading key="running" summary={running} />
  if (file !== undefined) {
    return (
      <PendingStep
        key={file.token}
        draft={draft}
        file={file}
        onChange={(changed) => onPending([changed, ...rest])}
        onStarted={(summary) => {
          setStarted(summary)
          onPending([{ ...file, importId: summary.id }, ...rest])
        }}
        onLeaveOut={() => onLeaveOut(file.token)}
        onBack={() => goTo('file')}
      />
    )
  }
  return (
    <ResultsStep
      key="results"
      draft={draft}
      imports={imports}
      identifiers={sumImports(doneImports(draft)).identifiers}
      onFiles={(added) => onPending([...pending, ...added])}
      goTo={goTo}
    />
  )
}

function Reading({ summary }: { readonly summary: ImportSummary }) {
  const cancel = useAction('cancelImport')
  return (
    <StepFrame
      heading={`Reading ${summary.fileName}`}
      footer={<span className="dim">It goes on when this step is left.</span>}
    >
      <ImportProgress summary={summary} />
      {cancel.failure === null ? null : <FailureNotice failure={cancel.failure} />}
      <div>
        <Button isPending={cancel.isPending} onPress={() => cancel.mutate({ importId: summary.id })}>
          Cancel the import
        </Button>
      </div>
    </StepFrame>
  )
}

/** The imports with the one just started, which the draft names only once it was asked again. */
function withStarted(imports: readonly ImportSummary[], started: ImportSummary | null): readonly ImportSummary[] {
  return started === null || imports.some(({ id }) => id === started.id) ? imports : [...imports, started]
}

/** Says to a screen reader how an import that was watched has ended. */
function useSpokenEnd(running: ImportSummary | null, imports: readonly ImportSummary[]): void {
  const watched = useRef<ImportSummary['id'] | null>(null)
  useEffect(() => {
    const ended = imports.find(({ id, status }) => id === watched.current && status !== 'running')
    watched.current = running?.id ?? null
    if (ended === undefined) return
    announce(ended.status === 'done' ? describeSum(ended) : `${ended.fileName} was not imported.`)
  }, [running, imports])
}
