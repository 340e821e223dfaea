import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findColumnMistakes, readingsOf, type CaseConnection } from '../../../src/shared/model/case-readings.ts'
import type { CaseColumn, ConnectionRole } from '../../../src/shared/model/case.ts'
import { connectionIdSchema, type ConnectionId } from '../../../src/shared/model/ids.ts'

const idOf = (id: number): ConnectionId => connectionIdSchema.parse(id)
const kore: CaseConnection = {
  id: idOf(1),
  name: 'Kore.ai production',
  roles: ['user id', 'channel id', 'channel user id', 'bot ids', 'case reference'],
}
const mixpanel: CaseConnection = { id: idOf(2), name: 'Mixpanel', roles: ['distinct id', 'case reference'] }

const of = (connection: CaseConnection, role: ConnectionRole): CaseColumn => ({
  kind: 'of connection',
  connectionId: connection.id,
  role,
})
const ignore: CaseColumn = { kind: 'ignore' }
const personKey: CaseColumn = { kind: 'person key' }
const reference: CaseColumn = { kind: 'case reference' }

function read(columns: readonly CaseColumn[], connections: readonly CaseConnection[] = [kore]) {
  const readings = readingsOf(columns, connections)
  if (!readings.ok) throw new Error(readings.failure.message)
  return readings.value
}

function refusal(columns: readonly CaseColumn[], connections: readonly CaseConnection[] = [kore]) {
  const readings = readingsOf(columns, connections)
  if (readings.ok) throw new Error('It was read.')
  return readings.failure
}

describe('readings of a case', () => {
  test('one for each id that a row may hold, connections in their order and ids in that of their columns', () => {
    const columns = [personKey, of(mixpanel, 'distinct id'), of(kore, 'user id'), ignore, of(kore, 'user id')]
    expect(read(columns, [kore, mixpanel])).toEqual([
      { connectionId: kore.id, roles: ['ignore', 'ignore', 'user id', 'ignore', 'ignore'] },
      { connectionId: kore.id, roles: ['ignore', 'ignore', 'ignore', 'ignore', 'user id'] },
      { connectionId: mixpanel.id, roles: ['ignore', 'distinct id', 'ignore', 'ignore', 'ignore'] },
    ])
  })

  test('bot ids count in each reading of their connection alone, the case reference in every reading', () => {
    const columns = [
      of(kore, 'user id'),
      of(kore, 'channel user id'),
      of(mixpanel, 'distinct id'),
      of(kore, 'bot ids'),
      reference,
    ]
    expect(read(columns, [kore, mixpanel]).map(({ roles }) => roles)).toEqual([
      ['user id', 'ignore', 'ignore', 'bot ids', 'case reference'],
      ['ignore', 'channel user id', 'ignore', 'bot ids', 'case reference'],
      ['ignore', 'ignore', 'distinct id', 'ignore', 'case reference'],
    ])
  })

  test('channel ids and channel user ids pair in their order where they are equally many', () => {
    const columns = [
      of(kore, 'channel user id'),
      of(kore, 'channel id'),
      of(kore, 'channel id'),
      of(kore, 'channel user id'),
    ]
    expect(read(columns).map(({ roles }) => roles)).toEqual([
      ['channel user id', 'channel id', 'ignore', 'ignore'],
      ['ignore', 'ignore', 'channel id', 'channel user id'],
    ])
  })

  test('a single channel id is shared by every channel user id, and by no other id', () => {
    const columns = [
      of(kore, 'channel id'),
      of(kore, 'channel user id'),
      of(kore, 'channel user id'),
      of(kore, 'user id'),
    ]
    expect(read(columns).map(({ roles }) => roles)).toEqual([
      ['channel id', 'channel user id', 'ignore', 'ignore'],
      ['channel id', 'ignore', 'channel user id', 'ignore'],
      ['ignore', 'ignore', 'ignore', 'user id'],
    ])
  })

  test('two connections of one vendor keep their channel ids apart', () => {
    const staging: CaseConnection = { ...kore, id: idOf(3), name: 'Kore.ai staging' }
    const columns = [of(kore, 'channel id'), of(kore, 'channel user id'), of(staging, 'channel user id')]
    expect(read(columns, [staging, kore])).toEqual([
      { connectionId: staging.id, roles: ['ignore', 'ignore', 'channel user id'] },
      { connectionId: kore.id, roles: ['channel id', 'channel user id', 'ignore'] },
    ])
  })
})

