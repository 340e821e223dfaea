import { Check, Circle, CircleQuestionMark, Clock, X, type LucideIcon } from 'lucide-react'
import type { PersonStanding } from '../../../../shared/model/person.ts'
import { standingWords } from './case-words.ts'

/** Each standing has the mark and colour of the states that lead to it. */
const looks: Readonly<Record<PersonStanding, readonly [icon: LucideIcon, className: string]>> = {
  erased: [Check, 's-erased'],
  'under way': [Clock, 's-accepted'],
  'not sent': [Circle, 's-queued'],
  waits: [CircleQuestionMark, 's-unconfirmed'],
  'not erased': [X, 's-failed'],
}

/** How a person stands: icon, word and colour. `why` is said on hover. */
export function StandingLabel({
  standing,
  why,
}: {
  readonly standing: PersonStanding
  readonly why?: string | undefined
}) {
  const [Icon, className] = looks[standing]
  return (
    <span className="state" title={why}>
      <Icon aria-hidden className={`icon state-icon ${className}`} />
      {standingWords[standing]}
    </span>
  )
}
