/** What a file's first bytes tell: its encoding, its delimiter, and that it is no text at all. */
import type { Delimiter, Encoding } from '../../../shared/model/import.ts'
import { createDecoder } from './decode.ts'
import { createCsvParser, type CsvRecord } from './parser.ts'

/** So many bytes are looked at. */
export const sampleBytes = 262_144

/** What the file really is, where it is a known format that is not text; null: nothing known. */
export function recogniseOtherFormat(bytes: Uint8Array): 'zip or xlsx' | 'xls' | 'pdf' | 'gzip' | null {
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) || startsWith(bytes, [0x50, 0x4b, 0x05, 0x06])) return 'zip or xlsx'
  if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])) return 'xls'
  if (startsWith(bytes, [0x25, 0x50, 0x44, 0x46, 0x2d])) return 'pdf'
  if (startsWith(bytes, [0x1f, 0x8b, 0x08])) return 'gzip'
  return null
}

/**
 * A byte order mark decides; without one, NUL in every other byte says UTF-16, text that is valid UTF-8 is UTF-8, and
 * everything else is Windows-1252, in which every byte means something. The last character of `bytes` may be cut.
 */
export function detectEncoding(bytes: Uint8Array): Encoding {
  if (startsWith(bytes, [0xef, 0xbb, 0xbf])) return 'utf-8'
  if (startsWith(bytes, [0xff, 0xfe])) return 'utf-16le'
  if (startsWith(bytes, [0xfe, 0xff])) return 'utf-16be'
  const pairs = bytes.length >> 1
  if (pairs > 0) {
    let evenNuls = 0
    let oddNuls = 0
    for (let index = 0; index + 1 < bytes.length; index += 2) {
      if (bytes[index] === 0) evenNuls += 1
      if (bytes[index + 1] === 0) oddNuls += 1
    }
    if (oddNuls > pairs * 0.4 && evenNuls < pairs * 0.1) return 'utf-16le'
    if (evenNuls > pairs * 0.4 && oddNuls < pairs * 0.1) return 'utf-16be'
  }
  try {
    createDecoder('utf-8').write(bytes)
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}

const delimiters: readonly Delimiter[] = [',', ';', '\t', '|']

/**
 * The delimiter under which most of the first records have the same number of cells, and more than one; a comma where
 * none does. `isWhole` says that `text` is the whole file, so that its last record counts.
 */
export function detectDelimiter(text: string, isWhole: boolean): Delimiter {
  let best: Delimiter = ','
  let bestScore = 0
  for (const delimiter of delimiters) {
    const score = scoreOf(readRecords(text, delimiter, isWhole, 200))
    if (score > bestScore) {
      best = delimiter
      bestScore = score
    }
  }
  return best
}

/** The first records of `text`, at most `limit`, blank lines left out. */
export function readRecords(text: string, delimiter: Delimiter, isWhole: boolean, limit: number): readonly CsvRecord[] {
  const parser = createCsvParser(delimiter)
  const complete = parser.feed(text)
  const records = isWhole ? [...complete, ...parser.end().records] : complete
  return records.filter((record) => record.raw.trim() !== '').slice(0, limit)
}

function scoreOf(records: readonly CsvRecord[]): number {
  const first = records[0]
  if (first === undefined) return 0
  const perCount = new Map<number, number>()
  for (const { cells } of records) perCount.set(cells.length, (perCount.get(cells.length) ?? 0) + 1)
  const [count, frequency] = [...perCount].reduce((most, entry) => (entry[1] > most[1] ? entry : most))
  if (count < 2) return 0
  // The header decides between two delimiters under which the rows agree equally well.
  return frequency / records.length + (first.cells.length === count ? 0.5 : 0) + Math.min(count, 50) / 1000
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte)
}
