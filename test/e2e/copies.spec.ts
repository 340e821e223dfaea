/** Copies of people's data: asked for before anything is erased, followed, and saved whole where the operator says. */
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { quickVendor, type OwnSandbox } from '../support/sandbox.ts'
import { expectNoFaults } from './support/accessibility.ts'
import type { App } from './support/app.ts'
import { quickSettings, sendDraft } from './support/job.ts'
import { expect, test } from './support/test.ts'

const quickMixpanel = {
  ...quickVendor,
  mixpanel: {
    accounts: [{ windows: [{ milliseconds: 1_000, calls: 40 }] }],
    processing: { pendingMilliseconds: 300, stagingMilliseconds: 300, startedMilliseconds: 400 },
  },
} as const

async function saveMixpanel(app: App, sandbox: OwnSandbox) {
  await app.untilSender()
  const [account] = sandbox.mixpanel.accounts
  const [project] = account?.projects ?? []
  if (account === undefined || project === undefined) throw new Error('The sandbox has an account with a project')
  return await app.call('saveConnection', {
    vendor: 'mixpanel',
    name: 'Practice vendor',
    environment: 'staging',
    origin: sandbox.origin,
    clientId: project.projectToken,
    secret: account.oauthToken,
    windows: [{ milliseconds: 1_000, calls: 40 }],
    settings: quickSettings,
  })
}

async function draftOf(app: App, sandbox: OwnSandbox, ids: readonly string[]) {
  const connection = await saveMixpanel(app, sandbox)
  const file = path.join(app.userData, 'people.csv')
  await writeFile(file, `distinct_id\r\n${ids.map((id) => `${id}\r\n`).join('')}`)
  await app.answerOpenDialog(file)
  const preview = await app.call('chooseFile', {})
  if (preview === null || 'failure' in preview) throw new Error('No file that can be read was chosen.')
  const draft = await app.call('createDraft', { connectionId: connection.id })
  const { token, format } = preview
  await app.call('startImport', { requestId: draft.id, token, format, roles: ['distinct id'] })
  await expect
    .poll(async () => (await app.call('getRequest', { requestId: draft.id })).imports[0]?.status, { timeout: 60_000 })
    .toBe('done')
  return await app.call('updateDraft', {
    requestId: draft.id,
    name: 'Access and erasure',
    scope: { kind: 'choice', value: 'CCPA' },
  })
}

test('a copy is asked for from the plan, followed until it is ready, and saved whole to a folder; its link stays nowhere', async ({
  launchApp,
  startSandbox,
}) => {
  const sandbox = await startSandbox(quickMixpanel)
  const app = await launchApp()
  const { page } = app
  const draft = await draftOf(app, sandbox, ['ana', 'ben', 'cy'])
  await page.evaluate((hash) => {
    window.location.hash = hash
  }, `/drafts/${draft.id}`)
  await page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: 'Plan' }).click()
  const copies = page.getByRole('region', { name: 'Retrievals: copies of their data' })
  await expect(copies).toContainText('Ask before you erase')
  await expectNoFaults(app, 'a plan with no copy yet')

  await copies.getByRole('button', { name: 'Ask for a copy…' }).click()
  const asking = page.getByRole('dialog', { name: 'Ask Mixpanel for a copy?' })
  await expect(asking.getByRole('radio', { name: /^Data / })).toBeChecked()
  await asking.getByText('Sources', { exact: true }).click()
  await expectNoFaults(app, 'asking for a copy')
  await asking.getByRole('button', { name: 'Ask for a copy of 3 identifiers' }).click()
  await expect(asking).toBeHidden()

  await expect(page.getByText('1 copy of these people’s data still being made')).toBeVisible()
  const row = copies.getByRole('grid', { name: 'Retrievals' }).getByRole('row').nth(1)
  await expect(row).toContainText('ready', { timeout: 30_000 })
  await expect(row).toContainText('CCPA, Sources')
  await expect(row).toContainText('end not said')
  await expectNoFaults(app, 'a copy that is ready')
  expect((await sandbox.readLedger()).filter(({ call }) => call === 'retrieve')).toMatchObject([
    { complianceType: 'CCPA', disclosureType: 'Sources', identifiers: ['ana', 'ben', 'cy'] },
  ])

  const folder = path.join(app.userData, 'copies')
  const target = path.join(folder, 'people.zip')
  await app.answerSaveDialog(target)
  await row.hover()
  await row.getByRole('button', { name: 'Get the file of copy 1' }).click()
  const dialog = page.getByRole('dialog', { name: 'The file of copy 1' })
  await expect(dialog).toContainText(new URL(sandbox.origin).host)
  await expectNoFaults(app, 'the file of a copy')
  await dialog.getByRole('button', { name: 'Save…' }).click()
  await expect(dialog.getByRole('alert')).toContainText('could not be written at this place (ENOENT)')
  await expect(dialog.getByRole('alert')).toContainText('No part of the file was left')

  await app.answerSaveDialog(path.join(app.userData, 'people.zip'))
  await dialog.getByRole('button', { name: 'Ask for the link again' }).click()
  await dialog.getByRole('button', { name: 'Save…' }).click()
  await expect(dialog).toContainText('Saved as people.zip')
  const bytes = await readFile(path.join(app.userData, 'people.zip'))
  expect(bytes.subarray(0, 2).toString()).toBe('PK')
  expect(bytes.includes('sources.jsonl')).toBe(true)
  await expect(dialog).toContainText(createHash('sha256').update(bytes).digest('hex'))
  expect((await readdir(app.userData)).filter((name) => name.endsWith('.part'))).toEqual([])
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect(row).toContainText('saved')

  const events = await app.call('listEvents', { requestId: draft.id, anchor: { index: 0 }, limit: 100 })
  expect(JSON.stringify(events)).toContain('Copy 1 was saved as people.zip')
  expect(JSON.stringify(events)).not.toContain('signature=')
  expect(await app.everythingLogged()).not.toContain('mixpanel-exports')
})

