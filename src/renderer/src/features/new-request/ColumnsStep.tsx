import { useEffect, useRef, useState } from 'react'
import type { FilePreview, ImportSummary } from '../../../../shared/model/import.ts'
import type { RequestDetail } from '../../../../shared/model/request.ts'
import { useAction } from '../../api.ts'
import { announce, Button, FailureNotice } from '../../ui/index.ts'
import { AddFile } from './AddFile.tsx'
import { ImportProgress } from './ImportProgress.tsx'
import { ImportResults } from './ImportResults.tsx'
import { PendingFile } from './PendingFile.tsx'
import { findRoleMistake } from './roles.ts'
import { StepFrame } from './step-frame.tsx'
import { describeSum, doneImports, sumImports, type Step } from './steps.ts'

/**
 * The second step. A chosen file shows its columns until it is imported; then what became of its rows. Files that were
 * chosen together come one after the other.
 */
export function ColumnsStep({
  draft,
  pending,
  onPending,
  goTo,
}: {
  readonly draft: RequestDetail
  readonly pending: readonly FilePreview[]
  readonly onPending: (pending: readonly FilePreview[]) => void
  readonly goTo: (step: Step) => void
}) {
  const [started, setStarted] = useState<ImportSummary | null>(null)
  const start = useAction('startImport')
  const cancel = useAction('cancelImport')
  const imports = withStarted(draft.imports, started)
  const running = imports.find((entry) => entry.status === 'running') ?? null
  const [file, ...rest] = pending
  const mistake = file === undefined ? null : findRoleMistake(file.roles)
  const [tried, setTried] = useState(false)
  const { identifiers } = sumImports(doneImports(draft))
  useSpokenEnd(running, imports)

  const begin = (chosen: FilePreview) => {
    setTried(true)
    if (mistake !== null) return
    start.mutate(
      { requestId: draft.id, token: chosen.token, format: chosen.format, roles: [...chosen.roles] },
      {
        onSuccess: (summary) => {
          setStarted(summary)
          setTried(false)
          onPending(rest)
        },
      },
    )
  }
  const leaveOut = () => {
    start.reset()
    onPending(rest)
    if (rest.length === 0 && imports.length === 0) goTo('file')
  }

  if (running !== null) {
    return (
      <StepFrame
        key="running"
        heading={`Reading ${running.fileName}`}
        footer={<span className="dim">It goes on when this step is left.</span>}
      >
        <ImportProgress summary={running} />
        {cancel.failure === null ? null : <FailureNotice failure={cancel.failure} />}
        <div>
          <Button isPending={cancel.isPending} onPress={() => cancel.mutate({ importId: running.id })}>
            Cancel the import
          </Button>
        </div>
      </StepFrame>
    )
  }
  if (file !== undefined) {
    return (
      <StepFrame
        key={file.token}
        heading={`What the columns of ${file.fileName} hold`}
        footer={
          <>
            <Button kind="quiet" onPress={() => goTo('file')}>
              Back
            </Button>
            <span className="spacer" />
            <Button onPress={leaveOut}>Leave this file out</Button>
            <Button kind="primary" isPending={start.isPending} onPress={() => begin(file)}>
              Import
            </Button>
          </>
        }
      >
        {start.failure === null ? null : <FailureNotice failure={start.failure} />}
        <PendingFile
          file={file}
          mistake={tried ? mistake : null}
          onChange={(changed) => {
            start.reset()
            onPending([changed, ...rest])
          }}
        />
      </StepFrame>
    )
  }
  return (
    <StepFrame
      key="results"
      heading="Columns and check"
      footer={
        <>
          <Button kind="quiet" onPress={() => goTo('file')}>
            Back
          </Button>
          <span className="spacer" />
          <AddFile onFiles={(added) => onPending([...pending, ...added])} />
          <Button kind="primary" isDisabled={identifiers === 0} onPress={() => goTo('scope')}>
            Continue
          </Button>
        </>
      }
    >
      <ImportResults imports={imports} />
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
