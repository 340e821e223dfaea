import type { ImportSummary } from '../../../shared/model/import.ts'
import { FailureNotice, Notice } from '../ui/index.ts'

/** How an import ended that brought nothing in. */
export function EndedNotice({
  ended,
  next = 'Nothing of it was kept. Import it again, or leave it out.',
}: {
  readonly ended: ImportSummary
  /** What was kept of one that was cancelled, and what to do. */
  readonly next?: string
}) {
  return ended.failure === null ? (
    <Notice tone="info" title={`The import of ${ended.fileName} was cancelled.`}>
      {next}
    </Notice>
  ) : (
    <FailureNotice failure={ended.failure} />
  )
}
