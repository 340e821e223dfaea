/** What the operating system tells of sleep and of the network, as the app hears it. */
import { draftFrom, emails, saveOwnConnection, sendDraft, writeCsv } from './support/job.ts'
import { expect, test } from './support/test.ts'

test('before a sleep no new call begins; awake again, sending goes on', async ({ launchApp, startSandbox }) => {
  const sandbox = await startSandbox()
  const app = await launchApp()
  const connection = await saveOwnConnection(app, sandbox, { identifiersPerCall: 5 }, 5)
  const file = await writeCsv(app, emails(200))
  const draft = await draftFrom(app, { connectionId: connection.id, file, name: 'Asleep' })
  await sendDraft(app, draft.id)
  await app.untilRequest('Asleep', 'something was sent', ({ counts }) => (counts.queued ?? 0) < 200)
  await app.electron.evaluate(({ powerMonitor }) => void powerMonitor.emit('suspend'))
  const asleep = await app.untilRequest('Asleep', 'no call is under way', ({ counts }) => (counts.sending ?? 0) === 0)
  expect(asleep.counts.queued ?? 0).toBeGreaterThan(0)
  expect(asleep.counts['outcome unknown'] ?? 0).toBe(0)
  const calls = async () => (await sandbox.readLedger()).length
  const before = await calls()
  await expect
    .poll(async () => (await app.call('listBudgets', {}))[0]?.windows[0]?.used, { message: 'the window is free' })
    .toBe(0)
  expect(await calls()).toBe(before)
  await app.electron.evaluate(({ powerMonitor }) => void powerMonitor.emit('resume'))
  expect((await app.untilRequestSettled('Asleep')).counts).toEqual({ erased: 200 })
})

test('a machine without a network is said above every screen, until it has one again', async ({ launchApp }) => {
  const app = await launchApp()
  const notice = app.page.getByRole('status').filter({ hasText: 'This machine is offline.' })
  await expect(notice).toHaveCount(0)
  await app.electron.evaluate(({ net }) => {
    net.isOnline = () => false
  })
  await expect(notice).toContainText('calls wait and leave by themselves once the network is back', { timeout: 15_000 })
  await app.electron.evaluate(({ net }) => {
    net.isOnline = () => true
  })
  await expect(notice).toHaveCount(0, { timeout: 15_000 })
})
