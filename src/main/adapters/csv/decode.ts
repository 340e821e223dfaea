/** Turns the bytes of a file into text, piece by piece; a character cut by the edge of a piece waits for its rest. */
import type { Encoding } from '../../../shared/model/import.ts'

/** Both throw a TypeError where the bytes are not text in this encoding; nothing is ever replaced by U+FFFD. */
export type Decoder = Readonly<{
  write: (bytes: Uint8Array) => string
  end: () => string
}>

/** A byte order mark at the very beginning is left out; Windows-1252 knows none. */
export function createDecoder(encoding: Encoding): Decoder {
  if (encoding === 'windows-1252') return { write: decodeWindows1252, end: () => '' }
  if (encoding === 'utf-16be') return createBigEndianDecoder()
  return createTextDecoder(encoding)
}

function createTextDecoder(encoding: 'utf-8' | 'utf-16le'): Decoder {
  const decoder = new TextDecoder(encoding, { fatal: true })
  return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() }
}

function createBigEndianDecoder(): Decoder {
  const little = createTextDecoder('utf-16le')
  let half: Buffer = Buffer.alloc(0)
  function write(bytes: Uint8Array): string {
    const all = Buffer.concat([half, bytes])
    const whole = all.length & ~1
    half = all.subarray(whole)
    return little.write(all.subarray(0, whole).swap16())
  }
  // An odd number of bytes is no UTF-16: the decoder says so.
  return { write, end: () => little.write(half) + little.end() }
}

/** 0x80 to 0x9F of Windows-1252 (WHATWG Encoding, index windows-1252); the five gaps stay control characters. */
const windows1252 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178'

// Not through TextDecoder: several versions of Node take windows-1252 for Latin-1 there.
function decodeWindows1252(bytes: Uint8Array): string {
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  return latin1.replaceAll(/[\u0080-\u009f]/g, (character) => windows1252.charAt(character.charCodeAt(0) - 0x80))
}
