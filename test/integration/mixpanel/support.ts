/** The real engine over the simulated Mixpanel, judged after every test: by the vendor's ledger, and by the history's rules. */
import { afterEach } from 'vitest'
import { createGuards } from '../../../src/main/core/app/guards.ts'
import { planDecision } from '../../../src/main/core/plan/decision.ts'
import { dryRun } from '../../../src/main/core/plan/dry-run.ts'
import { estimateRequest, planRequest } from '../../../src/main/core/plan/plan.ts'
import type { Database } from '../../../src/main/core/ports.ts'
import { createRequestHandlers } from '../../../src/main/core/requests/handlers.ts'
import type { LedgerEntry } from '../../../src/sandbox/ledger.ts'
import type { BatchId, RequestId } from '../../../src/shared/model/ids.ts'
import type { BatchRow, Decision } from '../../../src/shared/model/request.ts'
import type { IdentifierState } from '../../../src/shared/model/state.ts'
import {
  engineParts,
  must,
  runEngine,
  startBench,
  withHistory,
  type BenchChoices,
  type EngineBench,
  type RunningEngine,
  type TestIdentifier,
} from '../../support/engine.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'
import { checkHistory } from '../database/invariants.ts'

const benches: EngineBench[] = []
const engines: RunningEngine[] = []
const ending: (() => Promise<unknown>)[] = []

/** Ends and judges everything that a test of this file began. */
export function judgeAfterEach(): void {
  afterEach(async () => {
    for (const engine of engines.splice(0)) await engine.end()
    for (const end of ending.splice(0).toReversed()) await end()
    for (const bench of benches.splice(0)) await endBench(bench)
  })
}

async function endBench(bench: EngineBench): Promise<void> {
  expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
  withHistory(bench.folder, checkHistory)
  await bench.remove()
}

/** Runs at the end of the test, before it is judged. */
export function atEnd(end: () => Promise<unknown>): void {
  ending.push(end)
}

export async function newBench(choices: BenchChoices = {}): Promise<EngineBench> {
  const bench = await startBench({ vendor: 'mixpanel', ...choices })
  benches.push(bench)
  return bench
}

export async function engineFor(bench: EngineBench, changed?: Parameters<typeof runEngine>[2]): Promise<RunningEngine> {
  const engine = await runEngine(bench.folder, bench.secrets, changed)
  engines.push(engine)
  return engine
}

/** Keeps an engine that was started elsewhere until the end of the test. */
export function keep(engine: RunningEngine): RunningEngine {
  engines.push(engine)
  return engine
}

export async function endEngine(engine: RunningEngine): Promise<void> {
  engines.splice(engines.indexOf(engine), 1)
  await engine.end()
}

export function id(name: string): TestIdentifier {
  return { value: name }
}

export function ids(...names: readonly string[]): readonly TestIdentifier[] {
  return names.map(id)
}

export function detailOf(database: Database, requestId: RequestId) {
  return database.read('getRequest', { requestId }, Date.now()).then(must)
}

/** Waits until nothing of the request is queued, under way or running at the vendor. */
export function settled({ until, database }: RunningEngine, requestId: RequestId) {
  return until(async () => {
    const detail = await detailOf(database, requestId)
    const { queued = 0, sending = 0, accepted = 0 } = detail.counts
    return queued + sending + accepted === 0 ? detail : undefined
  })
}

/** Waits until every identifier is in this state. */
export function untilAll(bench: EngineBench, { until }: RunningEngine, requestId: RequestId, state: IdentifierState) {
  return until(() => {
    const states = Object.values(bench.states(requestId))
    return states.every((one) => one === state) ? true : undefined
  })
}

export async function batchesOf(database: Database, requestId: RequestId): Promise<readonly BatchRow[]> {
  const page = await database.read('listBatches', { requestId, anchor: { index: 0 }, limit: 500 }, Date.now())
  return must(page).rows
}

export async function eventsOf(database: Database, requestId: RequestId): Promise<readonly string[]> {
  const page = await database.read('listEvents', { requestId, anchor: { index: 0 }, limit: 500 }, Date.now())
  return must(page).rows.map(({ words }) => words)
}

export function calls({ sandbox }: EngineBench, ...kinds: readonly LedgerEntry['call'][]): readonly LedgerEntry[] {
  return sandbox.ledger().filter(({ call }) => kinds.includes(call))
}

/** The names in each call that asked for a deletion, and what the vendor made of it. */
export function deletions(bench: EngineBench): readonly (readonly [verdict: string, ...names: string[]])[] {
  return calls(bench, 'erase').map(({ verdict, identifiers }) => [verdict, ...identifiers.map(String)] as const)
}

/** How often the vendor really erased each identifier, by whoever's task. */
export function timesErased({ sandbox }: EngineBench): Readonly<Record<string, number>> {
  const names = sandbox.tasks().flatMap(({ erasedIds }) => erasedIds)
  return Object.fromEntries(names.map((name) => [name, names.filter((other) => other === name).length]))
}

/** The operator's decision about everything in this state. */
export async function decide(
  engine: RunningEngine,
  requestId: RequestId,
  state: IdentifierState,
  decision: Decision,
): Promise<void> {
  const input = { requestId, target: { all: true }, state, decision, reason: 'Decided in a test.' } as const
  must(await engine.database.decide({ ...input, now: Date.now() }))
  engine.wake()
}

/** What a window may ask of the requests, as main answers it. */
export function windowOver(bench: EngineBench, engine: RunningEngine) {
  const { database } = engine
  const desk = {
    history: () => ({ database, failure: null, keychainFailure: null }),
    database: () => database,
    engine: () => engine,
    isClosing: () => false,
    tryAgain: async () => {},
    close: async () => {},
  }
  const ports = { ...engineParts(database, bench.secrets), database: () => database }
  const handlers = createRequestHandlers({
    ...ports,
    desk,
    guards: createGuards(desk),
    plans: {
      plan: (requestId) => planRequest(ports, requestId),
      dryRun: (requestId) => dryRun(ports, requestId),
      decision: (input) => planDecision(ports, input),
      estimate: (requestId) => estimateRequest(ports, requestId),
    },
    notify: () => {},
    isOnline: () => true,
  })
  return {
    batches: async (requestId: RequestId) =>
      must(await handlers.listBatches({ requestId, anchor: { index: 0 }, limit: 500 })).rows,
    cancel: async (requestId: RequestId, batchId: BatchId) =>
      await handlers.cancelBatch({ requestId, batchId, reason: 'Sent by mistake.' }),
  }
}
