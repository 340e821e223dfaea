/** After a 429 the account waits: both screens say until when, and that nothing is lost; then all goes on by itself. */
import { draftFrom, emails, saveOwnConnection, sendDraft, writeCsv } from './support/job.ts'
import { expect, test } from './support/test.ts'

test('a request and the overview say that the vendor asked to wait, and no more once the wait is over', async ({
  launchApp,
  startSandbox,
}) => {
  // Something else uses the account as well: the vendor allows less than the connection was told.
  const sandbox = await startSandbox({
    accounts: [{ accountId: 'shared', windows: [{ milliseconds: 8_000, calls: 2 }] }],
    latencyMilliseconds: { minimum: 1, maximum: 5 },
    processing: { batchMilliseconds: 200, perIdentifierMilliseconds: 1 },
    overLimit: { retryAfter: 'seconds' },
  })
  const app = await launchApp()
  const askedLater = { firstPollMilliseconds: 60_000, longestPollMilliseconds: 60_000 }
  const connection = await saveOwnConnection(app, sandbox, { identifiersPerCall: 5, ...askedLater })
  const file = await writeCsv(app, emails(15))
  const draft = await draftFrom(app, { connectionId: connection.id, file, name: 'Held' })
  const { page } = app
  await sendDraft(app, draft.id)
  await page.evaluate((address) => {
    window.location.hash = address
  }, `/requests/${draft.id}`)

  const notice = page.getByRole('status').filter({ hasText: /^The vendor asked to wait until \d/ })
  await expect(notice).toContainText('Nothing is lost or counted as failed')
  await expect(notice).toContainText(`It counted too many calls of the account ${connection.accountName}.`)
  expect((await app.call('getRequest', { requestId: draft.id })).counts.failed).toBeUndefined()
  await page.getByRole('link', { name: /^Overview/ }).click()
  await expect(notice).toBeVisible()
  await expect(page.getByRole('link', { name: /Practice vendor.*waits until \d/ })).toBeVisible()

  await expect(notice).toBeHidden({ timeout: 20_000 })
  await app.untilRequest('Held', 'all of it is sent', ({ counts }) => counts.accepted === 15)
  await expect(notice).toBeHidden()
  const calls = (await sandbox.readLedger()).filter(({ call }) => call === 'erase')
  expect(calls.filter(({ tookEffect }) => tookEffect)).toHaveLength(3)
})
