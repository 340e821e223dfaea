/** One history and one real engine over many connections, each to the sandbox through a fault proxy of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../../src/main/adapters/clock/clock.ts'
import { createHttp } from '../../../src/main/adapters/http/http.ts'
import { testConnection } from '../../../src/main/core/connections/test.ts'
import type { Database, Http } from '../../../src/main/core/ports.ts'
import type { SandboxConfigInput } from '../../../src/sandbox/config.ts'
import type { LedgerEntry } from '../../../src/sandbox/ledger.ts'
import {
  connectionSettingsSchema,
  type Connection,
  type ConnectionSettings,
  type ConnectionTest,
} from '../../../src/shared/model/connection.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import type { AttemptRow } from '../../../src/shared/model/request.ts'
import type { RetrievalStatus } from '../../../src/shared/model/retrieval.ts'
import { stateFromNumber, type IdentifierState } from '../../../src/shared/model/state.ts'
import {
  createMemorySecrets,
  draftIn,
  engineParts,
  must,
  openHistoryIn,
  openRequestIn,
  runEngine,
  withHistory,
  type RunningEngine,
} from '../../support/engine.ts'
import { makeFaultCertificates, startFaultProxy, type FaultProxy } from '../../support/fault-proxy.ts'
import type { WireKind } from '../../support/fault-wire.ts'
import type { Fault } from '../../support/faults.ts'
import { startOwnSandbox, type OwnSandbox } from '../../support/sandbox.ts'
import { createWatch, type CallEnd, type Watch } from './watch.ts'

/** One fault on the way of one connection. */
export type FaultRun = Readonly<{
  /** Of its own among the runs; names its connection, its account and its identifiers. */
  label: string
  call: WireKind | 'test'
  fault: Fault
  /** How often a fault of an answer strikes. */
  times: number
  identifiers: readonly string[]
  settings: Partial<ConnectionSettings>
}>

export type WatchedRun = Readonly<{
  /** The first end of a call of this kind that `isIt`; rejects with what was seen where it does not come in time. */
  untilEnd: (kind: WireKind, isIt?: (end: CallEnd) => boolean) => Promise<CallEnd>
  /** Takes the fault away, resumes a line that stands still, and lets the engine look. */
  cure: () => Promise<void>
  /** The operator wants the request's one accepted batch taken back. */
  takeBack: () => Promise<void>
  test: () => Promise<ConnectionTest>
}>

/** An attempt as the journal has it at the end. */
export type JournalRow = Pick<AttemptRow, 'jti' | 'kind' | 'ending' | 'stage'> &
  Readonly<{ label: string; batch: number | null; counts: boolean; reservedAt: number; endedAt: number | null }>

export type FaultRecord = Readonly<{
  journal: readonly JournalRow[]
  ledger: readonly LedgerEntry[]
  /** The states of each run's identifiers, in their order. */
  states: Readonly<Record<string, readonly IdentifierState[]>>
  /** The same of its copies. */
  copies: Readonly<Record<string, readonly RetrievalStatus[]>>
}>

export type BenchChoices = Readonly<{
  vendor: 'kore' | 'mixpanel'
  runs: readonly FaultRun[]
  /** Where the vendor is Mixpanel: how long a task waits before it begins. */
  pendingMilliseconds?: number
}>

export type FaultBench = Readonly<{
  run: (label: string) => WatchedRun
  /** Stops the engine, and gives what is on record then. */
  end: () => Promise<FaultRecord>
}>

type Subject = Readonly<{ run: FaultRun; proxy: FaultProxy; connection: Connection; requestId: RequestId | null }>

const deadlineMilliseconds = 40_000
const roomyWindows = [{ milliseconds: 3_600_000, calls: 1000 }]

/** How many calls a run makes before the one that its fault meets; each has a connection of its own. */
const callsBefore: Readonly<Record<FaultRun['call'], number>> = {
  erase: 0,
  'look-up': 0,
  status: 1,
  cancel: 1,
  retrieve: 0,
  'retrieval status': 1,
  test: 0,
}

