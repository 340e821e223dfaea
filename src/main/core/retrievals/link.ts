/**
 * The link to a copy's file. Whoever has it has the data, so it is nowhere but in memory; and whatever the vendor
 * answered stands in it, so nothing of it is believed.
 */
import { fail, succeed, type Result } from '../../../shared/failure.ts'
import type { Timestamp } from '../../../shared/model/ids.ts'

/** Longer than any signed address; what is longer is no link. */
const longestLink = 16_384

/** A link that may be followed, and the host that the operator is shown. */
export type CheckedLink = Readonly<{ url: string; host: string }>

/**
 * The link as an address that may be opened and fetched: https, or plain http to this machine where the vendor itself is
 * reached so (a simulator). One without a scheme, as the vendor's own example has it, is taken for https. No user name,
 * no password. Fails with `not-allowed`.
 */
export function checkLink(link: string, origin: string): Result<CheckedLink> {
  const url = link.length > longestLink ? null : addressOf(link)
  if (url === null) return refused('The vendor gave something that is no link.')
  if (url.username !== '' || url.password !== '') return refused('The vendor’s link has a user name or password in it.')
  const isLoopback = url.protocol === 'http:' && isThisMachine(url.hostname) && isPlainLoopback(origin)
  if (url.protocol !== 'https:' && !isLoopback)
    return refused(`The vendor’s link is not protected: it begins with ${url.protocol.slice(0, 20)}`)
  if (url.protocol === 'https:' && isThisMachine(url.hostname))
    return refused('The vendor’s link leads to this machine.')
  return succeed({ url: url.href, host: url.host })
}

function refused(message: string): Result<never> {
  return fail('not-allowed', message, {
    kept: 'Nothing was opened or fetched.',
    next: 'Ask the vendor’s support where the file is.',
  })
}

function addressOf(link: string): URL | null {
  const hasNoScheme = /^(?:[\w-]+\.)+[\w-]+(?::\d{1,5})?(?:[/?]|$)/.test(link)
  return URL.parse(hasNoScheme ? `https://${link}` : link)
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

function isPlainLoopback(origin: string): boolean {
  const url = URL.parse(origin)
  return url !== null && url.protocol === 'http:' && isThisMachine(url.hostname)
}

/**
 * When a link says that it ends; null where it does not. Signed addresses say so in their query: `X-Amz-Date` and
 * `X-Amz-Expires` (AWS Signature Version 4), `X-Goog-Date` and `X-Goog-Expires` (Google Cloud Storage, V4), `Expires` in
 * seconds since 1970 (both, older), `se` (Azure's shared access signature).
 */
export function expiryOfLink(link: string): Timestamp | null {
  const query = addressOf(link)?.searchParams
  if (query === undefined) return null
  const read = (name: string): string => {
    for (const [key, value] of query) if (key.toLowerCase() === name) return value
    return ''
  }
  for (const name of ['x-amz', 'x-goog']) {
    const from = basicDate(read(`${name}-date`))
    const seconds = wholeNumber(read(`${name}-expires`))
    if (from !== null && seconds !== null) return from + seconds * 1000
  }
  const seconds = wholeNumber(read('expires'))
  if (seconds !== null) return seconds * 1000
  const until = read('se')
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(until) ? dateOf(until) : null
}

/** `20261124T150000Z` (ISO 8601, basic format). */
function basicDate(text: string): Timestamp | null {
  const parts = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(text)
  if (parts === null) return null
  const [, year, month, day, hour, minute, second] = parts
  return dateOf(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}

function dateOf(text: string): Timestamp | null {
  const at = Date.parse(text)
  return Number.isNaN(at) || at < 0 ? null : at
}

function wholeNumber(text: string): number | null {
  return /^\d{1,11}$/.test(text) ? Number(text) : null
}

/** Words of the vendor's without anything like an address, with a scheme or a path: they are kept, and a link is not. */
export function withoutLinks(words: string): string {
  return words
    .replace(/\b[a-z][a-z\d+.-]*:\/\/\S+/gi, '[link]')
    .replace(/\b(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?\/[^\s”"]*/gi, '[link]')
}
