/** Two installations on one history: one sends, the other shows. */
import { expect, test } from './support/test.ts'

test('the second shows and does not send; it takes over when the first has closed', async ({ launchApp }) => {
  const first = await launchApp()
  await first.untilSender()
  const connection = await first.saveSandboxConnection()

  const second = await launchApp({ historyFolder: first.historyFolder })
  await second.untilStatus('it says that another sends', ({ sender }) => sender.reason?.includes('Another') === true)
  const status = await second.status()
  expect(status.history.kind).toBe('encrypted')
  expect(status.sender.sends).toBe(false)
  expect((await second.call('listConnections', {})).map(({ id }) => id)).toContain(connection.id)
  for (const answer of [
    await second.ask('startSandbox', {}),
    await second.ask('testConnection', { connectionId: connection.id }),
    await second.ask('retireConnection', { connectionId: connection.id }),
  ])
    expect(answer).toMatchObject({ ok: false, failure: { code: 'not-the-sender' } })
  expect((await first.status()).sender.sends).toBe(true)

  await first.quit()
  await second.untilSender()
})
