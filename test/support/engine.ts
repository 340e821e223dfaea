/**
 * The real engine around the real database, real HTTP and a simulated vendor, for tests that send. Nothing in here
 * sleeps: waiting ends when the engine announces a change that makes the condition true.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type BetterSqlite from 'better-sqlite3'
import { systemClock, systemRandom } from '../../src/main/adapters/clock/clock.ts'
import { openDatabase } from '../../src/main/adapters/database/client.ts'
import { deriveKeys } from '../../src/main/adapters/database/keys.ts'
import { openFile } from '../../src/main/adapters/database/open-file.ts'
import { createHttp } from '../../src/main/adapters/http/http.ts'
import { jwtSigner } from '../../src/main/adapters/signing/signer.ts'
import type { Database, SecretStore } from '../../src/main/core/ports.ts'
import { startEngine, type Engine, type EngineParts } from '../../src/main/core/send/engine.ts'
import { vendors } from '../../src/main/vendors/index.ts'
import type { SandboxConfigInput } from '../../src/sandbox/config.ts'
import type { SandboxPorts } from '../../src/sandbox/ports.ts'
import { startSandbox, type RunningSandbox, type SandboxReady } from '../../src/sandbox/server.ts'
import { fail, succeed, type Result } from '../../src/shared/failure.ts'
import {
  connectionSettingsSchema,
  type Connection,
  type ConnectionSettings,
  type RateWindow,
} from '../../src/shared/model/connection.ts'
import { kindNumbers, kindOfUserId, type IdentifierKind } from '../../src/shared/model/identifier.ts'
import type { RequestId } from '../../src/shared/model/ids.ts'
import { caseFactsSchema, type AttemptRow } from '../../src/shared/model/request.ts'
import type { Scope } from '../../src/shared/model/scope.ts'
import { stateFromNumber, type IdentifierState } from '../../src/shared/model/state.ts'
import { databaseWorker } from './threads.ts'

export const historyKey = new Uint8Array(32).fill(7)
export const secretReference = 'secret of the sandbox'

/** The value of a success; throws the failure's words otherwise. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`)
  return result.value
}

/** Secrets that end with the test; `lock` makes every use fail as a locked keychain does. */
export function createMemorySecrets(first: Readonly<Record<string, string>> = {}): SecretStore & {
  readonly lock: (locked: boolean) => void
} {
  const secrets = new Map(Object.entries(first))
  let isLocked = false
  const whenOpen = async <T>(use: () => T): Promise<Result<T>> =>
    isLocked ? fail('keychain-locked', 'The keychain is locked.') : succeed(use())
  const write = (name: string, secret: string) => {
    secrets.set(name, secret)
    return null
  }
  const remove = (name: string) => {
    secrets.delete(name)
    return null
  }
  return {
    check: () => whenOpen(() => null),
    read: (name) => whenOpen(() => secrets.get(name) ?? null),
    write: (name, secret) => whenOpen(() => write(name, secret)),
    remove: (name) => whenOpen(() => remove(name)),
    lock: (locked) => {
      isLocked = locked
    },
  }
}

/** Opens the encrypted history of the folder in threads of its own; `worker` is their file. */
export async function openHistoryIn(folder: string, worker: URL = databaseWorker): Promise<Database> {
  return must(await openDatabase({ workerUrl: worker, folder, key: historyKey, now: systemClock.now() }))
}

/** Everything the engine needs, as the app has it; `changed` parts win. */
export function engineParts(database: Database, secrets: SecretStore, changed: Partial<EngineParts> = {}): EngineParts {
  const clock = changed.clock ?? systemClock
  return {
    database,
    secrets,
    http: createHttp({
      clock,
      online: () => true,
      resolveProxy: async () => 'DIRECT',
      certificates: null,
    }),
    signer: jwtSigner,
    vendors,
    clock,
    random: systemRandom,
    log: { info: () => {}, problem: () => {} },
    online: () => true,
    onChange: () => {},
    ...changed,
  }
}

