import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components'
import { Tip } from './tip.tsx'

export type ButtonProps = Omit<AriaButtonProps, 'children' | 'className'> & {
  readonly children: ReactNode
  /** `primary` once a screen; `danger` for what takes something away; `quiet` beside another. Default: `plain`. */
  readonly kind?: 'plain' | 'primary' | 'danger' | 'quiet'
  readonly icon?: LucideIcon
  /** A shortcut shown on the button; the shortcut itself is registered elsewhere. */
  readonly shortcut?: string
  readonly size?: 'normal' | 'small'
}

/** A verb. While `isPending` it stays where it is, says so to a screen reader and takes no second press. */
export function Button({ children, kind = 'plain', icon: Icon, shortcut, size = 'normal', ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className={`button ${kind} ${size}`}>
      {Icon === undefined ? null : <Icon aria-hidden className="icon" />}
      <span className="button-words">{children}</span>
      {shortcut === undefined ? null : <kbd aria-hidden>{shortcut}</kbd>}
    </AriaButton>
  )
}

/** A button that is an icon alone: its `label` is its name and its tooltip. */
export function IconButton(
  properties: Omit<AriaButtonProps, 'children' | 'className'> & { readonly label: string; readonly icon: LucideIcon },
) {
  const { label, icon: Icon, ...rest } = properties
  return (
    <Tip words={label}>
      <AriaButton {...rest} aria-label={label} className="icon-button">
        <Icon aria-hidden className="icon" />
      </AriaButton>
    </Tip>
  )
}
