import { useState } from 'react'
import type { ImportSummary } from '../../../../shared/model/import.ts'
import type { RequestDetail } from '../../../../shared/model/request.ts'
import { call, useAction } from '../../api.ts'
import { useVendor } from '../../vendors.tsx'
import { Button, FailureNotice } from '../../ui/index.ts'
import { endedImportOf, type PendingFile } from './pending.ts'
import { PreviewPart } from './PreviewPart.tsx'
import { findRoleMistake, fitRoles } from './roles.ts'
import { StepFrame } from '../../wizard/StepFrame.tsx'
import { isReadable } from '../../files/import-words.ts'
import { EndedNotice } from '../../files/EndedNotice.tsx'
import { UnreadablePart } from '../../files/UnreadablePart.tsx'

/** The second step while a chosen file is not in yet: what its columns hold, or why it cannot be read, and the cure. */
export function PendingStep({
  draft,
  file: given,
  onChange,
  onStarted,
  onLeaveOut,
  onBack,
}: {
  readonly draft: RequestDetail
  readonly file: PendingFile
  readonly onChange: (file: PendingFile) => void
  readonly onStarted: (summary: ImportSummary) => void
  readonly onLeaveOut: () => void
  readonly onBack: () => void
}) {
  const start = useAction('startImport')
  const remove = useAction('removeImport')
  const [tried, setTried] = useState(false)
  const columns = useVendor(draft.vendor)?.columns ?? []
  const file = isReadable(given) ? { ...given, roles: fitRoles(given.roles, columns) } : given
  const mistake = isReadable(file) ? findRoleMistake(file.roles, columns) : null
  const ended = endedImportOf(file, draft.imports)

  const begin = () => {
    setTried(true)
    if (!isReadable(file) || mistake !== null) return
    const { token, format, roles } = file
    // By their promises: this step may be gone before they are told, since the import shows in its place.
    start.mutateAsync({ requestId: draft.id, token, format, roles: [...roles] }).then((summary) => {
      // The import in vain leaves the draft's list; where it cannot, it stays there and says what it was.
      if (ended !== null) call('removeImport', { importId: ended.id }).catch(() => {})
      onStarted(summary)
    }, nothing)
  }
  const leaveOut = () => {
    if (ended === null) onLeaveOut()
    else remove.mutateAsync({ importId: ended.id }).then(onLeaveOut, nothing)
  }
  const change = (changed: PendingFile) => {
    start.reset()
    onChange(changed)
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
          <Button isPending={remove.isPending} onPress={leaveOut}>
            Leave this file out
          </Button>
          {isReadable(file) ? (
            <Button kind="primary" isPending={start.isPending} onPress={begin}>
              {ended === null ? 'Import' : 'Import again'}
            </Button>
          ) : null}
        </>
      }
    >
      {start.failure === null ? null : <FailureNotice failure={start.failure} />}
      {remove.failure === null ? null : <FailureNotice failure={remove.failure} />}
      {ended === null || start.failure !== null ? null : <EndedNotice ended={ended} />}
      {isReadable(file) ? (
        <PreviewPart file={file} columns={columns} mistake={tried ? mistake : null} onChange={change} />
      ) : (
        <UnreadablePart file={file} onRead={(preview) => change({ ...file, ...preview })} />
      )}
    </StepFrame>
  )
}

/** A failure is shown where the action stands. */
function nothing(): void {}
