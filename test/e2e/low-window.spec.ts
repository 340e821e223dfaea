/** The smallest window, at 100 % and at 200 %: what is decided and what is pressed stay within reach. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { App } from './support/app.ts'
import { draftFrom, emails, someBot, writeCsv } from './support/job.ts'
import { expect, test } from './support/test.ts'
import { byMouse } from './support/wizard.ts'

async function open(app: App, address: string): Promise<void> {
  await app.page.evaluate((to) => {
    window.location.hash = to
  }, address)
}

async function makeSmall(app: App, zoom: number): Promise<void> {
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(960, 600))
  await app.call('setAppearance', { theme: 'light', zoom })
  await expect
    .poll(async () => await app.page.evaluate(() => window.innerHeight), { message: `600 px at zoom ${zoom}` })
    .toBeLessThanOrEqual(Math.ceil(600 / zoom))
}

test('at 200 % the plan scrolls as one page under its header, and the rail shows the step that is open', async ({
  launchApp,
}) => {
  const app = await launchApp()
  const { id: connectionId } = await app.saveSandboxConnection()
  const draft = await draftFrom(app, { connectionId, file: await writeCsv(app, emails(3)), name: 'Small' })
  await makeSmall(app, 2)
  await open(app, `/drafts/${draft.id}`)
  await app.page.getByRole('button', { name: 'Case facts' }).waitFor()
  await app.page.getByRole('button', { name: /^Plan/ }).click()
  await expect(app.page.getByRole('heading', { name: 'Plan', level: 2 })).toBeVisible()
  const step = app.page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: /^Plan/ })
  await expect(step.getByText('Plan', { exact: true })).toBeInViewport({ ratio: 1 })
  const scrolling = async () =>
    await app.page.evaluate(() =>
      [...document.querySelectorAll('main, .wizard-content, .steps-rail')]
        .filter(
          (element) =>
            element.scrollHeight > element.clientHeight + 1 && getComputedStyle(element).overflowY !== 'visible',
        )
        .map((element) => element.tagName.toLowerCase()),
    )
  await expect.poll(scrolling, { message: 'one thing scrolls' }).toEqual(['main'])
  const send = app.page.getByRole('button', { name: /^Send 3 identifiers/ })
  await send.scrollIntoViewIfNeeded()
  await expect(send).toBeInViewport({ ratio: 1 })
})

test('at 100 % no table of the check scrolls sideways, and what is wrong with the scope is in sight', async ({
  launchApp,
}) => {
  const app = await launchApp()
  await app.saveSandboxConnection()
  const file = path.join(app.userData, 'own.csv')
  const rows = emails(40).map((email, index) => `${email},${index < 30 ? `${someBot}${index}` : ''}`)
  await writeFile(file, `user_id,bot_ids\n${[...rows, rows[39], '', ','].join('\n')}\n`)
  await app.answerOpenDialog(file)
  await makeSmall(app, 1)
  await open(app, '/drafts/new')
  await byMouse(app.page).press('radio', /^Sandbox Kore\.ai/)
  await app.page.getByRole('button', { name: 'Choose a file', exact: true }).click()
  await app.page.getByRole('button', { name: 'Import', exact: true }).click()
  for (const [tab, table] of [
    ['Rejects', 'Rejects'],
    ['Duplicates', 'Duplicates'],
  ] as const) {
    await app.page.getByRole('tab', { name: new RegExp(tab) }).click()
    const grid = app.page.getByRole('grid', { name: table })
    await expect(grid.getByRole('row').nth(1)).toBeVisible()
    const wider = await app.page.locator('.table-scroll').evaluate((place) => place.scrollWidth - place.clientWidth)
    expect(wider, `${table} scrolls sideways`).toBe(0)
  }
  await app.page.getByRole('button', { name: 'Continue' }).click()
  await expect(app.page.getByRole('heading', { name: 'From which bots' })).toBeVisible()
  await app.page.getByRole('button', { name: 'Continue' }).click()
  await expect(app.page.getByText('Name at least one bot.')).toBeInViewport({ ratio: 1 })
})

test('a message in passing covers nothing and goes with its screen', async ({ launchApp }) => {
  const app = await launchApp()
  await app.untilSender()
  await makeSmall(app, 1)
  await app.page.getByRole('button', { name: 'Start the sandbox' }).click()
  const message = app.page.getByRole('region', { name: 'Message' })
  await expect(message).toContainText('The sandbox runs')
  const overlaps = await app.page.evaluate(() => {
    const toast = document.querySelector('.toast')?.getBoundingClientRect()
    if (toast === undefined) return ['no toast']
    return [...document.querySelectorAll('main *, .navigation *')]
      .map((element) => [element.className, element.getBoundingClientRect()] as const)
      .filter(([, box]) => box.width > 0 && box.height > 0)
      .filter(
        ([, box]) =>
          box.left < toast.right && box.right > toast.left && box.top < toast.bottom && box.bottom > toast.top,
      )
      .map(([name]) => name)
  })
  expect(overlaps).toEqual([])
  await open(app, '/connections')
  await expect(message).toBeHidden()
})
