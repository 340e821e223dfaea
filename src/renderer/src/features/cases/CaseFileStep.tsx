import { useChannel } from '../../api.ts'
import type { ChosenFile } from '../../../../shared/model/import.ts'
import { useFileChoice } from '../../files/choose-files.ts'
import { DropPlace } from '../../files/DropPlace.tsx'
import { isReadable } from '../../files/import-words.ts'
import { Button, FailureNotice, formatBytes, Notice, showToast } from '../../ui/index.ts'
import { StepFrame } from '../../wizard/StepFrame.tsx'

const explanation =
  'One row or several for each person, with a column for every id: the email and the channel user at one vendor, the distinct id at another. Encoding, separator and columns are recognised and can be changed next. The file itself is never changed.'

/** The second step: the one file of the case. A drop counts anywhere on the window. */
export function CaseFileStep({
  file,
  onFile,
  onBack,
  onContinue,
}: {
  readonly file: ChosenFile | null
  readonly onFile: (file: ChosenFile) => void
  readonly onBack: () => void
  readonly onContinue: () => void
}) {
  const status = useChannel('getAppStatus', {})
  const importIsOff = status.data?.history.kind === 'memory'
  const files = useFileChoice(status.data !== undefined && !importIsOff, ([first, ...others]) => {
    if (first === undefined) return
    if (others.length > 0) showToast(`A case is read from one file: ${first.fileName} was taken.`)
    onFile(first)
  })
  return (
    <StepFrame
      heading="Choose a file"
      footer={
        <>
          <Button kind="quiet" onPress={onBack}>
            Back
          </Button>
          <span className="spacer" />
          {file === null ? null : (
            <Button kind="primary" onPress={onContinue}>
              Continue
            </Button>
          )}
        </>
      }
    >
      {importIsOff ? (
        <Notice tone="warning" title="Import is off: what it reads could not be kept.">
          {status.data?.history.failure?.next ?? 'The notice above says why, and what helps.'}
        </Notice>
      ) : (
        <>
          {files.failure === null ? null : <FailureNotice failure={files.failure} />}
          {file === null ? null : (
            <p className="file-entry">
              <span className="cut strong">{file.fileName}</span>
              <span className="dim nowrap">
                {isReadable(file) ? `${formatBytes(file.byteSize)}, not read yet` : 'cannot be read as it is'}
              </span>
            </p>
          )}
          <DropPlace
            isOver={files.isOver}
            words={file === null ? 'Drop a CSV file anywhere on this window' : 'Drop another CSV file in its place'}
            explanation={file === null ? explanation : null}
          >
            <Button kind={file === null ? 'primary' : 'plain'} isPending={files.isBusy} onPress={files.choose}>
              {file === null ? 'Choose a file' : 'Choose another file'}
            </Button>
          </DropPlace>
        </>
      )}
    </StepFrame>
  )
}
