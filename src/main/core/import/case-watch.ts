/** Finds ids that differ by letter case alone: two people to the vendor, perhaps one to whoever wrote the file. */
import type { Finding } from '../../../shared/model/import.ts'

/** Ids the watch can hold; beyond them it says that it stopped. A power of two, of which three quarters are used. */
const slots = 1 << 20
const mostIds = slots * 0.75

export type CaseWatch = Readonly<{
  look: (value: string, line: number) => void
  findings: () => readonly Finding[]
}>

/**
 * Keeps a hash of 53 bits of each id without its letter case, and one of how it is written, in a table of fixed size:
 * made at the first id, 16 MB, however long the file is. A collision of hashes costs a wrong note, never a wrong row.
 */
export function createCaseWatch(capacity: number = mostIds): CaseWatch {
  /** For each slot the hash of an id without its case, and the one of how it is written, side by side in memory. */
  let table: Float64Array | null = null
  let held = 0
  let isFull = false
  let count = 0
  const lines: number[] = []

  function look(value: string, line: number): void {
    if (isFull) return
    table ??= new Float64Array(slots * 2)
    const lower = value.toLowerCase()
    const key = hash(lower)
    const form = lower === value ? key : hash(value)
    let slot = (key & (slots - 1)) * 2
    while (table[slot] !== 0 && table[slot] !== key) slot = (slot + 2) % (slots * 2)
    if (table[slot] === key) {
      if (table[slot + 1] === form) return
      count += 1
      if (lines.length < 5) lines.push(line)
      return
    }
    table[slot] = key
    table[slot + 1] = form
    held += 1
    isFull = held >= capacity
  }

  function findings(): readonly Finding[] {
    if (count === 0) return []
    const within = isFull ? ` Only the first ${capacity.toLocaleString('en-GB')} ids were compared.` : ''
    const words = `These ids are the same as others in the file but for letter case. Vendors tell them apart, so each is sent.${within}`
    return [{ kind: 'differ by case alone', count, lines, words }]
  }

  return { look, findings }
}

/** Two rounds of FNV-1a (32 bits each, different offsets) joined to a number from 1 to 2^53 - 1. */
function hash(text: string): number {
  let low = 0x811c9dc5
  let high = 0x9747b28c
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    low = Math.imul(low ^ code, 0x01000193)
    high = Math.imul(high ^ code, 0x85ebca6b)
    high ^= high >>> 15
  }
  return ((high >>> 0) & 0x1fffff) * 0x100000000 + (low >>> 0) + (low === 0 ? 1 : 0)
}
