/** Looks at the beginning of a CSV file: what it is, how it is written, and its first records. */
import { open, type FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { succeed, type Result } from '../../../shared/failure.ts'
import type { FileFormat } from '../../../shared/model/import.ts'
import type { FileSample } from '../../core/ports.ts'
import { createDecoder } from './decode.ts'
import { detectDelimiter, detectEncoding, readRecords, recogniseOtherFormat, sampleBytes } from './detect.ts'
import { failureOfFile, fileEmpty, fileUnreadable, hasNul, headerOnly, otherFormat, wrongEncoding } from './failures.ts'

const sampleRecords = 20
const longestCell = 200

type LooksLikeHeader = (first: readonly string[], second: readonly string[] | undefined) => boolean

/** The sample of a file; what `chosen` leaves open is detected. Fails where the file is empty, gone or no text. */
export async function inspectFile(
  path: string,
  chosen: Partial<FileFormat>,
  looksLikeHeader: LooksLikeHeader,
): Promise<Result<FileSample>> {
  let file: FileHandle | null = null
  try {
    file = await open(path, 'r')
    const facts = await file.stat()
    if (!facts.isFile()) return fileUnreadable('not a file')
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sampleBytes), 0, sampleBytes, 0)
    const bytes = buffer.subarray(0, bytesRead)
    const sample = sampleOf(bytes, bytesRead >= facts.size, chosen, looksLikeHeader)
    if (!sample.ok) return sample
    return succeed({ ...sample.value, fileName: basename(path), byteSize: facts.size, modifiedAt: facts.mtimeMs })
  } catch (error) {
    return failureOfFile(error)
  } finally {
    await file?.close()
  }
}

function sampleOf(
  bytes: Uint8Array,
  isWhole: boolean,
  chosen: Partial<FileFormat>,
  looksLikeHeader: LooksLikeHeader,
): Result<Pick<FileSample, 'format' | 'columns' | 'sample'>> {
  const other = recogniseOtherFormat(bytes)
  if (other !== null) return otherFormat(other)
  const encoding = chosen.encoding ?? detectEncoding(bytes)
  const text = decodeSample(bytes, encoding, isWhole)
  if (text === null) return wrongEncoding(encoding, 0)
  if (text.trim() === '') return fileEmpty()
  const nul = text.indexOf('\0')
  if (nul !== -1) return hasNul(text.slice(0, nul).split(/\r\n|\r|\n/).length)
  const delimiter = chosen.delimiter ?? detectDelimiter(text, isWhole)
  const records = readRecords(text, delimiter, true, sampleRecords + 1).map(({ cells }) => cells)
  const [first = [], second] = records
  const hasHeader = chosen.hasHeader ?? looksLikeHeader(first, second)
  const rows = hasHeader ? records.slice(1) : records.slice(0, sampleRecords)
  if (rows.length === 0 && hasHeader && isWhole && !text.includes('"')) return headerOnly()
  return succeed({
    format: { encoding, delimiter, hasHeader },
    columns: first.map((title, index) =>
      hasHeader && title.trim() !== '' ? cut(title.trim()) : `Column ${index + 1}`,
    ),
    sample: rows.map((cells) => cells.map(cut)),
  })
}

function decodeSample(bytes: Uint8Array, encoding: FileFormat['encoding'], isWhole: boolean): string | null {
  try {
    const decoder = createDecoder(encoding)
    const text = decoder.write(bytes)
    return isWhole ? text + decoder.end() : text
  } catch {
    return null
  }
}

function cut(cell: string): string {
  return cell.length > longestCell ? cell.slice(0, longestCell) : cell
}
