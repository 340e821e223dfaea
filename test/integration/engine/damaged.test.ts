/** A page of the history that is damaged while the engine works, met only when an answer is to be stored. */
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import { person, runEngine, startBench, withHistory, type EngineBench } from '../../support/engine.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'

const ending: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

/** Turns bytes of the page at which a table begins around, and back when it is done again. */
function flipRootOf(folder: string, table: string): void {
  const page = withHistory(folder, (file) =>
    file.prepare<[string], number>('SELECT rootpage FROM sqlite_master WHERE name = ?').pluck().get(table),
  )
  const at = ((page ?? 1) - 1) * 4096 + 200
  const file = openSync(join(folder, 'history.db'), 'r+')
  const bytes = Buffer.alloc(40)
  readSync(file, bytes, 0, bytes.length, at)
  writeSync(
    file,
    bytes.map((byte) => byte ^ 0xff),
    0,
    bytes.length,
    at,
  )
  closeSync(file)
}

function allErased(bench: EngineBench, requestId: RequestId): true | undefined {
  return Object.values(bench.states(requestId)).every((state) => state === 'erased') ? true : undefined
}

test('no account begins a call any more, what was sent stays as it was known, and repaired it goes on', async () => {
  const bench = await startBench({ perCall: 1 })
  ending.push(bench.remove)
  const other = await bench.addConnection()
  const first = await bench.sendRequest([person('a')])
  // The table is not looked at before the vendor has named somebody.
  flipRootOf(bench.folder, 'named_stranger')
  const engine = await runEngine(bench.folder, bench.secrets)
  ending.push(engine.end)
  const reason = await engine.until(() => engine.status().reason ?? undefined)
  expect(reason).toMatch(/^Nothing is sent.*: The history is damaged: .+"backups" beside it\.$/)
  // The connection of another account, whose pages are sound.
  const second = await bench.sendRequest([person('b')], other)
  engine.wake()
  await engine.until(() =>
    engine.status().reason?.startsWith('Nothing is sent: The history is damaged') === true ? true : undefined,
  )
  expect(bench.states(first)).toEqual({ 'a@example.org': 'accepted' })
  expect(bench.states(second)).toEqual({ 'b@example.org': 'queued' })
  expect(bench.sandbox.ledger().filter(({ call }) => call === 'erase')).toHaveLength(1)
  await engine.end()
  ending.pop()

  flipRootOf(bench.folder, 'named_stranger')
  const repaired = await runEngine(bench.folder, bench.secrets)
  ending.push(repaired.end)
  await repaired.until(() => (allErased(bench, first) === true ? allErased(bench, second) : undefined))
  expect(repaired.status().reason).toBeNull()
  expect(bench.sandbox.ledger().filter(({ call }) => call === 'erase')).toHaveLength(2)
  expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
  expect(withHistory(bench.folder, (file) => file.pragma('integrity_check', { simple: true }))).toBe('ok')
})
