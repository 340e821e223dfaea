import { parseAddress } from './page.ts'

/**
 * The address to hand to the browser, or null where the value is no link the app may open: https on its usual port,
 * one of the allowed hosts exactly (those of the vendors' own documentation), no user name or password in it.
 */
export function externalLink(value: unknown, allowedHosts: ReadonlySet<string>): string | null {
  if (typeof value !== 'string' || value.length > 2000) return null
  const url = parseAddress(value)
  if (url === null || url.protocol !== 'https:' || !allowedHosts.has(url.hostname)) return null
  if (url.port !== '' || url.username !== '' || url.password !== '') return null
  return url.href
}
