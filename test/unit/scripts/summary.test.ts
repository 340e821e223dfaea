import { expect, test } from 'vitest'
import { writeSummary, type DemoSummary } from '../../../scripts/demo/summary.ts'

const summary: DemoSummary = {
  rows: 1259,
  identifiers: 1185,
  duplicates: 60,
  rejects: 14,
  states: {
    erased: 1150,
    accepted: 0,
    sending: 0,
    queued: 0,
    'outcome unknown': 1,
    unconfirmed: 20,
    refused: 4,
    failed: 10,
    held: 0,
    revoked: 0,
    cancelled: 0,
  },
  waitingForAPerson: 21,
  plannedEraseCalls: 15,
  calls: { erase: 15, status: 1040 },
  rateLimited: 0,
  electron: '33.2.1',
  fallbackRuntime: true,
  databaseEncrypted: true,
  keychain: 'own',
  seconds: 93,
}

test('the demo’s summary groups its numbers and leaves out states that hold nothing', () => {
  const words = writeSummary(summary, '/pictures')
  expect(words).toContain('1,259 rows: 1,185 identifiers, 60 duplicates, 14 rejects')
  expect(words).toContain('1,150 erased, 1 outcome unknown, 20 unconfirmed, 4 refused, 10 failed\n')
  expect(words).toContain('15 erase calls, 1,040 status calls')
})
