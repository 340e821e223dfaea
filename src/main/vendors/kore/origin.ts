import { fail, succeed, type Result } from '../../../shared/failure.ts'

/** Hosts of Kore.ai that serve other products; no erase call is documented there. */
const otherProducts: Readonly<Record<string, string>> = {
  'agents.kore.ai': 'Agent Platform',
  'agent-platform.kore.ai': 'Agent Platform',
}

/** The other product of the vendor's that a host serves; null: none that is known. */
export function otherProductOf(origin: string): string | null {
  const host = URL.canParse(origin) ? new URL(origin).hostname : ''
  return Object.hasOwn(otherProducts, host) ? (otherProducts[host] ?? null) : null
}

/** True for an address of this machine alone. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

/**
 * Normalises what an operator typed: any https origin, since customers have hosts of their own; plain http to this
 * machine alone. A path, a query or a user name in it is refused rather than dropped.
 */
export function checkOrigin(typed: string): Result<Readonly<{ origin: string; warning: string | null }>> {
  const text = typed.trim()
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`
  if (text === '' || /\s/.test(text) || !URL.canParse(withScheme))
    return refuse('This is not an address.', 'Type it as https://platform.kore.ai.')
  const url = new URL(withScheme)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return refuse(`${url.protocol}// is not a web address.`, 'Type it as https://platform.kore.ai.')
  if (url.username !== '' || url.password !== '')
    return refuse(
      'The address holds a user name or password.',
      'Leave them out; the credentials have fields of their own.',
    )
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || /[?#]/.test(withScheme))
    return refuse(
      'The address holds more than the host.',
      `Type ${url.origin} alone; the app adds the path of each call.`,
    )
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return refuse(
      'Plain http would send the token unprotected.',
      'Type the address with https. Plain http works for this machine alone.',
    )
  const product = otherProductOf(url.origin)
  const warning =
    product === null
      ? null
      : `${url.hostname} serves Kore.ai's ${product}, another product. The erase call is documented for https://platform.kore.ai and its regional hosts.`
  return succeed({ origin: url.origin, warning })
}

function refuse(message: string, next: string) {
  return fail('origin-not-allowed', message, { kept: 'Nothing was saved.', next, field: 'origin' })
}
