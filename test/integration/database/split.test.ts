/** Splits without a vendor: every end of every call is written straight into the history. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { commands } from '../../../src/main/adapters/database/commands/index.ts'
import type { History } from '../../../src/main/adapters/database/history.ts'
import { openHistory } from '../../../src/main/adapters/database/open-history.ts'
import { all } from '../../../src/main/adapters/database/sql.ts'
import type { EraseOutcome, Reservation } from '../../../src/main/core/ports.ts'
import type { Result } from '../../../src/shared/failure.ts'
import { callsToFindOne } from '../../../src/shared/model/bisection.ts'
import type { IdentifierId, RequestId } from '../../../src/shared/model/ids.ts'
import { checkHistory } from './invariants.ts'
import {
  addConnection,
  addDraft,
  ended,
  key,
  moment,
  must,
  openIn,
  sendDraft,
  start,
  temporaryFolder,
} from './support.ts'

type Job = Readonly<{ perCall: number; size: number; places: readonly number[] }>

/** In each call at most one identifier at fault, anywhere in it; a place beyond the call's end: none. */
const jobs: fc.Arbitrary<Job> = fc
  .record({ perCall: fc.integer({ min: 2, max: 40 }), size: fc.integer({ min: 1, max: 90 }) })
  .chain(({ perCall, size }) => {
    const calls = Math.ceil(size / perCall)
    return fc.record({
      perCall: fc.constant(perCall),
      size: fc.constant(size),
      places: fc.array(fc.nat(2 * perCall), { minLength: calls, maxLength: calls }),
    })
  })

/** Sends all of it to a vendor that rejects a call with one of these in it; gives how many calls that took. */
function sendAll(history: History, accountId: number, epoch: number, isAtFault: (id: IdentifierId) => boolean): number {
  for (let calls = 0; ; calls += 1) {
    const input = { accountId, epoch, ...moment(start + calls), jti: `jti-${calls}`, allowErase: true }
    const reserved = must(commands.reserveCall(history, input as never) as Result<Reservation>)
    if (reserved.kind === 'idle' || reserved.kind === 'wait') {
      const paused = all<{ id: RequestId }>(history.sql, 'SELECT id FROM request WHERE paused_at IS NOT NULL')
      if (paused.length === 0) return calls
      for (const { id } of paused) {
        must(commands.setPaused(history, { requestId: id, paused: false, now: start + calls }) as Result<null>)
      }
      calls -= 1
      continue
    }
    if (reserved.kind !== 'erase') throw new Error('Nothing is asked about so soon')
    const words = 'Bad Request (400)'
    const isRejected = reserved.identifiers.some(({ identifierId }) => isAtFault(identifierId))
    const outcome: EraseOutcome = isRejected
      ? { kind: 'rejected', words }
      : { kind: 'accepted', vendorRequestId: `eud-${calls}`, nextPollAt: start + 1e9 }
    const ending = isRejected ? 'rejected' : 'accepted'
    const result = ended(reserved.attemptId, epoch, start + calls, { ending, vendorWords: isRejected ? words : null })
    must(commands.finishErase(history, result, outcome) as Result<null>)
  }
}

async function run({ perCall, size, places }: Job): Promise<void> {
  const own = temporaryFolder()
  const opened = await openIn(own.folder)
  const connection = await addConnection(opened, { perCall, calls: 100_000, windows: [{ milliseconds: 1, calls: 9 }] })
  await sendDraft(opened, await addDraft(opened, own.folder, connection, size))
  await opened.close()
  const history = must(await openHistory({ role: 'writer', folder: own.folder, key, now: start }))
  history.sql.pragma('synchronous = OFF')
  try {
    const taken = must(commands.takeSenderLock(history, moment(start)) as Result<Readonly<{ epoch: number }>>)
    const ids = all<{ id: IdentifierId }>(history.sql, 'SELECT id FROM identifier ORDER BY id').map(({ id }) => id)
    const atFault = new Set(ids.filter((_, index) => places[Math.floor(index / perCall)] === index % perCall))
    const calls = sendAll(history, connection.accountId, taken.epoch, (id) => atFault.has(id))

    checkHistory(history.sql)
    const states = all<{ id: IdentifierId; state: number }>(history.sql, 'SELECT id, state FROM identifier ORDER BY id')
    expect(states).toEqual(ids.map((id) => ({ id, state: atFault.has(id) ? 8 : 4 })))
    const accepted = all<{ id: IdentifierId }>(
      history.sql,
      `SELECT d.identifier_id AS id FROM delivery d JOIN batch b ON b.id = d.batch_id WHERE b.status = 'accepted' ORDER BY 1`,
    )
    expect(accepted.map(({ id }) => id)).toEqual(ids.filter((id) => !atFault.has(id)))
    const full = Math.floor(size / perCall)
    const more = full * callsToFindOne(perCall) + callsToFindOne(size % perCall)
    expect(calls).toBeLessThanOrEqual(Math.ceil(size / perCall) + more)
  } finally {
    history.senderLock?.release()
    history.sql.close()
    own.remove()
  }
}

test('a split loses and doubles no identifier, refuses none but those at fault, and keeps within the worst case', async () => {
  const seed = Number(process.env['PROPERTY_SEED'] ?? 20261124)
  const checked = await fc.check(fc.asyncProperty(jobs, run), { seed, numRuns: 15, interruptAfterTimeLimit: 100_000 })
  expect(fc.defaultReportMessage(checked) ?? 'held').toBe('held')
}, 120_000)
