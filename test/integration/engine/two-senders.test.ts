/** Two real processes with real engines on one history: one frozen and woken, one killed, one robbed of its lock. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import { must, person, secretReference, startBench, type EngineBench } from '../../support/engine.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'
import { startSender, type SenderProcess } from '../../support/sender.ts'

const ending: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

const people = Array.from({ length: 6 }, (_, index) => person(`person-${index}`))

/** A vendor that takes its time, a request of six calls, and a first sender with a call under way. */
async function begin() {
  const bench = await startBench({
    perCall: 1,
    callTimeoutMilliseconds: 20_000,
    sandbox: { latencyMilliseconds: { minimum: 400, maximum: 400 } },
  })
  ending.push(bench.remove)
  const secret = must(await bench.secrets.read(secretReference)) ?? ''
  const start = (): SenderProcess => {
    const sender = startSender({ folder: bench.folder, secret, callsAtOnce: 1 })
    ending.push(sender.kill)
    return sender
  }
  const first = start()
  await first.until(({ sends }) => sends)
  const second = start()
  await second.until(({ looks, reason }) => looks > 0 && reason !== null)
  const requestId = await bench.sendRequest(people)
  const arrived = bench.sandbox.waitForCall(({ call }) => call === 'erase')
  first.look()
  await arrived
  return { bench, requestId, first, second }
}

/** Until every identifier is erased or waits for a person, as a process says that something changed. */
async function untilSettled(bench: EngineBench, requestId: RequestId, sender: SenderProcess): Promise<void> {
  await sender.until(() =>
    Object.values(bench.states(requestId)).every((state) => state === 'erased' || state === 'outcome unknown'),
  )
}

function eraseCalls({ sandbox }: EngineBench) {
  return sandbox.ledger().filter(({ call }) => call === 'erase')
}

/** Every identifier was in one call at most, and every call is in the journal. */
function expectNothingTwice(bench: EngineBench): void {
  const sent = eraseCalls(bench).flatMap(({ identifiers }) => identifiers.map((one) => JSON.stringify(one)))
  expect(sent).toEqual([...new Set(sent)])
  expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
}

function epochsOfErase(bench: EngineBench): readonly number[] {
  const attempts = bench.attempts().filter(({ kind }) => kind === 'erase')
  return [...new Set(attempts.map(({ epoch }) => epoch))]
}

test('frozen, the first keeps the lock and the other does not send; woken, it goes on alone', async () => {
  const { bench, requestId, first, second } = await begin()
  first.freeze()
  const callsWhenFrozen = eraseCalls(bench).length
  const { looks } = second.lastWord() ?? { looks: 0 }
  // Two more looks of the other's at the lock, three seconds apart.
  const word = await second.until((now) => now.looks >= looks + 2)
  expect(word).toMatchObject({ sends: false, trouble: null })
  expect(word.reason).toMatch(/^Another window or program sends from this history\./)
  expect(eraseCalls(bench)).toHaveLength(callsWhenFrozen)

  first.wake()
  await untilSettled(bench, requestId, first)
  expect(new Set(Object.values(bench.states(requestId)))).toEqual(new Set(['erased']))
  expect(epochsOfErase(bench)).toEqual([1])
  expect(second.lastWord()).toMatchObject({ sends: false })
  expectNothingTwice(bench)
})

test('killed while frozen, its call is in doubt and the other takes over what was never sent', async () => {
  const { bench, requestId, first, second } = await begin()
  first.freeze()
  await first.kill()
  await second.until(({ sends }) => sends)
  await untilSettled(bench, requestId, second)
  const states = Object.values(bench.states(requestId))
  expect(states.filter((state) => state === 'outcome unknown')).toHaveLength(1)
  expect(states.filter((state) => state === 'erased')).toHaveLength(5)
  expect(epochsOfErase(bench)).toEqual([1, 2])
  expectNothingTwice(bench)
})

test('frozen and robbed of its lock, the first sends nothing more once it wakes, and what it brings back changes nothing', async () => {
  const { bench, requestId, first, second } = await begin()
  first.freeze()
  // As somebody who tidies up, or a program that syncs folders, may do.
  rmSync(join(bench.folder, 'sender.lock'))
  await second.until(({ sends }) => sends)
  await untilSettled(bench, requestId, second)
  const before = { states: bench.states(requestId), calls: eraseCalls(bench).length, attempts: bench.attempts() }
  expect(epochsOfErase(bench)).toEqual([1, 2])

  first.wake()
  const word = await first.until(({ sends, problem }) => !sends && problem !== null)
  expect(word.problem).toMatch(/not-the-sender$/)
  expect(bench.states(requestId)).toEqual(before.states)
  expect(eraseCalls(bench)).toHaveLength(before.calls)
  expect(bench.attempts()).toEqual(before.attempts)
  expect(Object.values(before.states).filter((state) => state === 'outcome unknown')).toHaveLength(1)
  expect(second.lastWord()).toMatchObject({ sends: true, epoch: 2 })
  expectNothingTwice(bench)
})
