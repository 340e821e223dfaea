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

/**
 * The address of a copy's file, after the operator was shown its host and agreed: any host over https, or this machine
 * over plain http, as a simulator gives it; no user name or password in it. Null for everything else: what the system
 * would do with another scheme, nobody knows.
 */
export function retrievedLink(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 16_384) return null
  const url = parseAddress(value)
  if (url === null || url.username !== '' || url.password !== '') return null
  const isLoopback = url.protocol === 'http:' && /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/.test(url.hostname)
  return url.protocol === 'https:' || isLoopback ? url.href : null
}
