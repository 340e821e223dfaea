/**
 * The token of an identifier: HMAC-SHA256 (RFC 2104) under the history's token key over the kind's number (one byte) and
 * the folded value (UTF-8), cut to 16 bytes. Equal identifiers have equal tokens, whatever their scope, which is a column
 * of its own; without the key nobody can test whether a known id is among them.
 */
import { createHmac, hash } from 'node:crypto'
import { foldIdentifier, kindNumbers, type IdentifierValue } from '../../../shared/model/identifier.ts'

/** Bytes of a token. */
export const tokenBytes = 16
const blockBytes = 64
const digestBytes = 32

/** The token of one identifier, for a look-up. */
export function identifierToken(key: Uint8Array, identifier: IdentifierValue): Buffer {
  const hmac = createHmac('sha256', key)
  hmac.update(Uint8Array.of(kindNumbers[identifier.kind]))
  return hmac.update(foldIdentifier(identifier), 'utf8').digest().subarray(0, tokenBytes)
}

/** Writes the token of an identifier into `target` from `offset` on. */
export type TokenWriter = (identifier: IdentifierValue, target: Buffer, offset: number) => void

/**
 * Makes tokens of many identifiers under one key: the same as `identifierToken`, at a third of the time. It writes RFC
 * 2104's two hashes out, since a Hmac object for each row costs more than both, and takes digests as Latin-1 text, which
 * Node makes faster than buffers. `key` has at most 64 bytes.
 */
export function createTokenWriter(key: Uint8Array): TokenWriter {
  if (key.length > blockBytes) throw new Error(`A token key has at most ${blockBytes} bytes, not ${key.length}`)
  let inner = keyBlock(key, 0x36, 2048)
  const outer = keyBlock(key, 0x5c, digestBytes)

  return (identifier, target, offset) => {
    const folded = foldIdentifier(identifier)
    // Three bytes a UTF-16 unit at most, and the kind's byte.
    if (inner.length < blockBytes + 1 + folded.length * 3) inner = keyBlock(key, 0x36, 1 + folded.length * 3)
    inner[blockBytes] = kindNumbers[identifier.kind]
    const written = inner.write(folded, blockBytes + 1, 'utf8')
    outer.write(hash('sha256', inner.subarray(0, blockBytes + 1 + written), 'binary'), blockBytes, 'latin1')
    target.write(hash('sha256', outer, 'binary'), offset, tokenBytes, 'latin1')
  }
}

/** The key's block of RFC 2104 with room behind it. */
function keyBlock(key: Uint8Array, mask: number, room: number): Buffer {
  const block = Buffer.alloc(blockBytes + room)
  block.fill(mask, 0, blockBytes)
  for (const [index, byte] of key.entries()) block[index] = byte ^ mask
  return block
}
