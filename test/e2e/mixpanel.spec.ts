/** Mixpanel as an operator meets it: the connection, a deletion with running tasks in its way, taking back. */
import type { Page } from 'playwright/test'
import { expectNoFaults } from './support/accessibility.ts'
import type { App } from './support/app.ts'
import { dayFromNow, draftFrom, quickMixpanel, saveOwnMixpanel, sendDraft, writeCsv } from './support/job.ts'
import { byMouse } from './support/wizard.ts'
import { expect, test } from './support/test.ts'

const gdpr = { kind: 'choice', value: 'GDPR' } as const

async function open(app: App, address: string): Promise<void> {
  await app.page.evaluate((to) => {
    window.location.hash = to
  }, address)
}

/** A request with these ids, sent, and its screen open at the batches. */
async function sendIds(
  app: App,
  connectionId: Parameters<typeof draftFrom>[1]['connectionId'],
  ids: readonly string[],
) {
  const file = await writeCsv(app, ids, 'project.csv', 'distinct_id')
  const draft = await draftFrom(app, { connectionId, file, name: 'Project', scope: gdpr })
  await sendDraft(app, draft.id)
  await app.untilRequest('Project', 'accepted', ({ counts }) => (counts.accepted ?? 0) === ids.length)
  await open(app, `/requests/${draft.id}`)
  await app.page.getByRole('tab', { name: /^Batches/ }).click()
  return draft.id
}

async function openBatch(page: Page, number: number) {
  await page.getByRole('grid', { name: 'Batches' }).getByRole('row').nth(number).press('Enter')
  const dialog = page.getByRole('dialog', { name: new RegExp(`^Batch ${number}`) })
  await expect(dialog).toBeVisible()
  return dialog
}

test('a connection: the vendor first, a last day that is needed, the size of a task worked out, warnings in time', async ({
  launchApp,
}) => {
  const app = await launchApp()
  await app.untilSender()
  const { page } = app
  const hand = byMouse(page)
  await open(app, '/connections/new')
  await page.getByLabel('Name').fill('Web project')
  await hand.press('radio', /^Mixpanel$/)
  await expect(page.getByLabel('Name')).toHaveValue('Web project')
  await expect(page.getByRole('radio', { name: 'Mixpanel' })).toBeFocused()
  await expect(page.getByRole('heading', { name: 'Set up at Mixpanel' })).toBeVisible()
  await page.getByRole('button', { name: /Residency/ }).click()
  await expect(page.getByRole('option')).toHaveText([/^US/, /^EU/, /^India/])
  await page.getByRole('option', { name: /^EU/ }).click()
  await page.getByLabel('Project token').fill('0123456789abcdef0123456789abcdef')
  await page.getByLabel(/^GDPR OAuth token/).fill('an-oauth-token')

  const size = page.getByRole('status').filter({ hasText: 'Each call carries' })
  await expect(size).toContainText('at most 500 identifiers')
  await page.getByLabel('Data groups').fill('9')
  await page.getByLabel('Data groups').press('Tab')
  await expect(size).toContainText('at most 200 identifiers')
  await page.getByLabel('Cap on identifiers per task').fill('150')
  await page.getByLabel('Cap on identifiers per task').press('Tab')
  await expect(size).toContainText('at most 150 identifiers')

  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('Mixpanel takes it until some day only')).toBeVisible()
  expect(await app.call('listConnections', {})).toEqual([])
  await page.getByLabel('Last day of the GDPR OAuth token').fill(dayFromNow(6))
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Web project' })).toBeVisible()
  await expect(page.getByText('GDPR OAuth token ends in 6 days')).toBeVisible()
  await expect(page.getByText('https://eu.mixpanel.com')).toBeVisible()
  const [saved] = await app.call('listConnections', {})
  if (saved === undefined) throw new Error('Nothing was saved.')
  expect(saved).toMatchObject({
    vendor: 'mixpanel',
    clientId: '0123456789abcdef0123456789abcdef',
    windows: [{ milliseconds: 1_000, calls: 1 }],
    settings: { identifiersPerCall: 150, own: { dataGroups: 9, mostPerTask: 150 } },
  })

  await open(app, '/connections')
  await expect(page.getByRole('table').getByText('GDPR OAuth token ends in 6 days')).toBeVisible()
  await app.call('createDraft', { connectionId: saved.id })
  await open(app, '/')
  await expect(page.getByRole('region', { name: /^Waits for you/ })).toContainText('GDPR OAuth token ends in 6 days')
})