export async function startFaultBench(choices: BenchChoices): Promise<FaultBench> {
  const { vendor, runs } = choices
  const sandbox = await startOwnSandbox(sandboxFor(choices))
  const credentials = runs.map((_, index) => credentialsOf(sandbox, vendor, index))
  const certificates = makeFaultCertificates()
  const proxies = await Promise.all(
    runs.map(({ label, fault, call, times }) => {
      const passes = callsBefore[call]
      const strikes = call === 'test' ? 'status' : call
      return startFaultProxy({ vendorOrigin: sandbox.origin, fault, strikes, passes, times, label, certificates })
    }),
  )
  const base = mkdtempSync(join(tmpdir(), 'erasure-desk-faults-'))
  const folder = join(base, 'history')
  const secrets = createMemorySecrets(
    Object.fromEntries(runs.map(({ label }, index) => [label, credentials[index]?.secret ?? ''])),
  )
  const filling = await openHistoryIn(folder)
  const subjects: Subject[] = []
  for (const [index, run] of runs.entries()) {
    const proxy = proxies[index]
    const clientId = credentials[index]?.clientId
    if (proxy === undefined || clientId === undefined) throw new Error('Every run has a proxy and credentials')
    subjects.push(await fill(filling, folder, run, { vendor, clientId, proxy }))
  }
  await filling.close()

  const trusted = (['good', 'another host', 'expired'] as const).map((name) => certificates[name].certificate)
  const http = httpThrough(proxies, trusted)
  const watch = createWatch()
  const engine = await runEngine(folder, secrets, (database) => ({
    callsAtOnce: 1,
    http,
    database: watch.wrap(database),
  }))
  await engine.until(() => (engine.status().sends ? true : undefined))

  return {
    run: (label) => {
      const subject = subjects.find(({ run }) => run.label === label)
      if (subject === undefined) throw new Error(`No run is labelled ${label}`)
      return watchedRun(subject, engine, watch, async () =>
        must(
          await testConnection(
            {
              ...engineParts(engine.database, secrets),
              http,
              database: () => engine.database,
              epoch: () => engine.status().epoch,
              mayLeave: () => engine.status().sends,
            },
            subject.connection.id,
          ),
        ),
      )
    },
    end: async () => {
      await engine.end()
      const ledger = await sandbox.readLedger()
      const record = {
        ledger,
        journal: journalOf(folder, subjects),
        states: statesOf(folder, subjects),
        copies: copiesOf(folder, subjects),
      }
      await Promise.all(proxies.map((proxy) => proxy.close()))
      await sandbox.stop()
      rmSync(base, { recursive: true, force: true })
      return record
    },
  }
}

function sandboxFor({ vendor, runs, pendingMilliseconds = 0 }: BenchChoices): SandboxConfigInput {
  const accounts = runs.map(({ label }) => ({
    accountId: label,
    windows: roomyWindows.map((window) => ({ ...window })),
  }))
  const latencyMilliseconds = { minimum: 0, maximum: 2 }
  if (vendor === 'kore')
    return {
      accounts,
      apps: runs.map(({ label }) => ({ accountId: label, clientId: `cs-${label}` })),
      latencyMilliseconds,
      processing: { batchMilliseconds: 10, perIdentifierMilliseconds: 1 },
    }
  const processing = { pendingMilliseconds, stagingMilliseconds: 0, startedMilliseconds: 10 }
  return { latencyMilliseconds, mixpanel: { accounts, processing } }
}

type Credentials = Readonly<{ clientId: string; secret: string }>

function credentialsOf({ apps, mixpanel }: OwnSandbox, vendor: BenchChoices['vendor'], index: number): Credentials {
  const app = apps[index]
  const account = mixpanel.accounts[index]
  if (vendor === 'kore' && app !== undefined) return { clientId: app.clientId, secret: app.clientSecret }
  const project = account?.projects.find(({ residency }) => residency === mixpanel.residency)
  if (account === undefined || project === undefined) throw new Error('Every run has an account at the vendor')
  return { clientId: project.projectToken, secret: account.oauthToken }
}

type Way = Readonly<{ vendor: BenchChoices['vendor']; clientId: string; proxy: FaultProxy }>

async function fill(database: Database, folder: string, run: FaultRun, way: Way): Promise<Subject> {
  const { proxy } = way
  const now = systemClock.now()
  const connection = must(
    await database.saveConnection({
      id: null,
      vendor: way.vendor,
      name: run.label,
      environment: 'sandbox',
      isSandbox: true,
      origin: proxy.origin,
      clientId: way.clientId,
      secretReference: run.label,
      secretSavedAt: now,
      accountId: null,
      accountName: run.label,
      windows: roomyWindows,
      margin: 0,
      settings: connectionSettingsSchema.parse(run.settings),
      now,
    }),
  )
  if (run.call === 'test') return { run, proxy, connection, requestId: null }
  const identifiers = run.identifiers.map((value) => ({ value }))
  const isOfCopies = run.call === 'retrieve' || run.call === 'retrieval status'
  if (!isOfCopies)
    return { run, proxy, connection, requestId: await openRequestIn(database, folder, connection, identifiers) }
  const requestId = await draftIn(database, folder, connection, identifiers)
  must(await database.askForRetrievals({ requestId, disclosure: null, now }))
  return { run, proxy, connection, requestId }
}

