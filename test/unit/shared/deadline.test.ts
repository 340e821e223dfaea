import { describe, expect, it } from 'vitest'
import { answerDueOf, deriveAnswerDue } from '../../../src/shared/model/deadline.ts'

describe('the day an answer is due', () => {
  it.each([
    ['GDPR', '2026-10-14', '2026-11-14'],
    ['GDPR', '2026-12-03', '2027-01-03'],
    ['UK GDPR', '2027-01-31', '2027-02-28'],
    ['GDPR', '2028-01-31', '2028-02-29'],
    ['CCPA', '2026-10-14', '2026-11-28'],
    ['LGPD', '2026-12-20', '2027-01-04'],
  ] as const)('%s received %s is due %s', (regulation, receivedOn, due) => {
    expect(deriveAnswerDue({ regulation, receivedOn })).toBe(due)
  })

  it('is unknown without a day of receipt, or where no time is set', () => {
    expect(deriveAnswerDue({ regulation: 'GDPR', receivedOn: null })).toBeNull()
    expect(deriveAnswerDue({ regulation: 'other', receivedOn: '2026-10-14' })).toBeNull()
    expect(deriveAnswerDue({ regulation: 'none', receivedOn: '2026-10-14' })).toBeNull()
  })

  it('is the operator’s day where one is set', () => {
    expect(answerDueOf({ regulation: 'GDPR', receivedOn: '2026-10-14', answerDue: '2026-11-01' })).toBe('2026-11-01')
    expect(answerDueOf({ regulation: 'GDPR', receivedOn: '2026-10-14', answerDue: null })).toBe('2026-11-14')
  })
})
