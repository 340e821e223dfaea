import { expiryOf } from '../../../../shared/model/secret-expiry.ts'
import { toneOf } from '../../secret-ending.ts'
import { countOf, dateFromIso, formatDay, isoDayOf, useNow } from '../../ui/index.ts'

/** "23 Nov 2027, 364 days left". */
export function SecretExpiry({ lastDay }: { readonly lastDay: string }) {
  const now = useNow()
  const { daysLeft, standing } = expiryOf(lastDay, isoDayOf(now))
  const day = formatDay(dateFromIso(lastDay), now)
  const left =
    standing === 'expired' ? 'expired' : daysLeft === 1 ? 'its last day is today' : `${countOf(daysLeft, 'day')} left`
  return <span className={toneOf(standing)}>{`${day}, ${left}`}</span>
}
