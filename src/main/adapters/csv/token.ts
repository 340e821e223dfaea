/**
 * The token of an identifier: HMAC-SHA256 (RFC 2104) under the history's token key over the kind's number (one byte) and
 * the folded value (UTF-8), cut to 16 bytes. Equal identifiers have equal tokens, whatever their scope, which is a column
 * of its own; without the key nobody can test whether a known id is among them.
 */
import { createHmac } from 'node:crypto'
import { foldIdentifier, kindNumbers, type IdentifierValue } from '../../../shared/model/identifier.ts'
import { blockBytes, compress, initialState } from './sha256.ts'

const tokenBytes = 16

/** The token of one identifier, for a look-up. */
export function identifierToken(key: Uint8Array, identifier: IdentifierValue): Buffer {
  const hmac = createHmac('sha256', key)
  hmac.update(Uint8Array.of(kindNumbers[identifier.kind]))
  return hmac.update(foldIdentifier(identifier), 'utf8').digest().subarray(0, tokenBytes)
}

/** Makes tokens of many identifiers under one key: the same as `identifierToken`, in hex. `key` has at most 64 bytes. */
export function createTokenMaker(key: Uint8Array): (identifier: IdentifierValue) => string {
  if (key.length > blockBytes) throw new Error(`A token key has at most ${blockBytes} bytes, not ${key.length}`)
  const inner = stateAfterKey(key, 0x36)
  const outer = stateAfterKey(key, 0x5c)
  const encoder = new TextEncoder()
  const state = new Int32Array(8)
  const outerBlock = new Uint8Array(blockBytes)
  outerBlock[32] = 0x80
  new DataView(outerBlock.buffer).setUint32(60, (blockBytes + 32) * 8)
  let message = new Uint8Array(2048)

  return (identifier) => {
    const folded = foldIdentifier(identifier)
    // Three bytes a UTF-16 unit at most, the kind's byte, the padding.
    const room = folded.length * 3 + 1 + 2 * blockBytes
    if (message.length < room) message = new Uint8Array(room)
    message[0] = kindNumbers[identifier.kind]
    const length = 1 + encoder.encodeInto(folded, message.subarray(1)).written
    const padded = pad(message, length)
    state.set(inner)
    for (let offset = 0; offset < padded; offset += blockBytes) compress(state, message, offset)
    for (let word = 0; word < 8; word += 1) writeWord(outerBlock, word * 4, state[word] as number)
    state.set(outer)
    compress(state, outerBlock, 0)
    return toHex(state, tokenBytes / 4)
  }
}

function stateAfterKey(key: Uint8Array, mask: number): Int32Array {
  const block = new Uint8Array(blockBytes).fill(mask)
  for (const [index, byte] of key.entries()) block[index] = byte ^ mask
  const state = Int32Array.from(initialState)
  compress(state, block, 0)
  return state
}

/** Pads the message as FIPS 180-4 5.1.1 says, counting the key's block before it; gives its length in whole blocks. */
function pad(message: Uint8Array, length: number): number {
  const padded = (Math.floor((length + 8) / blockBytes) + 1) * blockBytes
  message.fill(0, length, padded)
  message[length] = 0x80
  writeWord(message, padded - 4, (blockBytes + length) * 8)
  return padded
}

function writeWord(bytes: Uint8Array, offset: number, word: number): void {
  bytes[offset] = word >>> 24
  bytes[offset + 1] = word >>> 16
  bytes[offset + 2] = word >>> 8
  bytes[offset + 3] = word
}

const hexOfByte: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function toHex(state: Int32Array, words: number): string {
  let hex = ''
  for (let index = 0; index < words; index += 1) {
    const word = state[index] as number
    hex += `${hexOfByte[word >>> 24]}${hexOfByte[(word >>> 16) & 255]}${hexOfByte[(word >>> 8) & 255]}${hexOfByte[word & 255]}`
  }
  return hex
}
