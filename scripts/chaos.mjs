// Kills the engine at every named step and at random moments, and says how often where: `npm run test:chaos`.
//
//   node scripts/chaos.mjs [--kills N] [--seed TEXT]     500 kills, drawn from a seed that it prints
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { projectFolder, readJson } from './setup/place.mjs'

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '500' },
    seed: { type: 'string', default: String(randomInt(1_000_000)) },
  },
})

process.exitCode = await main()

/** @returns {Promise<number>} the exit code */
async function main() {
  const report = path.join(projectFolder, 'test-results', 'chaos.json')
  mkdirSync(path.dirname(report), { recursive: true })
  rmSync(report, { force: true })
  const code = await runTest({
    ERASURE_DESK_KILLS: options.kills,
    ERASURE_DESK_SEED: options.seed,
    ERASURE_DESK_KILLS_REPORT: report,
  })
  const counts = Object.entries(readJson(report)?.counts ?? {})
  const total = counts.reduce((sum, [, count]) => sum + count, 0)
  const each = counts.map(([step, count]) => `${step} ${count}`).join('; ')
  process.stdout.write(`Seed ${options.seed}, ${total} of ${options.kills} kills survived: ${each}\n`)
  return code === 0 && total === Number(options.kills) ? 0 : 1
}

/** @param {Readonly<Record<string, string>>} env @returns {Promise<number>} the exit code */
function runTest(env) {
  const args = ['run', '--configLoader', 'native', '--project', 'integration', 'test/integration/chaos/kills.test.ts']
  const child = spawn('vitest', args, { cwd: projectFolder, stdio: 'inherit', env: { ...process.env, ...env } })
  return new Promise((resolve) => {
    child.on('error', () => resolve(1))
    child.on('exit', (code) => resolve(code ?? 1))
  })
}