test('a sent request has them in a tab: what was cut off is decided with a reason, by keyboard', async ({
  launchApp,
  startSandbox,
}) => {
  const sandbox = await startSandbox({ ...quickMixpanel, faults: { ...quickVendor.faults, times: 1 } })
  const app = await launchApp()
  const { page } = app
  const draft = await draftOf(app, sandbox, ['sandbox-cut-after-recorded', 'ana'])
  await app.call('askForRetrievals', { requestId: draft.id, disclosure: null })
  const first = async () =>
    (await app.call('listRetrievals', { requestId: draft.id, anchor: { index: 0 }, limit: 10 })).rows.at(-1)?.status
  await expect.poll(first, { timeout: 30_000 }).toBe('outcome unknown')

  // While it is a draft the overview leads to the plan, where its copies stand.
  const waits = page.getByRole('region', { name: /^Waits for you/ })
  const goTo = (hash: string) =>
    page.evaluate((next) => {
      window.location.hash = next
    }, hash)
  await goTo('/')
  await expect(waits).toContainText('1 copy')
  await waits.getByRole('link', { name: '1 copy in doubt Access and erasure' }).click()
  await expect(page.getByRole('heading', { name: 'Plan' })).toBeVisible()
  await expect(page.getByText('Nobody knows whether 1 copy of these people’s data was asked for')).toBeVisible()
  await expectNoFaults(app, 'a plan with a copy in doubt')
  const copies = page.getByRole('grid', { name: 'Retrievals' })
  await page.getByRole('button', { name: 'Show the copies' }).click()
  await expect(copies).toBeInViewport()

  // Once it was sent it leads to the tab, and the request says so before anything else.
  await sendDraft(app, draft.id)
  await goTo('/')
  await waits.getByRole('link', { name: '1 copy in doubt Access and erasure' }).click()
  await expect(page.getByRole('tab', { name: /^Retrievals/ })).toHaveAttribute('aria-selected', 'true')
  await page.getByRole('tab', { name: /^Calls/ }).click()
  await expect(page.getByRole('tab', { name: /^Calls/ })).toHaveAttribute('aria-selected', 'true')
  await page.getByRole('button', { name: 'Show the copies' }).click()
  const row = page.getByRole('grid', { name: 'Retrievals' }).getByRole('row').nth(1)
  await expect(row).toContainText('outcome unknown')
  await row.hover()
  const again = row.getByRole('button', { name: 'Ask again for copy 1' })
  await again.focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Ask again for copy 1?' })
  await expect(dialog).toContainText('would then be the second')
  await expectNoFaults(app, 'a decision about a copy')
  await page.keyboard.type('The person asked for access')
  await dialog.getByRole('button', { name: 'Ask for a new copy' }).focus()
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('grid', { name: 'Retrievals' }).getByRole('row').nth(1)).toContainText('ready', {
    timeout: 30_000,
  })
  await expect(page.getByRole('grid', { name: 'Retrievals' }).getByRole('row').nth(2)).toContainText('left')
  await expect(page.getByText('Nobody knows whether')).toBeHidden()
  await expectNoFaults(app, 'the retrievals of a sent request')
})
