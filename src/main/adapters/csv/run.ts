/**
 * A run: up to a million rows of a file, in its order, among which a repeat is told from a first by the whole token and
 * the scope. What repeats a row of an earlier run is found by the history, which enters the tokens run by run.
 */
import type { IdentifierValue } from '../../../shared/model/identifier.ts'
import { tokenBytes, type TokenWriter } from './token.ts'

export type RunLimits = Readonly<{
  /** First rows and repeats of one run; it takes 33 bytes a first row, and a short text a repeat. */
  rows: number
  repeats: number
}>

export const usualRun: RunLimits = { rows: 1_048_576, repeats: 131_072 }

export type Taken = Readonly<{
  number: number
  /** The row that it repeats: place in the run (from 0), line, and whether it is spelled otherwise; null for a first row. */
  repeats: Readonly<{ place: number; line: number; isOtherSpelling: boolean | null }> | null
}>

export type Run = Readonly<{
  /** Takes the next row in. `number` is its scope's number in the run, 0 for the request's own. */
  take: (identifier: IdentifierValue, scope: string | null, line: number) => Taken
  /** First rows taken so far. */
  size: () => number
  isFull: () => boolean
  /** A copy of the tokens (16 bytes each) of the first rows from place `from` on. */
  tokensFrom: (from: number) => Uint8Array<ArrayBuffer>
  /** Tokens and scope numbers of all first rows, to be handed over: the run takes no more rows afterwards. */
  whole: () => Readonly<{ tokens: Uint8Array<ArrayBuffer>; scopes: Uint32Array<ArrayBuffer> }>
  /** The scopes seen for the first time since this was last asked; numbered on from 1. */
  newScopes: () => readonly string[]
}>

const wordsPerToken = tokenBytes / 4

/** @example createRun(createTokenWriter(key), usualRun).take({ kind: 'email', value: 'a@b.example', channelId: null }, null, 2) */
export function createRun(writeToken: TokenWriter, limits: RunLimits): Run {
  // Whole at once, since memory that was never written to is none. One place more than rows: the next row's token is
  // written there before it is known to be a first.
  const tokens = Buffer.from(new ArrayBuffer((limits.rows + 1) * tokenBytes))
  const words = new Int32Array(tokens.buffer)
  const scopes = new Uint32Array(limits.rows)
  const lines = new Uint32Array(limits.rows)
  /** 1 where a first row is spelled as it folds. */
  const folded = new Uint8Array(limits.rows)
  /** A hash table of places, each one more than it is; a power of two, at most half full. */
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(limits.rows * 2)))
  const scopeNumbers = new Map<string, number>()
  let newScopes: string[] = []
  let size = 0
  let repeats = 0

  function scopeNumber(scope: string | null): number {
    if (scope === null) return 0
    const known = scopeNumbers.get(scope)
    if (known !== undefined) return known
    scopeNumbers.set(scope, scopeNumbers.size + 1)
    newScopes.push(scope)
    return scopeNumbers.size
  }

  /** Where the row at `place` stands in the hash table, or the empty slot for it. */
  function slotOf(place: number, scope: number): number {
    const mask = slots.length - 1
    const own = place * wordsPerToken
    let slot = ((words[own] ?? 0) ^ Math.imul(scope, 0x9e3779b1)) & mask
    for (;;) {
      const taken = (slots[slot] ?? 0) - 1
      if (taken < 0 || (scopes[taken] === scope && isSameToken(words, taken * wordsPerToken, own))) return slot
      slot = (slot + 1) & mask
    }
  }

  return {
    take: (identifier, scope, line) => {
      writeToken(identifier, tokens, size * tokenBytes)
      const number = scopeNumber(scope)
      const slot = slotOf(size, number)
      const taken = slots[slot] ?? 0
      if (taken > 0) {
        repeats += 1
        const place = taken - 1
        const both = Number(isFolded(identifier)) + (folded[place] ?? 0)
        // Two that both differ from their fold may differ from each other.
        const isOtherSpelling = both === 0 ? null : both === 1
        return { number, repeats: { place, line: lines[place] ?? 0, isOtherSpelling } }
      }
      scopes[size] = number
      lines[size] = line
      folded[size] = Number(isFolded(identifier))
      size += 1
      slots[slot] = size
      return { number, repeats: null }
    },
    size: () => size,
    isFull: () => size >= limits.rows || repeats >= limits.repeats,
    tokensFrom: (from) => Uint8Array.from(tokens.subarray(from * tokenBytes, size * tokenBytes)),
    whole: () => {
      // Given back now: this thread makes no more garbage that would have them collected while the tokens are entered.
      for (const table of [slots, lines, folded]) table.buffer.transfer(0)
      return { tokens: tokens.subarray(0, size * tokenBytes), scopes: scopes.subarray(0, size) }
    },
    newScopes: () => {
      const fresh = newScopes
      newScopes = []
      return fresh
    },
  }
}

/** Spelled as it folds: true of every kind but an email with capitals. */
function isFolded({ kind, value }: IdentifierValue): boolean {
  return kind !== 'email' || value === value.toLowerCase()
}

function isSameToken(words: Int32Array, one: number, other: number): boolean {
  return (
    words[one] === words[other] &&
    words[one + 1] === words[other + 1] &&
    words[one + 2] === words[other + 2] &&
    words[one + 3] === words[other + 3]
  )
}
