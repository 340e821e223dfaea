/** Tokens of a run as one block of bytes: in which order they lie in an index, and how to pick some of them out. */

/** Bytes of a token, as the CSV reader writes them. */
export const tokenBytes = 16

/** Places are packed below this beside four bytes of a token into an exact number. */
const mostTokens = 2 ** 21

/**
 * The places (from 0) of the tokens in `tokens`, ordered by their first four bytes, equal ones by place: near enough to
 * the order of an index that neighbours land on the same page. At most 2,097,152 tokens.
 */
export function orderOfTokens(tokens: Uint8Array): Uint32Array {
  const count = tokens.length / tokenBytes
  if (count > mostTokens) throw new RangeError(`A run has at most ${mostTokens} rows, not ${count}`)
  const view = new DataView(tokens.buffer, tokens.byteOffset, tokens.byteLength)
  const keys = new Float64Array(count)
  for (let place = 0; place < count; place += 1) keys[place] = view.getUint32(place * tokenBytes) * mostTokens + place
  keys.sort()
  return Uint32Array.from(keys, (key) => key % mostTokens)
}

/** The tokens at `places`, one after the other. */
export function tokensAt(tokens: Uint8Array, places: Uint32Array): Uint8Array {
  const picked = new Uint8Array(places.length * tokenBytes)
  for (const [index, place] of places.entries()) {
    picked.set(tokens.subarray(place * tokenBytes, (place + 1) * tokenBytes), index * tokenBytes)
  }
  return picked
}
