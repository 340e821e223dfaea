/** The page the window shows, and how an address is recognised as it: by its parsed parts, never by its beginning. */

export const appScheme = 'app'
const appHost = 'erasure-desk'

/** Where the window's page lives; in development, with a reloading server, another address on loopback. */
export type Page = Readonly<{ url: string; protocol: string; host: string }>

export const builtPage: Page = {
  url: `${appScheme}://${appHost}/index.html`,
  protocol: `${appScheme}:`,
  host: appHost,
}

/** The parts of an address, or null where the value is none. */
export function parseAddress(value: unknown): URL | null {
  if (typeof value !== 'string') return null
  try {
    return new URL(value)
  } catch {
    return null
  }
}

/** The page of a development server, from its address; null unless it is plain http on loopback. */
export function developmentPage(address: string | undefined): Page | null {
  const url = parseAddress(address)
  if (url === null || url.protocol !== 'http:' || !['localhost', '127.0.0.1', '[::1]'].includes(url.hostname))
    return null
  return { url: url.href, protocol: url.protocol, host: url.host }
}

/** True where the address belongs to the page: same scheme, same host and port, no credentials. */
export function belongsTo(page: Page, address: unknown): boolean {
  const url = parseAddress(address)
  if (url === null || url.username !== '' || url.password !== '') return false
  return url.protocol === page.protocol && url.host === page.host
}

/**
 * True where the page may ask for the address: its own scheme and host; in development also the reloading socket of the
 * development server and the developer tools.
 */
export function mayLoad(page: Page, address: string): boolean {
  if (belongsTo(page, address)) return true
  if (page === builtPage) return false
  const url = parseAddress(address)
  return url !== null && ((url.protocol === 'ws:' && url.host === page.host) || url.protocol === 'devtools:')
}
