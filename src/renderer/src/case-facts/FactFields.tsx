import type { Ref } from 'react'
import { answerTimes, deriveAnswerDue } from '../../../shared/model/deadline.ts'
import type { CaseFacts } from '../../../shared/model/request.ts'
import { Button, formatDue, Select, TextField, useNow } from '../ui/index.ts'
import { formatIsoDay, type FactMistakes, type FactValues } from './facts.ts'
import './case-facts.css'

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

/** The name and the facts of the case as a form; `mistakes` are marked at their fields. */
export function FactFields({
  values,
  mistakes,
  onChange,
  place,
}: {
  readonly values: FactValues
  readonly mistakes: FactMistakes
  readonly onChange: (values: FactValues) => void
  readonly place?: Ref<HTMLDivElement>
}) {
  const now = useNow()
  const set = <K extends keyof FactValues>(field: K) => ({
    onChange: (value: FactValues[K]) => onChange({ ...values, [field]: value }),
    error: mistakes[field],
  })
  return (
    <div ref={place} className="facts-form">
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
  )
}

/** Puts the focus on the first field that is marked as wrong; the marks appear with the next paint. */
export function focusFirstMistake(form: HTMLElement | null): void {
  requestAnimationFrame(() => form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
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
              ? `set by hand; the regulation gives until ${formatIsoDay(own)}`
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
