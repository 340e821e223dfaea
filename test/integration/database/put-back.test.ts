/** A backup of the operator's own that is put back in place of the history: nothing that left since goes again by itself. */
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database } from '../../../src/main/core/ports.ts'
import type { AccountId, RequestId } from '../../../src/shared/model/ids.ts'
import { addConnection, addDraft, moment, must, openIn, scan, sendDraft, start, temporaryFolder } from './support.ts'

let place = temporaryFolder()
let requestId: RequestId
let accountId: AccountId

beforeEach(async () => {
  place = temporaryFolder()
  const database = await openIn(place.folder)
  const connection = await addConnection(database)
  accountId = connection.accountId
  requestId = await addDraft(database, place.folder, connection, 4)
  await sendDraft(database, requestId)
  await database.close()
})

afterEach(() => place.remove())

const file = () => join(place.folder, 'history.db')
const backup = () => join(place.folder, '..', 'own-backup.db')

/** A sender's session: takes the lock, journals a call, and ends as the app closes, or is cut off. */
async function session(at: number, end: 'closed' | 'cut off'): Promise<void> {
  const database = await openIn(place.folder)
  const { epoch } = must(await database.takeSenderLock(moment(at))) ?? { epoch: 0 }
  must(await database.reserveCall({ accountId, epoch, ...moment(at), jti: `jti-${at}`, allowErase: true }))
  if (end === 'closed') must(await database.releaseSenderLock())
  await database.close()
}

async function paused(database: Database): Promise<boolean> {
  return must(await database.read('getRequest', { requestId }, start)).paused
}

test.each(['closed', 'cut off'] as const)(
  'made before a session that was %s: its request is paused, and the epoch goes on from the highest there was',
  async (end) => {
    copyFileSync(file(), backup())
    await session(start + 1000, end)
    const [{ epoch: before } = { epoch: 0 }] = scan<{ epoch: number }>(place.folder, 'SELECT epoch FROM sender')
    copyFileSync(backup(), file())

    const database = await openIn(place.folder)
    expect(await paused(database)).toBe(false)
    const { epoch } = must(await database.takeSenderLock(moment(start + 2000))) ?? { epoch: 0 }
    expect(epoch).toBe(before + 1)
    expect(await paused(database)).toBe(true)
    const next = { accountId, epoch, ...moment(start + 3000), jti: 'jti-next', allowErase: true }
    expect(must(await database.reserveCall(next))).toMatchObject({ kind: 'idle' })
    const { rows } = must(await database.read('listEvents', { requestId, anchor: { index: 0 }, limit: 50 }, start))
    expect(rows.filter(({ words }) => words.startsWith('An earlier copy of the history was put back.'))).toHaveLength(1)

    must(await database.setPaused({ requestId, paused: false, now: start + 4000 }))
    must(await database.releaseSenderLock())
    must(await database.takeSenderLock(moment(start + 5000)))
    expect(await paused(database)).toBe(false)
    await database.close()
  },
)

test('made in the middle of a session that was closed after it: its request is paused', async () => {
  await session(start + 1000, 'closed')
  const database = await openIn(place.folder)
  const { epoch } = must(await database.takeSenderLock(moment(start + 2000))) ?? { epoch: 0 }
  await database.close()
  copyFileSync(file(), backup())
  const again = await openIn(place.folder)
  const sender = must(await again.takeSenderLock(moment(start + 3000)))
  expect(sender?.epoch).toBe(epoch + 1)
  must(
    await again.reserveCall({ accountId, epoch: epoch + 1, ...moment(start + 70_000), jti: 'jti-2', allowErase: true }),
  )
  must(await again.releaseSenderLock())
  await again.close()
  copyFileSync(backup(), file())
  const last = await openIn(place.folder)
  must(await last.takeSenderLock(moment(start + 80_000)))
  expect(await paused(last)).toBe(true)
  await last.close()
})

test('a history that only went on is never taken for a copy', async () => {
  for (const at of [1000, 2000, 3000]) {
    await session(start + at * 100, 'closed')
    const database = await openIn(place.folder)
    expect(await paused(database)).toBe(false)
    await database.close()
  }
})
