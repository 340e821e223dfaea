import { describe, expect, test } from 'vitest'
import { guessCaseColumns, type GuessedConnection } from '../../../../../src/main/core/cases/guess.ts'
import { vendors } from '../../../../../src/main/vendors/index.ts'
import type { CaseColumn } from '../../../../../src/shared/model/case.ts'
import { connectionIdSchema } from '../../../../../src/shared/model/ids.ts'

const kore: GuessedConnection = {
  id: connectionIdSchema.parse(1),
  name: 'Support bots',
  profile: vendors.kore.profile,
}
const mixpanel: GuessedConnection = {
  id: connectionIdSchema.parse(2),
  name: 'Web analytics',
  profile: vendors.mixpanel.profile,
}
const secondMixpanel: GuessedConnection = { ...mixpanel, id: connectionIdSchema.parse(3), name: 'App analytics' }

/** In short: `1 user id`, `person key`, `ignore`. */
function written(columns: readonly CaseColumn[]): readonly string[] {
  return columns.map((column) =>
    column.kind === 'of connection' ? `${column.connectionId} ${column.role}` : column.kind,
  )
}

function guess(
  header: string,
  connections: readonly GuessedConnection[] = [kore, mixpanel],
  sample: readonly (readonly string[])[] = [],
): readonly string[] {
  const rows = sample.map((cells) => [...cells])
  return written(guessCaseColumns({ columns: header.split(','), sample: rows }, connections))
}

describe('titles', () => {
  test.each([
    ['person,email,distinct id', ['person key', '1 user id', '2 distinct id']],
    ['Person Key,E-Mail Address,distinct_id', ['person key', '1 user id', '2 distinct id']],
    ['email,email 2,Distinct ID 1,Distinct ID 2', ['1 user id', '1 user id', '2 distinct id', '2 distinct id']],
    ['Mixpanel id,kore email,Kore.ai user id', ['2 distinct id', '1 user id', '1 user id']],
    ['email (Mixpanel),email (Kore)', ['2 distinct id', '1 user id']],
    ['customer id,email', ['person key', '1 user id']],
    ['channel id,channel user id,bot ids,ticket', ['1 channel id', '1 channel user id', '1 bot ids', 'case reference']],
    ['channel,distinct id', ['ignore', '2 distinct id']],
    ['email,country,first name', ['1 user id', 'ignore', 'ignore']],
    ['ticket,case,email', ['case reference', 'ignore', '1 user id']],
    ['subject,person,email', ['person key', 'ignore', '1 user id']],
  ])('%s', (header, expected) => expect(guess(header)).toEqual(expected))
})

test('a customer id is an id where nothing else names anybody', () => {
  expect(guess('customer id,country')).toEqual(['1 user id', 'ignore'])
})

test('a title that bears a connection’s own name is for that one, else the first of its vendor', () => {
  const connections = [mixpanel, secondMixpanel]
  expect(guess('distinct id,App analytics id,web analytics distinct id', connections)).toEqual([
    '2 distinct id',
    '3 distinct id',
    '2 distinct id',
  ])
})

test('a vague title is an id only for a connection without a better column', () => {
  expect(guess('id,email')).toEqual(['ignore', '1 user id'])
  expect(guess('id,country')).toEqual(['1 user id', 'ignore'])
})

test('where no title says it, the column that looks like ids is the one for a vendor with user ids', () => {
  expect(
    guess(
      'name,contact,distinct id',
      [kore, mixpanel],
      [
        ['Ann', 'ann@mail.example', 'd-1'],
        ['Ben', 'ben@mail.example', 'd-2'],
      ],
    ),
  ).toEqual(['ignore', '1 user id', '2 distinct id'])
})
