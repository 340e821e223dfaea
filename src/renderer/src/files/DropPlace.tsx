import { FileUp } from 'lucide-react'
import type { ReactNode } from 'react'
import './files.css'

/** Where a step asks for a file: what may be dropped, what it should hold, and the button to the system's dialog. */
export function DropPlace({
  isOver,
  words,
  explanation,
  children,
}: {
  /** Files hang over the window. */
  readonly isOver: boolean
  readonly words: string
  /** What a file should hold; null makes the place small, where one is there already. */
  readonly explanation: string | null
  readonly children: ReactNode
}) {
  return (
    <div className={['drop-place', ...(isOver ? ['over'] : []), ...(explanation === null ? ['more'] : [])].join(' ')}>
      <FileUp aria-hidden className="drop-icon" />
      <p className="strong">{isOver ? 'Drop to read it' : words}</p>
      {explanation === null ? null : <p className="dim">{explanation}</p>}
      {children}
    </div>
  )
}