/** An engine that runs, and a wait for what it changes. */
export type RunningEngine = Engine & {
  readonly database: Database
  /** Settles with what `look` gives as soon as it gives something; looks again at every change the engine announces. */
  readonly until: <T>(look: () => Promise<T | undefined> | T | undefined) => Promise<T>
  /** Stops the engine, then closes its database. */
  readonly end: () => Promise<void>
}

/** Opens the folder's history and starts an engine over it. `changed` gets the database so that it can be wrapped. */
export async function runEngine(
  folder: string,
  secrets: SecretStore,
  changed: (database: Database) => Partial<EngineParts> = () => ({}),
  worker: URL = databaseWorker,
): Promise<RunningEngine> {
  const database = await openHistoryIn(folder, worker)
  const looking = new Set<() => void>()
  const wrapped = changed(database)
  const engine = startEngine({
    ...engineParts(database, secrets, wrapped),
    onChange: (topic, id) => {
      wrapped.onChange?.(topic, id)
      for (const look of looking) look()
    },
  })
  return {
    ...engine,
    database,
    until: (look) => waitFor(look, looking),
    end: async () => {
      await engine.stop()
      await database.close()
    },
  }
}

function waitFor<T>(look: () => Promise<T | undefined> | T | undefined, looking: Set<() => void>): Promise<T> {
  return new Promise((resolve, reject) => {
    let turn = Promise.resolve()
    const lookOnce = async () => {
      const seen = looking.has(again) ? await look() : undefined
      if (seen === undefined) return
      looking.delete(again)
      resolve(seen)
    }
    const again = () => {
      turn = turn.then(lookOnce).catch((error: unknown) => {
        looking.delete(again)
        reject(error instanceof Error ? error : new Error(String(error)))
      })
    }
    looking.add(again)
    again()
  })
}

/** An identifier for a test: an email or user id, or a channel pair; with bots of its own where `botIds` is there. */
export type TestIdentifier = Readonly<{ value: string; channelId?: string; botIds?: readonly string[] }>

/** A vendor and a history with one connection to it. Times are short: a job of fifty identifiers ends in seconds. */
export type EngineBench = {
  readonly folder: string
  readonly sandbox: RunningSandbox
  readonly secrets: ReturnType<typeof createMemorySecrets>
  readonly connection: Connection
  /** Puts an open request with these identifiers in place, as an import and *Send* leave it. */
  readonly sendRequest: (identifiers: readonly TestIdentifier[], connection?: Connection) => Promise<RequestId>
  /** Another connection like the first, with an account of its own here. */
  readonly addConnection: () => Promise<Connection>
  readonly states: (requestId: RequestId) => Readonly<Record<string, IdentifierState>>
  readonly attempts: () => readonly JournalledAttempt[]
  readonly remove: () => Promise<void>
}

export type JournalledAttempt = Pick<AttemptRow, 'jti' | 'kind' | 'ending' | 'stage'> &
  Readonly<{ reservedAt: number; endedAt: number | null; batchId: number | null; epoch: number }>

type BenchVendor = 'kore' | 'mixpanel'

export type BenchChoices = Readonly<{
  /** Whom the connection leads to; Kore.ai where it is not given. */
  vendor?: BenchVendor
  sandbox?: SandboxConfigInput
  /** Where the vendor is Mixpanel: how it is to be, beside its account. */
  mixpanel?: Omit<NonNullable<SandboxConfigInput['mixpanel']>, 'accounts'>
  /** Where the vendor is Mixpanel: the project's data is in another residency than the host's. */
  isElsewhere?: boolean
  windows?: readonly RateWindow[]
  perCall?: number
  quietMilliseconds?: number
  callTimeoutMilliseconds?: number
  secret?: string
  settings?: Partial<ConnectionSettings>
  /** The vendor's time; the machine's where it is not given. */
  clock?: SandboxPorts['clock']
  /** Puts something between the engine and the vendor at this origin; gives the origin to call instead. */
  between?: (origin: string) => Promise<string>
  /** The file of the database's threads; the usual one where it is not given. */
  worker?: URL
}>

const roomyWindows: readonly RateWindow[] = [{ milliseconds: 1000, calls: 1000 }]