test('after its last day a token stands in the way of sending, in words', async ({ launchApp, startSandbox }) => {
  const sandbox = await startSandbox(quickMixpanel())
  const app = await launchApp()
  const connection = await saveOwnMixpanel(app, sandbox, { secretExpiresOn: dayFromNow(-3) })
  const file = await writeCsv(app, ['person-1'], 'project.csv', 'distinct_id')
  const draft = await draftFrom(app, { connectionId: connection.id, file, name: 'Late', scope: gdpr })
  await open(app, `/drafts/${draft.id}`)
  await app.page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: 'Plan' }).click()
  await expect(app.page.getByText(/^The GDPR OAuth token of this connection expired on/)).toBeVisible()
  await expect(app.page.getByRole('button', { name: /^Send 1 identifier/ })).toBeDisabled()
  await open(app, `/connections/${connection.id}`)
  await expect(app.page.getByText('GDPR OAuth token expired', { exact: true })).toBeVisible()
  expect(await sandbox.readLedger()).toEqual([])
})

test('the whole way at Mixpanel: columns, compliance type, plan, a task that runs already, the end', async ({
  launchApp,
  startSandbox,
}) => {
  const sandbox = await startSandbox(quickMixpanel())
  const app = await launchApp()
  await saveOwnMixpanel(app, sandbox)
  const { page } = app
  const hand = byMouse(page)
  const ids = ['person-1', 'person-2', 'Person-1', 'sandbox-in-running-task-7']
  await app.answerOpenDialog(await writeCsv(app, ids, 'project.csv', 'distinct_id'))
  await open(app, '/drafts/new')
  await hand.press('button', /^Choose a file$/)
  await expect(page.getByRole('button', { name: /What “distinct_id” holds/ })).toContainText('Distinct id')
  await hand.press('button', /^Import$/)
  await expect(page.locator('.import-sum')).toContainText('4 rows = 4 identifiers + 0 duplicates + 0 rejects')
  await hand.press('button', /^Continue/)
  await expect(page.getByRole('heading', { name: 'Compliance type' })).toBeVisible()
  await expect(page.getByRole('radio', { checked: true })).toHaveCount(0)
  await hand.press('button', /^Continue/)
  await expect(page.getByText('Choose one: it is not guessed.')).toBeVisible()
  await hand.press('radio', /^CCPA/)
  await hand.press('button', /^Continue/)
  await expect(page.getByRole('heading', { name: 'Case facts' })).toBeVisible()
  await hand.write('Name', 'Whole way')
  await hand.press('button', /^Continue/)
  await expect(page.getByRole('heading', { name: 'Plan', level: 2 })).toBeVisible()
  const plan = page.getByRole('main')
  await expect(plan).toContainText('4 identifiers will be erased at Mixpanel under CCPA, in 1 call')
  await expect(plan).toContainText('tracking goes on until it is stopped')
  await expect(plan).toContainText('exported from Mixpanel')
  await expect(plan).toContainText('up to 30 days')
  await expect(plan).toContainText('"compliance_type": "CCPA"')
  const project = sandbox.mixpanel.accounts[0]?.projects[0]?.projectToken ?? ''
  await expect(plan).not.toContainText(project)
  await hand.press('button', /^Send 4 identifiers to Mixpanel/)
  await expect(page.getByRole('tab', { name: /^Identifiers/ })).toBeVisible()
  const settled = await app.untilRequestSettled('Whole way')
  expect(settled.counts).toEqual({ erased: 4 })
  await page.getByRole('tab', { name: /^Batches/ }).click()
  const batches = page.getByRole('grid', { name: 'Batches' })
  await expect(batches.getByText('finished, adopted')).toHaveCount(1)
  await expect(batches.getByRole('row').nth(1)).toContainText('divided')
  await expect(batches.getByRole('row').nth(1)).toContainText('into 2 and 3')
  const divided = await openBatch(page, 1)
  await expect(divided).toContainText(
    'in a task that runs already, followed as batch 2, the others sent again as batch 3',
  )
  await divided.getByRole('button', { name: 'Close' }).click()
  const dialog = await openBatch(page, 2)
  await expect(dialog).toContainText('a task that was running at the vendor already; it is not taken back from here')
})

