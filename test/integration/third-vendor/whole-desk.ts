/**
 * The app without its window: everything that the composition root of main puts together, in plain Node, around the
 * vendors it is given. The history is encrypted and on disk, files and calls are real; the keychain ends with the test.
 */
import path from 'node:path'
import { systemClock, systemRandom } from '../../../src/main/adapters/clock/clock.ts'
import { createCsvReader } from '../../../src/main/adapters/csv/reader.ts'
import { deriveKeys, openDatabase } from '../../../src/main/adapters/database/client.ts'
import { createHistoryFolder } from '../../../src/main/adapters/files/history-folder.ts'
import { writeWhole } from '../../../src/main/adapters/files/write-whole.ts'
import { createDownloads } from '../../../src/main/adapters/http/download.ts'
import { createHttp } from '../../../src/main/adapters/http/http.ts'
import { jwtSigner } from '../../../src/main/adapters/signing/signer.ts'
import { createHandlers } from '../../../src/main/core/app/all-handlers.ts'
import { createAppearance } from '../../../src/main/core/app/appearance.ts'
import { createNotify } from '../../../src/main/core/app/changes.ts'
import { openDesk } from '../../../src/main/core/app/desk.ts'
import type { SandboxUseCases } from '../../../src/main/core/app/sandbox.ts'
import { createFileTokens } from '../../../src/main/core/files/tokens.ts'
import { createImports } from '../../../src/main/core/import/run.ts'
import type { CsvReader, Database, SecretStore, Vendors } from '../../../src/main/core/ports.ts'
import { startEngine } from '../../../src/main/core/send/engine.ts'
import { answerCall } from '../../../src/main/host/answer-call.ts'
import { contract, type ChannelName, type Input, type Value } from '../../../src/shared/contract.ts'
import { fail, succeed, type Result } from '../../../src/shared/failure.ts'
import { must } from '../../support/engine.ts'
import { csvWorker, databaseWorker } from '../../support/threads.ts'

/** The vendors here have no simulator in the app. */
const noSandbox: SandboxUseCases = {
  start: async () => fail('sandbox-failed', 'There is no sandbox here.'),
  stop: async () => succeed({}),
  status: () => ({ running: false, origin: null }),
}

/** Parts that a test puts something around. */
export type Wrapping = Readonly<{
  reader?: (reader: CsvReader) => CsvReader
  database?: (database: Database) => Database
}>

/** Opens the folder's history, or makes it, and waits until this desk sends. */
export async function openWholeDesk(folder: string, vendors: Vendors, secrets: SecretStore, wrapping: Wrapping = {}) {
  const clock = systemClock
  const random = systemRandom
  const lookers = new Set<() => void>()
  const answered = new Set<ChannelName>()
  const problems: string[] = []
  const log = {
    info: () => {},
    problem: (event: string, facts = {}) => void problems.push(JSON.stringify([event, facts])),
  }
  const notify = createNotify(clock, () => {
    for (const look of lookers) look()
  })
  const network = { clock, online: () => true, resolveProxy: async () => 'DIRECT', certificates: null }
  const http = createHttp(network)
  let tokenKey: Uint8Array | null = null
  let saveTo: string | null = null
  const desk = await openDesk({
    clock,
    notify,
    secrets,
    random,
    folder: createHistoryFolder(folder),
    openDatabase: async (place) => {
      if (place !== null) tokenKey = deriveKeys(place.key).token
      const { folder: at = null, key = null } = place ?? {}
      const opened = await openDatabase({ workerUrl: databaseWorker, folder: at, key, now: clock.now() })
      return opened.ok ? succeed(wrapping.database?.(opened.value) ?? opened.value) : opened
    },
    startEngine: (database) =>
      startEngine({
        database,
        http,
        secrets,
        signer: jwtSigner,
        vendors,
        clock,
        random,
        log,
        online: () => true,
        onChange: notify,
      }),
  })
  const ownReader = createCsvReader({ workerUrl: csvWorker, tokenKey: () => tokenKey })
  const reader = wrapping.reader?.(ownReader) ?? ownReader
  const handlers = createHandlers({
    desk,
    secrets,
    signer: jwtSigner,
    http,
    downloads: createDownloads(network),
    openRetrieved: async () => false,
    askWhereToSaveCopy: async () => saveTo,
    log,
    vendors,
    clock,
    random,
    notify,
    sandbox: noSandbox,
    appearance: createAppearance({ desk, clock, notify, show: () => {} }),
    imports: createImports({
      database: () => desk.database(),
      reader,
      vendors,
      clock,
      notify,
      log,
      writeFile: writeWhole,
    }),
    tokens: createFileTokens(random),
    askForCsv: async () => null,
    askWhereToSave: async () => saveTo,
    fileNameOf: (file) => path.basename(file),
    isAbsolutePath: (file) => path.isAbsolute(file),
    version: '0.0.0',
    electron: '',
    isOnline: () => true,
    openLink: async () => false,
  })

  /** Asks a channel as the window does: both directions are parsed by the contract. */
  const ask = async <C extends ChannelName>(channel: C, input: Input<C>): Promise<Result<Value<C>>> => {
    const handler = handlers[channel] as (input: unknown) => Promise<Result<unknown>>
    const answer = await answerCall(contract[channel], handler, input, { channel, log })
    if (answer.ok) answered.add(channel)
    return answer as Result<Value<C>>
  }

  /** Settles with what `look` gives as soon as it gives something; looks again whenever the window is told of a change. */
  const until = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
    for (;;) {
      const changed = new Promise<void>((resolve) => {
        const told = () => {
          lookers.delete(told)
          resolve()
        }
        lookers.add(told)
      })
      const seen = await look()
      if (seen !== undefined) return seen
      await changed
    }
  }

  const opened = {
    ask,
    /** The answer of a channel that must give one. */
    get: async <C extends ChannelName>(channel: C, input: Input<C>): Promise<Value<C>> =>
      must(await ask(channel, input)),
    until,
    /** A file dropped on the window. */
    drop: async (file: string) => must(await handlers.registerFile(file)),
    /** Where the dialog for saving a file is answered with. */
    saveTo: (file: string) => {
      saveTo = file
    },
    /** Channels that gave an answer so far. */
    answered: answered as ReadonlySet<ChannelName>,
    /** What was written to the log as a problem. */
    problems: problems as readonly string[],
    close: desk.close,
  }
  await until(async () => ((await opened.get('getAppStatus', {})).sender.sends ? true : undefined))
  return opened
}