/** Every call over this machine's network as it stands on the way to its host. */
function httpThrough(proxies: readonly FaultProxy[], certificates: readonly string[]): Http {
  const ways = new Map(
    proxies.map(({ origin, network }) => [origin, createHttp({ clock: systemClock, certificates, ...network })]),
  )
  return {
    send: (call, onStage) => {
      const way = ways.get(new URL(call.url).origin)
      if (way === undefined) throw new Error('A call to a host that no proxy stands for')
      return way.send(call, onStage)
    },
  }
}

function watchedRun(
  { run, proxy, connection, requestId }: Subject,
  engine: RunningEngine,
  watch: Watch,
  test: () => Promise<ConnectionTest>,
): WatchedRun {
  return {
    untilEnd: (kind, isIt = () => true) =>
      new Promise((resolve, reject) => {
        if (requestId === null) throw new Error('A connection test has no request')
        const look = () => {
          const found = watch.ends(requestId).find((end) => end.attempt.kind === kind && isIt(end))
          if (found === undefined) return
          stopLooking()
          clearTimeout(deadline)
          resolve(found)
        }
        const stopLooking = watch.onEnd(look)
        const deadline = setTimeout(() => {
          stopLooking()
          const seen = watch.ends(requestId).map(({ attempt, detail }) => ({ ...attempt, counts: detail.counts }))
          reject(new Error(`${run.label} (${run.fault.name}) did not go on; it saw ${JSON.stringify(seen)}`))
        }, deadlineMilliseconds)
        look()
      }),
    cure: async () => {
      await proxy.lift()
      must(await engine.database.resumeConnection({ connectionId: connection.id, now: systemClock.now() }))
      engine.wake()
    },
    takeBack: async () => {
      if (requestId === null) throw new Error('A connection test has no request')
      const page = { requestId, anchor: { index: 0 }, limit: 20 } as const
      const { rows } = must(await engine.database.read('listBatches', page, systemClock.now()))
      const batch = rows.find(({ status }) => status === 'accepted')
      if (batch === undefined) throw new Error(`${run.label} has nothing to take back`)
      const wish = { requestId, batchId: batch.id, reason: 'Wanted in a test.', now: systemClock.now() }
      must(await engine.database.askToCancel(wish))
      engine.wake()
    },
    test: async () => await engine.alongside(test),
  }
}

function journalOf(folder: string, subjects: readonly Subject[]): readonly JournalRow[] {
  const labels = new Map(subjects.map(({ run, connection }) => [connection.id as number, run.label]))
  type Row = Omit<JournalRow, 'label' | 'counts'> & Readonly<{ connectionId: number; spentFrom: number | null }>
  const rows = withHistory(folder, (file) =>
    file
      .prepare<[], Row>(
        `SELECT a.jti, a.kind, a.ending, a.stage, a.reserved_at AS reservedAt, a.ended_at AS endedAt,
           a.connection_id AS connectionId, a.spent_from AS spentFrom, b.number AS batch
         FROM attempt a LEFT JOIN batch b ON b.id = a.batch_id ORDER BY a.id`,
      )
      .all(),
  )
  return rows.map(({ connectionId, spentFrom, ...row }) => ({
    ...row,
    label: labels.get(connectionId) ?? '',
    counts: spentFrom !== null,
  }))
}

function statesOf(folder: string, subjects: readonly Subject[]): FaultRecord['states'] {
  return withHistory(folder, (file) => {
    const states = file.prepare<[number], { state: number }>(
      'SELECT state FROM identifier WHERE request_id = ? ORDER BY id',
    )
    return Object.fromEntries(
      subjects.map(({ run, requestId }) => [
        run.label,
        requestId === null ? [] : states.all(requestId).map(({ state }) => stateFromNumber(state)),
      ]),
    )
  })
}

function copiesOf(folder: string, subjects: readonly Subject[]): FaultRecord['copies'] {
  return withHistory(folder, (file) => {
    const statuses = file.prepare<[number], { status: RetrievalStatus }>(
      'SELECT status FROM retrieval WHERE request_id = ? ORDER BY id',
    )
    return Object.fromEntries(
      subjects.map(({ run, requestId }) => [
        run.label,
        requestId === null ? [] : statuses.all(requestId).map(({ status }) => status),
      ]),
    )
  })
}