test('an accepted task is taken back in time, and nobody in it is erased', async ({ launchApp, startSandbox }) => {
  const sandbox = await startSandbox(quickMixpanel({ pendingMilliseconds: 60_000 }))
  const app = await launchApp()
  const connection = await saveOwnMixpanel(app, sandbox)
  await sendIds(app, connection.id, ['person-1', 'person-2'])
  const dialog = await openBatch(app.page, 1)
  await dialog.getByRole('button', { name: 'Take 2 identifiers back' }).click()
  await expect(dialog.getByText('A reason is needed')).toBeVisible()
  await dialog.getByLabel('Why').fill('Asked for by mistake.')
  await dialog.getByRole('button', { name: 'Take 2 identifiers back' }).click()
  await expect(dialog.getByText('2 identifiers: 2 revoked')).toBeVisible()
  await expect(dialog.getByRole('button', { name: /^Take 2/ })).toBeHidden()
  const settled = await app.untilRequestSettled('Project')
  expect(settled.counts).toEqual({ revoked: 2 })
  expect((await sandbox.readTasks()).map(({ erasedIds }) => erasedIds)).toEqual([[]])

  // It was taken back in error: sent again, with its plan and a reason, through the group that stands for it.
  await dialog.getByRole('button', { name: 'Close' }).click()
  const revoked = app.page.getByRole('region', { name: 'May be tried again' })
  await expect(revoked).toContainText('nothing of them is erased')
  await expectNoFaults(app, 'a request whose batch was taken back')
  await revoked.getByRole('button', { name: 'Send again 2 identifiers: revoked' }).click()
  const deciding = app.page.getByRole('alertdialog')
  await expect(deciding).toContainText('they are erased after all')
  await expect(deciding.getByRole('region', { name: 'What is sent' })).toContainText('Compliance type')
  await deciding.getByLabel(/^Reason/).fill('They asked for it after all.')
  await deciding.getByRole('button', { name: 'Send 2 identifiers again' }).click()
  await expect(deciding).toBeHidden()
  await app.untilRequest('Project', 'accepted', ({ counts }) => counts.accepted === 2)
  expect((await sandbox.readTasks()).length).toBe(2)
})

test('taking back too late is said, the task goes on and ends as erased', async ({ launchApp, startSandbox }) => {
  const sandbox = await startSandbox(
    quickMixpanel({ pendingMilliseconds: 0, stagingMilliseconds: 0, startedMilliseconds: 4_000 }),
  )
  const app = await launchApp()
  // Nothing is asked about the task before it is to be taken back: the last word does not say yet that it has started.
  const connection = await saveOwnMixpanel(app, sandbox, { firstPollMilliseconds: 10_000 })
  await sendIds(app, connection.id, ['person-1'])
  const dialog = await openBatch(app.page, 1)
  await dialog.getByLabel('Why').fill('Asked for by mistake.')
  await dialog.getByRole('button', { name: 'Take 1 identifier back' }).click()
  await expect(dialog.getByText('Too late to take it back')).toBeVisible()
  await expect(dialog.getByRole('button', { name: /^Take 1/ })).toBeHidden()
  const settled = await app.untilRequestSettled('Project')
  expect(settled.counts).toEqual({ erased: 1 })
})

test('taking back that came to nothing is said where it was asked for, and can be asked for again there', async ({
  launchApp,
  startSandbox,
}) => {
  const sandbox = await startSandbox(quickMixpanel({ pendingMilliseconds: 60_000 }))
  const app = await launchApp()
  const connection = await saveOwnMixpanel(app, sandbox)
  await sendIds(app, connection.id, ['sandbox-cancel-cut-before'])
  const dialog = await openBatch(app.page, 1)
  await dialog.getByLabel('Why').fill('Asked for by mistake.')
  await dialog.getByRole('button', { name: 'Take 1 identifier back' }).click()
  await expect(dialog.getByText('It was not taken back')).toBeVisible({ timeout: 20_000 })
  await expect(dialog).toContainText('Mixpanel’s next answer shows that nothing came of it: “PENDING”')
  await expectNoFaults(app, 'a batch that was not taken back')
  await dialog.getByLabel('Why').fill('Asked for by mistake, again.')
  await dialog.getByRole('button', { name: 'Take 1 identifier back' }).click()
  await expect(dialog.getByText('1 identifier: 1 revoked')).toBeVisible()
  expect((await app.untilRequestSettled('Project')).counts).toEqual({ revoked: 1 })
  expect((await sandbox.readTasks()).map(({ erasedIds }) => erasedIds)).toEqual([[]])
})

test('a task that ends with FAILURE is tried again as a new one', async ({ launchApp, startSandbox }) => {
  const sandbox = await startSandbox(quickMixpanel())
  const app = await launchApp()
  const connection = await saveOwnMixpanel(app, sandbox)
  const requestId = await sendIds(app, connection.id, ['person-1', 'sandbox-failure-once-2'])
  expect((await app.untilRequestSettled('Project')).counts).toEqual({ failed: 2 })
  await app.page.getByRole('button', { name: 'Retry 2 identifiers: failed, “FAILURE”' }).click()
  const dialog = app.page.getByRole('alertdialog')
  await expect(dialog.getByRole('region', { name: 'What is sent' })).toContainText('Compliance type')
  await dialog.getByLabel(/^Reason/).fill('Mixpanel says to make a new task.')
  await dialog.getByRole('button', { name: 'Send 2 identifiers again' }).click()
  await expect(dialog).toBeHidden()
  await app.untilRequest('Project', 'erased', ({ counts }) => counts.erased === 2)
  const { rows } = await app.call('listBatches', { requestId, anchor: { index: 0 }, limit: 50 })
  expect(rows).toMatchObject([{ size: 2 }, { size: 2, parent: 'batch 1, tried again' }])
  expect(rows[0]?.vendorRequestId).not.toBe(rows[1]?.vendorRequestId)
})
