/** Tokens of a run as one block of bytes: in which order they lie in an index, and how to pick some of them out. */

/** Bytes of a token, as the CSV reader writes them. */
export const tokenBytes = 16

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
  const picked = new Uint8Array(places.length * tokenBytes)
  for (const [index, place] of places.entries()) {
    picked.set(tokens.subarray(place * tokenBytes, (place + 1) * tokenBytes), index * tokenBytes)
  }
  return picked
}
