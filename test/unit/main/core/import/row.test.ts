import { describe, expect, test } from 'vitest'
import { createRowReader, readBotCell } from '../../../../../src/main/core/import/row.ts'
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
