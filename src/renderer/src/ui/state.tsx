/** States on screen: the bar, the label, the legend. */
import { CircleDot } from 'lucide-react'
import { Button as AriaButton } from 'react-aria-components'
import { countAll, identifierStates, type IdentifierState, type StateCounts } from '../../../shared/model/state.ts'
import { formatNumber } from './format.ts'
import { stateLooks } from './states.ts'
import { NumberText } from './words.tsx'

/** A state's mark alone; decoration, since its word always stands beside it. */
export function StateIcon({ state }: { readonly state: IdentifierState }) {
  const { icon: Icon, className } = stateLooks[state]
  return <Icon aria-hidden className={`icon state-icon ${className}`} />
}

/** A state as icon + word + colour. `words` replaces the word where a sentence needs another ("38 unconfirmed"). */
export function StateLabel({ state, words }: { readonly state: IdentifierState; readonly words?: string }) {
  return (
    <span className="state">
      <StateIcon state={state} />
      {words ?? state}
    </span>
  )
}

/** How something ended that is no state of an identifier: a neutral mark, since green is for erased alone. */
export function NeutralLabel({ words }: { readonly words: string }) {
  return (
    <span className="state">
      <CircleDot aria-hidden className="icon state-icon s-neutral" />
      {words}
    </span>
  )
}

/** "11,840 erased, 420 accepted": what a bar says to a screen reader. */
export function describeCounts(counts: StateCounts): string {
  const parts = identifierStates.filter((state) => (counts[state] ?? 0) > 0)
  if (parts.length === 0) return 'no identifiers'
  return parts.map((state) => `${formatNumber(counts[state] ?? 0)} ${state}`).join(', ')
}

/** The signature: one thin stacked bar of identifiers by state, in the one order. Picture only; the legend filters. */
export function StateBar({
  counts,
  size = 'small',
}: {
  readonly counts: StateCounts
  readonly size?: 'small' | 'big'
}) {
  const present = identifierStates.filter((state) => (counts[state] ?? 0) > 0)
  return (
    <div className={size === 'big' ? 'state-bar big' : 'state-bar'} role="img" aria-label={describeCounts(counts)}>
      {present.map((state) => (
        <i key={state} className={stateLooks[state].className} style={{ flexGrow: counts[state] ?? 0 }} />
      ))}
    </div>
  )
}

/** The bar, large, whose segments filter by mouse. The legend below does the same by keyboard. */
export function StateBarFilter(properties: {
  readonly counts: StateCounts
  readonly onChoose: (state: IdentifierState) => void
}) {
  const { counts, onChoose } = properties
  const present = identifierStates.filter((state) => (counts[state] ?? 0) > 0)
  return (
    <div className="state-bar big" role="img" aria-label={describeCounts(counts)}>
      {present.map((state) => (
        // The legend is the same control for keyboard and screen reader; this is a larger target for the mouse.
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
        <i
          key={state}
          className={`${stateLooks[state].className} clickable`}
          style={{ flexGrow: counts[state] ?? 0 }}
          title={`${formatNumber(counts[state] ?? 0)} ${state}`}
          onClick={() => onChoose(state)}
        />
      ))}
    </div>
  )
}

/**
 * The counts under a bar as buttons that filter; `selected` are the states shown now, `always` those that are listed at
 * zero too: while there are such, each number has room for the whole sum, so that nothing moves when it does.
 */
export function StateLegend(properties: {
  readonly counts: StateCounts
  readonly always?: readonly IdentifierState[]
  readonly selected: readonly IdentifierState[]
  readonly onToggle: (state: IdentifierState) => void
}) {
  const { counts, always = [], selected, onToggle } = properties
  const listed = identifierStates.filter((state) => (counts[state] ?? 0) > 0 || always.includes(state))
  const widest = always.length === 0 ? undefined : countAll(counts)
  return (
    <div className="state-legend" role="group" aria-label="Show identifiers by state">
      {listed.map((state) => (
        <AriaButton
          key={state}
          className={(counts[state] ?? 0) === 0 ? 'legend-entry none' : 'legend-entry'}
          aria-pressed={selected.includes(state)}
          onPress={() => onToggle(state)}
        >
          <StateIcon state={state} />
          <b>
            <NumberText value={counts[state] ?? 0} widest={widest} />
          </b>
          <span>{state}</span>
        </AriaButton>
      ))}
    </div>
  )
}
