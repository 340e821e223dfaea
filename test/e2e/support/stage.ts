/** What a test that sends stands on: its apps and its sandboxes, and the judgement at their end. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { LedgerEntry } from '../../../src/sandbox/ledger.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'
import { readLedger, startOwnSandbox, type OwnSandbox } from '../../support/sandbox.ts'
import { launchApp, type App, type LaunchOptions } from './app.ts'
import { readJournal } from './journal.ts'

export type Stage = Readonly<{
  /** Starts the app, in a folder of its own unless `userData` is that of an earlier start. */
  launchApp: (options?: Omit<LaunchOptions, 'beforeEnding'>) => Promise<App>
  /** Starts a sandbox of the test's own with this configuration. */
  startSandbox: (config?: object) => Promise<OwnSandbox>
  /**
   * Ends everything and removes what it wrote. Throws where a call in one of the ledgers does not match exactly one
   * attempt in the journals by its token id, be it an erase call, a status call or a connection test.
   */
  end: () => Promise<void>
}>

/** A stage with nothing on it. */
export function createStage(): Stage {
  const controlToken = randomUUID()
  const folders: string[] = []
  const histories = new Set<string>()
  const apps: App[] = []
  const sandboxes: OwnSandbox[] = []
  const ledgers: (readonly LedgerEntry[])[] = []

  const makeFolder = async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'erasure-desk-'))
    folders.push(folder)
    return folder
  }

  /** The sandbox that an app has started ends with the app, and its ledger with it. */
  const keepLedger = async (app: Pick<App, 'status'>) => {
    const { sandbox } = await app.status()
    if (sandbox.origin !== null) ledgers.push(await readLedger(sandbox.origin, controlToken))
  }

  const endAll = async () => {
    for (const app of apps) await app.quit()
    for (const sandbox of sandboxes) ledgers.push(await sandbox.readLedger())
    const journals = await Promise.all([...histories].map(readJournal))
    return { ledgerEntries: ledgers.flat(), attempts: journals.flat() }
  }

  return {
    launchApp: async (options = {}) => {
      const userData = options.userData ?? (await makeFolder())
      const env = { ERASURE_DESK_SANDBOX_CONTROL_TOKEN: controlToken, ...options.env }
      const app = await launchApp({ ...options, userData, env, beforeEnding: keepLedger })
      apps.push(app)
      histories.add(app.historyFolder)
      return app
    },
    startSandbox: async (config) => {
      const sandbox = await startOwnSandbox(config)
      sandboxes.push(sandbox)
      return sandbox
    },
    end: async () => {
      try {
        expectLedgerMatches(await endAll())
      } finally {
        for (const sandbox of sandboxes) await sandbox.stop()
        for (const folder of folders)
          await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
      }
    },
  }
}
