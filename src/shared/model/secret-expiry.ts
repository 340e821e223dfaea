/** How long a connection's secret is still good, by the last day that its operator entered. */
import type { Timestamp } from './ids.ts'

const day = 86_400_000
/** The last place on earth where a day ends: UTC−12. */
const latestZone = 12 * 3_600_000

/** Days before the end from which it is said, and from which it is said with weight. */
export const expiryWarnings = { soon: 30, urgent: 7 } as const

/** The moment at which a day (YYYY-MM-DD) is over everywhere. */
export function endOfDay(date: string): Timestamp {
  return Date.parse(`${date}T00:00:00Z`) + day + latestZone
}

/** The last day (YYYY-MM-DD, UTC) that is whole for a secret taken until this moment. */
export function lastWholeDay(until: Timestamp): string {
  return new Date(until - day).toISOString().slice(0, 10)
}

/** Where a secret stands: whole days left, today's included, on the operator's own calendar (`today`: YYYY-MM-DD). */
export function expiryOf(
  lastDay: string,
  today: string,
): Readonly<{ daysLeft: number; standing: 'good' | 'soon' | 'urgent' | 'expired' }> {
  const daysLeft = Math.round((Date.parse(`${lastDay}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / day) + 1
  if (daysLeft <= 0) return { daysLeft: 0, standing: 'expired' }
  if (daysLeft <= expiryWarnings.urgent) return { daysLeft, standing: 'urgent' }
  return { daysLeft, standing: daysLeft <= expiryWarnings.soon ? 'soon' : 'good' }
}
