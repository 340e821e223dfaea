import { useRef, useState } from 'react'
import { FactFields, focusFirstMistake } from '../../case-facts/FactFields.tsx'
import { factValuesOf, findFactMistakes, toDraftFacts, type FactValues } from '../../case-facts/facts.ts'
import { Button, FailureNotice, isoDayOf, useNow } from '../../ui/index.ts'
import { StepFrame } from '../../wizard/StepFrame.tsx'
import { useDraftSaving } from './draft-saving.ts'
import type { StepProps } from './steps.ts'

/** The fourth step: what the request answers, and until when. */
export function FactsStep({ draft, goTo }: StepProps) {
  const form = useRef<HTMLDivElement>(null)
  const now = useNow()
  const [values, setValues] = useState<FactValues>(() => factValuesOf(draft))
  const [tried, setTried] = useState(false)
  const mistakes = findFactMistakes(values, isoDayOf(now))
  const isRight = Object.keys(mistakes).length === 0
  const facts = toDraftFacts(values)
  const isChanged = JSON.stringify(facts) !== JSON.stringify(toDraftFacts(factValuesOf(draft)))
  const { save, isSaving, failure } = useDraftSaving(draft.id, isRight && isChanged ? facts : null)
  const goOn = () => {
    setTried(true)
    if (isRight) return save(() => goTo('plan'))
    focusFirstMistake(form.current)
  }

  return (
    <StepFrame
      heading="Case facts"
      footer={
        <>
          <Button kind="quiet" onPress={() => goTo('scope')}>
            Back
          </Button>
          <span className="spacer" />
          <Button kind="primary" isPending={isSaving} onPress={goOn}>
            Continue
          </Button>
        </>
      }
    >
      {failure === null ? null : <FailureNotice failure={failure} />}
      <FactFields values={values} mistakes={tried ? mistakes : {}} onChange={setValues} place={form} />
    </StepFrame>
  )
}
