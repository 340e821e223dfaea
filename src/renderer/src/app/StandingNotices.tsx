import type { AppStatus } from '../../../shared/contract.ts'
import { useChannel } from '../api.ts'
import { FailureNotice, Notice } from '../ui/index.ts'

/** What concerns the whole window, above every screen for as long as it is true. */
export function StandingNotices() {
  const { data, error } = useChannel('getAppStatus', {})
  if (error !== null) return <NoticeFrame notices={[<FailureNotice key="status" failure={error.failure} />]} />
  if (data === undefined) return null
  return <NoticeFrame notices={noticesFor(data)} />
}

function NoticeFrame({ notices }: { readonly notices: readonly React.JSX.Element[] }) {
  return notices.length === 0 ? null : <div className="standing">{notices}</div>
}

function noticesFor(status: AppStatus): readonly React.JSX.Element[] {
  const { history, keychain, sender, online } = status
  const failure = history.failure ?? keychain.failure
  return [
    history.kind === 'memory' ? (
      <Notice key="history" tone="failure" title={failure?.message ?? 'The keychain cannot be used.'}>
        {failure?.kept ?? 'Nothing of this session is saved, and import is off.'} {failure?.next}
      </Notice>
    ) : keychain.usable ? null : (
      <Notice key="keychain" tone="failure" title={failure?.message ?? 'The keychain cannot be used.'}>
        {failure?.kept} {failure?.next}
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
    online ? null : (
      <Notice key="offline" tone="warning" title="This machine is offline.">
        Nothing is lost: calls wait and leave by themselves once the network is back.
      </Notice>
    ),
  ].filter((notice) => notice !== null)
}
