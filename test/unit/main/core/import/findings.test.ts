import { describe, expect, test } from 'vitest'
import { createFindingCollector } from '../../../../../src/main/core/import/findings.ts'
import type { IdentifierKind } from '../../../../../src/shared/model/identifier.ts'
import type { Finding } from '../../../../../src/shared/model/import.ts'

type Seen = readonly [kind: IdentifierKind, value: string, channelId?: string]

/** The findings of these identifiers, the first of them on line 2. */
function findingsOf(seen: readonly Seen[]): readonly Finding[] {
  const collector = createFindingCollector()
  for (const [index, [kind, value, channelId]] of seen.entries())
    collector.look(kind, value, channelId ?? null, index + 2)
  return collector.findings()
}

test('ordinary ids of one kind give no finding', () => {
  expect(findingsOf([])).toEqual([])
  expect(findingsOf(['u-1', '17', 'Ann_2', '東京', '1.5', 'E15'].map((value) => ['user id', value] as const))).toEqual(
    [],
  )
  expect(findingsOf(['ann@mail.example', "o'hara+tag@a-b.co.uk"].map((value) => ['email', value] as const))).toEqual([])
})

describe('each kind of finding counts and shows lines', () => {
  test.each<[Finding['kind'], readonly string[]]>([
    ['mangled by a spreadsheet', ['1.23457E+15', '1,23457E+15', '4E+11', '1.2e15']],
    ['invisible characters', ['u-\u200b1', 'u-1\u00a0x', '\u202eu-1', 'u-1\ufeff', 'u\u00ad-1', 'u-\u3164']],
    ['formula-like', ['=1+1', '+49151', '-5', '@name']],
    ['very long', ['x'.repeat(129), `u-${'y'.repeat(200)}`]],
  ])('%s', (kind, values) => {
    const ids: readonly Seen[] = [['user id', 'u-plain'], ...values.map((value) => ['user id', value] as const)]
    const found = findingsOf(ids).find((finding) => finding.kind === kind)
    const lines = values.map((_, index) => index + 3)
    expect(found).toMatchObject({ count: values.length, lines: lines.slice(0, 5) })
    expect(found?.words).toMatch(/\.$/)
  })

  test('unusual email', () => {
    const found = findingsOf([
      ['email', 'ann@mail.example'],
      ['email', 'ann..b@mail.example'],
      ['email', 'ann@localhost'],
      ['email', '.ann@mail.example'],
    ])
    expect(found).toMatchObject([{ kind: 'unusual email', count: 3, lines: [3, 4, 5] }])
    expect(findingsOf([['user id', 'ann@']])).toMatchObject([{ kind: 'unusual email', count: 1, lines: [2] }])
  })

  test('a channel id counts too, once for its row', () => {
    expect(
      findingsOf([
        ['channel pair', 'c-1', 'web\u200b'],
        ['channel pair', 'c-\u200b2', 'web\u200b'],
      ]),
    ).toMatchObject([{ kind: 'invisible characters', count: 2, lines: [2, 3] }])
  })

  test('an id can be of several kinds', () => {
    expect(findingsOf([['user id', `=${'x'.repeat(200)}\u200b`]]).map(({ kind }) => kind)).toEqual([
      'invisible characters',
      'formula-like',
      'very long',
    ])
  })
})

test('mixed kinds: the lines are those of the rarer kinds, and the words say how many there are of each', () => {
  const found = findingsOf([
    ['email', 'a@x.example'],
    ['user id', 'u-1'],
    ['email', 'b@x.example'],
    ['channel user id', 'c-1'],
    ['email', 'c@x.example'],
  ])
  expect(found).toMatchObject([{ kind: 'mixed kinds', count: 2, lines: [3, 5] }])
  expect(found[0]?.words).toContain('3 emails, 1 user id and 1 channel user id')
})

test('differ by case alone: for ids, within one channel, and never for emails', () => {
  expect(findingsOf(['Ann@x.example', 'ann@x.example'].map((value) => ['email', value] as const))).toEqual([])
  expect(findingsOf(['U-1', 'u-1'].map((value) => ['user id', value] as const))).toMatchObject([
    { kind: 'differ by case alone', count: 1, lines: [3] },
  ])
  expect(
    findingsOf([
      ['channel pair', 'C-1', 'web'],
      ['channel pair', 'c-1', 'ivr'],
    ]),
  ).toEqual([])
})

test('of many rows five lines are kept and all are counted', () => {
  const found = findingsOf(Array.from({ length: 1000 }, (_, index) => ['user id', `=${index}`] as const))
  expect(found).toMatchObject([{ kind: 'formula-like', count: 1000, lines: [2, 3, 4, 5, 6] }])
})
