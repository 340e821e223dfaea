import { useState } from 'react'
import type { FileFormat, FilePreview, UnreadableFile } from '../../../shared/model/import.ts'
import { useAction } from '../api.ts'
import { FailureNotice } from '../ui/index.ts'
import { FormatFields } from './FormatFields.tsx'

/** A chosen file that cannot be read as it is: why, and the controls with which it may be. */
export function UnreadablePart({
  file,
  onRead,
}: {
  readonly file: UnreadableFile
  readonly onRead: (file: FilePreview) => void
}) {
  const inspect = useAction('inspectFile')
  const [chosen, setChosen] = useState<Partial<FileFormat>>({})
  const read = (change: Partial<FileFormat>) => {
    const format = { ...chosen, ...change }
    setChosen(format)
    inspect.mutate({ token: file.token, ...format }, { onSuccess: onRead })
  }
  return (
    <>
      <FailureNotice failure={inspect.failure ?? file.failure} />
      <div className="file-format">
        <FormatFields format={chosen} onChange={read} />
      </div>
      <p className="dim">{inspect.isPending ? 'Reading it again.' : 'Each change reads the file again.'}</p>
    </>
  )
}
