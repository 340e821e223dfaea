/** The day by which a person must have an answer, from the regulation and the day the ask arrived. */
import type { CaseFacts } from './request.ts'

type Regulation = CaseFacts['regulation']

/** How long each regulation gives, and in which words; null: it sets no time that is known here. */
export const answerTimes: Readonly<
  Record<Regulation, { readonly words: string; readonly months?: number; readonly days?: number } | null>
> = {
  // Regulation (EU) 2016/679, article 12(3): within one month of receipt
  GDPR: { words: 'one month after the ask arrived (GDPR, article 12(3))', months: 1 },
  // the ICO's reading: the corresponding day of the next month, or that month's last day
  'UK GDPR': { words: 'one month after the ask arrived (UK GDPR, article 12(3))', months: 1 },
  // Cal. Civ. Code 1798.130(a)(2)(A): 45 days of receipt
  CCPA: { words: '45 days after the ask arrived (CCPA, § 1798.130)', days: 45 },
  // Lei 13.709/2018, art. 19, II: 15 days from the ask
  LGPD: { words: '15 days after the ask arrived (LGPD, article 19)', days: 15 },
  other: null,
  none: null,
}

/**
 * The day by which an answer is due: the one the operator set, else the regulation's.
 * Both days are YYYY-MM-DD; null where nothing is set and nothing can be derived.
 */
export function answerDueOf(facts: Pick<CaseFacts, 'regulation' | 'receivedOn' | 'answerDue'>): string | null {
  return facts.answerDue ?? deriveAnswerDue(facts)
}

/** The regulation's day alone, whatever the operator set. A month ends on its last day where the day is missing: 31 January → 28 or 29 February. */
export function deriveAnswerDue(facts: Pick<CaseFacts, 'regulation' | 'receivedOn'>): string | null {
  const time = answerTimes[facts.regulation]
  if (time === null || facts.receivedOn === null) return null
  const [year, month, day] = facts.receivedOn.split('-').map(Number)
  if (year === undefined || month === undefined || day === undefined) return null
  if (time.days !== undefined) return isoDay(year, month, day + time.days)
  const lastDay = new Date(Date.UTC(year, month + (time.months ?? 0), 0)).getUTCDate()
  return isoDay(year, month + (time.months ?? 0), Math.min(day, lastDay))
}

function isoDay(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10)
}