/** Starts the vendor and writes the connection into a new history. */
export async function startBench(choices: BenchChoices = {}): Promise<EngineBench> {
  const windows = choices.windows ?? roomyWindows
  const sandbox = await startSandbox(
    {
      latencyMilliseconds: { minimum: 0, maximum: choices.clock === undefined ? 10 : 0 },
      processing: { batchMilliseconds: 300, perIdentifierMilliseconds: 2, lateMilliseconds: 2500 },
      faults: { slowMilliseconds: 700 },
      accounts: [{ windows: windows.map((window) => ({ ...window })) }],
      mixpanel: {
        processing: {
          pendingMilliseconds: 0,
          stagingMilliseconds: 0,
          startedMilliseconds: 300,
          unknownMilliseconds: 800,
        },
        ...choices.mixpanel,
        accounts: [{ windows: windows.map((window) => ({ ...window })) }],
      },
      ...choices.sandbox,
    },
    choices.clock === undefined ? {} : { clock: choices.clock },
  )
  const vendor = choices.vendor ?? 'kore'
  const credentials = credentialsOf(sandbox.ready, vendor, choices.isElsewhere ?? false)
  const base = mkdtempSync(join(tmpdir(), 'erasure-desk-engine-'))
  const folder = join(base, 'history')
  const worker = choices.worker ?? databaseWorker
  const database = await openHistoryIn(folder, worker)
  const input = {
    id: null,
    vendor,
    name: 'Simulated vendor',
    environment: 'sandbox',
    isSandbox: true,
    origin: await (choices.between?.(sandbox.ready.origin) ?? sandbox.ready.origin),
    clientId: credentials.clientId,
    secretReference,
    secretSavedAt: systemClock.now(),
    accountId: null,
    accountName: '',
    windows,
    margin: 0,
    settings: connectionSettingsSchema.parse({
      identifiersPerCall: choices.perCall ?? 4,
      callTimeoutMilliseconds: choices.callTimeoutMilliseconds ?? 2000,
      quietMilliseconds: choices.quietMilliseconds ?? 1000,
      firstPollMilliseconds: 500,
      longestPollMilliseconds: 1000,
      ...choices.settings,
    }),
    now: systemClock.now(),
  } as const
  const connection = must(await database.saveConnection(input))
  await database.close()
  return {
    folder,
    sandbox,
    secrets: createMemorySecrets({ [secretReference]: choices.secret ?? credentials.secret }),
    connection,
    sendRequest: (identifiers, over = connection) => sendRequest(folder, over, identifiers, worker),
    addConnection: async () => {
      const opened = await openHistoryIn(folder, worker)
      const added = must(await opened.saveConnection({ ...input, name: 'Another account' }))
      await opened.close()
      return added
    },
    states: (requestId) => withHistory(folder, (file) => statesIn(file, requestId)),
    attempts: () => withHistory(folder, attemptsIn),
    remove: async () => {
      await sandbox.close()
      rmSync(base, { recursive: true, force: true })
    },
  }
}

function credentialsOf(
  ready: SandboxReady,
  vendor: BenchVendor,
  isElsewhere: boolean,
): Readonly<{ clientId: string; secret: string }> {
  const [app] = ready.apps
  const [account] = ready.mixpanel.accounts
  const project = account?.projects.find(({ residency }) => (residency !== ready.mixpanel.residency) === isElsewhere)
  if (app === undefined || account === undefined || project === undefined) throw new Error('The sandbox has accounts')
  return vendor === 'kore'
    ? { clientId: app.clientId, secret: app.clientSecret }
    : { clientId: project.projectToken, secret: account.oauthToken }
}

/** A new email address for each number; `name` may ask the sandbox for a behaviour. */
export function person(name: string | number): TestIdentifier {
  return { value: `${name}@example.org` }
}

async function sendRequest(
  folder: string,
  connection: Connection,
  identifiers: readonly TestIdentifier[],
  worker: URL,
): Promise<RequestId> {
  const database = await openHistoryIn(folder, worker)
  const requestId = await openRequestIn(database, folder, connection, identifiers)
  await database.close()
  return requestId
}

