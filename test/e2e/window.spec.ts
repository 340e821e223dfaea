/** The window itself: its policy holds on every screen, it keeps its looks, and it closes without cutting a call off. */
import { quickVendor } from '../support/sandbox.ts'
import { draftFrom, emails, saveOwnConnection, sendDraft, writeCsv } from './support/job.ts'
import { expect, test } from './support/test.ts'

test('no screen breaks the content security policy or logs an error', async ({ launchApp }) => {
  const app = await launchApp()
  const complaints: string[] = []
  app.page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  app.page.on('pageerror', (error) => complaints.push(error.message))
  await app.saveSandboxConnection()
  for (const name of ['Overview', 'Requests', 'Connections', 'Settings']) {
    await app.page.getByRole('navigation').getByRole('link', { name }).first().click()
    await expect(app.page.getByRole('heading', { level: 1 })).toBeVisible()
  }
  expect(complaints).toEqual([])
})

test('zoom goes by menu and keys between 80 and 200 %, and is kept', async ({ launchApp }) => {
  const app = await launchApp()
  await app.status()
  const clickZoomIn = async () =>
    await app.electron.evaluate(({ Menu }) => {
      const items = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? []) ?? []
      items.find(({ label }) => label === 'Zoom in')?.click()
    })
  const zoomFactor = async () =>
    await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getZoomFactor())
  await clickZoomIn()
  await expect.poll(async () => (await app.call('getAppearance', {})).zoom).toBe(1.1)
  await expect.poll(zoomFactor).toBeCloseTo(1.1)
  expect(await app.ask('setAppearance', { theme: 'dark', zoom: 2.5 })).toMatchObject({ ok: false })
  await app.call('setAppearance', { theme: 'dark', zoom: 2 })
  await expect.poll(zoomFactor).toBeCloseTo(2)
  await clickZoomIn()
  await expect.poll(async () => (await app.call('getAppearance', {})).zoom).toBe(2)
  await app.quit()

  const again = await launchApp({ userData: app.userData })
  await expect
    .poll(
      async () =>
        await again.electron.evaluate(({ BrowserWindow }) =>
          BrowserWindow.getAllWindows()[0]?.webContents.getZoomFactor(),
        ),
    )
    .toBeCloseTo(2)
  expect(await again.electron.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('dark')
})

test('the menu goes back to the screen shown before, and forward again', async ({ launchApp }) => {
  const app = await launchApp()
  await app.status()
  const click = async (wanted: string) =>
    await app.electron.evaluate(({ Menu }, label) => {
      const items = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? []) ?? []
      items.find((item) => item.label === label)?.click()
    }, wanted)
  const heading = app.page.getByRole('heading', { level: 1 })
  await expect(heading).toHaveText('Overview')
  await app.page.getByRole('link', { name: 'Connections' }).click()
  await expect(heading).toHaveText('Connections')
  await click('Back')
  await expect(heading).toHaveText('Overview')
  await click('Forward')
  await expect(heading).toHaveText('Connections')
  await click('Forward')
  await expect(heading).toHaveText('Connections')
})

test('the menu leads to the pages of every vendor', async ({ launchApp }) => {
  const app = await launchApp()
  const vendors = await app.call('listVendors', {})
  const labels = await app.electron.evaluate(
    ({ Menu }) =>
      Menu.getApplicationMenu()
        ?.items.at(-1)
        ?.submenu?.items.map(({ label }) => label) ?? [],
  )
  expect(labels).toEqual(vendors.map(({ name }) => `${name}: how erasure works`))
  expect(labels).toContain('Mixpanel: how erasure works')
})

test('size is remembered, and never smaller than the smallest that works', async ({ launchApp }) => {
  const app = await launchApp()
  await app.status()
  expect(
    await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getMinimumSize()),
  ).toEqual([960, 600])
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(1010, 640))
  await app.quit()
  const again = await launchApp({ userData: app.userData })
  expect(await again.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getSize())).toEqual([
    1010, 640,
  ])
})

test('closing awaits the call under way, and the window says so meanwhile', async ({ launchApp, startSandbox }) => {
  const sandbox = await startSandbox(quickVendor)
  const app = await launchApp()
  const connection = await saveOwnConnection(app, sandbox)
  const file = await writeCsv(app, emails(1, 'sandbox-slow'))
  const draft = await draftFrom(app, { connectionId: connection.id, file, name: 'Closing' })
  await sendDraft(app, draft.id)
  const eraseCalls = async () => (await sandbox.readLedger()).filter(({ call }) => call === 'erase')
  await expect.poll(async () => (await eraseCalls()).length, { message: 'the call has arrived' }).toBe(1)

  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  expect(await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle())).toContain(
    'finishing the call under way',
  )
  const status = await app.status()
  expect(status.sender).toMatchObject({ sends: false, reason: expect.stringContaining('call under way') })
  await app.untilEnded()
  expect((await eraseCalls()).map(({ ended }) => ended)).toEqual(['answered'])
})
