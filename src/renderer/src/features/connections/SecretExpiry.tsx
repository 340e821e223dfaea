import { expiryOf } from '../../../../shared/model/secret-expiry.ts'
import { toneOf } from '../../secret-ending.ts'
import { countOf, dateFromIso, formatDay, isoDayOf, useNow } from '../../ui/index.ts'

/** "23 Nov 2027, in 364 days". */
export function SecretExpiry({ lastDay }: { readonly lastDay: string }) {
  const now = useNow()
  const { daysLeft, standing } = expiryOf(lastDay, isoDayOf(now))
  const day = formatDay(dateFromIso(lastDay), now)
  const left = standing === 'expired' ? 'expired' : daysLeft === 1 ? 'today' : `in ${countOf(daysLeft - 1, 'day')}`
  return <span className={toneOf(standing)}>{`${day}, ${left}`}</span>
}
