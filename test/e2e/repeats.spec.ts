/** A second ask that names people of a first: shown with when and where, decided once, and the history adds up. */
import { expectNoFaults } from './support/accessibility.ts'
import { draftFrom, emails, saveOwnConnection, sendDraft, writeCsv } from './support/job.ts'
import { expect, test } from './support/test.ts'

test('who was erased before is shown when a file is read in and in the plan, and left out by one decision', async ({
  launchApp,
  startSandbox,
}) => {
  const sandbox = await startSandbox()
  const app = await launchApp()
  const { page } = app
  const connection = await saveOwnConnection(app, sandbox)
  const march = await writeCsv(app, emails(5, 'march'))
  const first = await draftFrom(app, { connectionId: connection.id, file: march, name: 'March' })
  await sendDraft(app, first.id)
  await app.untilRequestSettled('March')
  const callsBefore = (await sandbox.readLedger()).filter(({ call }) => call === 'erase').length

  const april = await writeCsv(app, ['MARCH-0@example.com', ...emails(3, 'april'), 'march-4@example.com'], 'april.csv')
  const second = await draftFrom(app, { connectionId: connection.id, file: april, name: 'April' })
  await page.evaluate((address) => {
    window.location.hash = address
  }, `/drafts/${second.id}`)
  const steps = page.getByRole('navigation', { name: 'Steps' })
  await steps.getByRole('button', { name: 'Columns and check' }).click()
  const repeats = page.getByRole('region', { name: 'Already in the history' })
  await expect(repeats).toContainText('2 identifiers are erased already in an earlier request to this account')
  await expect(repeats.getByRole('row', { name: /^March 2 0/ })).toBeVisible()
  await expect(repeats.getByRole('radio', { name: 'Leave them out' })).toBeChecked()
  await repeats.getByRole('button', { name: 'Show 2 identifiers' }).click()
  const list = repeats.getByRole('grid', { name: 'Already in the history' })
  await expect(list.getByRole('row').nth(1)).toContainText(/2.*MARCH-0@example\.com.*erased.*March/)
  await expect(list.getByRole('row').nth(2)).toContainText(/6.*march-4@example\.com.*erased.*March/)
  await expectNoFaults(app, 'repeats in the check')

  await steps.getByRole('button', { name: 'Plan' }).click()
  await expect(page.getByRole('button', { name: 'Send 3 identifiers to Kore.ai' })).toBeEnabled()
  await expect(page.getByText('2 identifiers, being erased or under way in an earlier request')).toBeVisible()
  await repeats.getByText('Send them again').click()
  await expect(page.getByRole('button', { name: 'Send 5 identifiers to Kore.ai' })).toBeEnabled()
  await repeats.getByText('Leave them out').click()
  await expect(page.getByRole('button', { name: 'Send 3 identifiers to Kore.ai' })).toBeEnabled()
  await expectNoFaults(app, 'repeats in the plan')
  await page.getByRole('button', { name: 'Send 3 identifiers to Kore.ai' }).click()
  await app.untilRequestSettled('April')

  const sent = (await sandbox.readLedger()).filter(({ call }) => call === 'erase').slice(callsBefore)
  expect(sent.map(({ identifiers }) => identifiers)).toEqual([emails(3, 'april')])
  expect(await app.call('getRequest', { requestId: second.id })).toMatchObject({
    phase: 'closed',
    total: 5,
    counts: { erased: 3, cancelled: 2 },
    waiting: 0,
  })
  expect((await app.call('getRequest', { requestId: first.id })).counts).toEqual({ erased: 5 })
  const { rows: left } = await app.call('listIdentifiers', {
    requestId: second.id,
    states: ['cancelled'],
    anchor: { index: 0 },
    limit: 10,
  })
  expect(left.map(({ value }) => value)).toEqual(['MARCH-0@example.com', 'march-4@example.com'])
  for (const { basis } of left) expect(basis).toMatch(/^left out: in “March”, erased on \d{4}-\d\d-\d\d$/)
  const { rows: events } = await app.call('listEvents', { requestId: second.id, anchor: { index: 0 }, limit: 50 })
  expect(events.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['compared with the history', 'decided', 'left out', 'closed']),
  )
})
