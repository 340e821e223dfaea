/** One random key of 32 bytes lives in the keychain; every key in use is derived from it, each for one purpose. */
import { hkdfSync } from 'node:crypto'

export type HistoryKeys = Readonly<{
  /** Encrypts the file (SQLCipher's raw key, AES-256). */
  cipher: Uint8Array
  /** Keys the tokens by which identifiers are compared and looked up. */
  token: Uint8Array
  /** Keys the tokens of CSV headers whose columns are remembered. */
  header: Uint8Array
}>

/** The keys derived from the history's key by HKDF-SHA256 (RFC 5869), 32 bytes each. The labels must never change. */
export function deriveKeys(key: Uint8Array): HistoryKeys {
  if (key.length !== 32) throw new Error(`The history's key has 32 bytes, not ${key.length}`)
  return {
    cipher: derive(key, 'erasure-desk history cipher'),
    token: derive(key, 'erasure-desk identifier token'),
    header: derive(key, 'erasure-desk header token'),
  }
}

function derive(key: Uint8Array, label: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, new Uint8Array(0), label, 32))
}
