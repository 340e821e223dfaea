import { describe, expect, test } from 'vitest'
import { createRowReader, isRejectedWhole, personKeyOf, readBotCell } from '../../../../../src/main/core/import/row.ts'
import type { ColumnRole } from '../../../../../src/shared/model/import.ts'

const roles: readonly ColumnRole[] = ['user id', 'channel id', 'channel user id', 'bot ids', 'case reference']

function read(...cells: readonly string[]) {
  const raw = cells.join(',')
  return createRowReader(roles)({ cells, line: 2, endLine: 2, length: raw.length, raw })
}

describe('a record becomes one identifier', () => {
  test.each([
    [[' ann@mail.example ', '', '', '', ''], { kind: 'email', value: 'ann@mail.example', scope: null }],
    [['u-1', '', '', '', 'DSR-1'], { kind: 'user id', value: 'u-1', caseReference: 'DSR-1' }],
    [['', '', 'c-1', '', ''], { kind: 'channel user id', value: 'c-1', channelId: null }],
    [['', 'web', 'c-1', '', ''], { kind: 'channel pair', value: 'c-1', channelId: 'web' }],
  ])('%j', (cells, expected) => expect(read(...cells)).toMatchObject(expected))
})

describe('or a reject with its reason', () => {
  test.each([
    [['', '', '', '', ''], 'no identifier in this row'],
    [['', 'web', '', '', ''], 'channel id without channel user id'],
    [['u-1', 'web', '', '', ''], 'channel id without channel user id'],
    [['u-1', '', 'c-1', '', ''], 'two identifiers in one row'],
    [['u-1', '', '', '', '', ''], 'more cells than the header'],
    [['u-1', ''], 'fewer cells than the header'],
    [['u-\u0007', '', '', '', ''], 'control character inside an identifier'],
    [['u-\n1', '', '', '', ''], 'line break inside an identifier'],
    [['x'.repeat(513), '', '', '', ''], 'longer than 512 characters'],
    [['u-1', '', '', 'all', ''], 'not a usable bot id'],
  ])('%j', (cells, reason) => expect(read(...cells)).toBe(reason))

  test('a blank line', () => {
    expect(createRowReader(roles)({ cells: [''], line: 3, endLine: 3, length: 2, raw: '  ' })).toBe('blank line')
  })

  test('a record over four lines', () => {
    const record = { cells: ['u-1', '', '', '', ''], line: 3, endLine: 6, length: 9, raw: 'u-1' }
    expect(createRowReader(roles)(record)).toBe('longer than 3 lines or 64 KB')
  })
})

describe('a bot cell', () => {
  test('names bots in any order and with any separator, each once', () => {
    const scope = '{"kind":"bots","botIds":["st-1","st-2"]}'
    for (const cell of ['st-1;st-2', 'st-2 | st-1', 'st-2, st-1, st-2', 'st-1\tst-2']) {
      expect(readBotCell(cell)).toBe(scope)
    }
  })
  test('left empty leaves the scope to the request', () => expect(readBotCell(' ')).toBeNull())
  test.each(['all', '*', 'any', ';', 'none', 'st-1;<x>'])('%s is no bot and never all of them', (cell) => {
    expect(readBotCell(cell)).toBeUndefined()
  })
})

describe('one reading of a case’s file', () => {
  const own: readonly ColumnRole[] = ['ignore', 'user id', 'ignore', 'bot ids']
  const first = { isFirst: true, identifierColumns: [1, 2], channelIsShared: false, personKeyColumn: 0 }
  const later = { ...first, isFirst: false }

  function readAs(reading: typeof first, columns: readonly ColumnRole[], cells: readonly string[]) {
    const raw = cells.join(',')
    return createRowReader(columns, reading)({ cells, line: 2, endLine: 2, length: raw.length, raw })
  }

  test('finds its own id, and leaves a row that holds nothing for it to the others', () => {
    expect(readAs(first, own, ['P', 'u-1', '', ''])).toMatchObject({ kind: 'user id', value: 'u-1' })
    expect(readAs(first, own, ['P', ' ', 'd-1', ''])).toBe('elsewhere')
    expect(readAs(later, own, ['P', ' ', 'd-1', ''])).toBe('elsewhere')
  })

  test.each([
    [['P', '', '', 'st-1'], 'no identifier in this row'],
    [['P', 'u-1'], 'fewer cells than the header'],
    [['P', 'u-1', '', '', ''], 'more cells than the header'],
    [[''], 'blank line'],
  ] as const)('what is rejected as a whole is so in the first one alone: %j', (cells, reason) => {
    expect(readAs(first, own, cells)).toBe(reason)
    expect(isRejectedWhole(readAs(first, own, cells))).toBe(true)
    expect(readAs(later, own, cells)).toBe('elsewhere')
  })

  test('a broken cell is a reject in its own reading, whichever that is, and the row still names somebody', () => {
    for (const reading of [first, later]) {
      const row = readAs(reading, own, ['P', 'u\u0007', 'd-1', ''])
      expect(row).toBe('control character inside an identifier')
      expect(isRejectedWhole(row)).toBe(false)
      expect(readAs(reading, own, ['P', 'u-1', '', 'all'])).toBe('not a usable bot id')
    }
  })

  test('a channel without an id is a reject, unless other readings take their channel from it too', () => {
    const pair: readonly ColumnRole[] = ['ignore', 'channel user id', 'ignore', 'channel id']
    expect(readAs(later, pair, ['P', '', 'd-1', 'web'])).toBe('channel id without channel user id')
    expect(readAs({ ...later, channelIsShared: true }, pair, ['P', '', 'd-1', 'web'])).toBe('elsewhere')
    expect(readAs(first, pair, ['P', '', '', 'web'])).toBe('no identifier in this row')
  })

  test('the key of a person is the trimmed cell of its column', () => {
    expect(personKeyOf({ cells: [' P-1 ', 'u-1'] }, first)).toBe('P-1')
    expect(personKeyOf({ cells: ['  ', 'u-1'] }, first)).toBe('')
    expect(personKeyOf({ cells: ['P-1', 'u-1'] }, { ...first, personKeyColumn: null })).toBe('')
  })
})
