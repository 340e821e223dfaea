/**
 * The engine in a process of its own, wired here as the app wires it, that ends itself at a chosen step as a power cut or
 * the system would: no handler runs, nothing is closed. Started with one argument, the JSON of an `Order`.
 */
import { join } from 'node:path'
import { systemClock, systemRandom } from '../../../src/main/adapters/clock/clock.ts'
import { createCsvReader } from '../../../src/main/adapters/csv/reader.ts'
import { deriveKeys, openDatabase } from '../../../src/main/adapters/database/client.ts'
import { writeWhole } from '../../../src/main/adapters/files/write-whole.ts'
import { createHttp } from '../../../src/main/adapters/http/http.ts'
import { jwtSigner } from '../../../src/main/adapters/signing/signer.ts'
import { createImports } from '../../../src/main/core/import/run.ts'
import type { Database, Http, SecretStore } from '../../../src/main/core/ports.ts'
import { startEngine } from '../../../src/main/core/send/engine.ts'
import { vendors } from '../../../src/main/vendors/index.ts'
import { succeed, type Result } from '../../../src/shared/failure.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import type { CallStage } from '../../../src/shared/model/request.ts'
import type { Step } from './steps.ts'
import { watchFile } from './watch-file.ts'
import { noteCommit } from './write-ahead-log.ts'

/** Where this process ends; a step that it does not see come itself ends it from outside. */
export type Kill = Readonly<{
  step: Step
  /** So often the step passes undisturbed first. */
  skip: number
  /** For a step that lasts: how long it lasts before the end comes, if it has not ended itself by then. */
  microseconds: number
}>

export type Order = Readonly<{
  folder: string
  /** The history's key, hex. */
  key: string
  /** The built files of the threads. */
  databaseWorker: string
  csvWorker: string
  kill: Kill | null
  signal: 'SIGKILL' | 'SIGSTOP'
  work:
    | Readonly<{
        kind: 'send'
        secret: string
        callsAtOnce: number
        /** Requests whose doubts the operator sends again, in this order, before anything else is sent. */
        sentAgain: readonly RequestId[]
      }>
    | Readonly<{ kind: 'import'; requestId: RequestId; path: string }>
    /** Compared; then the repeats are let go, or the rest is sent and they are cancelled. */
    | Readonly<{ kind: 'repeats'; requestId: RequestId; upto: 'compared' | 'let go' | 'sent' }>
    | Readonly<{ kind: 'open' }>
  /** Where the state of the write-ahead log is noted after every commit that returned; null: nowhere. */
  commits: string | null
}>

const order = JSON.parse(process.argv[2] ?? '{}') as Order
const { kill, folder } = order
const key = Buffer.from(order.key, 'hex')
let left = kill?.skip ?? 0

function isHere(...names: readonly Step[]): boolean {
  if (kill === null || !names.includes(kill.step)) return false
  left -= 1
  return left < 0
}

function end(): void {
  process.kill(process.pid, order.signal)
}

/** Ends the process where the step is one of these. */
function at(...names: readonly Step[]): void {
  if (isHere(...names)) end()
}

/** Ends the process while `work` goes on in another thread, or in the instant it is done. */
async function during<T>(work: () => Promise<T>, ...names: readonly Step[]): Promise<T> {
  if (!isHere(...names)) return await work()
  const due = process.hrtime.bigint() + BigInt(Math.round((kill?.microseconds ?? 0) * 1000))
  const look = () => {
    if (process.hrtime.bigint() >= due) end()
    else setImmediate(look)
  }
  const working = work()
  look()
  await working
  end()
  return await working
}

/** Passes on what a command that lasts gave, and notes where the log stood when it had returned. */
function durable<T>(result: Result<T>): Result<T> {
  if (order.commits !== null) noteCommit(folder, order.commits)
  return result
}

function watched(database: Database): Database {
  return {
    ...database,
    startImport: async (input) => durable(await database.startImport(input)),
    takeSenderLock: async (input) => {
      const taken = await during(
        () => database.takeSenderLock(input),
        'in a take-over, while the calls of the dead are ended',
      )
      at('in a take-over, after the calls of the dead are ended')
      return durable(taken)
    },
    reserveCall: async (input) => {
      at('before the journal commit')
      const reserved = await during(() => database.reserveCall(input), 'in the journal commit')
      const kind = reserved.ok ? reserved.value.kind : null
      if (kind === 'erase') at('after the journal commit')
      if (kind === 'status') at('in a poll, after its journal commit')
      if (kind === 'look-up') at('in a look-up, after its journal commit')
      if (kind === 'cancel') at('in a taking back, after its journal commit')
      if (kind === 'retrieve') at('in a copy, after its journal commit')
      if (kind === 'retrieval status') at('in asking about a copy, after its journal commit')
      return durable(reserved)
    },
    noteCall: async (input) => durable(await database.noteCall(input)),
    finishErase: async (result, outcome) => {
      const isTooLarge = result.ending === 'too large'
      const isConflict = outcome.kind === 'conflict'
      at('before the answer is stored')
      if (isTooLarge) at('in a split, before the halves are made')
      if (isConflict) at('in a conflict, before it is taken apart')
      const written = await during(
        () => database.finishErase(result, outcome),
        'while the answer is stored',
        ...(isTooLarge ? (['in a split, while the halves are made'] as const) : []),
        ...(isConflict ? (['in a conflict, while it is taken apart'] as const) : []),
      )
      at('after the answer is stored')
      if (isTooLarge) at('in a split, after the halves are made')
      if (isConflict) at('in a conflict, after it is taken apart')
      return durable(written)
    },
    finishCancel: async (result, outcome) => {
      at('in a taking back, before the answer is stored')
      const written = await during(
        () => database.finishCancel(result, outcome),
        'in a taking back, while the answer is stored',
      )
      at('in a taking back, after the answer is stored')
      return durable(written)
    },
    finishRetrieve: async (result, outcome) => {
      at('in a copy, before the answer is stored')
      const written = await during(
        () => database.finishRetrieve(result, outcome),
        'in a copy, while the answer is stored',
      )
      at('in a copy, after the answer is stored')
      return durable(written)
    },
    finishRetrievalStatus: async (result, outcome) => {
      at('in asking about a copy, before the answer is stored')
      const written = await during(
        () => database.finishRetrievalStatus(result, outcome),
        'in asking about a copy, while the answer is stored',
      )
      at('in asking about a copy, after the answer is stored')
      return durable(written)
    },
    finishLookUp: async (result, outcome) => {
      at('in a look-up, before the answer is stored')
      const written = await during(
        () => database.finishLookUp(result, outcome),
        'in a look-up, while the answer is stored',
      )
      at('in a look-up, after the answer is stored')
      return durable(written)
    },
    finishPoll: async (result, outcome) => {
      at('in a poll, before the answer is stored')
      const written = await during(
        () => database.finishPoll(result, outcome),
        'in a poll, while the answer is stored',
        'in a conflict, while the answer about a task is stored',
      )
      at('in a poll, after the answer is stored')
      return durable(written)
    },
    decide: async (input) => {
      const decided = await during(() => database.decide(input), 'in a decision to send again, while it is written')
      at('in a decision to send again, after it is written')
      return decided
    },
  }
}

