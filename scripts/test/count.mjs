// Reads the test runners' JSON reports.

/**
 * @typedef {object} Count
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {readonly string[]} failures one line each
 */

/**
 * @param {any} report of vitest's json reporter
 * @returns {Count}
 */
export function countOfVitest(report) {
  const files = /** @type {any[]} */ (report.testResults)
  const tests = files.flatMap((file) =>
    file.assertionResults.map((/** @type {any} */ test) => ({ ...test, file: file.name })),
  )
  const failed = tests.filter((test) => test.status === 'failed')
  // A file that cannot be loaded has no tests, and has failed.
  const broken = files.filter((file) => file.status === 'failed' && !file.assertionResults.some(isFailed))
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: failed.length + broken.length,
    skipped: tests.filter((test) => !['passed', 'failed'].includes(test.status)).length,
    failures: [
      ...failed.map((test) => `${test.file}: ${test.fullName}`),
      ...broken.map((file) => `${file.name}: ${String(file.message ?? 'did not load').split('\n')[0]}`),
    ],
  }
}

/**
 * @param {any} report of Playwright's json reporter
 * @returns {Count}
 */
export function countOfPlaywright(report) {
  const tests = report.suites.flatMap((/** @type {any} */ suite) => testsOf(suite, []))
  const withStatus = (/** @type {readonly string[]} */ wanted) =>
    tests.filter((/** @type {any} */ test) => wanted.includes(test.status))
  const failed = withStatus(['unexpected'])
  const errors = /** @type {any[]} */ (report.errors)
  return {
    passed: withStatus(['expected', 'flaky']).length,
    failed: failed.length + errors.length,
    skipped: withStatus(['skipped']).length,
    failures: [
      ...failed.map((/** @type {any} */ test) => test.title),
      ...errors.map((error) => String(error.message).split('\n')[0] ?? 'an error outside the tests'),
    ],
  }
}

/** @param {any} suite @param {readonly string[]} above @returns {{ title: string, status: string }[]} */
function testsOf(suite, above) {
  const titles = [...above, suite.title]
  return [
    ...(suite.suites ?? []).flatMap((/** @type {any} */ inner) => testsOf(inner, titles)),
    ...suite.specs.flatMap((/** @type {any} */ spec) =>
      spec.tests.map((/** @type {any} */ test) => ({
        title: [...titles, spec.title].join(' › '),
        status: test.status,
      })),
    ),
  ]
}

/** @param {any} test */
function isFailed(test) {
  return test.status === 'failed'
}
