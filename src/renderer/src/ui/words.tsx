/** Small pieces of text: numbers, times, ids, environments, facts. */
import { useState, type ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import type { Environment } from '../../../shared/model/connection.ts'
import { formatEstimate, formatExact, formatNumber, formatRelative, formatStamp } from './format.ts'
import { useNow } from './now.ts'
import { Tip } from './tip.tsx'
import { announce } from './toast.ts'
import { splitVisible } from './visible.ts'

/** A number with room for the largest it may become, so that nothing beside it moves while it runs. */
export function NumberText({ value, widest }: { readonly value: number; readonly widest: number | undefined }) {
  return (
    <span className="number" data-widest={widest === undefined ? undefined : formatNumber(widest)}>
      {formatNumber(value)}
    </span>
  )
}

/**
 * A moment, relative ("2 min ago"), with the exact time in the tooltip; `absent` stands where there is none. `exact`,
 * where it is proof, is the other way round.
 */
export function Time({
  at,
  absent = '—',
  exact = false,
}: {
  readonly at: number | null
  readonly absent?: string
  readonly exact?: boolean
}) {
  const now = useNow()
  if (at === null) return <span className="faint">{absent}</span>
  const relative = formatRelative(at, reachedBy(at, now))
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={exact ? `${relative} · ${formatExact(at)}` : formatExact(at)}
      className="nowrap"
    >
      {exact ? formatStamp(at) : relative}
    </time>
  )
}

/** The moment to measure from: what has happened since the last step of `useNow` is past, not to come. */
function reachedBy(at: number, now: number): number {
  return Math.max(now, Math.min(at, Date.now()))
}

/** A duration as an operator says it: "about 35 min, until 14:20". */
export function Duration({ milliseconds }: { readonly milliseconds: number }) {
  const now = useNow()
  return <span title={formatExact(now + milliseconds)}>{formatEstimate(milliseconds, now)}</span>
}

/**
 * An id: mono, cut in the middle where its place is too narrow for it, whole in its tooltip, copied on click. `inRow`
 * keeps it out of the tab order, for rows whose keys belong to the table.
 */
export function Identifier({ value, inRow = false }: { readonly value: string; readonly inRow?: boolean }) {
  const [copied, setCopied] = useState(false)
  const shown = <CutInTheMiddle value={value} />
  const copy = async () => {
    const done = await copyText(value)
    setCopied(done)
    announce(done ? 'Copied' : 'The clipboard could not be written. Select the text and copy it.')
  }
  if (inRow) {
    return (
      <button
        type="button"
        tabIndex={-1}
        className="identifier mono"
        title={copied ? 'Copied' : value}
        aria-label={`Copy ${value}`}
        onClick={() => void copy()}
        onPointerLeave={() => setCopied(false)}
      >
        {shown}
        {copied ? <span className="identifier-copied">copied</span> : null}
      </button>
    )
  }
  return (
    <Tip words={copied ? 'Copied' : value} mono={!copied}>
      <AriaButton
        className="identifier mono"
        aria-label={`Copy ${value}`}
        onPress={() => void copy()}
        onHoverEnd={() => setCopied(false)}
        onBlur={() => setCopied(false)}
      >
        {shown}
      </AriaButton>
    </Tip>
  )
}

const tailCharacters = 6

/** The whole text, of which the middle gives way where there is no room: the end always stays. */
function CutInTheMiddle({ value }: { readonly value: string }) {
  const characters = [...value]
  return (
    <>
      <span className="identifier-head">{characters.slice(0, -tailCharacters).join('')}</span>
      <span>{characters.slice(-tailCharacters).join('')}</span>
    </>
  )
}

/** Puts text on the clipboard; false where the system does not let the window do it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

/** For where the clipboard permission is denied, as it is in the app: a copy command over a selection. */
function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'hidden-visually'
  const focused = document.activeElement
  document.body.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true })
  return done
}

/** A text of the file's on screen, each hidden character as a marked box. */
export function VisibleText({ text }: { readonly text: string }): ReactNode {
  const parts = splitVisible(text)
  if (!parts.some(({ isHidden }) => isHidden)) return text
  return parts.map((part, index) =>
    part.isHidden ? (
      // oxlint-disable-next-line react/no-array-index-key -- the parts of a text keep their order
      <span key={index} className="hidden-character" title="a character that cannot be seen">
        {part.text}
      </span>
    ) : (
      part.text
    ),
  )
}

/** A connection's environment: its colour beside a word, the connection's name or the environment's. */
export function EnvironmentChip({
  environment,
  words,
}: {
  readonly environment: Environment
  readonly words?: string
}) {
  return (
    <span className={`chip env-${environment}`}>
      <span className="cut">{words ?? environment}</span>
      {words === undefined ? null : <span className="hidden-visually">({environment})</span>}
    </span>
  )
}

/** A list of facts: term and value pairs. A null value leaves its line out. */
export function Facts({ facts }: { readonly facts: readonly (readonly [term: string, value: ReactNode])[] }) {
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([term, value]) => (
          <div key={term} className="fact">
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

/** One exact call, as it would be sent. */
export function CallBlock({ label, children }: { readonly label: string; readonly children: string }) {
  return (
    // A region that scrolls has to be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className="call" tabIndex={0} role="region" aria-label={label}>
      {children}
    </pre>
  )
}
