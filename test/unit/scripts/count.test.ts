import { describe, expect, test } from 'vitest'
import { countOfPlaywright, countOfVitest } from '../../../scripts/test/count.mjs'

describe('vitest', () => {
  test('adds up tests of every status and names the failed ones', () => {
    const statuses = ['passed', 'failed', 'pending', 'todo', 'skipped']
    const assertionResults = statuses.map((status) => ({ status, fullName: `a ${status} test` }))
    expect(countOfVitest({ testResults: [{ name: 'one.test.ts', status: 'failed', assertionResults }] })).toEqual({
      passed: 1,
      failed: 1,
      skipped: 3,
      failures: ['one.test.ts: a failed test'],
    })
  })

  test('counts a file that does not load as a failure', () => {
    const report = {
      testResults: [{ name: 'two.test.ts', status: 'failed', assertionResults: [], message: 'no such module\nat x' }],
    }
    expect(countOfVitest(report)).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
      failures: ['two.test.ts: no such module'],
    })
  })
})

describe('playwright', () => {
  const spec = (title: string, status: string) => ({ title, tests: [{ status }] })

  test('adds up nested suites', () => {
    const inner = { title: 'sending', specs: [spec('arrives', 'expected'), spec('is refused', 'unexpected')] }
    const outer = { title: 'send.spec.ts', specs: [spec('is skipped', 'skipped')], suites: [inner] }
    expect(countOfPlaywright({ suites: [outer], errors: [] })).toEqual({
      passed: 1,
      failed: 1,
      skipped: 1,
      failures: ['send.spec.ts › sending › is refused'],
    })
  })

  test('counts an error outside the tests', () => {
    expect(countOfPlaywright({ suites: [], errors: [{ message: 'Error: No tests found\n' }] })).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
      failures: ['Error: No tests found'],
    })
  })
})
