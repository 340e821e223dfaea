import { Check } from 'lucide-react'
import './wizard.css'

export type RailStep<Step extends string> = Readonly<{
  id: Step
  title: string
  /** What was decided in it, in a few words; null where nothing has been yet. */
  decided: string | null
  isDone: boolean
  /** False where it stands on nothing yet. */
  mayOpen: boolean
}>

/** The steps at the left, each with what was decided in it; those that stand on nothing yet cannot be opened. */
export function StepsRail<Step extends string>({
  steps,
  current,
  onOpen,
}: {
  readonly steps: readonly RailStep<Step>[]
  readonly current: Step
  /** Null where there is no other step to open yet. */
  readonly onOpen: ((step: Step) => void) | null
}) {
  return (
    <nav className="steps-rail" aria-label="Steps">
      <ol>
        {steps.map(({ id, title, decided, isDone, mayOpen }, index) => (
          <li key={id}>
            <button
              type="button"
              className={isDone ? 'step done' : 'step'}
              aria-current={id === current ? 'step' : undefined}
              disabled={id !== current && (onOpen === null || !mayOpen)}
              onClick={() => onOpen?.(id)}
            >
              <span className="step-mark" aria-hidden>
                {isDone ? <Check /> : index + 1}
              </span>
              <span className="step-words">
                <span className="step-title">{title}</span>
                {decided === null ? null : <span className="step-decided">{decided}</span>}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}
