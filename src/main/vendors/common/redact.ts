/** A call's body as a plan shows it. */

/** Identifiers that a plan shows, and the letters of one. */
const shownEntries = 2
const longestShown = 64

/**
 * The body of a call, an object as JSON, pretty-printed: of the lists under `keys` the first two entries and how many
 * more there are, everything else whole.
 */
export function redactBody(body: string, keys: readonly string[]): string {
  const fields = Object.entries(JSON.parse(body) as Readonly<Record<string, unknown>>).map(([name, value]) => {
    const text = keys.includes(name) && Array.isArray(value) ? redactList(value) : writeReadably(value)
    return `${JSON.stringify(name)}: ${text}`
  })
  return `{\n  ${fields.join(',\n  ')}\n}`
}

function redactList(entries: readonly unknown[]): string {
  const shown = entries.slice(0, shownEntries).map((entry) => writeReadably(shortenInside(entry)))
  const more = entries.length - shown.length
  return `[${(more === 0 ? shown : [...shown, `… ${more.toLocaleString('en')} more`]).join(', ')}]`
}

/** JSON on one line, in which no character hides or turns the direction of writing: those are escaped. */
function writeReadably(value: unknown): string {
  const text = Array.isArray(value) ? `[${value.map(writeReadably).join(', ')}]` : JSON.stringify(value)
  return text.replaceAll(/[\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

function shortenInside(value: unknown): unknown {
  if (typeof value === 'string') return shorten(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shortenInside(part)]))
}

/** An id as it is, so that it can be checked; of a very long one beginning and end. */
function shorten(text: string): string {
  const letters = [...text]
  if (letters.length <= longestShown) return text
  return `${letters.slice(0, longestShown - 16).join('')}…${letters.slice(-12).join('')}`
}
