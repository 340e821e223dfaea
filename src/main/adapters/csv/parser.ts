/**
 * An incremental CSV parser after RFC 4180, right for any cut of the text. Relaxed where real exports are: a quote
 * inside an unquoted cell is a character, text after a closing quote belongs to the cell, lines may end in CR, LF or
 * CRLF, mixed. Every record says on which lines it stands; memory stays bounded however long a record is.
 */
import type { Delimiter } from '../../../shared/model/import.ts'

/** Longer records keep no cells; whoever reads them sees it by `length`. In UTF-16 units. */
export const longestRecord = 65_536
/** So much of a record's own text is kept, to show it where the record is rejected. */
export const longestRaw = 500

export type CsvRecord = Readonly<{
  /** Empty where the record is longer than `longestRecord`. A blank line is one empty cell. */
  cells: readonly string[]
  /** First and last line of the file it stands on, from 1. */
  line: number
  endLine: number
  /** Of its text without the line end, in UTF-16 units. */
  length: number
  /** Its text as the file has it, cut at `longestRaw`. */
  raw: string
}>

type CsvEnd = Readonly<{
  records: readonly CsvRecord[]
  /** The line on which a quote opened that nothing closes; the record it opened is not among the records. */
  openQuoteLine: number | null
}>

export type CsvParser = Readonly<{
  /** The records that `text` completes, in order. */
  feed: (text: string) => readonly CsvRecord[]
  /** The last record, where the file does not end with a line end. */
  end: () => CsvEnd
  /** The line on which the next character will stand. */
  line: () => number
}>

const quote = 0x22
const carriageReturn = 0x0d
const lineFeed = 0x0a

const cellStart = 0
const unquoted = 1
const quoted = 2
/** A quote was seen inside a quoted cell: the cell's end, or the first half of a doubled quote. */
const quoteSeen = 3

/**
 * @example
 * const parser = createCsvParser(',')
 * parser.feed('a,"b') // []
 * parser.feed('c"\r\n') // [{ cells: ['a', 'bc'], line: 1, … }]
 */
export function createCsvParser(delimiter: Delimiter): CsvParser {
  const delimiterCode = delimiter.charCodeAt(0)
  let state = cellStart
  let cells: string[] = []
  let cell = ''
  let line = 1
  let recordLine = 1
  let quoteLine = 1
  /** Of the record under way: what earlier pieces of text brought. */
  let earlierLength = 0
  let earlierRaw = ''
  let tooLong = false
  /** A CR ended the last record, or the last line inside quotes: an LF right after it belongs to it. */
  let skipLineFeed = false
  let afterQuotedReturn = false

  function append(piece: string): void {
    if (!tooLong) cell = cell === '' ? piece : cell + piece
  }

  function endCell(): void {
    if (!tooLong) cells.push(cell)
    cell = ''
  }

  function countLines(text: string, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      const code = text.charCodeAt(index)
      if (code === carriageReturn || (code === lineFeed && !afterQuotedReturn)) line += 1
      afterQuotedReturn = code === carriageReturn
    }
  }

  function completeRecord(lastPiece: string): CsvRecord {
    endCell()
    const length = earlierLength + lastPiece.length
    const raw = earlierLength === 0 ? lastPiece : earlierRaw + lastPiece
    const record: CsvRecord = {
      cells: length > longestRecord ? [] : cells,
      line: recordLine,
      endLine: line,
      length,
      raw: raw.length > longestRaw ? raw.slice(0, longestRaw) : raw,
    }
    state = cellStart
    cells = []
    earlierLength = 0
    earlierRaw = ''
    tooLong = false
    return record
  }

  function carryOver(piece: string): void {
    if (earlierRaw.length < longestRaw) earlierRaw += piece.slice(0, longestRaw - earlierRaw.length)
    earlierLength += piece.length
    if (earlierLength <= longestRecord) return
    tooLong = true
    cells = []
    cell = ''
  }

  function feed(text: string): readonly CsvRecord[] {
    const records: CsvRecord[] = []
    const size = text.length
    let index = 0
    if (skipLineFeed && size > 0) {
      skipLineFeed = false
      if (text.charCodeAt(0) === lineFeed) index = 1
    }
    let recordStart = index
    while (index < size) {
      if (state === quoted) {
        const found = text.indexOf('"', index)
        const stop = found === -1 ? size : found
        append(text.slice(index, stop))
        countLines(text, index, stop)
        if (found === -1) break
        state = quoteSeen
        index = found + 1
        continue
      }
      let code = text.charCodeAt(index)
      if (code === quote && state !== unquoted) {
        if (state === cellStart) quoteLine = line
        else append('"')
        afterQuotedReturn = false
        state = quoted
        index += 1
        continue
      }
      state = unquoted
      const start = index
      while (code !== delimiterCode && code !== lineFeed && code !== carriageReturn) {
        index += 1
        if (index === size) break
        code = text.charCodeAt(index)
      }
      if (index > start) append(text.slice(start, index))
      if (index === size) break
      if (code === delimiterCode) {
        endCell()
        state = cellStart
        index += 1
        continue
      }
      records.push(completeRecord(text.slice(recordStart, index)))
      line += 1
      recordLine = line
      index += 1
      if (code === carriageReturn) {
        if (index === size) skipLineFeed = true
        else if (text.charCodeAt(index) === lineFeed) index += 1
      }
      recordStart = index
    }
    if (recordStart < size) carryOver(text.slice(recordStart))
    return records
  }

  function end(): CsvEnd {
    if (state === quoted) return { records: [], openQuoteLine: quoteLine }
    return { records: earlierLength === 0 ? [] : [completeRecord('')], openQuoteLine: null }
  }

  return { feed, end, line: () => line }
}
