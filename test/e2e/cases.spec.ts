/** A case from its one file to its people: two vendors, several ids a person, and nobody called erased too early. */
import { expectNoFaults } from './support/accessibility.ts'
import { emails, quickMixpanel, saveOwnConnection, saveOwnMixpanel, someBot, writeCsv } from './support/job.ts'
import { expect, test } from './support/test.ts'
import { byKeyboard, byMouse } from './support/wizard.ts'

const header = 'customer,email,slack_channel,slack_user,mixpanel_id'
const rows = [
  'C-1,first@example.com,,,mp-1',
  'C-2,second@example.com,C02,U02,mp-2',
  'C-3,sandbox-failed@example.com,,,mp-3',
  'C-4,sandbox-unknown-user@example.com,,,mp-4',
  'C-1,first.other@example.com,,,',
  'C-5,,,,',
]

test('one file for two vendors is read, planned and sent, and each person stands as their ids do', async ({
  launchApp,
  startSandbox,
}) => {
  const sandbox = await startSandbox(quickMixpanel())
  const app = await launchApp()
  await saveOwnConnection(app, sandbox)
  await saveOwnMixpanel(app, sandbox)
  await app.answerOpenDialog(await writeCsv(app, rows, 'asks.csv', header))
  const { page } = app
  const hand = byMouse(page)

  await page.getByRole('link', { name: /^Cases/ }).click()
  await expect(page.getByText('No case yet')).toBeVisible()
  await expectNoFaults(app, 'no case')
  await page.keyboard.press('c')
  await expect(page.getByRole('heading', { name: 'Choose where to erase' })).toBeVisible()
  await hand.press('button', /^Continue/)
  await expect(page.getByText('Choose at least one connection.')).toBeVisible()
  await page.locator('label', { hasText: 'Practice vendor' }).click()
  await page.locator('label', { hasText: 'Practice project' }).click()
  await hand.press('button', /^Continue/)
  await hand.press('button', /^Choose a file$/)
  await expect(page.getByRole('heading', { name: 'What the columns of asks.csv hold' })).toBeVisible()

  await choose('customer', /^Person key/)
  await choose('email', /^Practice vendor: user id/)
  await choose('slack_channel', /^Practice vendor: channel id/)
  await choose('slack_user', /^Nothing/)
  await expect(page.getByText('A channel id alone names nobody.').first()).toBeVisible()
  await hand.press('button', /^Continue/)
  await expect(page.getByRole('heading', { name: 'What the columns of asks.csv hold' })).toBeVisible()
  await choose('slack_user', /^Practice vendor: channel user id/)
  await choose('mixpanel_id', /^Practice project: distinct id/)
  await expect(page.getByText('email; channel pair of slack_channel and slack_user')).toBeVisible()
  await expectNoFaults(app, 'the columns of a case')
  await hand.press('button', /^Continue/)
  await hand.write('Reference', 'DSR-1')
  await hand.press('button', /^Read the file$/)

  await expect(page.getByRole('tab', { name: 'People 4' })).toBeVisible()
  await expect(page.getByRole('row', { name: /C-1 Not sent/ })).toBeVisible()
  await expect(page.getByText('1 reject, sent nowhere: see File')).toBeVisible()
  await page.getByRole('tab', { name: 'File' }).click()
  await expect(page.getByText('6 rows = 4 identifiers + 0 duplicates + 1 reject + 1 with nothing here')).toBeVisible()
  await expectNoFaults(app, 'the file of a case')

  await hand.press('button', /^Choose the scope of Practice vendor$/)
  await hand.press('button', /^File/)
  await expect(page.getByText('This request is part of the case “asks”.')).toBeVisible()
  await expect(page.getByRole('button', { name: /Choose|Discard|Take this file out|Leave out/ })).toHaveCount(0)
  await expectNoFaults(app, 'the file of a draft of a case')
  await hand.press('button', /^Continue/)
  await expect(page.getByRole('button', { name: 'slack_channel + slack_user' })).toBeVisible()
  await hand.press('button', /^Continue/)
  await hand.write('Bot ids', `${someBot},`)
  await hand.press('button', /^Continue/)
  await hand.press('button', /^Continue/)
  await hand.press('button', /^Send 6 identifiers to /)
  await expect(page.getByText('1 request is left to send')).toBeVisible()
  await hand.press('button', /^Choose the scope of Practice project$/)
  await hand.press('radio', /^GDPR/)
  await hand.press('button', /^Continue/)
  await hand.press('button', /^Continue/)
  await hand.press('button', /^Send 4 identifiers to /)

  await page.getByRole('tab', { name: /^People/ }).click()
  await expect(page.getByRole('row', { name: /C-2 Erased/ })).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('row', { name: /C-3 Not erased/ })).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('row', { name: /C-4 Waits for you/ })).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('row', { name: /C-1 Erased/ })).toBeVisible({ timeout: 60_000 })
  await expectNoFaults(app, 'a case under way')

  await page.getByRole('row', { name: /C-1 Erased/ }).press('Enter')
  const person = page.getByRole('dialog', { name: 'C-1' })
  await expect(person.getByRole('row', { name: /first\.other@example\.com/ })).toBeVisible()
  await expect(person.getByRole('row', { name: /mp-1/ })).toBeVisible()
  await expectNoFaults(app, 'a person of a case')
  await page.keyboard.press('Escape')

  await page.getByRole('link', { name: /^Decide in its request/ }).click()
  await expect(page.getByText('Part of the case')).toBeVisible()
  await expectNoFaults(app, 'a request of a case')

  async function choose(column: string, option: RegExp): Promise<void> {
    await page.getByRole('button', { name: new RegExp(`What “${column}” holds`) }).click()
    await page.getByRole('option', { name: option }).first().click()
  }
})

