// One step of the whole test run: what it starts, how its result is counted.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { projectFolder, readJson } from '../setup/place.mjs'
import { countOfPlaywright, countOfVitest } from './count.mjs'

/** @import { Count } from './count.mjs' */

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {readonly string[]} command
 * @property {number} limitMinutes a step that takes longer is ended and has failed
 * @property {Readonly<Record<string, string>>} [env]
 * @property {{ readonly file: string, readonly by: 'vitest' | 'playwright' }} [report] without one the step counts as one
 */

/**
 * Runs a step to its end.
 * A crash counts as a failure, and so does a step in which no test ran.
 * @param {Step} step
 * @returns {Promise<Count>}
 */
export async function runStep(step) {
  const file = step.report && path.join(projectFolder, step.report.file)
  if (file) rmSync(file, { force: true })
  const ending = await start(step)
  if (step.report === undefined || file === undefined) {
    return ending === undefined
      ? { passed: 1, failed: 0, skipped: 0, failures: [] }
      : { passed: 0, failed: 1, skipped: 0, failures: [ending] }
  }
  const report = readJson(file)
  const none = { passed: 0, failed: 0, skipped: 0, failures: [] }
  const count =
    report === undefined ? none : step.report.by === 'vitest' ? countOfVitest(report) : countOfPlaywright(report)
  const wrong =
    report === undefined
      ? `no report was written (${ending ?? 'exit code 0'})`
      : count.passed + count.failed === 0
        ? 'no test ran'
        : ending !== undefined && count.failed === 0
          ? `${ending}, though no test failed`
          : undefined
  if (wrong === undefined) return count
  return { ...count, failed: count.failed + 1, failures: [...count.failures, wrong] }
}

/** @param {Step} step @returns {Promise<string | undefined>} how it went wrong */
function start({ command: [executable = '', ...args], env, limitMinutes }) {
  return new Promise((resolve) => {
    const child = spawn(executable, args, {
      cwd: projectFolder,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    })
    let late = false
    const limit = setTimeout(() => {
      late = true
      child.kill('SIGTERM')
    }, limitMinutes * 60_000)
    child.on('error', (error) => resolve(`could not be started: ${error.message}`))
    child.on('close', (code, signal) => {
      clearTimeout(limit)
      if (late) resolve(`ended after ${limitMinutes} minutes without a result`)
      else resolve(code === 0 ? undefined : (signal ?? `exit code ${code}`))
    })
  })
}
