import type { Failure } from '../../../../shared/failure.ts'
import type { Connection } from '../../../../shared/model/connection.ts'
import type { ConnectionId } from '../../../../shared/model/ids.ts'
import type { ChosenFile } from '../../../../shared/model/import.ts'
import type { RequestDetail } from '../../../../shared/model/request.ts'
import { useChannel } from '../../api.ts'
import { Button, countOf, FailureNotice, formatBytes, Notice } from '../../ui/index.ts'
import { useFileChoice } from '../../files/choose-files.ts'
import { DropPlace } from '../../files/DropPlace.tsx'
import { isReadable } from '../../files/import-words.ts'
import { ConnectionChoice, NoConnection } from './ConnectionChoice.tsx'
import type { PendingFile } from './pending.ts'
import { StepFrame } from '../../wizard/StepFrame.tsx'

const promise = <span className="dim">Nothing is sent before the plan has been on screen.</span>

const fileWords =
  'One identifier a row, as the vendor knows it: an email, a user id, a channel with its user id, a distinct id. ' +
  'Encoding, separator and columns are recognised and can be changed next. The file itself is never changed.'

/** The first step: which connection, and the files. A drop counts anywhere on the window. */
export function FileStep({
  connections,
  connectionId,
  onConnection,
  draft,
  pending,
  onFiles,
  onLeaveOut,
  failure,
  isBusy,
  onContinue,
}: {
  readonly connections: readonly Connection[]
  readonly connectionId: ConnectionId | null
  readonly onConnection: (id: ConnectionId) => void
  readonly draft: RequestDetail | null
  /** Files that were chosen and are not imported yet. */
  readonly pending: readonly PendingFile[]
  readonly onFiles: (files: readonly ChosenFile[]) => void
  readonly onLeaveOut: (token: string) => void
  readonly failure: Failure | null
  readonly isBusy: boolean
  /** Null while there is no way on. */
  readonly onContinue: (() => void) | null
}) {
  const status = useChannel('getAppStatus', {})
  const importIsOff = status.data?.history.kind === 'memory'
  const isOn = status.data !== undefined && !importIsOff && connections.length > 0 && !isBusy
  const files = useFileChoice(isOn, onFiles)
  const imports = draft?.imports ?? []
  const needsConnection = connectionId === null && pending.length > 0

  if (connections.length === 0) {
    return (
      <StepFrame heading="Choose a file" footer={promise}>
        <NoConnection />
      </StepFrame>
    )
  }
  return (
    <StepFrame
      heading="Choose a file"
      footer={
        <>
          <span className="spacer" />
          {imports.length + pending.length === 0 ? (
            promise
          ) : (
            <Button kind="primary" isDisabled={onContinue === null} isPending={isBusy} onPress={() => onContinue?.()}>
              Continue
            </Button>
          )}
        </>
      }
    >
      {connections.length > 1 ? (
        <ConnectionChoice
          connections={connections}
          value={connectionId}
          onChange={onConnection}
          error={needsConnection ? 'Choose where the identifiers of this file are to be erased.' : undefined}
        />
      ) : null}
      {failure === null ? null : <FailureNotice failure={failure} />}
      {importIsOff ? (
        <Notice tone="warning" title="Import is off: what it reads could not be kept.">
          {status.data?.history.failure?.next ?? 'The notice above says why, and what helps.'}
        </Notice>
      ) : (
        <>
          {files.failure === null ? null : <FailureNotice failure={files.failure} />}
          {imports.length + pending.length === 0 ? null : (
            <ul className="lines" aria-label="Files of this request">
              {imports.map((entry) => (
                <li key={entry.id} className="file-entry">
                  <span className="cut">{entry.fileName}</span>
                  <span className="dim nowrap">
                    {entry.status === 'done'
                      ? `${countOf(entry.rows, 'row')}, ${countOf(entry.identifiers, 'identifier')}`
                      : entry.status === 'running'
                        ? 'being read'
                        : 'not read'}
                  </span>
                </li>
              ))}
              {pending.map((file) => (
                <li key={file.token} className="file-entry">
                  <span className="cut">{file.fileName}</span>
                  <span className="dim nowrap">
                    {isReadable(file) ? `${formatBytes(file.byteSize)}, not read yet` : 'cannot be read as it is'}
                  </span>
                  <Button kind="quiet" size="small" onPress={() => onLeaveOut(file.token)}>
                    Leave out
                  </Button>
                </li>
              ))}
            </ul>
          )}
          <DropPlace
            isOver={files.isOver}
            words={`Drop ${imports.length + pending.length === 0 ? '' : 'more '}CSV files anywhere on this window`}
            explanation={imports.length + pending.length === 0 ? fileWords : null}
          >
            <Button
              kind={imports.length + pending.length === 0 ? 'primary' : 'plain'}
              isPending={files.isBusy || isBusy}
              onPress={files.choose}
            >
              Choose a file
            </Button>
          </DropPlace>
        </>
      )}
    </StepFrame>
  )
}
