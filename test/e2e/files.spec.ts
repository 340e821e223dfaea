/** Files that make trouble: each failure leaves the operator where its cure can be followed. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { App } from './support/app.ts'
import { writeCsv } from './support/job.ts'
import { expect, test } from './support/test.ts'
import { byMouse } from './support/wizard.ts'

async function chooseFirst(app: App, file: string): Promise<void> {
  await app.answerOpenDialog(file)
  await app.page.evaluate(() => {
    window.location.hash = '/drafts/new'
  })
  await byMouse(app.page).press('radio', /^Sandbox Kore\.ai/)
  await app.page.getByRole('button', { name: 'Choose a file', exact: true }).click()
}

async function pick(app: App, field: string, option: string): Promise<void> {
  await app.page.getByRole('button', { name: new RegExp(field) }).click()
  await app.page.getByRole('option', { name: option }).click()
}

async function countDrafts(app: App): Promise<number> {
  return (await app.call('listRequests', { filter: 'drafts', anchor: { index: 0 }, limit: 1 })).total
}

test('UTF-16 without a mark: the encoding is chosen where the failure stands, and the file comes in', async ({
  launchApp,
}) => {
  const app = await launchApp()
  await app.saveSandboxConnection()
  const file = path.join(app.userData, 'tokyo.csv')
  const rows = Array.from({ length: 20 }, (_, index) => `東京都千代田区丸の内利用者番号第${index}\r\n`)
  await writeFile(file, Buffer.from(`user_id\r\n${rows.join('')}`, 'utf16le'))
  await chooseFirst(app, file)
  await expect(app.page.getByRole('alert')).toContainText('NUL byte')
  await pick(app, 'Encoding', 'UTF-16, little-endian')
  await expect(app.page.getByRole('region', { name: 'First rows of tokyo.csv' })).toContainText('東京都千代田区')
  await app.page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(app.page.locator('.import-sum')).toContainText('20 rows = 20 identifiers + 0 duplicates + 0 rejects')
})

test('a header alone: told to be an identifier, it is imported as one', async ({ launchApp }) => {
  const app = await launchApp()
  await app.saveSandboxConnection()
  const file = path.join(app.userData, 'one.csv')
  await writeFile(file, 'user_id\n')
  await chooseFirst(app, file)
  await expect(app.page.getByRole('alert')).toContainText('The first row names the columns')
  await app.page.getByText('The first row names the columns', { exact: true }).click()
  await expect(app.page.getByRole('region', { name: 'First rows of one.csv' })).toContainText('user_id')
})

test('a failed import keeps the preview; the next try takes its place, and the draft its name', async ({
  launchApp,
}) => {
  const app = await launchApp()
  await app.saveSandboxConnection()
  const file = path.join(app.userData, 'october.csv')
  await writeFile(file, 'mail;note\nann@mail.example;"5 inch\nbob@mail.example;\n')
  await chooseFirst(app, file)
  await app.page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(app.page.getByRole('alert')).toContainText('never closed')
  await expect(app.page.getByRole('region', { name: 'First rows of october.csv' })).toBeVisible()
  expect((await app.call('listRequests', { filter: 'drafts', anchor: { index: 0 }, limit: 1 })).rows).toMatchObject([
    { name: expect.stringMatching(/^Request of /) },
  ])
  await pick(app, 'Separator', 'Comma')
  await pick(app, 'What “mail;note” holds', 'User id or email')
  await app.page.getByRole('button', { name: 'Import again' }).click()
  await expect(app.page.locator('.import-sum')).toContainText('2 rows = 2 identifiers + 0 duplicates + 0 rejects')
  await expect(app.page.getByRole('list', { name: 'Files of this request' }).getByRole('listitem')).toHaveCount(1)
  expect((await app.call('listRequests', { filter: 'drafts', anchor: { index: 0 }, limit: 1 })).rows).toMatchObject([
    { name: 'october' },
  ])
})

test('a draft whose only file is left out is gone', async ({ launchApp }) => {
  const app = await launchApp()
  await app.saveSandboxConnection()
  await chooseFirst(app, await writeCsv(app, ['ann@mail.example']))
  await expect.poll(async () => await countDrafts(app)).toBe(1)
  await app.page.getByRole('button', { name: 'Leave this file out' }).click()
  await expect(app.page.getByRole('heading', { name: 'Choose a file' })).toBeVisible()
  await expect.poll(async () => await countDrafts(app)).toBe(0)
})

test('duplicates name their row and its file; a second file that fails says so in the page; taking out asks', async ({
  launchApp,
}) => {
  const app = await launchApp()
  await app.saveSandboxConnection()
  await chooseFirst(app, await writeCsv(app, ['ann@mail.example', 'bob@mail.example'], 'first.csv'))
  await app.page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(app.page.locator('.import-sum')).toContainText('2 rows = 2 identifiers')

  const spreadsheet = path.join(app.userData, 'book.csv')
  await writeFile(spreadsheet, Buffer.from([0x50, 0x4b, 0x03, 0x04, 0]))
  await app.answerOpenDialog(spreadsheet)
  await app.page.getByRole('button', { name: 'Add another file' }).click()
  await expect(app.page.getByRole('alert')).toContainText('not CSV text')

  const second = ['Ann@mail.example', 'cy@mail.example', 'cy@mail.example', 'u-\u202e7']
  await app.answerOpenDialog(await writeCsv(app, second, 'second.csv'))
  await app.page.getByRole('button', { name: 'Add another file' }).click()
  await app.page.getByRole('button', { name: 'Import', exact: true }).click()
  const duplicates = app.page.getByRole('grid', { name: 'Duplicates' })
  await expect(duplicates.getByRole('row').nth(1)).toContainText('line 2 of first.csv')
  await expect(duplicates.getByRole('row').nth(1)).toContainText('Ann@mail.example')
  await expect(duplicates.getByRole('row').nth(1)).toContainText('ann@mail.example')
  await expect(duplicates.getByRole('row').nth(2)).toContainText('line 3')
  await expect(duplicates.getByRole('row').nth(2)).not.toContainText('second.csv')

  await app.page.getByRole('button', { name: /^Take this file out.*second\.csv/ }).click()
  const dialog = app.page.getByRole('alertdialog')
  await expect(dialog).toContainText('4 rows = 2 identifiers + 2 duplicates + 0 rejects')
  await dialog.getByRole('button', { name: 'Keep the file' }).click()
  await app.page.getByRole('button', { name: /^Take this file out.*second\.csv/ }).click()
  await dialog.getByRole('button', { name: 'Take 2 identifiers out' }).click()
  await expect(app.page.locator('.import-sum')).toContainText('2 rows = 2 identifiers + 0 duplicates + 0 rejects')
})
