import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createDecoder } from '../../../../../src/main/adapters/csv/decode.ts'
import {
  createCsvParser,
  longestRaw,
  longestRecord,
  type CsvRecord,
} from '../../../../../src/main/adapters/csv/parser.ts'
import type { Delimiter } from '../../../../../src/shared/model/import.ts'

type Read = Readonly<{ records: readonly CsvRecord[]; openQuoteLine: number | null }>

function readPieces(pieces: readonly string[], delimiter: Delimiter = ','): Read {
  const parser = createCsvParser(delimiter)
  const records = pieces.flatMap((piece) => parser.feed(piece))
  const end = parser.end()
  return { records: [...records, ...end.records], openQuoteLine: end.openQuoteLine }
}

/** The same bytes, cut once at every place and into pieces of every size: all the ways must agree. */
function readEveryWay(bytes: Buffer, delimiter: Delimiter = ','): Read {
  const whole = readBytes([bytes], delimiter)
  for (let at = 1; at < bytes.length; at += 1)
    expect(readBytes([bytes.subarray(0, at), bytes.subarray(at)], delimiter), `cut at ${at}`).toEqual(whole)
  for (let size = 1; size < bytes.length; size += 1)
    expect(readBytes(piecesOf(bytes, size), delimiter), `pieces of ${size}`).toEqual(whole)
  return whole
}

function readBytes(pieces: readonly Buffer[], delimiter: Delimiter): Read {
  const decoder = createDecoder('utf-8')
  return readPieces([...pieces.map((piece) => decoder.write(piece)), decoder.end()], delimiter)
}

function piecesOf(bytes: Buffer, size: number): readonly Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
}

function cellsOf(text: string, delimiter: Delimiter = ','): readonly (readonly string[])[] {
  return readEveryWay(Buffer.from(text), delimiter).records.map((record) => record.cells)
}

describe('csv-spectrum', () => {
  const folder = dirname(createRequire(import.meta.url).resolve('csv-spectrum'))
  const names = readdirSync(join(folder, 'csvs')).map((name) => name.replace('.csv', ''))

  test('holds the twelve cases', () => expect(names).toHaveLength(12))

  test.each(names)('%s, cut at every byte', (name) => {
    const [header, ...rows] = readEveryWay(readFileSync(join(folder, 'csvs', `${name}.csv`))).records
    const objects = rows.map(({ cells }) =>
      Object.fromEntries(header!.cells.map((title, index) => [title, cells[index]])),
    )
    const written: unknown = JSON.parse(readFileSync(join(folder, 'json', `${name}.json`), 'utf8'))
    const expected = Array.isArray(written) ? written : [written]
    // Its JSON has another phone number than its own CSV.
    if (name === 'location_coordinates') expected[0]['Contact Phone Number'] = '2095257564'
    expect(objects).toEqual(expected)
  })
})

describe('line ends', () => {
  test.each([
    ['LF', 'a,b\n1,2\n'],
    ['CRLF', 'a,b\r\n1,2\r\n'],
    ['CR alone', 'a,b\r1,2\r'],
    ['CR, then CRLF', 'a,b\r1,2\r\n'],
    ['none after the last line', 'a,b\r\n1,2'],
  ])('%s', (_, text) =>
    expect(cellsOf(text)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]),
  )

  test('mixed, each record knows its lines', () => {
    const { records } = readEveryWay(Buffer.from('a\r\nb\rc\n\r"d\r\ne\rf\ng"\r\nh'))
    expect(records.map(({ cells, line, endLine }) => [cells[0], line, endLine])).toEqual([
      ['a', 1, 1],
      ['b', 2, 2],
      ['c', 3, 3],
      ['', 4, 4],
      ['d\r\ne\rf\ng', 5, 8],
      ['h', 9, 9],
    ])
  })

  test('a blank line is a record of one empty cell, the end of the last line is none', () => {
    expect(cellsOf('a\n\n\nb\n')).toEqual([['a'], [''], [''], ['b']])
    expect(cellsOf('a\r\n\r\n')).toEqual([['a'], ['']])
    expect(cellsOf('\n')).toEqual([['']])
    expect(cellsOf('')).toEqual([])
  })
})