describe('columns that cannot be read', () => {
  test('a connection that no column holds ids for', () => {
    expect(refusal([of(kore, 'user id')], [kore, mixpanel])).toMatchObject({
      code: 'column-missing',
      message: 'No column holds ids for Mixpanel. Mark one, or leave it out.',
      field: 'columns',
    })
    expect(refusal([of(kore, 'bot ids'), personKey]).message).toContain('No column holds ids for Kore.ai production')
  })

  test('channel ids that no channel user id goes with, said once and at the column', () => {
    const columns = [personKey, of(kore, 'channel id')]
    expect(findColumnMistakes(columns, [kore])).toEqual([
      { column: 1, connectionId: kore.id, words: expect.stringMatching(/^A channel id alone names nobody/) },
    ])
    expect(refusal(columns)).toMatchObject({ field: 'columns.1' })
    expect(refusal(columns).message).toMatch(/^Column 2: /)
  })

  test('more channel ids than one that are not as many as the channel user ids', () => {
    const columns = [of(kore, 'channel id'), of(kore, 'channel user id'), of(kore, 'channel id')]
    expect(refusal(columns).message).toContain('2 columns of channel ids and 1 of channel user ids')
    expect(refusal([...columns, of(kore, 'channel user id'), of(kore, 'channel user id')]).field).toBe('columns.0')
  })

  test('a role that the vendor does not have', () => {
    expect(refusal([of(mixpanel, 'user id'), of(mixpanel, 'distinct id')], [mixpanel]).message).toBe(
      'Column 1: Mixpanel has no column of user ids.',
    )
  })

  test('a connection that is not of the case', () => {
    expect(refusal([of(kore, 'user id'), of(mixpanel, 'distinct id')], [kore])).toMatchObject({ field: 'columns.1' })
  })

  test('a second person key, case reference, or column of bot ids for one connection', () => {
    const columns = [
      of(kore, 'user id'),
      personKey,
      personKey,
      reference,
      reference,
      of(kore, 'bot ids'),
      of(kore, 'bot ids'),
    ]
    expect(findColumnMistakes(columns, [kore]).map(({ column }) => column)).toEqual([2, 4, 6])
  })
})

const anyColumn = fc.oneof(
  fc.constantFrom(ignore, personKey, reference),
  fc
    .tuple(
      fc.constantFrom(kore, mixpanel),
      fc.constantFrom<ConnectionRole>('user id', 'channel id', 'channel user id', 'distinct id', 'bot ids'),
    )
    .map(([connection, role]) => of(connection, role)),
)

test('whatever the columns, either a mistake is named or every id column is read exactly once', () => {
  fc.assert(
    fc.property(fc.array(anyColumn, { minLength: 1, maxLength: 12 }), (columns) => {
      const connections = [kore, mixpanel]
      const readings = readingsOf(columns, connections)
      expect(readings.ok).toBe(findColumnMistakes(columns, connections).length === 0)
      if (!readings.ok) return
      const isId = (role: string): boolean => ['user id', 'channel user id', 'distinct id'].includes(role)
      const ids = columns.flatMap((column, at) => (column.kind === 'of connection' && isId(column.role) ? [at] : []))
      const named = readings.value.flatMap(({ roles }) => roles.flatMap((role, at) => (isId(role) ? [at] : [])))
      expect(named.toSorted((one, other) => one - other)).toEqual(ids)
      for (const { connectionId, roles } of readings.value) {
        expect(roles).toHaveLength(columns.length)
        for (const [at, role] of roles.entries()) {
          if (role === 'ignore' || role === 'case reference') continue
          expect(columns[at]).toEqual({ kind: 'of connection', connectionId, role })
        }
      }
    }),
  )
})
