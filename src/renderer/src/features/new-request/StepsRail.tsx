import { Check } from 'lucide-react'
import { describeStep, mayOpen, steps, stepTitles, type Step, type WizardState } from './steps.ts'

/** The steps at the left, each with what was decided in it; those that stand on nothing yet cannot be opened. */
export function StepsRail({
  state,
  current,
  onOpen,
}: {
  readonly state: WizardState
  readonly current: Step
  /** Null where there is no draft yet, and so no other step to open. */
  readonly onOpen: ((step: Step) => void) | null
}) {
  return (
    <nav className="steps-rail" aria-label="Steps">
      <ol>
        {steps.map((step, index) => {
          const decided = mayOpen(step, state) ? describeStep(step, state) : null
          const isDone = step !== 'plan' && step !== current && decided !== null
          return (
            <li key={step}>
              <button
                type="button"
                className={isDone ? 'step done' : 'step'}
                aria-current={step === current ? 'step' : undefined}
                disabled={step !== current && (onOpen === null || !mayOpen(step, state))}
                onClick={() => onOpen?.(step)}
              >
                <span className="step-mark" aria-hidden>
                  {isDone ? <Check /> : index + 1}
                </span>
                <span className="step-words">
                  <span className="step-title">{stepTitles[step]}</span>
                  {decided === null ? null : <span className="step-decided">{decided}</span>}
                </span>
              </button>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
