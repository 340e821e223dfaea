/** Every screen in both themes without an accessibility fault. */
import type { Locator } from 'playwright/test'
import { expectNoFaults } from './support/accessibility.ts'
import {
  dayFromNow,
  draftFrom,
  emails,
  quickMixpanel,
  saveOwnConnection,
  saveOwnMixpanel,
  sendDraft,
  writeCsv,
} from './support/job.ts'
import { expect, test } from './support/test.ts'
import { byMouse } from './support/wizard.ts'
import { sendTroubled, troubledBatches } from './support/troubled.ts'

test('every screen is free of accessibility faults in light and dark', async ({ launchApp, startSandbox }) => {
  const sandbox = await startSandbox()
  const app = await launchApp()
  await expectNoFaults(app, 'first overview')
  const connection = await saveOwnConnection(app, sandbox)
  const file = await writeCsv(app, [...emails(30), 'sandbox-unknown-user@example.com'])
  const request = await draftFrom(app, { connectionId: connection.id, file, name: 'Looked at' })
  await sendDraft(app, request.id)
  await app.untilRequestSettled('Looked at')
  const draft = await draftFrom(app, { connectionId: connection.id, file, name: 'Being made' })
  for (const place of [
    '/',
    '/requests',
    `/requests/${request.id}`,
    `/drafts/${draft.id}`,
    '/connections',
    '/connections/new',
    `/connections/${connection.id}`,
    '/settings',
  ]) {
    await app.page.evaluate((address) => {
      window.location.hash = address
    }, place)
    await expect(app.page.getByRole('heading', { level: 1 })).toBeVisible()
    await expectNoFaults(app, place)
  }
})

test('every tab and dialog of a request is free of accessibility faults in light and dark', async ({
  launchApp,
  startSandbox,
}) => {
  const sandbox = await startSandbox()
  const app = await launchApp()
  const name = 'Everyone in the north who asked for erasure between January and November'
  const { request } = await sendTroubled(app, sandbox, { name })
  const { page } = app
  await page.evaluate((address) => {
    window.location.hash = address
  }, `/requests/${request.id}`)
  await page.getByRole('button', { name: /more groups?$/ }).click()
  for (const [button, choice] of [
    [/^Decide about .* batch 2/, 'Send them again'],
    [/^Decide about .* batch 4/, 'Pair the whole batch'],
    [/^Retry .*: failed/, null],
    [/^Retry .*: refused/, null],
  ] as const) {
    await page.getByRole('button', { name: button }).click()
    const dialog = page.getByRole('alertdialog')
    await expect(dialog).toBeVisible()
    if (choice !== null) await dialog.getByText(choice).click()
    await expectNoFaults(app, `dialog ${button}`)
    // The buttons stay in sight however much the dialog says.
    await expect(dialog.getByRole('button', { name: 'Decide later' })).toBeInViewport({ ratio: 1 })
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
  }
  for (const tab of ['Identifiers', 'Batches', 'Calls', 'Events', 'Case facts']) {
    await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click()
    await expect(page.getByRole('tabpanel')).toBeVisible()
    await expectNoFaults(app, `tab ${tab}`)
  }
  await page.getByRole('tab', { name: /^Batches/ }).click()
  await page.getByRole('grid', { name: 'Batches' }).getByRole('row').nth(4).press('Enter')
  await expect(page.getByRole('dialog', { name: /^Batch 4/ })).toBeVisible()
  await expectNoFaults(app, 'dialog of a batch')
  await page.keyboard.press('Escape')
  await page.getByRole('grid', { name: 'Batches' }).getByRole('row').nth(troubledBatches.rejected).press('Enter')
  await expect(page.getByRole('dialog', { name: 'Batch 6: split' })).toBeVisible()
  await expectNoFaults(app, 'dialog of a split batch')
  await page.keyboard.press('Escape')
  // In the smallest window the request's name gives way, and where it is sent does not.
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(960, 600))
  await expect.poll(async () => await isCut(page.getByRole('heading', { level: 1 }))).toBe(true)
  expect(await isCut(page.locator('.screen-header .chip .cut'))).toBe(false)
  await expect(page.getByText('Reference DSR-2291')).toBeVisible()
})

