/** The file of the import bench: the same bytes on every machine, messy as exports are. */
import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'

export const header = 'user_id,channel_id,channel_user_id,bot_ids,case_reference,name'
const linesPerWrite = 5000

/** Writes `rows` rows below a header: byte-order mark, CRLF, quoted commas, one row in twenty a repeat, a few broken. */
export async function writeBenchFile(path: string, rows: number): Promise<void> {
  const random = mulberry32(20_261)
  const file = createWriteStream(path)
  let lines = `\ufeff${header}\r\n`
  for (let row = 0; row < rows; row += 1) {
    const isRepeat = row > 20 && random() < 0.05
    lines += `${line(isRepeat ? Math.floor(random() * row) : row, row, random)}\r\n`
    if (row % linesPerWrite === linesPerWrite - 1) {
      if (!file.write(lines)) await once(file, 'drain')
      lines = ''
    }
  }
  file.end(lines)
  await finished(file)
}

function line(person: number, row: number, random: () => number): string {
  const scope = person % 7 === 0 ? `st-5a0d1c7e-000${person % 5};st-5a0d1c7e-000${(person + 1) % 5}` : ''
  const rest = `${scope},DSR-2026-${1000 + (row % 40)},"Account ${row}, north"`
  if (row % 500 === 499) return `,,,${rest}`
  const scattered = Math.imul(person + 1, 0x9e3779b1) >>> 0
  if (person % 10 < 4) {
    const address = `person.${scattered.toString(36)}.${person}@mail.example`
    return `${random() < 0.3 ? address.toUpperCase() : address},,,${rest}`
  }
  if (person % 10 < 8) return `u-${scattered.toString(16).padStart(8, '0')}-de44-5c9a-8885-${person},,,${rest}`
  return `,whatsapp,49${scattered}${person},${rest}`
}

/** Numbers from 0 to 1 from a seed (Tommy Ettinger's mulberry32). */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
