import { describe, expect, it } from 'vitest'
import { readBotCell } from '../../../../src/main/core/import/row.ts'
import { addBotIds, findBotMistake, readBotIds } from '../../../../src/renderer/src/features/new-request/bots.ts'
import {
  assignRole,
  findRoleMistake,
  fitRoles,
  keepRoles,
} from '../../../../src/renderer/src/features/new-request/roles.ts'
import { koreProfile } from '../../../../src/main/vendors/kore/profile.ts'
import type { FilePreview } from '../../../../src/shared/model/import.ts'
import { confirmsCount, readTypedCount } from '../../../../src/renderer/src/ui/typed-count.ts'

describe('the typed count', () => {
  it.each([
    ['1204', 1204],
    [' 1,204 ', 1204],
    ['1.204', 1204],
    ['1 204', 1204],
    ['1\u202f204', 1204],
    ['1,204,000', 1_204_000],
  ])('%o is %i', (text, count) => {
    expect(readTypedCount(text)).toBe(count)
  })

  it.each(['', 'all', '1,20', '12,04', '1,2,04', '1204 ids', '-1204', '1204.0', '1,204.000', '0x4b4'])(
    '%o is no count',
    (text) => {
      expect(readTypedCount(text)).toBeNull()
    },
  )

  it('confirms exactly the number on screen', () => {
    expect(confirmsCount('1,204', 1204)).toBe(true)
    expect(confirmsCount('1203', 1204)).toBe(false)
    expect(confirmsCount('0', 0)).toBe(false)
  })
})

describe('column roles', () => {
  it('moves a role that another column had', () => {
    expect(assignRole(['user id', 'ignore', 'bot ids'], 1, 'user id')).toEqual(['ignore', 'user id', 'bot ids'])
    expect(assignRole(['ignore', 'ignore'], 0, 'ignore')).toEqual(['ignore', 'ignore'])
  })

  it('needs a column that names people', () => {
    expect(findRoleMistake(['ignore', 'bot ids'], koreProfile.columns)).toMatch(/No column holds identifiers/)
    expect(findRoleMistake(['user id', 'channel id'], koreProfile.columns)).toMatch(/channel user id/)
    expect(findRoleMistake(['channel user id'], koreProfile.columns)).toBeNull()
    expect(findRoleMistake(['ignore'], ['distinct id', 'case reference'])).toBe(
      'No column holds identifiers yet. Mark one as distinct id.',
    )
  })

  it('is taken for the id that the vendor has, once', () => {
    const columns = ['distinct id', 'case reference'] as const
    expect(fitRoles(['user id', 'bot ids', 'case reference'], columns)).toEqual([
      'distinct id',
      'ignore',
      'case reference',
    ])
    expect(fitRoles(['user id', 'distinct id'], columns)).toEqual(['ignore', 'distinct id'])
    expect(fitRoles(['distinct id', 'channel id'], koreProfile.columns)).toEqual(['user id', 'channel id'])
    expect(fitRoles(['distinct id', 'ignore'], ['user id'])).toEqual(['user id', 'ignore'])
  })
})

describe('bot ids', () => {
  it('reads a pasted list', () => {
    expect(readBotIds('st-1, st-2;st-1\nst-3 | st-4')).toEqual(['st-1', 'st-2', 'st-3', 'st-4'])
    expect(addBotIds(['st-1'], ['st-2', 'st-1'])).toEqual(['st-1', 'st-2'])
  })

  it('takes no word for all bots', () => {
    expect(findBotMistake('ALL')).toMatch(/no bot id/)
    expect(findBotMistake('*')).toMatch(/no bot id/)
    expect(findBotMistake('st-6d1c')).toBeNull()
  })

  it.each(['all', '*', 'every', 'none', 'NULL', 'undefined', 'n/a', 'todos', 'st-1<x>', 'x'.repeat(201)])(
    'refuses %s in the window as in a file',
    (botId) => {
      expect(findBotMistake(botId)).not.toBeNull()
      expect(readBotCell(botId)).toBeUndefined()
    },
  )
})

describe('a file read in another format', () => {
  const before: FilePreview = {
    token: 'a',
    fileName: 'a.csv',
    byteSize: 10,
    format: { encoding: 'utf-8', delimiter: ',', hasHeader: true },
    columns: ['email', 'ticket'],
    sample: [],
    roles: ['user id', 'ignore'],
    rolesFrom: 'guessed',
  }

  it('keeps the chosen roles while its columns are the same', () => {
    const after: FilePreview = { ...before, roles: ['user id', 'case reference'] }
    expect(keepRoles(before, after).roles).toEqual(['user id', 'ignore'])
  })

  it('takes the new guess where they are others', () => {
    const after: FilePreview = { ...before, columns: ['email,ticket'], roles: ['ignore'] }
    expect(keepRoles(before, after)).toEqual(after)
  })
})
