import { describe, expect, test } from 'vitest'
import { describeStuckLine } from '../../../src/renderer/src/features/overview/OverviewLists.tsx'
import {
  describeChildren,
  describeLookUp,
  describeParts,
  dividedAs,
  lastTryWords,
} from '../../../src/renderer/src/features/requests/batch-words.ts'
import { describeEnd, describeStuck } from '../../../src/renderer/src/features/requests/call-words.ts'
import {
  consequenceOf,
  decideVerb,
  decideWord,
  decisionsOffered,
  decisionTarget,
  decisionWords,
  mayDecide,
  sameState,
  scopesInWords,
  titleOf,
} from '../../../src/renderer/src/features/requests/decisions.ts'
import { isNotErased, notErased, statesAtFirst } from '../../../src/renderer/src/features/requests/filters.ts'
import { nextSort, sortMark } from '../../../src/renderer/src/features/requests/sorting.ts'
import { withinOf } from '../../../src/renderer/src/features/requests/within.ts'
import type { BatchId, IdentifierId, RequestId } from '../../../src/shared/model/ids.ts'
import type { Decision, WaitingGroup } from '../../../src/shared/model/request.ts'

const group = (own: Partial<WaitingGroup>): WaitingGroup => ({
  state: 'outcome unknown',
  by: 'batch',
  batchId: 4 as BatchId,
  batchNumber: 4,
  count: 100,
  title: '100 identifiers of batch 4: outcome unknown',
  explanation: 'Batch 4 was sent whole and got no answer.',
  vendorWords: null,
  ended: null,
  strangers: 0,
  decisions: ['send again', 'treat as sent'],
  ...own,
})

test('a batch says whether it was looked up before it was sent, where that was asked for', () => {
  expect(describeLookUp('none')).toBeNull()
  expect(describeLookUp('answered')).toMatch(/^before it was sent/)
  expect(describeLookUp('without')).toMatch(/^in vain/)
})

describe('where the identifiers of a batch went on', () => {
  test('a split batch names its halves, one sent again the batch it went in', () => {
    const split = [{ reason: 'split' as const, numbers: [5, 6] }]
    expect(describeChildren(split)).toBe('split into batches 5 and 6')
    expect(describeParts(split)).toBe('into 5 and 6')
    expect(dividedAs({ status: 'resolved', children: split })).toBe('split')
    expect(describeChildren([{ reason: 'resend', numbers: [1204] }])).toBe('sent again as batch 1204')
    expect(describeChildren([{ reason: 'retry', numbers: [2, 3, 4, 5, 6, 7] }])).toBe(
      'tried again as batches 2, 3, 4, 5 and 2 more',
    )
    expect(describeChildren([])).toBeNull()
    expect(dividedAs({ status: 'finished', children: [{ reason: 'resend', numbers: [2] }] })).toBeNull()
  })

  test('one that was in conflict says which batch follows the running task, and which took the others', () => {
    const divided = [
      { reason: 'tied' as const, numbers: [2] },
      { reason: 'rest' as const, numbers: [3] },
    ]
    expect(dividedAs({ status: 'resolved', children: divided })).toBe('divided')
    expect(describeParts(divided)).toBe('into 2 and 3')
    expect(describeChildren(divided)).toBe(
      'in a task that runs already, followed as batch 2, the others sent again as batch 3',
    )
    expect(dividedAs({ status: 'resolved', children: divided.slice(0, 1) })).toBe('tied to a task')
    expect(describeParts(divided.slice(0, 1))).toBe('as 2')
  })

  test('one that follows a task, and passed on whom it does not name, still tells of its own', () => {
    expect(dividedAs({ status: 'accepted', children: [{ reason: 'tied', numbers: [4] }] })).toBeNull()
    expect(dividedAs({ status: 'finished', children: [{ reason: 'tied', numbers: [4] }] })).toBeNull()
  })
})

