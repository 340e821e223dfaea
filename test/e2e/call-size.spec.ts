/** A call that was too large for the vendor: what the connection and the next plan say, and how it is taken back. */
import { draftFrom, emails, saveOwnConnection, sendDraft, writeCsv } from './support/job.ts'
import { expect, test } from './support/test.ts'

test('the connection and the plan say that calls are smaller, until the operator sets another number', async ({
  launchApp,
  startSandbox,
}) => {
  const sandbox = await startSandbox({
    maximumIdentifiers: 6,
    latencyMilliseconds: { minimum: 1, maximum: 5 },
    processing: { batchMilliseconds: 200, perIdentifierMilliseconds: 1 },
  })
  const app = await launchApp()
  const connection = await saveOwnConnection(app, sandbox)
  const first = await draftFrom(app, {
    connectionId: connection.id,
    file: await writeCsv(app, emails(10), 'first.csv'),
    name: 'Too large',
  })
  const next = await draftFrom(app, {
    connectionId: connection.id,
    file: await writeCsv(app, emails(23, 'next'), 'next.csv'),
    name: 'Next',
  })
  const planned = await app.call('getPlan', { requestId: next.id })
  expect(planned.eraseCalls).toBe(3)
  const { page } = app
  const open = async (address: string) =>
    await page.evaluate((hash) => {
      window.location.hash = hash
    }, address)
  const words = 'the vendor found a call of 10 identifiers too large'
  await open(`/connections/${connection.id}`)
  await expect(page.getByText('Identifiers per call')).toBeVisible()
  await sendDraft(app, first.id)
  await expect(page.getByText(`10; ${words}, and calls hold at most 5 now`, { exact: true })).toBeVisible()
  await app.untilRequestSettled('Too large')

  expect(await app.ask('sendRequest', { requestId: next.id, planDigest: planned.digest })).toMatchObject({
    ok: false,
    failure: { code: 'plan-changed' },
  })
  await open(`/requests/${first.id}`)
  await page.getByRole('tab', { name: /^Events/ }).click()
  await expect(
    page.getByText('The vendor found a call of 10 identifiers too large: calls of this connection hold at most 5 now.'),
  ).toBeVisible()
  await page
    .getByRole('link', { name: /^Requests/ })
    .first()
    .click()
  await page.getByRole('button', { name: /^Drafts/ }).click()
  await page.getByRole('row', { name: /Next/ }).click()
  await page.getByRole('button', { name: /Plan/ }).click()
  await expect(page.getByText(`at most 5: ${words}`, { exact: true })).toBeVisible()
  await expect(page.getByText('in 5 calls')).toBeVisible()

  await open(`/connections/${connection.id}/edit`)
  await page.getByRole('button', { name: /^Erase calls/ }).click()
  await expect(page.getByText('Another number here is tried as it is.')).toBeVisible()
  await page.getByLabel('Identifiers per call').fill('6')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText(words)).toBeHidden()
  await sendDraft(app, next.id)
  await app.untilRequestSettled('Next')
  const calls = (await sandbox.readLedger()).filter(({ call }) => call === 'erase')
  expect(calls.map(({ identifierCount }) => identifierCount).filter((count) => count === 6)).toHaveLength(3)
  expect(calls.filter(({ verdict }) => verdict === 'too-large')).toHaveLength(1)
})
