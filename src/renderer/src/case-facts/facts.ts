/** The case facts as their form holds them. Pure; a day is YYYY-MM-DD, empty where none is given. */
import { deriveAnswerDue } from '../../../shared/model/deadline.ts'
import type { CaseFacts, RequestDetail } from '../../../shared/model/request.ts'

export type FactValues = {
  readonly name: string
  readonly regulation: CaseFacts['regulation']
  readonly receivedOn: string
  /** Empty: the regulation's own day. */
  readonly answerDue: string
  readonly channel: string
  readonly reference: string
}

/** The form's values of a draft. */
export function factValuesOf({ name, caseFacts }: Pick<RequestDetail, 'name' | 'caseFacts'>): FactValues {
  return {
    name,
    regulation: caseFacts.regulation,
    receivedOn: caseFacts.receivedOn ?? '',
    answerDue: caseFacts.answerDue ?? '',
    channel: caseFacts.channel,
    reference: caseFacts.reference,
  }
}

/** What updateDraft is given for these values. An answer due that equals the regulation's own day is not set. */
export function toDraftFacts(values: FactValues): { readonly name: string; readonly caseFacts: CaseFacts } {
  const receivedOn = values.receivedOn === '' ? null : values.receivedOn
  const own = deriveAnswerDue({ regulation: values.regulation, receivedOn })
  return {
    name: values.name.trim(),
    caseFacts: {
      regulation: values.regulation,
      receivedOn,
      answerDue: values.answerDue === '' || values.answerDue === own ? null : values.answerDue,
      channel: values.channel.trim(),
      reference: values.reference.trim(),
    },
  }
}

export type FactMistakes = Partial<Record<keyof FactValues, string>>

/** What is wrong with the values, field by field, in words; empty where nothing is. `today` is YYYY-MM-DD. */
export function findFactMistakes(values: FactValues, today: string): FactMistakes {
  const mistakes: FactMistakes = {}
  if (values.name.trim() === '') mistakes.name = 'Give it a name to find it by.'
  else if (values.name.trim().length > 120) mistakes.name = 'A name has at most 120 characters.'
  if (values.receivedOn > today) mistakes.receivedOn = 'The ask cannot have arrived after today.'
  else if (values.receivedOn !== '' && values.receivedOn < '2000-01-01') mistakes.receivedOn = 'Look at the year again.'
  if (values.answerDue !== '' && values.answerDue < (values.receivedOn === '' ? '2000-01-01' : values.receivedOn))
    mistakes.answerDue = 'The answer cannot be due before the ask arrived.'
  if (values.channel.trim().length > 80) mistakes.channel = 'At most 80 characters.'
  if (values.reference.trim().length > 120) mistakes.reference = 'At most 120 characters.'
  return mistakes
}

/** A day as the operator's locale writes it: "14 Oct 2026". `day` is YYYY-MM-DD. */
export function formatIsoDay(day: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  )
}
