/** Two real processes on one history: what a kill leaves behind, and who may send. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database } from '../../../src/main/core/ports.ts'
import type { Connection } from '../../../src/shared/model/connection.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import { addConnection, addDraft, moment, must, openIn, scan, sendDraft, start, temporaryFolder } from './support.ts'

const senderProcess = fileURLToPath(new URL('./sender-process.ts', import.meta.url))

let place = temporaryFolder()
let database: Database
let connection: Connection
let requestId: RequestId
const children: ChildProcess[] = []

beforeEach(async () => {
  place = temporaryFolder()
  database = await openIn(place.folder)
  connection = await addConnection(database)
  requestId = await addDraft(database, place.folder, connection, 3)
  await sendDraft(database, requestId)
})

afterEach(async () => {
  for (const child of children.splice(0)) await kill(child)
  await database.close()
  place.remove()
})

/** Starts a sender beside this process; settles with its first word: the kind of its call, or "refused". */
async function startSender(): Promise<Readonly<{ child: ChildProcess; said: string }>> {
  const child = spawn(process.execPath, [senderProcess, place.folder, String(connection.accountId)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const said = await new Promise<string>((resolve) => {
    let text = ''
    child.stdout?.on('data', (part: Buffer) => {
      text += part.toString()
      if (text.includes('\n')) resolve(text.trim())
    })
    child.once('exit', () => resolve(`ended: ${text.trim()}`))
  })
  return { child, said }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

test('killed right after a call was reserved: it is on disk, counts, and is in doubt for the next sender', async () => {
  const { child, said } = await startSender()
  expect(said).toBe('erase')
  await kill(child)
  const attempts = () =>
    scan(place.folder, 'SELECT jti, kind, epoch, ending, spent_from > ? AS weighs FROM attempt', start)
  expect(attempts()).toEqual([{ jti: 'jti-child', kind: 'erase', epoch: 1, ending: null, weighs: 1 }])

  expect(must(await database.takeSenderLock(moment(start + 5)))).toEqual({ epoch: 2, recovered: 1 })
  expect(attempts()).toEqual([{ jti: 'jti-child', kind: 'erase', epoch: 1, ending: 'outcome unknown', weighs: 1 }])
  const detail = must(await database.read('getRequest', { requestId }, start + 6))
  expect(detail).toMatchObject({ counts: { 'outcome unknown': 2, queued: 1 }, waiting: 2 })
  // The next call is about what was never sent; what is in doubt goes again by decision alone.
  const { accountId } = connection
  const next = { accountId, epoch: 2, ...moment(start + 7), jti: 'jti-next', allowErase: true }
  expect(must(await database.reserveCall(next))).toMatchObject({ kind: 'erase', identifiers: [{ position: 0 }] })
  const last = { accountId, epoch: 2, ...moment(start + 8), jti: 'jti-last', allowErase: true }
  expect(must(await database.reserveCall(last))).toMatchObject({ kind: 'idle' })
})

test('of two processes one sends; the other shows, and may send once the first is gone', async () => {
  const first = await startSender()
  expect(first.said).toBe('erase')
  expect((await startSender()).said).toBe('refused')
  expect(must(await database.takeSenderLock(moment(start)))).toBeNull()
  // Reading and deciding go on beside the sender.
  expect(must(await database.read('getRequest', { requestId }, start))).toMatchObject({ counts: { sending: 2 } })
  must(await database.setPaused({ requestId, paused: true, now: start }))
  await kill(first.child)
  expect(must(await database.takeSenderLock(moment(start)))).toEqual({ epoch: 2, recovered: 1 })
})

test('a frozen sender keeps the lock; woken, it still is the sender', async () => {
  const { child } = await startSender()
  child.kill('SIGSTOP')
  expect(must(await database.takeSenderLock(moment(start + 3_600_000)))).toBeNull()
  expect(scan(place.folder, 'SELECT state FROM identifier WHERE state = 5')).toEqual([])
  child.kill('SIGCONT')
  expect(must(await database.takeSenderLock(moment(start + 3_600_001)))).toBeNull()
  expect(scan(place.folder, 'SELECT epoch FROM sender')).toEqual([{ epoch: 1 }])
})