describe('a batch that was to be taken back and goes on', () => {
  const still = { mayBeCancelled: true, vendorWords: 'PENDING' }

  test('says that it is in doubt until the vendor has answered', () => {
    expect(lastTryWords({ came: 'in doubt', vendorWords: null }, still, 'Mixpanel').title).toMatch(/in doubt$/)
  })

  test('says plainly that it did not happen, and that it may be asked for again while that is so', () => {
    const { title, words } = lastTryWords({ came: 'not done', vendorWords: null }, still, 'Mixpanel')
    expect(title).toBe('It was not taken back')
    expect(words).toContain('“PENDING”')
    expect(words).toContain('ask again below')
    const begun = { mayBeCancelled: false, vendorWords: 'STARTED' }
    const { words: over } = lastTryWords({ came: 'not done', vendorWords: null }, begun, 'Mixpanel')
    expect(over).toContain('“STARTED”')
    expect(over).not.toContain('ask again')
  })

  test('says that it was too late, in the vendor’s words', () => {
    const { title, words } = lastTryWords({ came: 'too late', vendorWords: 'Not Allowed' }, still, 'Mixpanel')
    expect(title).toBe('Too late to take it back')
    expect(words).toContain('Mixpanel had begun: “Not Allowed”.')
  })
})

describe('deciding', () => {
  test('of an unknown outcome each choice says its own risk, and no other', () => {
    const again = consequenceOf('send again', 'outcome unknown', 100)
    const sent = consequenceOf('treat as sent', 'outcome unknown', 100)
    expect(again).toMatch(/two requests/)
    expect(again).toMatch(/data created since the first call/)
    expect(again).not.toMatch(/never be erased/)
    expect(sent).toMatch(/may never be erased/)
    expect(sent).not.toMatch(/two requests/)
  })

  test('only where the call may not have arrived does sending again speak of an "if"', () => {
    expect(consequenceOf('send again', 'outcome unknown', 3)).toMatch(/^If the first call/)
    for (const state of ['unconfirmed', 'held', 'failed', 'refused'] as const)
      expect(consequenceOf('send again', state, 3)).not.toMatch(/If the first call/)
  })

  test('what was taken back is not retried but sent again, and is erased after all', () => {
    expect(decideWord('revoked')).toBe('Send again…')
    expect(decideVerb('revoked')).toBe('Send again')
    expect([decideVerb('failed'), decideVerb('held')]).toEqual(['Retry', 'Decide about'])
    expect(consequenceOf('send again', 'revoked', 2)).toMatch(/erased after all/)
    expect(consequenceOf('send again', 'revoked', 2)).not.toMatch(/refused|fail/)
  })

  test('one held identifier is not split', () => {
    expect(consequenceOf('send again', 'held', 2)).toMatch(/halves/)
    expect(consequenceOf('send again', 'held', 1)).not.toMatch(/halves/)
  })

  test('every choice says what follows, and its button says how many', () => {
    for (const [decision, words] of Object.entries(decisionWords)) {
      const consequence = consequenceOf(decision as Decision, 'unconfirmed', 2)
      expect(consequence).toMatch(/\.$/)
      expect(words.button(1)).toMatch(/1 identifier\b/)
      expect(words.button(38)).toMatch(/38 identifiers/)
      expect(`${words.choice(1)} ${words.choice(2)} ${consequence}`).not.toMatch(/please|oops|\bwe\b|!/i)
    }
  })

  test('a decision for all offers what every group of the state offers, and never pairing', () => {
    const pairs = group({
      state: 'unconfirmed',
      decisions: ['pair whole batch', 'accept as unconfirmed', 'send again'],
    })
    const other = group({ state: 'unconfirmed', batchId: 5 as BatchId, decisions: ['accept as unconfirmed'] })
    const alike = sameState([pairs, other, group({})], pairs)
    expect(alike).toEqual([pairs, other])
    expect(decisionsOffered(pairs, 'group')).toContain('pair whole batch')
    expect(decisionsOffered(pairs, 'all', alike)).toEqual(['accept as unconfirmed'])
    expect(decisionsOffered(pairs, 'identifier')).toEqual(['accept as unconfirmed', 'send again'])
  })

  test('the target is the identifier, else all, else the batch or the vendor’s words', () => {
    expect(decisionTarget(group({}), { id: 9 as IdentifierId }, true)).toEqual({ identifierId: 9 })
    expect(decisionTarget(group({}), null, true)).toEqual({ all: true })
    expect(decisionTarget(group({}), null, false)).toEqual({ batchId: 4 })
    expect(decisionTarget(group({ by: 'state', batchId: null }), null, false)).toEqual({ all: true })
    const failed = group({ state: 'failed', by: 'words', batchId: null, vendorWords: 'FAILED' })
    expect(decisionTarget(failed, null, false)).toEqual({ vendorWords: 'FAILED' })
  })

  test('the title says what is decided about: the group, one identifier of it, or all', () => {
    expect(titleOf(group({}), null, null)).toBe('100 identifiers of batch 4: outcome unknown')
    expect(titleOf(group({}), { batchNumber: 4 }, null)).toBe('1 identifier of batch 4: outcome unknown')
    expect(titleOf(group({}), null, { count: 1300, groups: 3 })).toBe('1,300 identifiers in 3 groups: outcome unknown')
  })

  test('an identifier may be decided about while it waits or may be tried again', () => {
    expect(mayDecide({ state: 'outcome unknown', decided: false })).toBe(true)
    expect(mayDecide({ state: 'failed', decided: false })).toBe(true)
    expect(mayDecide({ state: 'revoked', decided: false })).toBe(true)
    expect(mayDecide({ state: 'unconfirmed', decided: true })).toBe(false)
    expect(mayDecide({ state: 'erased', decided: false })).toBe(false)
  })

  test('a scope in words names its bots, and says so where it is every bot', () => {
    const two = { kind: 'bots', botIds: ['st-1', 'st-2'] } as const
    expect(
      scopesInWords({ scopes: [{ scope: { ...two, botIds: [...two.botIds] }, identifiers: 4 }], scopeCount: 1 }),
    ).toBe('bots st-1, st-2')
    const everywhere = { scope: { kind: 'all bots' as const }, identifiers: 3 }
    const one = { scope: { kind: 'bots' as const, botIds: ['st-9'] }, identifiers: 1 }
    expect(scopesInWords({ scopes: [everywhere, one], scopeCount: 5 })).toBe(
      'all bots of the account (3 identifiers); bot st-9 (1 identifier); and 3 more scopes',
    )
  })

  test('the end of a call says answered or not, how far, and when', () => {
    const at = new Date(2026, 10, 24, 14, 2, 11).getTime()
    expect(describeEnd({ at, stage: 'body', httpStatus: 502, note: null })).toMatch(
      /^Answered with 502 · answer whole · .*24.*2026.*02:11/,
    )
    expect(describeEnd({ at, stage: 'sent', httpStatus: null, note: null })).toMatch(/^No whole answer · sent whole · /)
    expect(describeEnd({ at, stage: null, httpStatus: null, note: null })).toMatch(/^Erasure Desk ended while/)
  })

  test('what a group shows is its batch or its words, not its whole state', () => {
    expect(withinOf(group({}))).toEqual({ filter: { batchId: 4 }, words: 'batch 4' })
    expect(withinOf(group({ by: 'words', batchId: null, vendorWords: 'FAILED' }))).toEqual({
      filter: { vendorWords: 'FAILED' },
      words: '“FAILED”',
    })
    expect(withinOf(group({ by: 'state', batchId: null }))).toBeNull()
  })
})

