/** `npm run demo`: the main job at both vendors, and a case over both, through the real window, on the sandbox, at the vendors' real limits. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createSecretStore } from '../src/main/adapters/secrets/keychain.ts'
import { doMainJob } from './demo/job.ts'
import { removeSecrets } from './demo/secrets.ts'
import { summarise, writeSummary } from './demo/summary.ts'
import { openDemoWindow } from './demo/window.ts'

const projectFolder = path.resolve(import.meta.dirname, '..')
const outputFolder = path.join(projectFolder, 'demo-output')
const files = {
  kore: path.join(projectFolder, 'examples', 'erasure-requests.csv'),
  mixpanel: path.join(projectFolder, 'examples', 'mixpanel-deletions.csv'),
  case: path.join(projectFolder, 'examples', 'case-two-vendors.csv'),
}

async function main(): Promise<void> {
  const startedAt = Date.now()
  const hasVisitor = process.env['ERASURE_DESK_DISPLAY'] === 'real'
  const tell = (words: string) => process.stdout.write(`${seconds(startedAt).padStart(5)}  ${words}\n`)
  const userData = await mkdtemp(path.join(tmpdir(), 'erasure-desk-demo-'))
  const demo = await openDemoWindow({ projectFolder, userData, pictures: outputFolder, watchable: hasVisitor })
  const closed = new Promise<void>((resolve) => demo.electron.once('close', () => resolve()))
  try {
    const jobs = await doMainJob(demo, files, tell)
    const csv = (await Promise.all(Object.values(files).map((file) => readFile(file, 'utf8')))).join('\n')
    const summary = await summarise(demo, jobs, { userData, csv, startedAt })
    await writeFile(path.join(outputFolder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`)
    process.stdout.write(writeSummary(summary, outputFolder))
    if (!summary.databaseEncrypted) throw new Error('The history is not encrypted.')
    if (summary.rateLimited > 0) throw new Error('The vendor’s limits were exceeded.')
    if (hasVisitor) {
      process.stdout.write(
        '  The window stays open. Close it to end the demo; its history and its entries in the keychain are removed then.\n',
      )
      await closed
    }
  } catch (error) {
    await demo.page.screenshot({ path: path.join(outputFolder, 'failed.png') }).catch(() => {})
    throw error
  } finally {
    await demo.electron.close().catch(() => {})
    const left = await removeSecrets(path.join(userData, 'history'), createSecretStore())
    if (left === null || left.length > 0) process.stdout.write(writeLeft(left))
    await rm(userData, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}

/** Says truly what stays where entries could not be removed. */
function writeLeft(left: readonly string[] | null): string {
  const which = left === null ? 'entries of this run' : left.join(', ')
  return `  In the keychain, under “Erasure Desk”, these stay: ${which}. They open nothing any more and can be deleted by hand.\n`
}

function seconds(since: number): string {
  return `${Math.round((Date.now() - since) / 1000)} s`
}

try {
  await main()
} catch (error) {
  const words = error instanceof Error ? error.message : String(error)
  process.stderr.write(
    `The demo failed. ${words}\nThe last picture is demo-output/failed.png, where there was a window.\n`,
  )
  process.exitCode = 1
}
