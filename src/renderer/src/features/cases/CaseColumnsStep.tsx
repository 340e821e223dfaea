import { useRef } from 'react'
import type { Failure } from '../../../../shared/failure.ts'
import type { CaseColumn } from '../../../../shared/model/case.ts'
import { findColumnMistakes } from '../../../../shared/model/case-readings.ts'
import type { ChosenFile, FileFormat, FilePreview } from '../../../../shared/model/import.ts'
import { useAction } from '../../api.ts'
import { FilePreviewTable } from '../../files/FilePreviewTable.tsx'
import { FormatFields } from '../../files/FormatFields.tsx'
import { isReadable } from '../../files/import-words.ts'
import { UnreadablePart } from '../../files/UnreadablePart.tsx'
import { Button, FailureNotice, formatBytes, VisibleText } from '../../ui/index.ts'
import { StepFrame } from '../../wizard/StepFrame.tsx'
import { describePeople, listReadings } from './case-words.ts'
import { listColumnOptions, readColumn, writeColumn } from './columns.ts'
import type { NewCaseState } from './new-case.ts'

/** The third step: what each column of the file holds for which connection, and what follows from it in words. */
export function CaseColumnsStep({
  file,
  state,
  from,
  failure,
  onFile,
  onColumns,
  onBack,
  onContinue,
}: {
  readonly file: ChosenFile
  readonly state: NewCaseState
  readonly from: 'remembered' | 'guessed' | null
  /** Why it is not known what the columns hold. */
  readonly failure: Failure | null
  readonly onFile: (file: FilePreview) => void
  readonly onColumns: (columns: readonly CaseColumn[]) => void
  readonly onBack: () => void
  readonly onContinue: () => void
}) {
  const content = useRef<HTMLDivElement>(null)
  const { columns, connections } = state
  const mistakes = columns === null ? [] : findColumnMistakes(columns, connections)
  const goOn = () => {
    if (columns !== null && mistakes.length === 0) return onContinue()
    content.current?.querySelector<HTMLElement>('[data-invalid] button, [data-mistake]')?.focus()
  }
  return (
    <StepFrame
      heading={isReadable(file) ? `What the columns of ${file.fileName} hold` : `How ${file.fileName} is written`}
      footer={
        <>
          <Button kind="quiet" onPress={onBack}>
            Back
          </Button>
          <span className="spacer" />
          {isReadable(file) ? (
            <Button kind="primary" isDisabled={columns === null} onPress={goOn}>
              Continue
            </Button>
          ) : null}
        </>
      }
    >
      {failure === null ? null : <FailureNotice failure={failure} />}
      {isReadable(file) ? (
        <div ref={content} className="case-columns">
          <Format file={file} onFile={onFile} />
          {columns === null ? null : (
            <>
              <p className="dim">
                {from === 'remembered'
                  ? 'The columns are read as they were for an earlier file with this very header.'
                  : 'What each column holds is guessed from its title and the first rows. Check it.'}
              </p>
              <FilePreviewTable
                file={file}
                choices={columns.map(writeColumn)}
                options={listColumnOptions(connections)}
                ignored="ignore"
                choiceWidth={240}
                mistakes={
                  new Map(mistakes.flatMap(({ column, words }) => (column === null ? [] : [[column, words] as const])))
                }
                onChoose={(column, choice) =>
                  onColumns(columns.map((current, at) => (at === column ? readColumn(choice) : current)))
                }
              />
              <Consequences file={file} columns={columns} state={state} />
            </>
          )}
        </div>
      ) : (
        <UnreadablePart file={file} onRead={onFile} />
      )}
    </StepFrame>
  )
}

function Format({ file, onFile }: { readonly file: FilePreview; readonly onFile: (file: FilePreview) => void }) {
  const inspect = useAction('inspectFile')
  const read = (change: Partial<FileFormat>) =>
    inspect.mutate({ token: file.token, ...file.format, ...change }, { onSuccess: onFile })
  return (
    <>
      <div className="file-format">
        <FormatFields format={file.format} onChange={read} />
        <span className="dim file-size">{formatBytes(file.byteSize)}</span>
      </div>
      {inspect.failure === null ? null : <FailureNotice failure={inspect.failure} />}
    </>
  )
}

/** Who the people of the case will be, and what is read for each connection; or what is wrong with it. */
function Consequences({
  file,
  columns,
  state,
}: {
  readonly file: FilePreview
  readonly columns: readonly CaseColumn[]
  readonly state: NewCaseState
}) {
  const { connections } = state
  const mistakes = findColumnMistakes(columns, connections)
  const readings = listReadings(columns, connections, file.columns)
  return (
    <section aria-labelledby="what-follows">
      <h3 id="what-follows">What follows</h3>
      <p>
        <VisibleText text={describePeople(columns, file.columns)} />
      </p>
      <ul className="lines consequences" aria-live="polite">
        {connections.map(({ id, name }) => {
          const own = mistakes.filter(({ connectionId }) => connectionId === id)
          return (
            <li key={id}>
              <span className="strong">{name}</span>
              {own.length > 0 ? (
                <span className="danger-text" tabIndex={-1} data-mistake>
                  {own.map(({ words }) => words).join(' ')}
                </span>
              ) : readings.size === 0 ? (
                <span className="dim">Put right what is marked above.</span>
              ) : (
                <span>
                  <VisibleText text={(readings.get(id) ?? []).join('; ')} />
                </span>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
