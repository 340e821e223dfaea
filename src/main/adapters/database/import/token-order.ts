/**
 * Tokens of a run as one block of bytes, which begins at a multiple of four: in which order they lie in an index, and how
 * to pick some of them out.
 */

/** Bytes of a token, as the CSV reader writes them. */
export const tokenBytes = 16
const wordsPerToken = tokenBytes / 4

/** Places are packed below this beside four bytes of a token into an exact number. */
const mostTokens = 2 ** 21

/** Gives the places (from 0) at which tokens stand, from one position in the order up to another. */
export type TokenOrder = (from: number, to: number) => Uint32Array

/**
 * The order of the tokens in `tokens` by their first four bytes, equal ones by place: near enough to that of an index for
 * neighbours to land on the same page. At most 2,097,152 tokens.
 */
export function orderOfTokens(tokens: Uint8Array): TokenOrder {
  const count = tokens.length / tokenBytes
  if (count > mostTokens) throw new RangeError(`A run has at most ${mostTokens} rows, not ${count}`)
  const view = new DataView(tokens.buffer, tokens.byteOffset, tokens.byteLength)
  const keys = new Float64Array(count)
  for (let place = 0; place < count; place += 1) keys[place] = view.getUint32(place * tokenBytes) * mostTokens + place
  keys.sort()
  return (from, to) => Uint32Array.from(keys.subarray(from, to), (key) => key % mostTokens)
}

/** The tokens at `places`, one after the other. */
export function tokensAt(tokens: Uint8Array, places: Uint32Array): Uint8Array {
  const words = new Int32Array(tokens.buffer, tokens.byteOffset, tokens.length / 4)
  const picked = new Int32Array(places.length * wordsPerToken)
  let to = 0
  for (const place of places) {
    const from = place * wordsPerToken
    for (let word = 0; word < wordsPerToken; word += 1) picked[to + word] = words[from + word] ?? 0
    to += wordsPerToken
  }
  return new Uint8Array(picked.buffer)
}
