import type { ReactElement } from 'react'
import { Tooltip, TooltipTrigger } from 'react-aria-components'

/** A tooltip for one focusable element; opens on hover after a moment and on keyboard focus. */
export function Tip({
  words,
  mono = false,
  children,
}: {
  readonly words: string
  readonly mono?: boolean
  readonly children: ReactElement
}) {
  return (
    <TooltipTrigger delay={450} closeDelay={60}>
      {children}
      <Tooltip className={mono ? 'tip mono' : 'tip'} offset={6} containerPadding={8}>
        {words}
      </Tooltip>
    </TooltipTrigger>
  )
}
