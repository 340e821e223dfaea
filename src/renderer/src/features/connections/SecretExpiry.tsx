/** How long a secret is still taken, as words whose weight grows with the end. */
import { expiryOf } from '../../../../shared/model/secret-expiry.ts'
import { countOf, useNow } from '../../ui/index.ts'
import { isoDayOf } from './words.ts'

export function SecretExpiry({ lastDay }: { readonly lastDay: string }) {
  const now = useNow()
  const { daysLeft, standing } = expiryOf(lastDay, isoDayOf(now))
  const words = standing === 'expired' ? `${lastDay}, expired` : `${lastDay}, ${countOf(daysLeft, 'day')} left`
  const tone = standing === 'good' ? '' : standing === 'soon' ? 'warning-text' : 'danger-text'
  return <span className={tone}>{words}</span>
}
