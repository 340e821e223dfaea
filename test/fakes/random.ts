import { createHash } from 'node:crypto'
import type { Random } from '../../src/main/core/ports.ts'

/** Chance that is the same for the same seed. */
export function createSeededRandom(seed: string): Random {
  let drawn = 0
  const draw = (): Buffer => {
    drawn += 1
    return createHash('sha256').update(`${seed} ${drawn}`).digest()
  }
  return {
    fraction: () => draw().readUIntBE(0, 6) / 2 ** 48,
    bytes: (count) =>
      new Uint8Array(Buffer.concat(Array.from({ length: Math.ceil(count / 32) }, draw)).subarray(0, count)),
    uuid: () => {
      const hex = draw().toString('hex')
      return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `4${hex.slice(13, 16)}`,
        `8${hex.slice(17, 20)}`,
        hex.slice(20, 32),
      ].join('-')
    },
  }
}
