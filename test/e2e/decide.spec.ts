/** Deciding about what waits: its plan before it is sent, pairing with the names in sight, retrying what failed. */
import type { BatchId } from '../../src/shared/model/ids.ts'
import type { App } from './support/app.ts'
import { expect, test } from './support/test.ts'
import { sendTroubled, troubledBatches } from './support/troubled.ts'

async function openRequest(app: App, requestId: number): Promise<void> {
  await app.page.evaluate((address) => {
    window.location.hash = address
  }, `/requests/${requestId}`)
  await expect(app.page.getByRole('heading', { level: 1, name: 'Troubled' })).toBeVisible()
  await app.page.getByRole('button', { name: /more groups?$/ }).click()
}

test('what is sent again to all bots shows its plan and asks for the count, in the dialog and behind it', async ({
  launchApp,
  startSandbox,
}) => {
  const sandbox = await startSandbox()
  const app = await launchApp()
  const { request } = await sendTroubled(app, sandbox, { allBots: true })
  const batchId = request.waitingGroups.find(({ batchNumber }) => batchNumber === troubledBatches.answered)?.batchId
  const subject = {
    requestId: request.id,
    target: { batchId: batchId as BatchId },
    state: 'outcome unknown',
    decision: 'send again',
  } as const
  const plan = await app.call('getDecisionPlan', subject)
  expect(plan).toMatchObject({ identifiers: 3, calls: 1, needsTypedCount: true })
  const before = (await sandbox.readLedger()).filter(({ call }) => call === 'erase').length
  const reason = 'the log of the gateway shows nothing'
  for (const own of [{}, { planDigest: 'of yesterday' }, { planDigest: plan.digest }])
    expect(await app.ask('decide', { ...subject, reason, ...own })).toMatchObject({ ok: false })
  expect(await app.ask('decide', { ...subject, reason, planDigest: plan.digest, typedCount: 2 })).toMatchObject({
    ok: false,
    failure: { code: 'count-not-typed' },
  })
  expect((await sandbox.readLedger()).filter(({ call }) => call === 'erase')).toHaveLength(before)

  await openRequest(app, request.id)
  await app.page.getByRole('button', { name: 'Decide about 3 identifiers of batch 2: outcome unknown' }).click()
  const dialog = app.page.getByRole('alertdialog', { name: '3 identifiers of batch 2: outcome unknown' })
  await expect(dialog.getByText('Answered with 502 · answer whole')).toBeVisible()
  await dialog.getByText('Send them again').click()
  await expect(dialog.getByRole('region', { name: 'What is sent' })).toContainText(
    /3 identifiers in 1 call.*all bots of the account/,
  )
  await expect(dialog.getByRole('region', { name: 'What is sent' })).toContainText(
    'the call is split in halves until that one is alone: up to 4 more calls',
  )
  const send = dialog.getByRole('button', { name: 'Send 3 identifiers again' })
  await dialog.getByLabel(/^Reason/).fill(reason)
  await expect(send).toBeDisabled()
  await dialog.getByLabel('Type the number of identifiers to send').fill('3')
  await send.click()
  await expect(dialog).toBeHidden()
  await app.untilRequestSettled('Troubled')
  const after = (await sandbox.readLedger()).filter(({ call }) => call === 'erase')
  expect(after).toHaveLength(before + 1)
})

test('a batch is paired from the list of batches with both kinds of names in sight', async ({
  launchApp,
  startSandbox,
}) => {
  const sandbox = await startSandbox()
  const app = await launchApp()
  const { request } = await sendTroubled(app, sandbox)
  await openRequest(app, request.id)
  const { page } = app
  await page.getByRole('tab', { name: /^Batches/ }).click()
  const row = page.getByRole('grid', { name: 'Batches' }).getByRole('row').nth(troubledBatches.renamed)
  await row.hover()
  await row.getByRole('button', { name: 'Decide about 3 identifiers of batch 4: unconfirmed' }).click()
  const dialog = page.getByRole('alertdialog')
  await expect(dialog.getByRole('grid', { name: 'Submitted, not named' })).toContainText(
    'sandbox-renamed-1@example.com',
  )
  await expect(dialog.getByRole('grid', { name: 'Named, never submitted' }).getByText(/^u-/).first()).toBeVisible()
  await dialog.getByText('Pair the whole batch').click()
  await dialog.getByLabel(/^Reason/).fill('the vendor’s console shows the same people')
  await dialog.getByRole('button', { name: 'Pair 3 identifiers' }).click()
  await expect(dialog).toBeHidden()
  await app.untilRequest('Troubled', 'the batch is erased', ({ counts }) => counts.erased === 10)
})

test('what failed is retried from its group, which shows its own identifiers alone', async ({
  launchApp,
  startSandbox,
}) => {
  const sandbox = await startSandbox()
  const app = await launchApp()
  const { request } = await sendTroubled(app, sandbox)
  await openRequest(app, request.id)
  const { page } = app
  await page.getByRole('button', { name: 'Show 3 identifiers of batch 3: outcome unknown' }).click()
  const grid = page.getByRole('grid', { name: 'Identifiers' })
  await expect(grid).toHaveAttribute('aria-rowcount', '4')
  await expect(grid).toContainText('cut-0@example.com')
  await expect(grid).not.toContainText('doubted-0@example.com')
  await page.getByRole('button', { name: 'Retry 1 identifier: failed, “FAILED”' }).click()
  const dialog = page.getByRole('alertdialog')
  await expect(dialog.getByRole('region', { name: 'What is sent' })).toContainText('1 identifier in 1 call')
  await expect(dialog.getByText('split in halves')).toBeHidden()
  await dialog.getByLabel(/^Reason/).fill('the owner was removed')
  await dialog.getByRole('button', { name: 'Send 1 identifier again' }).click()
  await expect(dialog).toBeHidden()
  await app.untilRequestSettled('Troubled')
  const { rows } = await app.call('listBatches', { requestId: request.id, anchor: { index: 0 }, limit: 50 })
  expect(rows.at(-1)).toMatchObject({ size: 1, parent: 'batch 5, tried again' })
})

test('an identifier is copied by a click, without selecting its row', async ({ launchApp, startSandbox }) => {
  const sandbox = await startSandbox()
  const app = await launchApp()
  const { request } = await sendTroubled(app, sandbox)
  await openRequest(app, request.id)
  const { page } = app
  await page.getByRole('button', { name: 'Copy doubted-0@example.com' }).click()
  await expect(page.getByRole('button', { name: 'Copy doubted-0@example.com' })).toContainText('copied')
  await expect(page.getByRole('toolbar', { name: 'Selected rows' })).toBeHidden()
  const copied = await app.electron.evaluate(({ clipboard }) => clipboard.readText())
  expect(copied).toBe('doubted-0@example.com')
})
