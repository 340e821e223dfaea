/** What a draft repeats of the history, in words. Pure. */
import type { RepeatDecision, Repeats } from '../../../../shared/model/request.ts'
import type { ScopeChoice } from '../../../../shared/model/vendor.ts'
import { countOf, formatNumber } from '../../ui/format.ts'

/** How many there are, and by what they were compared. `scope`: what the vendor leaves to choose. */
export function describeRepeats({ count, requests, requestCount, scopeIsOpen }: Repeats, scope: ScopeChoice): string {
  const erased = requests.reduce((sum, request) => sum + request.erased, 0)
  const isWhole = requests.length === requestCount
  const states =
    !isWhole || (erased > 0 && erased < count)
      ? 'erased or under way'
      : erased === count
        ? 'erased already'
        : 'under way already'
  const those = `${countOf(count, 'identifier')} ${count === 1 ? 'is' : 'are'} ${states}`
  const where = `in ${requestCount === 1 ? 'an earlier request' : `${formatNumber(requestCount)} earlier requests`} to this account`
  if (scope.kind === 'everything') return `${those} ${where}.`
  if (scope.kind === 'choice') {
    const label = scope.label.toLowerCase()
    return scopeIsOpen
      ? `${those} ${where}, whatever its ${label}. Once that of this request is chosen, only the same one counts.`
      : `${those} ${where}, with the same ${label}.`
  }
  return scopeIsOpen
    ? `${those} ${where}, whatever its bots. Once the bots of this request are chosen, only what reached the same ones or more counts.`
    : `${those} ${where}, at the same bots or more.`
}

type Choice = Readonly<{ value: RepeatDecision; words: string; hint: string }>

/** Both decisions, the default first, each with what it means. */
export function repeatOptions(count: number): readonly Choice[] {
  const it = count === 1
  return [
    {
      value: 'leave out',
      words: it ? 'Leave it out' : 'Leave them out',
      hint: `Holds unless you decide otherwise. ${it ? 'It is' : 'They are'} not sent: the earlier request stands for ${it ? 'it' : 'them'}. What was stored since it was erased stays.`,
    },
    {
      value: 'send again',
      words: it ? 'Send it again' : 'Send them again',
      hint: 'Erases what was stored since, too. Of what is still under way there, the vendor gets a second request.',
    },
  ]
}

/** What the plan says of them in one line; null where there are none. */
export function describeDecision({
  count,
  decision,
}: Readonly<{ count: number; decision: RepeatDecision }>): string | null {
  if (count === 0) return null
  return decision === 'leave out'
    ? `${countOf(count, 'identifier')}, being erased or under way in an earlier request`
    : `none; ${countOf(count, 'identifier')} of an earlier request ${count === 1 ? 'is' : 'are'} sent again`
}