/** Puts an open request with these identifiers into a history that is open, as an import and *Send* leave it. */
export async function openRequestIn(
  database: Database,
  folder: string,
  connection: Connection,
  identifiers: readonly TestIdentifier[],
): Promise<RequestId> {
  const now = systemClock.now()
  const requestId = await draftIn(database, folder, connection, identifiers)
  must(await database.compareWithHistory({ requestId, now }))
  const { fingerprint } = must(await database.planBasis({ requestId, now, samplePerGroup: 1 }))
  must(await database.openRequest({ requestId, planDigest: 'the plan of a test', fingerprint, now }))
  return requestId
}

/** The same as a draft that was not sent. */
export async function draftIn(
  database: Database,
  folder: string,
  connection: Connection,
  identifiers: readonly TestIdentifier[],
): Promise<RequestId> {
  const now = systemClock.now()
  const requestId = must(
    await database.createDraft({
      connectionId: connection.id,
      name: 'Request',
      caseFacts: caseFactsSchema.parse({}),
      now,
    }),
  )
  const isKore = connection.vendor === 'kore'
  const scope: Scope = isKore ? { kind: 'bots', botIds: ['st-1'] } : { kind: 'choice', value: 'GDPR' }
  must(await database.updateDraft({ requestId, scope, now }))
  withHistory(folder, (file) => putIdentifiers(file, requestId, identifiers, isKore ? null : 'distinct id', now))
  return requestId
}

function putIdentifiers(
  file: BetterSqlite.Database,
  requestId: RequestId,
  identifiers: readonly TestIdentifier[],
  /** Of all of them; null: as a column of user ids says. */
  kindOfAll: IdentifierKind | null,
  now: number,
): void {
  const putScope = file.prepare<[string]>('INSERT INTO scope (canonical) VALUES (?) ON CONFLICT DO NOTHING')
  const scopeOf = file.prepare<[string], { id: number }>('SELECT id FROM scope WHERE canonical = ?')
  const put = file.prepare(
    `INSERT INTO identifier (request_id, line, kind, value, channel_id, token, scope_id, state, state_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 2, ?)`,
  )
  file.transaction(() => {
    for (const [index, { value, channelId, botIds }] of identifiers.entries()) {
      const kind = kindOfAll ?? (channelId === undefined ? kindOfUserId(value) : 'channel pair')
      const token = Buffer.alloc(16)
      token.writeUInt32BE(requestId, 0)
      token.writeUInt32BE(index, 4)
      const canonical = JSON.stringify({ kind: 'bots', botIds })
      if (botIds !== undefined) putScope.run(canonical)
      const scopeId = botIds === undefined ? 0 : (scopeOf.get(canonical)?.id ?? 0)
      put.run(requestId, index + 2, kindNumbers[kind], value, channelId ?? null, token, scopeId, now)
    }
    file.prepare('INSERT INTO identifier_count VALUES (?, 2, 0, ?)').run(requestId, identifiers.length)
    file.exec(`INSERT OR IGNORE INTO identifier_token SELECT token, request_id, scope_id, id FROM identifier`)
  })()
}

function statesIn(file: BetterSqlite.Database, requestId: RequestId): Readonly<Record<string, IdentifierState>> {
  const rows = file
    .prepare<[number], { value: string; state: number }>(
      'SELECT value, state FROM identifier WHERE request_id = ? ORDER BY id',
    )
    .all(requestId)
  return Object.fromEntries(rows.map(({ value, state }) => [value, stateFromNumber(state)]))
}

function attemptsIn(file: BetterSqlite.Database): readonly JournalledAttempt[] {
  return file
    .prepare<[], JournalledAttempt>(
      `SELECT jti, kind, ending, stage, reserved_at AS reservedAt, ended_at AS endedAt, batch_id AS batchId, epoch
       FROM attempt ORDER BY id`,
    )
    .all()
}

/** Looks into the history's file beside the threads that have it open. */
export function withHistory<T>(folder: string, look: (file: BetterSqlite.Database) => T): T {
  const file = openFile(join(folder, 'history.db'), deriveKeys(historyKey).cipher, 'writer')
  try {
    return look(file)
  } finally {
    file.close()
  }
}
