/** A case from its one file to its people: two vendors, several ids a person, and nobody called erased too early. */
import { expectNoFaults } from './support/accessibility.ts'
import { quickMixpanel, saveOwnConnection, saveOwnMixpanel, someBot, writeCsv } from './support/job.ts'
import { expect, test } from './support/test.ts'
import { byMouse } from './support/wizard.ts'

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
