/** The parts of a screen: its header, its filters, its tabs, what folds away. */
import { ChevronRight } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'
import {
  Button as AriaButton,
  Disclosure as AriaDisclosure,
  DisclosurePanel,
  Heading,
  Tab,
  TabList,
  TabPanel,
  Tabs as AriaTabs,
  ToggleButton,
} from 'react-aria-components'
import { Link } from 'wouter'
import { formatNumber } from './format.ts'
import { NumberText } from './words.tsx'

/**
 * The head of a screen: where it lies, its title, what belongs beside the title, and its buttons. Takes the focus when
 * the screen appears, so that a keyboard and a screen reader begin there.
 */
export function ScreenHeader({
  title,
  crumb,
  beside,
  actions,
  takesFocus = true,
}: {
  readonly title: string
  readonly crumb?: { readonly words: string; readonly to: string }
  readonly beside?: ReactNode
  readonly actions?: ReactNode
  readonly takesFocus?: boolean
}) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Erasure Desk`
  }, [title])
  useEffect(() => {
    if (takesFocus) heading.current?.focus({ preventScroll: true })
  }, [takesFocus])
  return (
    <header className="screen-header">
      {crumb === undefined ? null : (
        <span className="crumb">
          <Link href={crumb.to}>{crumb.words}</Link>
          <span aria-hidden> /</span>
        </span>
      )}
      <h1 ref={heading} tabIndex={-1} className="cut">
        {title}
      </h1>
      {beside}
      {actions === undefined ? null : <div className="screen-actions">{actions}</div>}
    </header>
  )
}

/** A filter as a pressed chip with its count, which has room for `widest`. */
export function FilterChip({
  isSelected,
  onChange,
  children,
  count,
  widest,
}: {
  readonly isSelected: boolean
  readonly onChange: (isSelected: boolean) => void
  readonly children: ReactNode
  readonly count?: number | undefined
  readonly widest?: number | undefined
}) {
  return (
    <ToggleButton className="filter" isSelected={isSelected} onChange={onChange}>
      {children}
      {count === undefined ? null : <NumberText value={count} widest={widest} />}
    </ToggleButton>
  )
}

/** A removable value, such as a bot id in a list of them. */
export function Chip({
  children,
  onRemove,
  label,
}: {
  readonly children: ReactNode
  readonly onRemove?: () => void
  /** What is removed, for the remove button's name. */
  readonly label: string
}) {
  return (
    <span className="token">
      {children}
      {onRemove === undefined ? null : (
        <AriaButton className="token-remove" aria-label={`Remove ${label}`} onPress={onRemove}>
          <span aria-hidden>×</span>
        </AriaButton>
      )}
    </span>
  )
}

export type TabEntry<T extends string> = {
  readonly id: T
  readonly words: string
  readonly count?: number | undefined
  /** The largest that the count may become while it is on screen. */
  readonly widest?: number | undefined
  readonly content: ReactNode
}

/** Tabs that fill the rest of the screen; only the chosen one is there. */
export function Tabs<T extends string>({
  label,
  tabs,
  selected,
  onSelect,
}: {
  readonly label: string
  readonly tabs: readonly TabEntry<T>[]
  readonly selected: T
  readonly onSelect: (id: T) => void
}) {
  return (
    <AriaTabs
      className="tabs"
      selectedKey={selected}
      onSelectionChange={(key) => {
        const chosen = tabs.find((tab) => tab.id === key)
        if (chosen !== undefined) onSelect(chosen.id)
      }}
    >
      <TabList className="tab-list" aria-label={label}>
        {tabs.map((tab) => (
          <Tab key={tab.id} id={tab.id} className="tab">
            {tab.words}
            {tab.count === undefined ? null : (
              <>
                {' '}
                <NumberText value={tab.count} widest={tab.widest} />
              </>
            )}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className="tab-panel">
          {tab.content}
        </TabPanel>
      ))}
    </AriaTabs>
  )
}

/** What most people never need, folded away under one line. */
export function Disclosure({
  title,
  hint,
  children,
  defaultOpen = false,
}: {
  readonly title: string
  readonly hint?: string
  readonly children: ReactNode
  readonly defaultOpen?: boolean
}) {
  return (
    <AriaDisclosure className="disclosure" defaultExpanded={defaultOpen}>
      <Heading level={3}>
        <AriaButton slot="trigger" className="disclosure-button">
          <ChevronRight aria-hidden className="icon" />
          {title}
          {hint === undefined ? null : <span className="faint">{hint}</span>}
        </AriaButton>
      </Heading>
      <DisclosurePanel className="disclosure-panel">{children}</DisclosurePanel>
    </AriaDisclosure>
  )
}

/** A share of something used up, such as a window of the vendor's. `label` names it for a screen reader. */
export function Gauge({
  label,
  used,
  of,
  warnsWhenFull = true,
}: {
  readonly label: string
  readonly used: number
  readonly of: number
  readonly warnsWhenFull?: boolean
}) {
  const share = of <= 0 ? 0 : Math.min(1, used / of)
  return (
    <div
      className={warnsWhenFull && share >= 0.999 ? 'gauge full' : 'gauge'}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={of}
      aria-valuenow={Math.min(used, of)}
      aria-valuetext={`${formatNumber(used)} of ${formatNumber(of)}`}
    >
      <i style={{ width: `${share * 100}%` }} />
    </div>
  )
}

/** How far a piece of work is, 0 to 1. */
export function Progress({ label, value }: { readonly label: string; readonly value: number }) {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100)
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <i style={{ width: `${percent}%` }} />
    </div>
  )
}
