import { expect, test } from 'vitest'
import type { DecisionPlan, Plan } from '../../../../../src/shared/model/request.ts'
import type { RequestId } from '../../../../../src/shared/model/ids.ts'
import { decisionRefusalOf, refusalOf } from '../../../../../src/main/core/requests/handlers.ts'

const plan: Plan = {
  requestId: 1 as RequestId,
  digest: 'as shown',
  identifiers: 1204,
  held: 0,
  repeats: { count: 0, decision: 'leave out' },
  eraseCalls: 13,
  lookUpCalls: 0,
  firstLookUp: null,
  perCall: { most: 100, tooLarge: null },
  groups: [],
  sendingMilliseconds: 0,
  splitting: { callsEach: 0, calls: 0, milliseconds: 0 },
  windows: [],
  vendorTime: '',
  doesNotReach: [],
  worstCase: '',
  signedAs: '',
  needsTypedCount: false,
  obstacles: [],
}

test('a plan goes as it was shown, or not at all', () => {
  expect(refusalOf(plan, 'as shown', undefined)).toBeNull()
  expect(refusalOf(plan, 'of yesterday', undefined)).toMatchObject({
    failure: { code: 'plan-changed', kept: 'Nothing was sent.' },
  })
})

test('an obstacle is said in its own words', () => {
  const blocked = { ...plan, obstacles: [{ code: 'scope-missing', words: 'No bot is named.', next: 'Name one.' }] }
  expect(refusalOf(blocked, 'as shown', undefined)).toMatchObject({
    failure: { message: 'No bot is named.', next: 'Name one.' },
  })
})

test('all bots go only with the exact count typed', () => {
  const everywhere = { ...plan, needsTypedCount: true }
  for (const typed of [undefined, 0, 1203, 12_04.5])
    expect(refusalOf(everywhere, 'as shown', typed)).toMatchObject({ failure: { code: 'count-not-typed' } })
  expect(refusalOf(everywhere, 'as shown', 1204)).toBeNull()
})

test('what is sent again goes by the plan that was shown, and to all bots only with the exact count typed', () => {
  const again: DecisionPlan = {
    digest: 'as shown',
    identifiers: 38,
    calls: 1,
    lookUpCalls: 0,
    scopes: [{ scope: { kind: 'all bots' }, identifiers: 38 }],
    scopeCount: 1,
    sendingMilliseconds: 0,
    splitting: { callsEach: 0, calls: 0, milliseconds: 0 },
    vendorTime: '',
    needsTypedCount: true,
  }
  for (const digest of [undefined, 'of yesterday'])
    expect(decisionRefusalOf(again, digest, 38)).toMatchObject({ failure: { code: 'plan-changed' } })
  for (const typed of [undefined, 37])
    expect(decisionRefusalOf(again, 'as shown', typed)).toMatchObject({
      failure: { code: 'count-not-typed', field: 'typedCount' },
    })
  expect(decisionRefusalOf(again, 'as shown', 38)).toBeNull()
  expect(decisionRefusalOf({ ...again, needsTypedCount: false }, 'as shown', undefined)).toBeNull()
})
