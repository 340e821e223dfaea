import type { ReactNode } from 'react'
import type { AppStatus } from '../../../shared/contract.ts'
import type { Failure } from '../../../shared/failure.ts'
import { useChannel } from '../api.ts'
import { Button, FailureNotice, Notice } from '../ui/index.ts'

/** What concerns the whole window, above every screen for as long as it is true. */
export function StandingNotices() {
  const { data, error, refetch, isFetching } = useChannel('getAppStatus', {})
  if (error !== null) return <NoticeFrame notices={[<FailureNotice key="status" failure={error.failure} />]} />
  if (data === undefined) return null
  // Asking for the status looks again whether the history can be opened.
  const again = (
    <Button size="small" isPending={isFetching} onPress={() => void refetch()}>
      Try again
    </Button>
  )
  return <NoticeFrame notices={noticesFor(data, again)} />
}

function NoticeFrame({ notices }: { readonly notices: readonly React.JSX.Element[] }) {
  return notices.length === 0 ? null : <div className="standing">{notices}</div>
}

function noticesFor(status: AppStatus, again: ReactNode): readonly React.JSX.Element[] {
  const { history, keychain, sender, importTrouble, online } = status
  const failure = history.failure ?? keychain.failure
  return [
    history.kind === 'memory' ? (
      <Notice
        key="history"
        tone="failure"
        title={failure?.message ?? 'The keychain cannot be used.'}
        actions={failure?.retryable === false ? undefined : again}
      >
        {writeUnsaved(failure)}
      </Notice>
    ) : keychain.usable ? null : (
      <Notice key="keychain" tone="failure" title={failure?.message ?? 'The keychain cannot be used.'} actions={again}>
        {[failure?.kept, failure?.next].filter(Boolean).join(' ')}
      </Notice>
    ),
    sender.reason === null || history.kind === 'memory' ? null : (
      <Notice
        key="sender"
        tone="warning"
        title={sender.sends ? 'Sending is held up.' : 'This window shows, and does not send.'}
      >
        {sender.reason}
      </Notice>
    ),
    importTrouble === null ? null : (
      <Notice key="import" tone="failure" title={`A file was not imported: ${importTrouble.message}`}>
        {['Its rows are taken back by themselves as soon as that is possible.', importTrouble.next]
          .filter(Boolean)
          .join(' ')}
      </Notice>
    ),
    online ? null : (
      <Notice key="offline" tone="warning" title="This machine is offline.">
        Nothing is lost: calls wait and leave by themselves once the network is back.
      </Notice>
    ),
  ].filter((notice) => notice !== null)
}

/** What an app without its history is good for, beside what the failure itself says was kept and helps. */
function writeUnsaved(failure: Pick<Failure, 'kept' | 'next'> | null): string {
  const unsaved =
    'Nothing is saved: the history of this session is in memory, for a look around, and import and sending are off.'
  return [unsaved, failure?.kept, failure?.next].filter(Boolean).join(' ')
}
