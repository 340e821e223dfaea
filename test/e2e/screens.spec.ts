/** Every screen in both themes without an accessibility fault. */
import { AxeBuilder } from '@axe-core/playwright'
import type { App } from './support/app.ts'
import { draftFrom, emails, saveOwnConnection, sendDraft, writeCsv } from './support/job.ts'
import { expect, test } from './support/test.ts'

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

async function expectNoFaults(app: App, screen: string): Promise<void> {
  for (const theme of ['dark', 'light'] as const) {
    await app.call('setAppearance', { theme, zoom: 1 })
    await expect(app.page.locator('html')).toHaveAttribute('data-theme', theme)
    const { violations } = await new AxeBuilder({ page: app.page }).setLegacyMode(true).analyze()
    const faults = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
    )
    expect(faults, `${screen}, ${theme}`).toEqual([])
  }
}
