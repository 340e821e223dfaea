/** A case by keyboard alone: shared ids, several rows and ids a person, one vendor alone, followed until it closes. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright/test'
import type { App } from './support/app.ts'
import { quickMixpanel, saveOwnConnection, saveOwnMixpanel, someBot } from './support/job.ts'
import { byKeyboard, type Hand } from './support/wizard.ts'
import { expect, test } from './support/test.ts'

const rows = [
  'customer_id,email,slack_channel,slack_user,mixpanel_id,mixpanel_id_2,case_reference',
  'C-1,one@example.com,slack,U001,device-1a,device-1b,DSR-1',
  'C-2,two@example.com,,,device-2,,DSR-2',
  // A second row of the first: another address.
  'C-1,one@work.example.com,,,,,DSR-1',
  // At one vendor alone, each.
  'C-3,three@example.com,,,,,DSR-3',
  'C-4,,,,device-4,,DSR-4',
  '',
  // Two people with one address.
  'C-5,household@example.com,,,device-5,,DSR-5',
  'C-6,household@example.com,,,device-6,,DSR-6',
  // Erased at one vendor, and never named by the other.
  'C-7,sandbox-unknown-user.7@example.com,,,device-7,,DSR-7',
  // One of its ids cannot be read.
  'C-8,eight@example.com,,,device\u00078,,DSR-8',
  'C-9,,,,,,DSR-9',
]

async function writeRows(app: App): Promise<string> {
  const file = path.join(app.userData, 'customers.csv')
  await writeFile(file, `${rows.join('\r\n')}\r\n`)
  return file
}

async function makeCase(page: Page, hand: Hand, name: string): Promise<void> {
  await hand.press('link', /^Cases/)
  await hand.press('button', /^New case/)
  await expect(page.getByRole('heading', { name: 'Choose where to erase' })).toBeVisible()
  await hand.press('checkbox', /^Practice vendor/)
  await hand.press('checkbox', /^Practice project/)
  await hand.press('button', /^Continue/)
  await expect(page.getByRole('heading', { name: 'Choose a file' })).toBeVisible()
  await hand.press('button', /^Choose a file$/)
  await expect(page.getByRole('heading', { name: /^What the columns of customers\.csv hold/ })).toBeVisible()
  await expect(page.getByText(/^Rows with the same “customer_id” are one person/)).toBeVisible()
  await hand.press('button', /^Continue/)
  await expect(page.getByRole('heading', { name: 'Case facts' })).toBeVisible()
  await hand.write('Name', name)
  await hand.press('button', /^Read the file$/)
  await expect(page.getByRole('tab', { name: /^People/ })).toBeVisible()
}

/** Through scope and plan of one part, back to the case. */
async function sendPart(page: Page, hand: Hand, connection: string, scope: () => Promise<void>): Promise<void> {
  await hand.press('button', `Choose the scope of ${connection}`)
  await scope()
  await hand.press('button', /^Continue/)
  await expect(page.getByRole('heading', { name: 'Case facts' })).toBeVisible()
  await hand.press('button', /^Continue/)
  await expect(page.getByRole('heading', { name: 'Plan', level: 2 })).toBeVisible()
  await hand.press('button', /^Send \d+ identifiers? to /)
  await expect(page.getByRole('tab', { name: /^People/ })).toBeVisible()
}

test('a case over two vendors by keyboard alone: whoever has one id unconfirmed is not erased', async ({
  launchApp,
  startSandbox,
}) => {
  const sandbox = await startSandbox(quickMixpanel())
  const app = await launchApp()
  const { page } = app
  await saveOwnConnection(app, sandbox)
  await saveOwnMixpanel(app, sandbox)
  await app.answerOpenDialog(await writeRows(app))
  const hand = byKeyboard(page)

  await makeCase(page, hand, 'Customers of October')
  const [made] = (await app.call('listCases', { filter: 'all', anchor: { index: 0 }, limit: 5 })).rows
  expect(made).toMatchObject({ name: 'Customers of October', phase: 'draft', reading: 'done', people: 8 })
  const caseId = (made ?? { id: 0 as never }).id
  const { parts } = await app.call('getCase', { caseId })
  for (const { summary } of parts.flatMap(({ readings }) => readings)) {
    const { identifiers, duplicates, rejects, elsewhere } = summary ?? {
      identifiers: 0,
      duplicates: 0,
      rejects: 0,
      elsewhere: 0,
    }
    expect(identifiers + duplicates + rejects + elsewhere).toBe(rows.length - 1)
  }

  await sendPart(page, hand, 'Practice vendor', async () => {
    await expect(page.getByRole('heading', { name: 'From which bots' })).toBeVisible()
    await hand.write('Bot ids', `${someBot},`)
  })
  await sendPart(page, hand, 'Practice project', async () => {
    await expect(page.getByRole('heading', { name: 'Compliance type' })).toBeVisible()
    await hand.press('radio', /^GDPR/)
  })

  // A person who is looked at stands as they do now, not as they did when they were opened.
  const people = page.getByRole('grid', { name: 'People' })
  await people.getByRole('row', { name: /^C-7 Under way/ }).press('Enter')
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('sandbox-unknown-user.7@example.com')
  await expect(dialog).toContainText('device-7')
  await expect
    .poll(async () => (await app.call('getCase', { caseId })).standings, { timeout: 60_000 })
    .toEqual({ erased: 6, 'under way': 0, 'not sent': 0, waits: 1, 'not erased': 1 })
  await expect(dialog).toContainText('Waits for you')
  await page.keyboard.press('Escape')
  await expect(people.getByRole('row', { name: /^C-1 Erased/ })).toBeVisible()
  await expect(people.getByRole('row', { name: /^C-7 Waits for you.*erased.*unconfirmed/ })).toBeVisible()
  await expect(people.getByRole('row', { name: /^C-8 Not erased/ })).toBeVisible()

  // Accepted as unconfirmed is settled, and still not erased.
  await hand.press('link', /^Decide in its request \(Practice vendor\)/)
  await hand.press('button', /^Decide about /)
  await hand.press('radio', /^Leave it unconfirmed/)
  await hand.write(/^Reason/, 'Not known at the vendor.')
  await hand.press('button', /^Accept 1 identifier as unconfirmed$/)
  await expect
    .poll(async () => await app.call('getCase', { caseId }), { timeout: 20_000 })
    .toMatchObject({ phase: 'closed', standings: { erased: 6, waits: 0, 'not erased': 2 } })
})