describe('cells and quotes', () => {
  test.each<[string, string, string[][]]>([
    ['empty cells at every place', ',a,,\n', [['', 'a', '', '']]],
    ['a delimiter as the last character of the file', 'a,', [['a', '']]],
    ['doubled quotes', '"say ""a""","""",""\n', [['say "a"', '"', '']]],
    ['a quoted cell that ends the file', 'a,"b"', [['a', 'b']]],
    ['stray quotes in an unquoted cell', 'O"Hara,5" tube\n', [['O"Hara', '5" tube']]],
    ['text after a closing quote', '"a"b,"c" "d"\n', [['ab', 'c "d"']]],
    ['a space before a quote makes the quote a character', ' "a",b\n', [[' "a"', 'b']]],
    ['blanks stay', '  a  ,\tb\n', [['  a  ', '\tb']]],
    ['every kind of line break inside quotes', '"a\rb\nc\r\nd",e\n', [['a\rb\nc\r\nd', 'e']]],
    [
      'characters beyond the first plane',
      'é,漢,🙂\n"🙂""",\n',
      [
        ['é', '漢', '🙂'],
        ['🙂"', ''],
      ],
    ],
    [
      'a byte order mark',
      '\ufeffid,mail\n1,2\n',
      [
        ['id', 'mail'],
        ['1', '2'],
      ],
    ],
    ['a quoted first cell after a byte order mark', '\ufeff"id"\n', [['id']]],
    ['carriage return after a closing quote', '"a"\r"b"\r', [['a'], ['b']]],
  ])('%s', (_, text, expected) => expect(cellsOf(text)).toEqual(expected))

  test.each<Delimiter>([',', ';', '\t', '|'])('delimiter %j', (delimiter) =>
    expect(cellsOf(`a${delimiter}"b${delimiter}"\n`, delimiter)).toEqual([['a', `b${delimiter}`]]),
  )

  test('a quote never closed names the line on which it opened', () => {
    const read = readEveryWay(Buffer.from('a,b\n1,"2\n3,4\n5,6\n'))
    expect(read.records).toHaveLength(1)
    expect(read.openQuoteLine).toBe(2)
  })

  test('a quote opened later on the same record names its own line', () =>
    expect(readEveryWay(Buffer.from('"a\nb","c\nd')).openQuoteLine).toBe(2))
})

describe('records as the file has them', () => {
  test('raw text and length leave out the line end', () => {
    const { records } = readEveryWay(Buffer.from('"a ""b""",c\r\n\r\nd'))
    expect(records.map(({ raw, length }) => [raw, length])).toEqual([
      ['"a ""b""",c', 11],
      ['', 0],
      ['d', 1],
    ])
  })

  test('raw text is cut', () => {
    const [record] = readPieces(['x'.repeat(400), 'y'.repeat(400), '\n']).records
    expect(record!.raw).toBe('x'.repeat(400) + 'y'.repeat(longestRaw - 400))
    expect(record!.length).toBe(800)
    expect(record!.cells).toEqual(['x'.repeat(400) + 'y'.repeat(400)])
  })

  test.each([1000, 65_536, 200_000])('a cell too long keeps no cells, in pieces of %i', (size) => {
    const text = `a,b\n1,"${'long\n'.repeat(20_000)}"\n2,3\n`
    const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
      text.slice(index * size, (index + 1) * size),
    )
    const { records } = readPieces(pieces)
    expect(records.map(({ cells, line, endLine }) => [cells, line, endLine])).toEqual([
      [['a', 'b'], 1, 1],
      [[], 2, 20_002],
      [['2', '3'], 20_003, 20_003],
    ])
    expect(records[1]!.length).toBe(100_004)
    expect(records[1]!.raw).toHaveLength(longestRaw)
  })

  test('just the longest record is still read', () => {
    const [record] = readPieces(['x'.repeat(longestRecord - 10), 'y'.repeat(10), '\n']).records
    expect(record!.cells[0]).toHaveLength(longestRecord)
  })

  test('a cell of 50 MB holds no more memory than its first characters', () => {
    const parser = createCsvParser(',')
    parser.feed('a,b\n1,"')
    const before = process.memoryUsage().heapUsed
    const piece = 'x,\n'.repeat(20_000)
    for (let index = 0; index < 850; index += 1) parser.feed(piece.replace('x', String(index % 10)))
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(20_000_000)
    const [record] = parser.feed('"\n')
    expect(record!.length).toBeGreaterThan(50_000_000)
    expect(record!.cells).toEqual([])
  })

  test('knows the line of the next character', () => {
    const parser = createCsvParser(',')
    parser.feed('a\r\nb\r\n"c\nd')
    expect(parser.line()).toBe(4)
  })
})
