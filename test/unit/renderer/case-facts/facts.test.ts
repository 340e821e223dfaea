import { describe, expect, it } from 'vitest'
import { caseFactsSchema } from '../../../../src/shared/model/request.ts'
import { factValuesOf, findFactMistakes, toDraftFacts } from '../../../../src/renderer/src/case-facts/facts.ts'

const draft = { name: 'October closures', caseFacts: caseFactsSchema.parse({ receivedOn: '2026-10-31' }) }
const values = factValuesOf(draft)

describe('case facts in their form', () => {
  it('come back as they were', () => {
    expect(toDraftFacts(values)).toEqual(draft)
  })

  it('keep no answer day of their own where it is the regulation’s', () => {
    // October 31 + one month: November has 30 days
    expect(toDraftFacts({ ...values, answerDue: '2026-11-30' }).caseFacts.answerDue).toBeNull()
    expect(toDraftFacts({ ...values, answerDue: '2026-11-29' }).caseFacts.answerDue).toBe('2026-11-29')
  })

  it('give what the contract accepts, without the spaces around it', () => {
    const { name, caseFacts } = toDraftFacts({ ...values, name: ' Closures ', receivedOn: '', reference: ' DSR-1 ' })
    expect(name).toBe('Closures')
    expect(caseFactsSchema.parse(caseFacts)).toMatchObject({ receivedOn: null, reference: 'DSR-1' })
  })

  it('name what is wrong, each at its field', () => {
    expect(findFactMistakes(values, '2026-11-23')).toEqual({})
    expect(Object.keys(findFactMistakes({ ...values, name: '  ' }, '2026-11-23'))).toEqual(['name'])
    expect(Object.keys(findFactMistakes({ ...values, receivedOn: '2026-11-24' }, '2026-11-23'))).toEqual(['receivedOn'])
    expect(Object.keys(findFactMistakes({ ...values, receivedOn: '0026-11-01' }, '2026-11-23'))).toEqual(['receivedOn'])
    expect(Object.keys(findFactMistakes({ ...values, answerDue: '2026-10-30' }, '2026-11-23'))).toEqual(['answerDue'])
  })
})