test('a case whose reading is cancelled says so, cannot be sent and can be discarded', async ({
  launchApp,
  startSandbox,
}) => {
  const sandbox = await startSandbox()
  const app = await launchApp()
  const { id: connectionId } = await saveOwnConnection(app, sandbox)
  const { page } = app
  await app.answerOpenDialog(await writeCsv(app, emails(400_000), 'long.csv'))
  const file = await app.call('chooseFile', {})
  if (file === null || !('format' in file)) throw new Error('The file was not read.')
  const { id } = await app.call('startCase', {
    name: 'Long',
    token: file.token,
    format: file.format,
    connectionIds: [connectionId],
    columns: [{ kind: 'of connection', connectionId, role: 'user id' }],
  })
  await page.evaluate((address) => {
    window.location.hash = address
  }, `/cases/${id}`)
  await page.getByRole('button', { name: 'Cancel reading' }).click()
  await expect(page.getByText('The file was not read to its end')).toBeVisible()
  await expectNoFaults(app, 'a case that was not read to its end')
  await page.getByRole('button', { name: 'Discard case' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Discard case' }).click()
  await expect(page.getByText('No case yet')).toBeVisible()
  expect((await app.call('listRequests', { filter: 'all', anchor: { index: 0 }, limit: 1 })).total).toBe(0)
})

test('a case is made, and a person of it opened, by keyboard alone', async ({ launchApp, startSandbox }) => {
  const sandbox = await startSandbox()
  const app = await launchApp()
  await saveOwnConnection(app, sandbox)
  await app.answerOpenDialog(await writeCsv(app, emails(3), 'asks.csv', 'email'))
  const { page } = app
  const hand = byKeyboard(page)

  await page.keyboard.press('c')
  // The window may not have heard of the connection yet, and say first that there is none.
  await expect(page.getByRole('checkbox', { name: /Practice vendor/ })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Choose where to erase' })).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('checkbox', { name: /Practice vendor/ })).toBeFocused()
  await page.keyboard.press('Space')
  await hand.press('button', /^Continue/)
  await hand.press('button', /^Choose a file$/)
  await hand.press('button', /^Continue/)
  await hand.write('Reference', 'DSR-2')
  await hand.press('button', /^Read the file$/)
  await expect(page.getByRole('row', { name: /Line 2 Not sent 1 not sent/ })).toBeVisible()
  await page.keyboard.press('j')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Line 3' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('row', { name: /Line 3/ })).toBeFocused()
})
