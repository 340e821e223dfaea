/** A history, a vendor, and a line between them that can be cut: where processes are killed while they send. */
import { setImmediate as nextTurn, setTimeout as after } from 'node:timers/promises'
import { join } from 'node:path'
import { deriveKeys } from '../../../src/main/adapters/database/keys.ts'
import { openFile } from '../../../src/main/adapters/database/open-file.ts'
import { all, number, type Sql } from '../../../src/main/adapters/database/sql.ts'
import { koreWindows } from '../../../src/main/vendors/kore/limits.ts'
import type { SandboxConfigInput } from '../../../src/sandbox/config.ts'
import type { RateWindow } from '../../../src/shared/model/connection.ts'
import type { BatchId, RequestId, RetrievalId } from '../../../src/shared/model/ids.ts'
import { stateNumbers, type IdentifierState } from '../../../src/shared/model/state.ts'
import { checkHistory } from '../../integration/database/invariants.ts'
import {
  historyKey,
  must,
  openHistoryIn,
  person,
  runEngine,
  secretReference,
  startBench,
  withHistory,
  type BenchChoices,
  type EngineBench,
} from '../engine.ts'
import { compareLedgerWithCopies } from './copies-judge.ts'
import type { Kill } from './engine-process.ts'
import { readCopies, readHistory, withCopy } from './history.ts'
import { compareLedgerWithHistory, type Judged } from './judge.ts'
import { openLine, type Line, type Trap } from './line.ts'
import { untilStopped, type Engines, type Started, type Task } from './processes.ts'
import { seerOf, type Step } from './steps.ts'

/** The vendor's own windows, sixty times as fast; the simulated vendor and the history are given the same ones. */
export const scaledWindows: readonly RateWindow[] = koreWindows.map(({ milliseconds, calls }) => ({
  milliseconds: milliseconds / 60,
  calls,
}))

export type DeskChoices = Readonly<{
  perCall: number
  windows?: readonly RateWindow[]
  /** Emails are looked up before they are erased; the vendor then names everybody by an id of its own. */
  lookUpFirst?: boolean
  sandbox?: SandboxConfigInput
  /** Absent: Kore.ai. */
  mixpanel?: Readonly<{
    processing: NonNullable<BenchChoices['mixpanel']>['processing']
    /** The distinct id of the person with this number. */
    nameOf: (person: number) => string
  }>
}>

export type SendingDesk = Readonly<{
  bench: EngineBench
  /** A new request with so many people, open. */
  send: (people: number) => Promise<RequestId>
  /** Starts a process that sends, first what is in doubt where `again` says so, and dies at the step. */
  killed: (kill: Kill, again?: boolean) => Promise<void>
  /** An engine over the history, or over a copy of it, that sends until nothing is left that goes on by itself. */
  finish: (folder?: string) => Promise<void>
  /** The operator decides about every doubt; false: there was none. */
  decide: (decision: 'send again' | 'treat as sent') => Promise<boolean>
  /** From now on calls are as large as before, however many are too large: nothing of it is remembered. */
  keepCallsLarge: () => void
  /** The operator wants every batch taken back that the vendor has; gives how many those are. */
  takeBack: () => Promise<number>
  /** Asks for copies of everybody in a request; gives how many. */
  askForCopies: (requestId: RequestId) => Promise<number>
  /** The operator asks again for every copy that is in doubt; gives how many those are. */
  askAgainForCopies: () => Promise<number>
  /** How many identifiers are in this state, and nobody decided that they be. */
  count: (state: IdentifierState) => number
  /** Starts a process that sends, and is stopped in the step, as a power cut finds it; notes its commits at `commits`. */
  stopped: (kill: Kill, commits: string) => Promise<Started>
  /** Holds history and ledger against each other; throws with every line of what is wrong. */
  judge: (moment: Judged['moment']) => Promise<void>
  /** The same for a copy of the history, as it lies or once an engine has finished with it. */
  judgeCopy: (sql: Sql, moment: Judged['moment']) => void
  remove: () => Promise<void>
}>

const goingOn = `SELECT (SELECT count(*) FROM identifier WHERE state IN
    (${[stateNumbers.queued, stateNumbers.sending, stateNumbers.accepted].join(', ')}))
  + (SELECT count(*) FROM retrieval WHERE status IN ('preparing', 'queued', 'sending', 'accepted')) AS value`

const forgetTooLarge = `CREATE TRIGGER forget_too_large AFTER UPDATE OF too_large ON connection
  BEGIN UPDATE connection SET too_large = NULL WHERE id = NEW.id; END`