describe('what a request shows at first', () => {
  test('what is left, where part is erased', () => {
    expect(statesAtFirst({ counts: { erased: 10, accepted: 3 } })).toEqual(notErased)
  })
  test('everything, where nothing or all of it is erased', () => {
    expect(statesAtFirst({ counts: { queued: 10 } })).toEqual([])
    expect(statesAtFirst({ counts: { erased: 10 } })).toEqual([])
  })
  test('"not erased" is exactly every other state', () => {
    expect(isNotErased(notErased)).toBe(true)
    expect(isNotErased(['queued'])).toBe(false)
    expect(notErased).not.toContain('erased')
  })
})

describe('sorting the requests', () => {
  test('a title pressed twice goes back to the newest first', () => {
    expect(nextSort('due', 'newest')).toBe('answer due')
    expect(nextSort('due', 'answer due')).toBe('newest')
  })
  test('the age has both directions', () => {
    expect(nextSort('created', 'newest')).toBe('oldest')
    expect(nextSort('created', 'oldest')).toBe('newest')
  })
  test('the mark stands at the column that sorts', () => {
    expect(sortMark('size')).toEqual({ sort: { key: 'size', direction: 'descending' } })
  })
})

test('what has not changed for long is told with how long, and how many batches', () => {
  const now = 1_800_000_000_000
  const day = 86_400_000
  expect(describeStuck({ batches: 1, since: now - 8 * day, vendorWords: null }, now)).toBe(
    'No change for 8 days in 1 batch',
  )
  const line = { requestId: 1 as RequestId, requestName: 'Request', batches: 12, since: now - 9 * day }
  expect(describeStuckLine({ ...line, vendorWords: 'ON_HOLD' }, now)).toBe('12 batches for 9 days: “ON_HOLD”')
  expect(describeStuckLine({ ...line, vendorWords: null }, now)).toBe('12 batches for 9 days')
})
