/** The check after every test that sends: a call that no journal knows fails the test that made it. */
import { saveOwnConnection } from './support/job.ts'
import { createStage } from './support/stage.ts'
import { expect, test } from './support/test.ts'

test('a connection test is an attempt like any other', async ({ launchApp, startSandbox }) => {
  const sandbox = await startSandbox()
  const app = await launchApp()
  const connection = await saveOwnConnection(app, sandbox)
  await app.call('testConnection', { connectionId: connection.id })
  expect((await sandbox.readLedger()).map(({ call }) => call)).toEqual(['status'])
})

test('a call that no journal knows is found at the end', async () => {
  const stage = createStage()
  const sandbox = await stage.startSandbox()
  const app = await stage.launchApp()
  const connection = await saveOwnConnection(app, sandbox)
  await app.call('testConnection', { connectionId: connection.id })
  await fetch(`${sandbox.origin}/api/public/bot/eraseUsersData/status/eud-1`)
  await expect(stage.end()).rejects.toThrow(/call 2 \(status, no token id\) matches 0 attempts/)
})
