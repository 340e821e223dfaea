/** How long connections' secrets are still taken, in words whose weight grows with the end. Pure. */
import type { Connection } from '../../shared/model/connection.ts'
import { expiryOf } from '../../shared/model/secret-expiry.ts'
import { countOf, dateFromIso, formatDay, isoDayOf } from './ui/format.ts'

type Standing = ReturnType<typeof expiryOf>['standing']

/** What is to be said of a secret that ends within 30 days, or has ended. */
export type Ending = Readonly<{ standing: Exclude<Standing, 'good'>; words: string; lastDay: string }>

const tones: Readonly<Record<Standing, string>> = {
  good: '',
  soon: 'warning-text',
  urgent: 'danger-text',
  expired: 'danger-text',
}

/** Null while there is nothing to say: the secret does not end, not soon, or nothing is sent with it any more. */
export function endingOf(
  { settings, retiredAt }: Pick<Connection, 'settings' | 'retiredAt'>,
  secretLabel: string,
  now: number,
): Ending | null {
  const { secretExpiresOn } = settings
  if (secretExpiresOn === null || retiredAt !== null) return null
  const { daysLeft, standing } = expiryOf(secretExpiresOn, isoDayOf(now))
  if (standing === 'good') return null
  const lastDay = formatDay(dateFromIso(secretExpiresOn), now)
  if (standing === 'expired') return { standing, words: `${secretLabel} expired`, lastDay }
  const left = daysLeft === 1 ? 'ends today' : `ends in ${countOf(daysLeft - 1, 'day')}`
  return { standing, words: `${secretLabel} ${left}`, lastDay }
}

/** The text colour of a standing; empty for the ordinary one. */
export function toneOf(standing: Standing): string {
  return tones[standing]
}
