import { describe, expect, it } from 'vitest'
import type { Plan } from '../../../../src/shared/model/request.ts'
import type { Scope } from '../../../../src/shared/model/scope.ts'
import {
  botsOfPlan,
  countReach,
  describePace,
  describeReach,
  describeVendor,
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
  groups: scopes.map((scope) => ({ scope, identifiers: 1, calls: 1, firstCall })),
})

describe('a plan in words', () => {
  it('counts each bot once over all groups', () => {
    const plan = planOf({ kind: 'bots', botIds: ['st-1', 'st-2'] }, { kind: 'bots', botIds: ['st-2'] })
    expect(botsOfPlan(plan)).toEqual(['st-1', 'st-2'])
    expect(describeReach(plan)).toBe('2 bots')
  })

  it('says all bots as soon as one group reaches them all', () => {
    expect(describeReach(planOf({ kind: 'bots', botIds: ['st-1'] }, { kind: 'all bots' }))).toBe(
      'all bots of the account',
    )
  })

  it('counts apart what keeps to its own bots while the rest reaches all', () => {
    const own: Scope = { kind: 'bots', botIds: ['st-1'] }
    expect(countReach(planOf(own, { kind: 'all bots' }))).toEqual({ identifiers: 2, keptToBots: 1 })
    expect(countReach(planOf(own, own))).toEqual({ identifiers: 2, keptToBots: 0 })
  })

  it('never passes the sandbox off as the vendor itself', () => {
    expect(describeVendor('production')).toBe('Kore.ai')
    expect(describeVendor('sandbox')).toBe('Kore.ai (sandbox)')
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

  it('leads to where an obstacle is cleared', () => {
    expect(placeOfObstacle('scope-missing')).toBe('scope')
    expect(placeOfObstacle('secret-missing')).toBe('connection')
    expect(placeOfObstacle('connection-stopped')).toBe('connection')
    expect(placeOfObstacle('history-locked')).toBeNull()
  })
})
