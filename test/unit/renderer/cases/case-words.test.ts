import { describe, expect, it } from 'vitest'
import {
  describeDraft,
  describePeople,
  describeReading,
  describeRejects,
  explainPerson,
  listReadings,
  nameOfPerson,
  orderParts,
  standingWords,
} from '../../../../src/renderer/src/features/cases/case-words.ts'
import type { CaseColumn, CaseDetail, PersonRow } from '../../../../src/shared/model/case.ts'
import { connectionIdSchema } from '../../../../src/shared/model/ids.ts'
import { createWorld } from '../../../fakes/world.ts'

const kore = connectionIdSchema.parse(1)
const mixpanel = connectionIdSchema.parse(2)
const nameOf = (id: number): string => (id === kore ? 'Kore.ai production' : 'Mixpanel EU')
const row = (own: Partial<PersonRow>): PersonRow =>
  ({ id: 1, key: 'CUST-1', line: 4, lines: 1, standing: 'not erased', cells: [], ...own }) as PersonRow

describe('people in words', () => {
  it('never calls anybody done', () => {
    expect(Object.values(standingWords).join(' ')).not.toMatch(/done/i)
  })

  it('names somebody by their key, else by their line', () => {
    expect(nameOfPerson({ key: 'CUST-1', line: 4 })).toBe('CUST-1')
    expect(nameOfPerson({ key: null, line: 1204 })).toBe('Line 1,204')
  })

  it('says for each connection why somebody is not erased', () => {
    const explained = explainPerson(
      row({
        cells: [
          {
            connectionId: kore,
            standing: 'not erased',
            counts: { erased: 1, failed: 2 },
            waiting: 0,
            rejected: 1,
          },
          { connectionId: mixpanel, standing: 'not erased', counts: { unconfirmed: 1 }, waiting: 0, rejected: 0 },
        ],
      }),
      nameOf,
    )
    expect(explained).toEqual([
      'Kore.ai production: 1 erased, 2 failed, 1 row that could not be read',
      'Mixpanel EU: 1 unconfirmed',
    ])
  })

  it('does not call identifiers queued that nobody has sent', () => {
    const cells = [
      { connectionId: kore, standing: 'not sent' as const, counts: { queued: 2 }, waiting: 0, rejected: 0 },
    ]
    expect(explainPerson(row({ cells }), nameOf)).toEqual(['Kore.ai production: 2 identifiers not sent'])
  })

  it('says of somebody whose connection was left out why they are not erased', () => {
    expect(explainPerson(row({ cells: [] }), nameOf)).toEqual([
      'Nothing of theirs is at the connections that are still part of the case.',
    ])
  })
})

describe('readings in words', () => {
  const titles = ['customer_id', 'email', 'slack_channel', 'slack_user', 'bots', 'mixpanel']
  const of = (
    connectionId: typeof kore,
    role: 'user id' | 'channel id' | 'channel user id' | 'bot ids' | 'distinct id',
  ) => ({ kind: 'of connection', connectionId, role }) as const
  const columns: readonly CaseColumn[] = [
    { kind: 'person key' },
    of(kore, 'user id'),
    of(kore, 'channel id'),
    of(kore, 'channel user id'),
    { kind: 'ignore' },
    of(mixpanel, 'distinct id'),
  ]
  const connections = [
    { id: kore, name: 'Kore.ai production', roles: ['user id', 'channel id', 'channel user id', 'bot ids'] as const },
    { id: mixpanel, name: 'Mixpanel EU', roles: ['distinct id'] as const },
  ]

  it('say what is read for each connection', () => {
    expect([...listReadings(columns, connections, titles)]).toEqual([
      [kore, ['email', 'channel pair of slack_channel and slack_user']],
      [mixpanel, ['mixpanel']],
    ])
  })

  it('say nothing while something is wrong', () => {
    expect(listReadings([{ kind: 'ignore' }], connections, ['a']).size).toBe(0)
  })

  it('name the column that each row’s bots come from', () => {
    const roles = ['ignore', 'user id', 'ignore', 'ignore', 'bot ids', 'ignore'] as const
    expect(describeReading({ connectionId: kore, roles }, titles)).toBe('email, bots of each row from bots')
  })

  it('say who is one person', () => {
    expect(describePeople(columns, titles)).toBe(
      'Rows with the same “customer_id” are one person; a row without one is a person of its own.',
    )
    expect(describePeople([{ kind: 'ignore' }], ['a'])).toBe('Each row is a person of its own.')
  })
})

describe('what of the file is sent nowhere', () => {
  const withRejects = (...rejects: readonly (number | null)[]): Pick<CaseDetail, 'parts'> =>
    ({
      parts: [
        { readings: rejects.map((count) => ({ summary: count === null ? null : { rejects: count } })) },
        { readings: [{ summary: { rejects: 1 } }] },
      ],
    }) as unknown as Pick<CaseDetail, 'parts'>

  it('is said on the page of the case, over all its readings', () => {
    expect(describeRejects(withRejects(2, null, 0))).toBe('3 rejects, sent nowhere: see File')
    expect(describeRejects(withRejects(0))).toBe('1 reject, sent nowhere: see File')
    expect(describeRejects({ parts: [] })).toBeNull()
  })
})

describe('the parts of a case', () => {
  const [, , open] = createWorld('full', () => undefined).cases
  const change = (at: number, own: Partial<NonNullable<CaseDetail['parts'][number]['request']>> | null) => {
    const part = open?.parts[at]
    if (part === undefined || part.request === null) throw new Error('The invented case has two parts that were sent')
    return { ...part, request: own === null ? null : { ...part.request, ...own } }
  }

  it('come in the order of what is to be done', () => {
    const leftOut = change(0, null)
    const draft = change(1, { phase: 'draft', waiting: 0 })
    const underWay = change(0, { waiting: 0 })
    const waits = change(1, { waiting: 3 })
    expect(orderParts([leftOut, underWay, draft, waits])).toEqual([waits, draft, underWay, leftOut])
  })

  it('never advise what is refused: the last connection is not left out', () => {
    expect(describeDraft({ total: 0, counts: {} }, true)).toBe('The file names nobody here. Leave this connection out.')
    expect(describeDraft({ total: 0, counts: {} }, false)).toBe(
      'The file names nobody here. Discard the case, and begin it again with other columns.',
    )
    expect(describeDraft({ total: 3, counts: { queued: 2, held: 1 } }, true)).toBe('3 identifiers, not sent')
    expect(describeDraft({ total: 2, counts: { held: 2 } }, true)).toBe(
      '2 identifiers, nothing left to send: erased or under way in earlier requests. The plan says which.',
    )
  })
})
