/** Where Mixpanel answers: one host a residency, by the `servers` of its OpenAPI. */
import { succeed, type Result } from '../../../shared/failure.ts'
import { readOrigin, refuseOrigin } from '../common/origin.ts'

/** Mixpanel's hosts, the usual one first. */
export const residencies = [
  { origin: 'https://mixpanel.com', name: 'US' },
  { origin: 'https://eu.mixpanel.com', name: 'EU' },
  { origin: 'https://in.mixpanel.com', name: 'India' },
] as const

/** "US", "EU" or "India"; null: no host of Mixpanel's. */
export function residencyOf(origin: string): string | null {
  return residencies.find((one) => one.origin === origin)?.name ?? null
}

/** Normalises what an operator typed: one of Mixpanel's three hosts, or plain http to this machine alone. */
export function checkOrigin(typed: string): Result<Readonly<{ origin: string; warning: string | null }>> {
  const read = readOrigin(typed, residencies[0].origin)
  if (!read.ok) return read
  const { origin, protocol } = read.value
  // `readOrigin` lets http through to this machine alone.
  if (protocol === 'http:' || residencyOf(origin) !== null) return succeed({ origin, warning: null })
  const hosts = residencies.map((one) => `${one.origin} (${one.name})`).join(', ')
  return refuseOrigin('Mixpanel takes no deletions at this address.', `Choose the project’s residency: ${hosts}.`)
}