const places: Readonly<Partial<Record<Step, Pick<Trap, 'call' | 'place'>>>> = {
  'after the first byte': { call: 'erase', place: 'first byte' },
  'in the middle of the body': { call: 'erase', place: 'middle of the body' },
  'after the body': { call: 'erase', place: 'body' },
  'in the middle of the answer': { call: 'erase', place: 'middle of the answer' },
  'in a poll, after the first byte': { call: 'status', place: 'first byte' },
  'in a poll, in the middle of the answer': { call: 'status', place: 'middle of the answer' },
  'in a split, in the middle of the body of a part': { call: 'erase', place: 'middle of the body' },
  'in a look-up, in the middle of the body': { call: 'look-up', place: 'middle of the body' },
  'in a look-up, in the middle of the answer': { call: 'look-up', place: 'middle of the answer' },
  'in a conflict, in the middle of the answer': { call: 'erase', place: 'middle of the answer' },
  'in a taking back, after the first byte': { call: 'cancel', place: 'first byte' },
  'in a taking back, after it has left': { call: 'cancel', place: 'body' },
  'in a taking back, in the middle of the answer': { call: 'cancel', place: 'middle of the answer' },
  'in a copy, after the first byte': { call: 'retrieve', place: 'first byte' },
  'in a copy, in the middle of the body': { call: 'retrieve', place: 'middle of the body' },
  'in a copy, after it has left': { call: 'retrieve', place: 'body' },
  'in a copy, in the middle of the answer': { call: 'retrieve', place: 'middle of the answer' },
  'in asking about a copy, in the middle of the answer': { call: 'retrieval status', place: 'middle of the answer' },
}

