/** A call that is rejected because of one identifier: what its plan says before, and what the request shows after. */
import type { Page } from 'playwright/test'
import { draftFrom, emails, saveOwnConnection, sendDraft, writeCsv } from './support/job.ts'
import { expect, test } from './support/test.ts'

function rowOf(page: Page, batch: number) {
  return page.getByRole('grid', { name: 'Batches' }).getByRole('row').nth(batch)
}

test('its plan says what splitting may cost, and the request shows which batch was split into which', async ({
  launchApp,
  startSandbox,
}) => {
  const sandbox = await startSandbox()
  const app = await launchApp()
  const connection = await saveOwnConnection(app, sandbox, { identifiersPerCall: 8 })
  const ids = [...emails(5), 'sandbox-co-developer-rejected@example.com', ...emails(2, 'beside')]
  const file = await writeCsv(app, ids)
  const draft = await draftFrom(app, { connectionId: connection.id, file, name: 'Split' })
  const { page } = app
  await page.getByRole('link', { name: /^Requests/ }).click()
  await page.getByRole('button', { name: /^Drafts/ }).click()
  await page.getByRole('row', { name: /Split/ }).click()
  await page.getByRole('button', { name: /Plan/ }).click()
  await expect(
    page.getByText('the call is split in halves until that one is alone: up to 6 more calls', { exact: true }),
  ).toBeVisible()

  await page.getByRole('button', { name: /^Send 8 identifiers to / }).click()
  const settled = await app.untilRequestSettled('Split')
  expect(settled.counts).toEqual({ erased: 7, refused: 1 })
  const calls = (await sandbox.readLedger()).filter(({ call }) => call === 'erase')
  expect(calls).toHaveLength(1 + 6)

  await page.evaluate((address) => {
    window.location.hash = address
  }, `/requests/${draft.id}`)
  await expect(
    page.getByRole('button', { name: 'Retry 1 identifier: refused, “User cannot be deleted: bot co-developer (400)”' }),
  ).toBeVisible()
  await page.getByRole('tab', { name: /^Batches/ }).click()
  await expect(rowOf(page, 1)).toContainText('into 2 and 3')
  await expect(rowOf(page, 3)).toContainText('3 from 1')
  await rowOf(page, 1).getByRole('gridcell').first().click()
  const parent = page.getByRole('dialog', { name: 'Batch 1: split' })
  await expect(parent).toContainText('split into batches 2 and 3')
  await expect(parent.getByText('User cannot be deleted: bot co-developer (400)').first()).toBeVisible()
  await parent.getByRole('button', { name: 'Close' }).click()
  await rowOf(page, 2).getByRole('gridcell').first().click()
  await expect(page.getByRole('dialog', { name: 'Batch 2: finished' })).toContainText('batch 1, split')
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  await page.getByRole('tab', { name: /^Events/ }).click()
  await expect(
    page.getByText('Batch 1 was rejected as a whole: its 8 identifiers go again in halves, as batches 2 and 3.'),
  ).toBeVisible()
  // Nothing is sent any more: time alone frees what the limits counted.
  await expect(page.getByRole('group', { name: /^Calls used at/ }).first()).toContainText(/(?<!\d)0 of \d/)
})

test('where no identifier is at fault the rest is held back with one notice, and goes on when a person says so', async ({
  launchApp,
  startSandbox,
}) => {
  const sandbox = await startSandbox()
  const app = await launchApp()
  const connection = await saveOwnConnection(app, sandbox, { identifiersPerCall: 8 })
  const file = await writeCsv(app, emails(16, 'sandbox-invalid-rejected'))
  const draft = await draftFrom(app, { connectionId: connection.id, file, name: 'All the same' })
  await sendDraft(app, draft.id)
  const { page } = app
  const held = await app.untilRequest('All the same', 'the app paused it', ({ paused }) => paused)
  expect(held.counts.queued ?? 0).toBeGreaterThan(0)
  await expect(
    page.getByRole('link', { name: /The vendor rejects every identifier with the same words/ }),
  ).toBeVisible()
  await page.getByRole('link', { name: /The vendor rejects every identifier with the same words/ }).click()
  const notice = page.getByRole('status').filter({ hasText: 'The vendor rejects every identifier with the same words' })
  await expect(notice).toContainText('Validation errors/ Invalid arguments (412)')
  await notice.getByRole('button', { name: 'Resume sending' }).click()
  expect((await app.untilRequestSettled('All the same')).counts).toEqual({ refused: 16 })
  expect((await app.call('getRequest', { requestId: draft.id })).pauseCause).toBeNull()
})
