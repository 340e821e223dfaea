import { useRef, useState } from 'react'
import { answerTimes, deriveAnswerDue } from '../../../../shared/model/deadline.ts'
import type { CaseFacts } from '../../../../shared/model/request.ts'
import { Button, FailureNotice, formatDue, isoDayOf, Select, TextField, useNow } from '../../ui/index.ts'
import { useDraftSaving } from './draft-saving.ts'
import { factValuesOf, findFactMistakes, toDraftFacts, type FactValues } from './facts.ts'
import { StepFrame, type StepProps } from './step-frame.tsx'
import { formatDay } from './steps.ts'
import './new-request-steps.css'

const regulations: readonly {
  readonly value: CaseFacts['regulation']
  readonly words: string
  readonly hint?: string
}[] = [
  { value: 'GDPR', words: 'GDPR' },
  { value: 'UK GDPR', words: 'UK GDPR' },
  { value: 'CCPA', words: 'CCPA' },
  { value: 'LGPD', words: 'LGPD' },
  { value: 'other', words: 'Another one' },
  { value: 'none', words: 'None', hint: 'no person asked for it' },
]

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
  const set = <K extends keyof FactValues>(field: K) => ({
    onChange: (value: FactValues[K]) => setValues((current) => ({ ...current, [field]: value })),
    error: tried ? mistakes[field] : undefined,
  })
  const goOn = () => {
    setTried(true)
    if (isRight) return save(() => goTo('plan'))
    // The marks of what is wrong appear with the next paint.
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
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
      <div ref={form} className="facts-form">
        <TextField label="Name" isRequired value={values.name} width="100%" {...set('name')} />
        <div className="facts-row">
          <Select
            label="Regulation"
            value={values.regulation}
            options={regulations}
            width="100%"
            {...set('regulation')}
          />
          <TextField
            label="Received on"
            type="date"
            value={values.receivedOn}
            width="100%"
            hint="The day the ask arrived."
            {...set('receivedOn')}
          />
        </div>
        <AnswerDue values={values} now={now} {...set('answerDue')} />
        <div className="facts-row">
          <TextField
            label="Came in by"
            value={values.channel}
            width="100%"
            placeholder="email, web form, letter"
            {...set('channel')}
          />
          <TextField
            label="Reference"
            value={values.reference}
            width="100%"
            placeholder="DSR-2304"
            hint="Your own number for the ask."
            {...set('reference')}
          />
        </div>
      </div>
    </StepFrame>
  )
}

/** The regulation's own day unless another is set; either way it says where the day comes from. */
function AnswerDue({
  values,
  now,
  onChange,
  error,
}: {
  readonly values: FactValues
  readonly now: number
  readonly onChange: (day: string) => void
  readonly error: string | undefined
}) {
  const time = answerTimes[values.regulation]
  const own = deriveAnswerDue({
    regulation: values.regulation,
    receivedOn: values.receivedOn === '' ? null : values.receivedOn,
  })
  const shown = values.answerDue === '' ? (own ?? '') : values.answerDue
  const isOwn = own !== null && shown === own
  return (
    <div className="answer-due">
      <TextField
        label="Answer due"
        type="date"
        value={shown}
        onChange={onChange}
        error={error}
        width={220}
        hint={
          isOwn
            ? `${formatDue(own, now).words}: ${time?.words}`
            : own !== null
              ? `set by hand; the regulation gives until ${formatDay(own)}`
              : time === null
                ? 'This regulation sets no day that is known here.'
                : `Follows from the day the ask arrived: ${time.words}.`
        }
      />
      {own !== null && !isOwn ? (
        <Button size="small" kind="quiet" onPress={() => onChange('')}>
          Use the regulation’s day
        </Button>
      ) : null}
    </div>
  )
}
