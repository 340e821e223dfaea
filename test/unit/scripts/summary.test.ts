import { expect, test } from 'vitest'
import { addCounts, writeSummary, type DemoSummary } from '../../../scripts/demo/summary.ts'

const none = {
  erased: 0,
  accepted: 0,
  sending: 0,
  queued: 0,
  'outcome unknown': 0,
  unconfirmed: 0,
  refused: 0,
  failed: 0,
  held: 0,
  revoked: 0,
  cancelled: 0,
} as const
const kore = {
  rows: 1259,
  identifiers: 1185,
  duplicates: 60,
  rejects: 14,
  states: { ...none, erased: 1150, 'outcome unknown': 1, unconfirmed: 20, refused: 4, failed: 10 },
  waitingForAPerson: 21,
  plannedEraseCalls: 15,
  calls: { erase: 15, status: 1040 },
  rateLimited: 0,
}
const mixpanel = {
  rows: 103,
  identifiers: 99,
  duplicates: 2,
  rejects: 2,
  states: { ...none, erased: 99 },
  waitingForAPerson: 0,
  plannedEraseCalls: 1,
  calls: { erase: 1, status: 5 },
  rateLimited: 0,
}
const summary: DemoSummary = {
  ...addCounts([kore, mixpanel]),
  vendors: { kore, mixpanel },
  case: { people: 30, standings: { erased: 27, 'under way': 0, 'not sent': 0, waits: 1, 'not erased': 2 } },
  electron: '33.2.1',
  fallbackRuntime: true,
  databaseEncrypted: true,
  keychain: 'own',
  seconds: 93,
}

test('the demo’s summary tells each vendor’s numbers, grouped, without states that hold nothing', () => {
  const words = writeSummary(summary, '/pictures')
  expect(words).toContain('1,259 rows: 1,185 identifiers, 60 duplicates, 14 rejects')
  expect(words).toContain('1,150 erased, 1 outcome unknown, 20 unconfirmed, 4 refused, 10 failed\n')
  expect(words).toContain('15 erase calls, 1,040 status calls')
  expect(words).toContain('at mixpanel:\n    103 rows: 99 identifiers, 2 duplicates, 2 rejects\n    99 erased\n')
})

test('the demo’s summary tells how the people of the case stand', () => {
  expect(writeSummary(summary, '/pictures')).toContain(
    'the case: 30 people: 27 erased, 1 wait for a decision, 2 not erased\n',
  )
})

test('the counts at the top are those of all vendors together', () => {
  expect(summary).toMatchObject({
    rows: 1362,
    identifiers: 1284,
    duplicates: 62,
    rejects: 16,
    states: { erased: 1249, failed: 10 },
    waitingForAPerson: 21,
    plannedEraseCalls: 16,
    calls: { erase: 16, status: 1045 },
  })
})
