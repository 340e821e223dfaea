/** Every screen in both themes without an accessibility fault; a request of 100,000 identifiers stays light to scroll. */
import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from 'playwright/test'
import { startOwnSandbox } from '../support/sandbox.ts'
import { launchApp, type App } from './support/app.ts'
import { draftFrom, emails, saveOwnConnection, sendDraft, writeCsv } from './support/job.ts'

test('every screen is free of accessibility faults in light and dark', async () => {
  await using sandbox = await startOwnSandbox()
  await using app = await launchApp()
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

test('every step of a new request is free of accessibility faults, with a file that cannot be read among them', async () => {
  await using app = await launchApp()
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

async function expectNoFaults(app: App, screen: string): Promise<void> {
  for (const theme of ['dark', 'light'] as const) {
    await app.call('setAppearance', { theme, zoom: 1 })
    await expect(app.page.locator('html')).toHaveAttribute('data-theme', theme)
    const { violations } = await new AxeBuilder({ page: app.page })
      // Where the component library announces a busy button by its name, for seconds longer than the button may be there.
      .exclude('[data-live-announcer]')
      .setLegacyMode(true)
      .analyze()
    const faults = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
    )
    expect(faults, `${screen}, ${theme}`).toEqual([])
  }
}

test('100,000 identifiers: few rows in the page, and none of them blank for long', async () => {
  await using sandbox = await startOwnSandbox()
  await using app = await launchApp()
  const connection = await saveOwnConnection(app, sandbox, { identifiersPerCall: 100 })
  const file = await writeCsv(app, emails(100_000))
  const draft = await draftFrom(app, { connectionId: connection.id, file, name: 'Large' })
  await sendDraft(app, draft.id)
  await app.call('pauseRequest', { requestId: draft.id })
  await app.page.evaluate((address) => {
    window.location.hash = address
  }, `/requests/${draft.id}`)
  await app.page.getByRole('button', { name: /^All/ }).click()
  await expect(app.page.getByRole('grid', { name: 'Identifiers' })).toHaveAttribute('aria-rowcount', '100001')
  const measured = await app.page.evaluate(scrollThroughTable)
  expect(measured.mostRows).toBeLessThan(120)
  expect(measured.longestBlankMilliseconds).toBeLessThan(100)
})

/** In the page: wheels and jumps through the table, frame by frame, watching how long each row in sight stays blank. */
async function scrollThroughTable(): Promise<{ mostRows: number; longestBlankMilliseconds: number }> {
  const scroller = document.querySelector<HTMLElement>('.table-scroll')
  if (scroller === null) throw new Error('No table')
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))
  const blankSince = new Map<string, number>()
  let mostRows = 0
  let longest = 0
  const look = (now: number) => {
    const rows = [...scroller.querySelectorAll<HTMLElement>('[data-index]')]
    mostRows = Math.max(mostRows, rows.length)
    const { top, bottom } = scroller.getBoundingClientRect()
    const blank = new Set<string>()
    for (const row of rows) {
      const place = row.getBoundingClientRect()
      if (place.bottom <= top || place.top >= bottom || row.getAttribute('aria-busy') !== 'true') continue
      blank.add(row.dataset['index'] ?? '')
    }
    for (const index of blank) {
      blankSince.set(index, blankSince.get(index) ?? now)
      longest = Math.max(longest, now - (blankSince.get(index) ?? now))
    }
    for (const index of blankSince.keys()) if (!blank.has(index)) blankSince.delete(index)
  }
  const whole = scroller.scrollHeight
  for (let step = 0; step < 120; step += 1) {
    scroller.scrollTop += 400
    look(await frame())
  }
  for (const share of [0.5, 0.9, 0.1, 0.99, 0.33, 0.66, 0]) {
    scroller.scrollTop = whole * share
    for (let frames = 0; frames < 30; frames += 1) look(await frame())
  }
  return { mostRows, longestBlankMilliseconds: Math.round(longest) }
}
