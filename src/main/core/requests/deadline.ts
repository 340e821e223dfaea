/** By when the person must have an answer. */
import { assertNever } from '../../../shared/failure.ts'
import type { CaseFacts } from '../../../shared/model/request.ts'

/**
 * The day, YYYY-MM-DD, by which an ask received on `receivedOn` must be answered; null where the regulation sets none
 * or the day is not known. Extensions that a regulation allows are the operator's to enter, not assumed.
 *
 * - GDPR and UK GDPR: one month after receipt, article 12(3); a month ends on the same day of the next month, or on
 *   its last day where there is no such day (Regulation 1182/71, article 3; ICO guidance for the UK).
 * - CCPA: 45 days from receipt, Cal. Civ. Code § 1798.130(a)(2).
 * - LGPD: 15 days, article 19 II, the only term the law sets for an answer to a data subject.
 */
export function answerDue(facts: Pick<CaseFacts, 'regulation' | 'receivedOn' | 'answerDue'>): string | null {
  if (facts.answerDue !== null) return facts.answerDue
  if (facts.receivedOn === null) return null
  switch (facts.regulation) {
    case 'GDPR':
    case 'UK GDPR':
      return monthAfter(facts.receivedOn)
    case 'CCPA':
      return daysAfter(facts.receivedOn, 45)
    case 'LGPD':
      return daysAfter(facts.receivedOn, 15)
    case 'other':
    case 'none':
      return null
    default:
      return assertNever(facts.regulation)
  }
}

function daysAfter(day: string, days: number): string | null {
  const [year, month, date] = partsOf(day)
  return write(Date.UTC(year, month - 1, date + days))
}

function monthAfter(day: string): string | null {
  const [year, month, date] = partsOf(day)
  const lastOfNextMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return write(Date.UTC(year, month, Math.min(date, lastOfNextMonth)))
}

function partsOf(day: string): readonly [number, number, number] {
  const [year = NaN, month = NaN, date = NaN] = day.split('-').map(Number)
  return [year, month, date]
}

function write(milliseconds: number): string | null {
  return Number.isNaN(milliseconds) ? null : new Date(milliseconds).toISOString().slice(0, 10)
}
