/** Origins as an operator types them. */
import { fail, succeed, type Result } from '../../../shared/failure.ts'

/** True for an address of this machine alone. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

/**
 * Reads what an operator typed: https, or plain http to this machine alone. A path, a query or a user name in it is
 * refused rather than dropped. `example`: how the vendor's own is written.
 */
export function readOrigin(typed: string, example: string): Result<URL> {
  const text = typed.trim()
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`
  if (text === '' || /\s/.test(text) || !URL.canParse(withScheme))
    return refuseOrigin('This is not an address.', `Type it as ${example}.`)
  const url = new URL(withScheme)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return refuseOrigin(`${url.protocol}// is not a web address.`, `Type it as ${example}.`)
  if (url.username !== '' || url.password !== '')
    return refuseOrigin(
      'The address holds a user name or password.',
      'Leave them out; the credentials have fields of their own.',
    )
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || /[?#]/.test(withScheme))
    return refuseOrigin(
      'The address holds more than the host.',
      `Type ${url.origin} alone; the app adds the path of each call.`,
    )
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return refuseOrigin(
      'Plain http would send the token unprotected.',
      'Type the address with https. Plain http works for this machine alone.',
    )
  return succeed(url)
}

/** The failure of an origin that is not taken: what is wrong with it, and what to type instead. */
export function refuseOrigin(message: string, next: string): Result<never> {
  return fail('origin-not-allowed', message, { kept: 'Nothing was saved.', next, field: 'origin' })
}