const stageSteps: Readonly<Partial<Record<CallStage, Step>>> = {
  connected: 'after connect',
  headers: 'when the answer has begun',
}

function watchedHttp(http: Http): Http {
  return {
    send: async (call, onStage) => {
      if (call.body !== null) at('after the call is noted')
      return await http.send(call, (stage) => {
        const step = stageSteps[stage]
        if (step !== undefined && call.body !== null) at(step)
        if (stage === 'connected' && call.body !== null && call.url.includes('/data-retrievals/'))
          at('in a copy, after connect')
        onStage?.(stage)
      })
    },
  }
}

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`)
  return result.value
}

/** Tells that all is open that the work needs. */
function begin(): void {
  process.send?.('begun')
}

function secretsOf(secret: string): SecretStore {
  return {
    check: async () => succeed(null),
    read: async () => succeed(secret),
    write: async () => succeed(null),
    remove: async () => succeed(null),
  }
}

async function send(database: Database, work: Extract<Order['work'], { kind: 'send' }>): Promise<void> {
  const parts = watched(database)
  const doubt = { target: { all: true }, state: 'outcome unknown', decision: 'send again' } as const
  for (const requestId of work.sentAgain) {
    const input = { ...doubt, requestId, reason: 'Decided in a test.' }
    // Nothing waits where a process before this one was killed after it had decided.
    await parts.decide({ ...input, now: systemClock.now() })
  }
  const http = createHttp({
    clock: systemClock,
    online: () => true,
    resolveProxy: async () => 'DIRECT',
    certificates: null,
  })
  startEngine({
    database: parts,
    secrets: secretsOf(work.secret),
    http: watchedHttp(http),
    signer: jwtSigner,
    vendors,
    clock: systemClock,
    random: systemRandom,
    log: { info: () => {}, problem: () => {} },
    online: () => true,
    onChange: () => {},
    callsAtOnce: work.callsAtOnce,
  })
  begin()
}

async function readFile(database: Database, requestId: RequestId, path: string): Promise<void> {
  const reader = createCsvReader({
    workerUrl: new URL(order.csvWorker),
    tokenKey: () => deriveKeys(key).token,
  })
  const ended = Promise.withResolvers<void>()
  const parts = watched(database)
  const imports = createImports({
    database: () => parts,
    reader,
    vendors,
    clock: systemClock,
    // The draft is told of last, when the import has come to its end.
    notify: (topic) => {
      if (topic === 'request') ended.resolve()
    },
    log: { info: () => {}, problem: () => {} },
    writeFile: writeWhole,
  })
  const { format, roles } = must(await imports.inspect(path, {}))
  begin()
  must(await imports.start({ requestId, path, format, roles: [...roles] }))
  await ended.promise
}

async function workOffRepeats(
  database: Database,
  { requestId, upto }: Extract<Order['work'], { kind: 'repeats' }>,
): Promise<void> {
  const now = systemClock.now()
  begin()
  must(await database.compareWithHistory({ requestId, now }))
  if (upto === 'let go') must(await database.decideRepeats({ requestId, decision: 'send again', now }))
  if (upto !== 'sent') return
  const { fingerprint } = must(await database.planBasis({ requestId, now, samplePerGroup: 1 }))
  must(await database.openRequest({ requestId, planDigest: 'plan', fingerprint, now }))
}

if (kill !== null) watchFile(join(folder, 'history.db'), key, kill, end)
if (order.work.kind === 'open') begin()
const database = must(
  await openDatabase({ workerUrl: new URL(order.databaseWorker), folder, key, now: systemClock.now() }),
)
if (order.work.kind === 'send') await send(database, order.work)
else {
  if (order.work.kind === 'repeats') await workOffRepeats(database, order.work)
  if (order.work.kind === 'import') await readFile(database, order.work.requestId, order.work.path)
  await database.close()
  process.exit(0)
}
