/**
 * On a disk of its own that is filled while the engine sends: once with a call under way, once before a call, once with
 * its process killed on the full disk. Tells its parent what was seen.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '../../../src/main/adapters/database/client.ts'
import { historyKey, must, person, runEngine, startBench, withHistory, type EngineBench } from '../../support/engine.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'
import { startSender } from '../../support/sender.ts'
import { fillDisk } from '../../support/small-disk.ts'
import { databaseWorker } from '../../support/threads.ts'

const disk = process.argv[2] ?? ''
process.env['TMPDIR'] = disk
const ballast = join(disk, 'ballast')

// Answers come late enough for the disk to be filled while a call is under way.
const bench = await startBench({ perCall: 1, sandbox: { latencyMilliseconds: { minimum: 300, maximum: 300 } } })

/** The disk is full when the answer to the second call comes; what is seen before there is room, and after. */
async function fullWhileACallIsUnderWay() {
  const requestId = await bench.sendRequest([person('a'), person('b'), person('c')])
  let unwritten = 0
  let onThird = () => {}
  const untilUnwritten = new Promise<void>((resolve) => {
    onThird = resolve
  })
  const second = bench.sandbox.waitForCall(() => eraseCalls(bench) === 2)
  const engine = await runEngine(bench.folder, bench.secrets, () => ({
    callsAtOnce: 1,
    log: {
      info: () => {},
      problem: (event) => {
        if (event === 'answer not written') unwritten += 1
        if (unwritten === 3) onThird()
      },
    },
  }))
  await second
  fillDisk(ballast)
  await untilUnwritten
  const { reason, trouble } = engine.status()
  const whileFull = { reason, trouble: trouble?.code, states: bench.states(requestId), calls: eraseCalls(bench) }
  rmSync(ballast)
  await engine.until(() => allErased(requestId))
  const after = { reason: engine.status().reason, calls: eraseCalls(bench) }
  await engine.end()
  return { whileFull, after }
}

/** The disk is full before anything leaves. */
async function fullBeforeACall() {
  const requestId = await bench.sendRequest([person('d'), person('e')])
  const callsBefore = eraseCalls(bench)
  const attemptsBefore = bench.attempts().length
  const engine = await runEngine(bench.folder, bench.secrets, (database) => ({
    database: {
      ...database,
      takeSenderLock: async (moment) => {
        const taken = await database.takeSenderLock(moment)
        fillDisk(ballast)
        return taken
      },
    },
  }))
  await engine.until(() => (engine.status().trouble === null ? undefined : true))
  const { reason, trouble } = engine.status()
  const whileFull = { reason, trouble: trouble?.code, newCalls: eraseCalls(bench) - callsBefore }
  const newAttempts = bench.attempts().length - attemptsBefore
  rmSync(ballast)
  await engine.until(() => allErased(requestId))
  const after = { reason: engine.status().reason }
  await engine.end()
  return { whileFull, newAttempts, after }
}

/** Killed while the answer of a call cannot be stored; then nobody has the history open on the full disk. */
async function killedOnTheFullDisk() {
  const requestId = await bench.sendRequest([person('f'), person('g')])
  const secret = must(await bench.secrets.read('secret of the sandbox')) ?? ''
  const seen = eraseCalls(bench)
  const arrived = bench.sandbox.waitForCall(({ call }) => call === 'erase' && eraseCalls(bench) > seen)
  const sender = startSender({ folder: bench.folder, secret, callsAtOnce: 1 })
  await arrived
  fillDisk(ballast)
  const word = await sender.until(({ problem }) => problem?.startsWith('answer not written') === true)
  await sender.kill()
  const opened = await openDatabase({
    workerUrl: databaseWorker,
    folder: bench.folder,
    key: historyKey,
    now: Date.now(),
  })
  if (opened.ok) await opened.value.close()
  rmSync(ballast)
  const engine = await runEngine(bench.folder, bench.secrets)
  await engine.until(() => {
    const states = Object.values(bench.states(requestId))
    return states.every((state) => state === 'erased' || state === 'outcome unknown') ? true : undefined
  })
  await engine.end()
  return {
    problem: word.problem,
    openedWhileFull: opened.ok ? 'opened' : opened.failure.code,
    states: bench.states(requestId),
    newCalls: eraseCalls(bench) - seen,
  }
}

function eraseCalls({ sandbox }: EngineBench): number {
  return sandbox.ledger().filter(({ call }) => call === 'erase').length
}

function allErased(requestId: Parameters<EngineBench['states']>[0]): true | undefined {
  return Object.values(bench.states(requestId)).every((state) => state === 'erased') ? true : undefined
}

const underWay = await fullWhileACallIsUnderWay()
const before = await fullBeforeACall()
const killed = await killedOnTheFullDisk()
const sound = withHistory(bench.folder, (file) => file.pragma('integrity_check', { simple: true }))
expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
process.send?.({ underWay, before, killed, sound })
await bench.remove()
process.disconnect()
