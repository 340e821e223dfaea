/** Emails that the vendor answers by ids of its own: the setting, the plan, and the basis that comes of it. */
import { expectNoFaults } from './support/accessibility.ts'
import { draftFrom, emails, saveOwnConnection, writeCsv } from './support/job.ts'
import { expect, test } from './support/test.ts'

test('looked up before it is sent, an email that is answered by an id of the vendor’s is erased on that basis', async ({
  launchApp,
  startSandbox,
}) => {
  const sandbox = await startSandbox()
  const app = await launchApp()
  const { page } = app
  const goTo = async (address: string) =>
    await page.evaluate((hash) => {
      window.location.hash = hash
    }, address)
  const connection = await saveOwnConnection(app, sandbox, { identifiersPerCall: 4 })

  await goTo(`/connections/${connection.id}/edit`)
  await page.getByRole('button', { name: 'Look-up before sending off' }).click()
  const setting = page.getByRole('checkbox', { name: /^Look up the vendor’s own user id of every email/ })
  await expect(setting).not.toBeChecked()
  await setting.locator('xpath=ancestor::label[1]').click()
  await expect(page.getByText('User Management → User Management')).toBeVisible()
  await expectNoFaults(app, 'the setting of the look-up')
  await page.getByRole('button', { name: 'Save and test' }).click()
  await expect(page.getByText('It took the look-up of a made-up address as well.')).toBeVisible()
  await expect(page.getByText('One status call and one look-up of a made-up address were made')).toBeVisible()
  expect((await sandbox.readLedger()).map(({ call }) => call)).toEqual(['status', 'users-info'])

  const file = await writeCsv(app, [...emails(2, 'sandbox-renamed'), ...emails(3), 'u-1111'])
  const draft = await draftFrom(app, { connectionId: connection.id, file, name: 'Renamed' })
  await goTo(`/drafts/${draft.id}`)
  await page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: 'Plan' }).click()
  await expect(page.getByText('the vendor’s own id of every email, in 2 more calls that erase nothing')).toBeVisible()
  const firstLookUp = page.getByRole('region', { name: 'First look-up of 2' })
  await expect(firstLookUp).toContainText('POST')
  await expect(firstLookUp).toContainText(
    '"emailIds": ["sandbox-renamed-0@example.com", "sandbox-renamed-1@example.com", … 2 more]',
  )
  await page.getByRole('button', { name: 'Dry run' }).click()
  await expect(page.getByRole('region', { name: 'Dry run' })).toContainText(
    '2 calls with 6 identifiers and 2 look-ups before were written and signed',
  )
  await page.getByRole('button', { name: 'Send 6 identifiers to Kore.ai' }).click()
  const settled = await app.untilRequestSettled('Renamed')
  expect(settled).toMatchObject({ phase: 'closed', counts: { erased: 6 } })

  const table = page.getByRole('grid', { name: 'Identifiers' })
  await page.getByRole('button', { name: 'Columns' }).click()
  for (const name of ['Basis', 'Looked up as']) await page.getByRole('menuitemcheckbox', { name }).click()
  await page.keyboard.press('Escape')
  await expect(table.getByRole('row').nth(1)).toContainText(
    /sandbox-renamed-0@example\.com.*paired by look-up before sending.*u-/,
  )
  await expect(table.getByRole('row').nth(3)).toContainText(/person-0@example\.com.*named by the vendor.*u-/)

  await page.getByRole('tab', { name: /^Calls/ }).click()
  await expect(page.getByRole('grid', { name: 'Calls' }).getByRole('row', { name: /look-up/ })).toHaveCount(2)
  await page.getByRole('tab', { name: /^Batches/ }).click()
  await page.getByRole('grid', { name: 'Batches' }).getByRole('row').nth(1).getByRole('gridcell').first().click()
  const batch = page.getByRole('dialog', { name: 'Batch 1: finished' })
  await expect(batch).toContainText('before it was sent: the vendor’s own ids are with the identifiers')
  await expect(batch.getByRole('row', { name: /look-up/ })).toBeVisible()
  await expectNoFaults(app, 'a batch that was looked up')
  await batch.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('tab', { name: /^Events/ }).click()
  await expect(
    page.getByText('Batch 1 was looked up: the vendor has an id of its own for 4 of 4 emails.'),
  ).toBeVisible()
})
