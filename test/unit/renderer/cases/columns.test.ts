import { describe, expect, it } from 'vitest'
import {
  listColumnOptions,
  readColumn,
  settleColumns,
  writeColumn,
} from '../../../../src/renderer/src/features/cases/columns.ts'
import type { CaseColumn, ConnectionRole } from '../../../../src/shared/model/case.ts'
import { connectionIdSchema } from '../../../../src/shared/model/ids.ts'

const kore = connectionIdSchema.parse(1)
const mixpanel = connectionIdSchema.parse(12)
const of = (connectionId: typeof kore, role: ConnectionRole): CaseColumn => ({
  kind: 'of connection',
  connectionId,
  role,
})
const ignore: CaseColumn = { kind: 'ignore' }

describe('choices of a column', () => {
  const connections = [
    { id: kore, name: 'Kore.ai', roles: ['user id', 'bot ids', 'case reference'] as const },
    { id: mixpanel, name: 'Mixpanel', roles: ['distinct id', 'case reference'] as const },
  ]

  it('are the case’s own and the roles that each connection’s vendor has', () => {
    expect(listColumnOptions(connections).map(({ words }) => words)).toEqual([
      'Nothing',
      'Person key',
      'Case reference',
      'Kore.ai: user id or email',
      'Kore.ai: bot ids',
      'Mixpanel: distinct id',
    ])
  })

  it('stand for the column they were written from', () => {
    for (const { value } of listColumnOptions(connections)) expect(writeColumn(readColumn(value))).toBe(value)
    expect(readColumn('12/distinct id')).toEqual(of(mixpanel, 'distinct id'))
    expect(readColumn('12/nothing of the kind')).toEqual(ignore)
  })
})

describe('columns after something before them has changed', () => {
  const titles = ['key', 'email', 'mp']
  const guessed = [ignore, of(kore, 'user id'), of(mixpanel, 'distinct id')]
  const chosen = {
    titles,
    connectionIds: [kore],
    columns: [{ kind: 'person key' } as const, of(kore, 'user id'), ignore],
  }

  it('are as guessed while nobody has chosen, or where the titles are others', () => {
    expect(settleColumns(null, guessed, titles, [kore, mixpanel])).toEqual(guessed)
    expect(settleColumns(chosen, guessed, ['key', 'email', 'id'], [kore, mixpanel])).toEqual(guessed)
  })

  it('stay as chosen, and take what is guessed for a connection that came', () => {
    expect(settleColumns(chosen, guessed, titles, [kore])).toEqual(chosen.columns)
    expect(settleColumns(chosen, guessed, titles, [kore, mixpanel])).toEqual([
      { kind: 'person key' },
      of(kore, 'user id'),
      of(mixpanel, 'distinct id'),
    ])
  })

  it('are not read any more where they were for a connection that went', () => {
    const without = [ignore, ignore, of(mixpanel, 'distinct id')]
    expect(settleColumns(chosen, without, titles, [mixpanel])).toEqual([
      { kind: 'person key' },
      ignore,
      of(mixpanel, 'distinct id'),
    ])
  })
})
