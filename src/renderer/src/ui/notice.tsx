/** What the operator has to know: failures, notices, empty states. */
import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Failure } from '../../../shared/failure.ts'

/** A failure: what happened · what was kept · what to do. Read out at once. */
export function FailureNotice({ failure, actions }: { readonly failure: Failure; readonly actions?: ReactNode }) {
  return (
    <div className="notice failure" role="alert">
      <CircleAlert aria-hidden className="icon" />
      <div className="notice-words">
        <p className="strong">{failure.message}</p>
        {failure.kept === undefined && failure.next === undefined ? null : (
          <p className="dim">{[failure.kept, failure.next].filter(Boolean).join(' ')}</p>
        )}
      </div>
      {actions === undefined ? null : <div className="notice-actions">{actions}</div>}
    </div>
  )
}

/** A notice that stays while it is true. `tone` says how much it stands in the way. */
export function Notice({
  tone,
  title,
  children,
  actions,
}: {
  readonly tone: 'info' | 'warning' | 'failure' | 'sandbox'
  readonly title: string
  readonly children?: ReactNode
  readonly actions?: ReactNode
}) {
  const Icon = tone === 'failure' ? CircleAlert : tone === 'warning' ? TriangleAlert : Info
  return (
    <div className={`notice ${tone}`} role={tone === 'failure' ? 'alert' : 'status'}>
      <Icon aria-hidden className="icon" />
      <div className="notice-words">
        <p className="strong">{title}</p>
        {children === undefined ? null : <div className="dim">{children}</div>}
      </div>
      {actions === undefined ? null : <div className="notice-actions">{actions}</div>}
    </div>
  )
}

/** Teaches in one sentence with one action. */
export function EmptyState({
  title,
  children,
  action,
}: {
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}) {
  return (
    <div className="empty">
      <p className="strong">{title}</p>
      {children === undefined ? null : <p className="dim">{children}</p>}
      {action === undefined ? null : <div className="empty-action">{action}</div>}
    </div>
  )
}