test('the screens of a vendor with choices of its own are free of accessibility faults in light and dark', async ({
  launchApp,
  startSandbox,
}) => {
  const sandbox = await startSandbox(quickMixpanel({ pendingMilliseconds: 60_000 }))
  const app = await launchApp()
  const { page } = app
  const open = async (place: string) => {
    await page.evaluate((address) => {
      window.location.hash = address
    }, place)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  }
  const connection = await saveOwnMixpanel(app, sandbox, { secretExpiresOn: dayFromNow(5) })
  const file = await writeCsv(app, ['person-1', 'sandbox-in-running-task-1'], 'project.csv', 'distinct_id')
  const scope = { kind: 'choice', value: 'CCPA' } as const
  const draft = await draftFrom(app, { connectionId: connection.id, file, name: 'Project', scope })
  await open('/connections/new')
  await byMouse(page).press('radio', /^Mixpanel$/)
  await expectNoFaults(app, 'form of a new connection')
  for (const place of ['/', '/connections', `/connections/${connection.id}`, `/connections/${connection.id}/edit`]) {
    await open(place)
    await expectNoFaults(app, place)
  }
  await open(`/drafts/${draft.id}`)
  const rail = page.getByRole('navigation', { name: 'Steps' })
  for (const step of ['Scope', 'Plan']) {
    await rail.getByRole('button', { name: step }).click()
    await expectNoFaults(app, step)
  }
  await sendDraft(app, draft.id)
  await app.untilRequest('Project', 'accepted', ({ counts }) => (counts.accepted ?? 0) === 2)
  await open(`/requests/${draft.id}`)
  await page.getByRole('tab', { name: /^Batches/ }).click()
  for (const [row, words] of [
    [2, 'it is not taken back from here'],
    [3, 'Take it back at Mixpanel'],
  ] as const) {
    await page.getByRole('grid', { name: 'Batches' }).getByRole('row').nth(row).press('Enter')
    await expect(page.getByRole('dialog')).toContainText(words)
    await expectNoFaults(app, `dialog of batch ${row}`)
    await page.keyboard.press('Escape')
  }
})

async function isCut(text: Locator): Promise<boolean> {
  return await text.evaluate((element) => element.scrollWidth > element.clientWidth)
}

test('every step of a new request is free of accessibility faults, with a file that cannot be read among them', async ({
  launchApp,
}) => {
  const app = await launchApp()
  const connection = await app.saveSandboxConnection()
  const file = await writeCsv(app, ['ann@mail.example', 'Ann@mail.example', 'u-\u202e7', ''])
  const draft = await draftFrom(app, { connectionId: connection.id, file, name: 'Steps' })
  await app.page.evaluate((address) => {
    window.location.hash = address
  }, `/drafts/${draft.id}`)
  const rail = app.page.getByRole('navigation', { name: 'Steps' })
  for (const step of ['File', 'Columns and check', 'Scope', 'Case facts', 'Plan']) {
    await rail.getByRole('button', { name: step }).click()
    await expect(rail.getByRole('button', { name: step })).toHaveAttribute('aria-current', 'step')
    await expectNoFaults(app, step)
  }
  await rail.getByRole('button', { name: 'Columns and check' }).click()
  await app.page.getByRole('tab', { name: /^Duplicates/ }).click()
  await expect(app.page.getByRole('grid', { name: 'Duplicates' }).getByRole('row').nth(1)).toContainText('line 2')
  await expectNoFaults(app, 'duplicates')
  await app.page.getByRole('button', { name: /^Take this file out.*ids\.csv/ }).click()
  await expectNoFaults(app, 'taking a file out')
  await app.page.getByRole('button', { name: 'Keep the file' }).click()

  await app.answerOpenDialog(await writeCsv(app, [], 'header.csv'))
  await app.page.getByRole('button', { name: 'Add another file' }).click()
  await expect(app.page.getByRole('alert')).toContainText('no row below it')
  await expectNoFaults(app, 'a file that cannot be read')
})