/** Makes a desk whose history is empty but for its connection. */
export async function openSendingDesk(engines: Engines, choices: DeskChoices): Promise<SendingDesk> {
  const lines: Line[] = []
  const { mixpanel } = choices
  const bench = await startBench({
    ...(mixpanel === undefined ? {} : { vendor: 'mixpanel', mixpanel: { processing: mixpanel.processing } }),
    perCall: choices.perCall,
    windows: choices.windows ?? scaledWindows,
    callTimeoutMilliseconds: 1500,
    worker: engines.databaseWorker,
    settings: { lookUpFirst: choices.lookUpFirst ?? false },
    sandbox: { latencyMilliseconds: { minimum: 10, maximum: 40 }, ...choices.sandbox },
    between: async (origin) => {
      const line = await openLine(origin)
      lines.push(line)
      return line.origin
    },
  })
  const [line] = lines
  if (line === undefined) throw new Error('The desk has a line')
  const requests: RequestId[] = []
  const submitted: string[] = []
  let choicesMade = 0

  const secret = must(await bench.secrets.read(secretReference)) ?? ''

  async function send(people: number): Promise<RequestId> {
    const prefix = choices.lookUpFirst === true ? 'sandbox-renamed.person' : 'person'
    const identifiers = Array.from({ length: people }, (_, index) => {
      const place = submitted.length + index
      return mixpanel === undefined ? person(`${prefix}-${place}`) : { value: mixpanel.nameOf(place) }
    })
    submitted.push(...identifiers.map(({ value }) => value))
    const requestId = await bench.sendRequest(identifiers)
    requests.push(requestId)
    return requestId
  }

  async function killed(kill: Kill, again = false): Promise<void> {
    if (again) choicesMade += 1
    const sentAgain = again ? requestsInDoubt() : []
    // One call at a time: at a named step nothing else is under way.
    const callsAtOnce = seerOf(kill.step) === 'clock' ? 4 : 1
    const task: Task = { folder: bench.folder, kill, work: { kind: 'send', secret, callsAtOnce, sentAgain } }
    const place = places[kill.step]
    const started: { engine?: Started } = {}
    if (place !== undefined) {
      line?.set({ ...place, skip: kill.skip, spring: () => started.engine?.process.kill('SIGKILL') })
    }
    started.engine = engines.start(task)
    if (seerOf(kill.step) === 'clock') await killAfter(started.engine, kill)
    const end = await started.engine.ended
    line?.set(null)
    if (end !== 'SIGKILL') throw new Error(`Killed ${kill.step}: the process ended by ${end}`)
  }

  async function stopped(kill: Kill, commits: string): Promise<Started> {
    const work = { kind: 'send', secret, callsAtOnce: 3, sentAgain: [] } as const
    const engine = engines.start({ folder: bench.folder, kill, work }, 'SIGSTOP', commits)
    await untilStopped(engine)
    return engine
  }

  async function finish(folder = bench.folder): Promise<void> {
    const engine = await runEngine(folder, bench.secrets, () => ({}), engines.databaseWorker)
    const file = openFile(join(folder, 'history.db'), deriveKeys(historyKey).cipher, 'reader')
    await engine.until(() => (number(file, goingOn) === 0 ? true : undefined))
    file.close()
    await engine.end()
    await arrived()
  }

  /** What the line still carries arrives, or never will. */
  async function arrived(): Promise<void> {
    while (bench.sandbox.ledger().some(({ ended }) => ended === 'open')) await nextTurn()
  }

  /** Requests with something in doubt, so that the first of them is one that a decision changes. */
  function requestsInDoubt(): readonly RequestId[] {
    const found = `SELECT DISTINCT request_id AS id FROM identifier WHERE state = ? AND decided = 0 ORDER BY 1`
    return withCopy(bench.folder, (sql) =>
      all<{ id: RequestId }>(sql, found, stateNumbers['outcome unknown']).map(({ id }) => id),
    )
  }

  function count(state: IdentifierState): number {
    const found = 'SELECT count(*) AS value FROM identifier WHERE state = ? AND decided = 0'
    return withCopy(bench.folder, (sql) => number(sql, found, stateNumbers[state]))
  }

  async function decide(decision: 'send again' | 'treat as sent'): Promise<boolean> {
    if (decision !== 'treat as sent') choicesMade += 1
    const database = await openHistoryIn(bench.folder, engines.databaseWorker)
    const decided = await Promise.all(
      requests.map(async (requestId) => {
        const doubt = { target: { all: true }, state: 'outcome unknown', decision } as const
        const input = { ...doubt, requestId, reason: 'Decided in a test.' }
        return await database.decide({ ...input, now: Date.now() })
      }),
    )
    await database.close()
    return decided.some(({ ok }) => ok)
  }

  async function takeBack(): Promise<number> {
    const found = `SELECT id, request_id AS requestId FROM batch
      WHERE status = 'accepted' AND origin = 'ours' AND cancel_asked_at IS NULL ORDER BY id`
    const batches = withCopy(bench.folder, (sql) => all<{ id: BatchId; requestId: RequestId }>(sql, found))
    const database = await openHistoryIn(bench.folder, engines.databaseWorker)
    for (const { id: batchId, requestId } of batches)
      must(await database.askToCancel({ requestId, batchId, reason: 'Wanted in a test.', now: Date.now() }))
    await database.close()
    return batches.length
  }

  async function askForCopies(requestId: RequestId): Promise<number> {
    const database = await openHistoryIn(bench.folder, engines.databaseWorker)
    const asked = must(await database.askForRetrievals({ requestId, disclosure: null, now: Date.now() }))
    await database.close()
    return asked
  }

  async function askAgainForCopies(): Promise<number> {
    const found = `SELECT id, request_id AS requestId FROM retrieval WHERE status = 'outcome unknown' ORDER BY id`
    const copies = withCopy(bench.folder, (sql) => all<{ id: RetrievalId; requestId: RequestId }>(sql, found))
    const database = await openHistoryIn(bench.folder, engines.databaseWorker)
    for (const { id: retrievalId, requestId } of copies) {
      const input = { requestId, retrievalId, reason: 'Decided in a test.', now: Date.now() }
      must(await database.askRetrievalAgain(input))
    }
    await database.close()
    return copies.length
  }

  async function judge(moment: Judged['moment']): Promise<void> {
    await arrived()
    withCopy(bench.folder, (sql) => judgeCopy(sql, moment))
  }

  function judgeCopy(sql: Sql, moment: Judged['moment']): void {
    checkHistory(sql)
    const lookUpFirst = choices.lookUpFirst ?? false
    const ledger = bench.sandbox.ledger()
    const told = { ...readHistory(sql), submitted, ledger, choices: choicesMade, moment, lookUpFirst }
    const wrong = [...compareLedgerWithHistory(told), ...compareLedgerWithCopies(readCopies(sql), ledger, moment)]
    if (wrong.length > 0) throw new Error(`The history and the ledger do not agree:\n${wrong.join('\n')}`)
  }

  return {
    bench,
    send,
    killed,
    stopped,
    finish,
    decide,
    keepCallsLarge: () => withHistory(bench.folder, (file) => file.exec(forgetTooLarge)),
    takeBack,
    askForCopies,
    askAgainForCopies,
    count,
    judge,
    judgeCopy,
    remove: async () => {
      await line.close()
      await bench.remove()
    },
  }
}

/** Kills the process from outside, at a moment that nothing in it knows. */
export async function killAfter({ begun, process }: Started, { microseconds }: Kill): Promise<void> {
  await begun
  await after(microseconds / 1000)
  process.kill('SIGKILL')
}
