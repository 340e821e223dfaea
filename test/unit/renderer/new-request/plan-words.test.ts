import { describe, expect, it } from 'vitest'
import type { Plan } from '../../../../src/shared/model/request.ts'
import type { Scope } from '../../../../src/shared/model/scope.ts'
import {
  botsOfPlan,
  countReach,
  describeCallSize,
  describeLookUps,
  describePace,
  describeVendor,
  exampleGroups,
  listReach,
  listScopes,
  placeOfObstacle,
  writeCall,
} from '../../../../src/renderer/src/features/new-request/plan-words.ts'

const firstCall = {
  method: 'DELETE',
  url: 'https://platform.kore.ai/api/public/bot/eraseUsersData',
  headers: [['auth', '‹signed per call›'] as [string, string]],
  body: '{}',
}
const planOf = (...scopes: Scope[]): Pick<Plan, 'groups'> => ({
  groups: scopes.map((scope) => ({ scope, own: false, identifiers: 1, calls: 1, firstCall })),
})

describe('what is looked up before', () => {
  it('is said with the calls that it costs, and not where nothing is', () => {
    expect(describeLookUps({ lookUpCalls: 1 })).toBe(
      'the vendor’s own id of every email, in 1 more call that erases nothing; counted in the sending time',
    )
    expect(describeLookUps({ lookUpCalls: 1300 })).toMatch(/in 1,300 more calls that erase nothing/)
    expect(describeLookUps({ lookUpCalls: 0 })).toBeNull()
  })
})

describe('a plan in words', () => {
  it('counts each bot once over all groups', () => {
    expect(botsOfPlan(planOf({ kind: 'bots', botIds: ['st-1', 'st-2'] }, { kind: 'bots', botIds: ['st-2'] }))).toEqual([
      'st-1',
      'st-2',
    ])
    expect(botsOfPlan(planOf({ kind: 'bots', botIds: ['st-1'] }, { kind: 'all bots' }))).toBeNull()
  })

  it('tells what all bots lose from what the bots of the rows lose', () => {
    const { groups } = planOf(
      { kind: 'all bots' },
      { kind: 'bots', botIds: ['st-1'] },
      { kind: 'bots', botIds: ['st-2'] },
    )
    const plan = { groups: groups.map((group, index) => ({ ...group, own: index > 0, identifiers: 385 + index })) }
    expect(countReach(plan)).toEqual({ identifiers: 1158, own: 773 })
    expect(listReach(plan)).toEqual([
      { identifiers: 385, words: 'all bots of the account', isAll: true },
      { identifiers: 773, words: 'the 2 bots their rows name', isAll: false },
    ])
    expect(exampleGroups(plan.groups).map(({ own }) => own)).toEqual([false, true])
  })

  it('lists scopes and bots as a person sorts them, the request’s own first', () => {
    const { groups } = planOf(
      { kind: 'bots', botIds: ['st-10', 'st-9'] },
      { kind: 'bots', botIds: ['st-2'] },
      { kind: 'bots', botIds: ['st-30', 'st-4'] },
    )
    const scopes = listScopes(groups.map((group, index) => ({ ...group, own: index < 2 })))
    expect(scopes.map(({ botIds }) => botIds)).toEqual([['st-4', 'st-30'], ['st-2'], ['st-9', 'st-10']])
  })

  it('never passes the sandbox off as the vendor itself', () => {
    expect(describeVendor('Kore.ai', 'production')).toBe('Kore.ai')
    expect(describeVendor('Kore.ai', 'sandbox')).toBe('Kore.ai (sandbox)')
  })

  it('writes a call as it leaves', () => {
    expect(writeCall(firstCall)).toBe(
      'DELETE https://platform.kore.ai/api/public/bot/eraseUsersData\nauth: ‹signed per call›\n\n{}',
    )
  })

  it('says the windows with their length', () => {
    expect(
      describePace([
        { milliseconds: 60_000, calls: 60 },
        { milliseconds: 3_600_000, calls: 1800 },
      ]),
    ).toMatch(/^60 \/ min, 1.?800 \/ hour$/)
  })

  it('says why calls hold fewer identifiers than are set', () => {
    expect(describeCallSize({ most: 100, tooLarge: null })).toBeNull()
    expect(describeCallSize({ most: 50, tooLarge: 100 })).toBe(
      'at most 50: the vendor found a call of 100 identifiers too large',
    )
  })

  it('leads to where an obstacle is cleared', () => {
    expect(placeOfObstacle('scope-missing')).toBe('scope')
    expect(placeOfObstacle('secret-missing')).toBe('connection')
    expect(placeOfObstacle('connection-stopped')).toBe('connection')
    expect(placeOfObstacle('case-incomplete')).toBe('case')
    expect(placeOfObstacle('history-locked')).toBeNull()
  })
})
