import { useState } from 'react'
import type { ScopeChoice } from '../../../../shared/model/vendor.ts'
import { Button, FailureNotice, RadioGroup } from '../../ui/index.ts'
import { useDraftSaving } from './draft-saving.ts'
import { StepFrame } from '../../wizard/StepFrame.tsx'
import type { StepProps } from './steps.ts'

type Choice = Extract<ScopeChoice, { kind: 'choice' }>

/** The third step at a vendor whose calls are made under one of a few rules. None is chosen beforehand. */
export function ChoiceStep({ draft, goTo, choice }: StepProps & { readonly choice: Choice }) {
  const chosen = draft.scope?.kind === 'choice' ? draft.scope.value : null
  const [value, setValue] = useState(chosen)
  const [tried, setTried] = useState(false)
  const { save, isSaving, failure } = useDraftSaving(
    draft.id,
    value === null || value === chosen ? null : { scope: { kind: 'choice', value } },
  )
  const goOn = () => {
    setTried(true)
    if (value !== null) save(() => goTo('facts'))
  }
  return (
    <StepFrame
      heading={choice.label}
      footer={
        <>
          <Button kind="quiet" onPress={() => goTo('columns')}>
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
      <RadioGroup
        label="Erase under"
        value={value}
        onChange={setValue}
        options={choice.choices.map((one) => ({ value: one.value, words: one.label, hint: one.hint }))}
        error={tried && value === null ? 'Choose one: it is not guessed.' : undefined}
      />
    </StepFrame>
  )
}

/** The third step at a vendor that leaves nothing to choose. */
export function NothingToChoose({ goTo, vendorName }: StepProps & { readonly vendorName: string }) {
  return (
    <StepFrame
      heading="Scope"
      footer={
        <>
          <Button kind="quiet" onPress={() => goTo('columns')}>
            Back
          </Button>
          <span className="spacer" />
          <Button kind="primary" onPress={() => goTo('facts')}>
            Continue
          </Button>
        </>
      }
    >
      <p className="dim">
        {vendorName} leaves nothing to choose: each identifier is erased wherever the account has it.
      </p>
    </StepFrame>
  )
}
