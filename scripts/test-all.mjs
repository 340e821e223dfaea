// Everything that must hold, and one line of totals: `npm test`. Set-up must have run.
//
//   node scripts/test-all.mjs [STEP…]     only the steps named, such as: types unit
import path from 'node:path'
import { packagedExecutable, packageFolder, testPackageFolder } from './packaged.mjs'
import { projectFolder } from './setup/place.mjs'
import { runStep } from './test/step.mjs'

/** @import { Step } from './test/step.mjs' */

process.umask(0o022)
const node = process.execPath
const isolated = [node, 'scripts/run.mjs', '--isolated', '--writable', 'test-results', '--']

/** @type {readonly Step[]} */
const steps = [
  { name: 'types', command: npmRun('typecheck'), limitMinutes: 5 },
  { name: 'lint', command: npmRun('lint'), limitMinutes: 5 },
  { name: 'format', command: npmRun('format:check'), limitMinutes: 5 },
  { name: 'imports', command: npmRun('check:imports'), limitMinutes: 5 },
  { name: 'unused', command: npmRun('check:unused'), limitMinutes: 5 },
  vitest('unit', 5),
  vitest('migrations', 5),
  vitest('integration', 20),
  { name: 'build', command: [node, 'node_modules/electron-vite/bin/electron-vite.js', 'build'], limitMinutes: 5 },
  playwright('e2e', {}),
  { name: 'package', command: [node, 'scripts/package.mjs'], limitMinutes: 5 },
  playwright('e2e-packaged', {
    ERASURE_DESK_EXECUTABLE: packagedExecutable(testPackageFolder),
    ERASURE_DESK_PACKAGE: packageFolder,
  }),
]

process.exitCode = await main(process.argv.slice(2))

/** @param {readonly string[]} wanted @returns {Promise<number>} the exit code */
async function main(wanted) {
  const unknown = wanted.filter((name) => !steps.some((step) => step.name === name))
  if (unknown.length > 0) {
    process.stderr.write(
      `There is no step ${unknown.join(', ')}. The steps: ${steps.map((step) => step.name).join(' ')}\n`,
    )
    return 2
  }
  const lines = []
  const failures = []
  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const step of steps) {
    if (wanted.length > 0 && !wanted.includes(step.name)) continue
    process.stdout.write(`\n━━ ${step.name}\n`)
    const started = Date.now()
    const count = await runStep(step)
    total.passed += count.passed
    total.failed += count.failed
    total.skipped += count.skipped
    failures.push(...count.failures.map((each) => `${step.name}: ${each}`))
    const seconds = `${((Date.now() - started) / 1000).toFixed(1)} s`
    lines.push(`${step.name.padEnd(14)}${seconds.padStart(9)}   ${words(count)}`)
  }
  process.stdout.write(`\n━━ all\n${lines.join('\n')}\n`)
  if (failures.length > 0)
    process.stdout.write(`\nFailed:\n${failures.map((each) => `  ${within(each)}`).join('\n')}\n`)
  process.stdout.write(`\n${words(total)}\n`)
  return total.failed === 0 && total.passed > 0 ? 0 : 1
}

/** @param {{ readonly passed: number, readonly failed: number, readonly skipped: number }} count */
function words({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/** @param {string} script @returns {readonly string[]} */
function npmRun(script) {
  return process.platform === 'win32'
    ? ['cmd', '/c', 'npm', 'run', '--silent', script]
    : ['npm', 'run', '--silent', script]
}

/** @param {string} project a folder of test/ @param {number} limitMinutes @returns {Step} */
function vitest(project, limitMinutes) {
  const file = `test-results/${project}.json`
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  return {
    name: project,
    command: [...isolated, 'vitest', 'run', '--configLoader', 'native', '--project', project, ...reporters],
    limitMinutes,
    report: { file, by: 'vitest' },
  }
}

/** @param {string} name @param {Readonly<Record<string, string>>} env @returns {Step} */
function playwright(name, env) {
  const file = `test-results/${name}.json`
  return {
    name,
    command: [...isolated, 'playwright', 'test', '--reporter=list,json'],
    env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
    limitMinutes: 12,
    report: { file, by: 'playwright' },
  }
}

/** Paths within the checkout, or its view, without its own place. @param {string} line */
function within(line) {
  return line.replaceAll(projectFolder + path.sep, '').replaceAll(/\/run\/erasure-desk\/checkout-\w+\//g, '')
}
