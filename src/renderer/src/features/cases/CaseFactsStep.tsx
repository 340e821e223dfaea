import { useRef, useState } from 'react'
import type { Failure } from '../../../../shared/failure.ts'
import { FactFields, focusFirstMistake } from '../../case-facts/FactFields.tsx'
import { findFactMistakes, type FactValues } from '../../case-facts/facts.ts'
import { Button, FailureNotice, isoDayOf, useNow } from '../../ui/index.ts'
import { StepFrame } from '../../wizard/StepFrame.tsx'

/** The last step: what the case answers, and until when. Each of its requests gets these facts. */
export function CaseFactsStep({
  values,
  onChange,
  failure,
  isStarting,
  onBack,
  onStart,
}: {
  readonly values: FactValues
  readonly onChange: (values: FactValues) => void
  readonly failure: Failure | null
  readonly isStarting: boolean
  readonly onBack: () => void
  readonly onStart: () => void
}) {
  const form = useRef<HTMLDivElement>(null)
  const now = useNow()
  const [tried, setTried] = useState(false)
  const mistakes = findFactMistakes(values, isoDayOf(now))
  const start = () => {
    setTried(true)
    if (Object.keys(mistakes).length === 0) onStart()
    else focusFirstMistake(form.current)
  }
  return (
    <StepFrame
      heading="Case facts"
      footer={
        <>
          <Button kind="quiet" onPress={onBack}>
            Back
          </Button>
          <span className="spacer" />
          <span className="dim">Reading sends nothing.</span>
          <Button kind="primary" isPending={isStarting} onPress={start}>
            Read the file
          </Button>
        </>
      }
    >
      {failure === null ? null : <FailureNotice failure={failure} />}
      <FactFields values={values} mistakes={tried ? mistakes : {}} onChange={onChange} place={form} />
    </StepFrame>
  )
}
