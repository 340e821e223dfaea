/** Two installations on one history: one sends, the other shows. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'playwright/test'
import { launchApp } from './support/app.ts'

test('the second shows and does not send; it takes over when the first has closed', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'erasure-desk-shared-'))
  const historyFolder = path.join(folder, 'history')
  try {
    await using first = await launchApp({ historyFolder })
    await first.untilSender()
    const connection = await first.saveSandboxConnection()

    await using second = await launchApp({ historyFolder })
    await second.untilStatus('it says that another sends', ({ sender }) => sender.reason?.includes('Another') === true)
    const status = await second.status()
    expect(status.history.kind).toBe('encrypted')
    expect(status.sender.sends).toBe(false)
    expect((await second.call('listConnections', {})).map(({ id }) => id)).toEqual([connection.id])
    for (const answer of [
      await second.ask('startSandbox', {}),
      await second.ask('testConnection', { connectionId: connection.id }),
      await second.ask('retireConnection', { connectionId: connection.id }),
    ])
      expect(answer).toMatchObject({ ok: false, failure: { code: 'not-the-sender' } })
    expect((await first.status()).sender.sends).toBe(true)

    await first.quit()
    await second.untilSender()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
