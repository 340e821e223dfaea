/** What came of a connection test, or why a connection stands still: title, the vendor's words, what to do. */
import { CircleCheck, CircleQuestionMark, CircleX, OctagonPause, Unplug, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ConnectionTest, StopCause } from '../../../../shared/model/connection.ts'
import { Time, formatNumber } from '../../ui/index.ts'
import { describeSkew, describeVerdict } from './words.ts'

type Verdict = ConnectionTest['verdict']

const looks: Readonly<Record<Verdict, { readonly icon: LucideIcon; readonly tone: string }>> = {
  accepted: { icon: CircleCheck, tone: 'good' },
  refused: { icon: CircleX, tone: 'bad' },
  unreachable: { icon: Unplug, tone: 'bad' },
  unclear: { icon: CircleQuestionMark, tone: 'doubtful' },
}

/** A verdict in a table: icon and words. */
export function VerdictLabel({ verdict }: { readonly verdict: Verdict }) {
  const { icon: Icon, tone } = looks[verdict]
  return (
    <span className={`verdict-label ${tone}`}>
      <Icon aria-hidden className="icon" />
      {describeVerdict(verdict)}
    </span>
  )
}

/** A test's whole explanation. Read out politely when it arrives. */
export function TestResult({ test, vendorName }: { readonly test: ConnectionTest; readonly vendorName: string }) {
  const skew = describeSkew(test.clockSkewMilliseconds)
  const { icon, tone } = looks[test.verdict]
  return (
    <Finding
      icon={icon}
      tone={tone}
      title={test.title}
      when={test.at}
      explanation={test.explanation}
      steps={test.steps}
      vendorWords={test.vendorWords}
      vendorName={vendorName}
      extra={
        <>
          {skew === null ? null : <p>{skew} Tokens are judged by time: set this computer’s clock.</p>}
          {test.httpStatus === null ? null : (
            <p className="faint">
              HTTP {test.httpStatus}.{' '}
              {test.lookedUp === true
                ? 'One status call and one look-up of a made-up address were made; they count in the account’s limits.'
                : 'One status call was made; it counts in the account’s limits.'}{' '}
              Nothing was erased.
            </p>
          )}
        </>
      }
    />
  )
}

/** Why nothing leaves over this connection, with what is needed before it is resumed. */
export function StopNotice(properties: {
  readonly stopped: StopCause
  readonly vendorName: string
  readonly openRequests: number
  /** When a test found the same since; null where none did. */
  readonly testedAt: number | null
  readonly actions: ReactNode
}) {
  const { stopped, vendorName, openRequests, testedAt, actions } = properties
  const kept =
    openRequests === 0
      ? 'Nothing is lost.'
      : `Nothing is lost: what ${openRequests === 1 ? 'the open request has' : `the ${formatNumber(openRequests)} open requests have`} unsent stays queued.`
  return (
    <Finding
      icon={OctagonPause}
      tone="bad"
      title={`Sending stopped: ${stopped.title}`}
      when={stopped.at}
      explanation={stopped.explanation}
      steps={stopped.steps}
      vendorWords={stopped.vendorWords}
      vendorName={vendorName}
      extra={
        <p>
          {kept} Once it is resumed, one call is tried, and the queue goes on when that has gone through.
          {testedAt === null ? null : (
            <>
              {' '}
              The test of <Time at={testedAt} /> found the same.
            </>
          )}
        </p>
      }
      actions={actions}
    />
  )
}

function Finding(properties: {
  readonly icon: LucideIcon
  readonly tone: string
  readonly title: string
  readonly when: number
  readonly explanation: string
  readonly steps: readonly string[]
  readonly vendorWords: string | null
  readonly vendorName: string
  readonly extra?: ReactNode
  readonly actions?: ReactNode
}) {
  const { icon: Icon, tone, title, when, explanation, steps, vendorWords, vendorName, extra, actions } = properties
  return (
    <section className={`verdict ${tone}`} aria-label={title}>
      <div className="verdict-title">
        <Icon aria-hidden className="icon" />
        <h2>{title}</h2>
        <span className="push" />
        <span className="faint">
          <Time at={when} />
        </span>
      </div>
      <div className="verdict-body">
        <p>{explanation}</p>
        {vendorWords === null ? null : (
          <p>
            {vendorName} said: <q className="mono vendor-words">{vendorWords}</q>
          </p>
        )}
        {steps.length === 0 ? null : (
          <ol className="numbered">
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        )}
        {extra === undefined ? null : <div className="dim">{extra}</div>}
        {actions === undefined ? null : <div className="verdict-actions">{actions}</div>}
      </div>
    </section>
  )
}
