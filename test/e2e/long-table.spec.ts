/** Tables of very many identifiers: light to scroll, every row within reach, whatever the zoom. */
import type { RequestId } from '../../src/shared/model/ids.ts'
import type { OwnSandbox } from '../support/sandbox.ts'
import type { App } from './support/app.ts'
import { draftFrom, emails, saveOwnConnection, sendDraft, writeCsv } from './support/job.ts'
import { expect, test } from './support/test.ts'

test('1,000,000 identifiers: light to scroll, and every row within reach of keys, wheel and scrollbar at 200 %', async ({
  launchApp,
  startSandbox,
}) => {
  const sandbox = await startSandbox()
  const app = await launchApp()
  const count = 1_000_000
  const requestId = await showRequestOf(app, sandbox, count)
  const measured = await app.page.evaluate(scrollThroughTable)
  expect(measured.mostRows).toBeLessThan(120)
  expect(measured.longestBlankMilliseconds).toBeLessThan(100)
  const { page } = app
  await app.call('setAppearance', { theme: 'light', zoom: 2 })
  await expect.poll(async () => await page.evaluate(() => window.devicePixelRatio)).toBe(2)
  const table = tableOf(app, requestId)
  const tallest = 2 ** 31 / 64
  expect(await table.scrollHeightInDevicePixels()).toBeLessThan(tallest)

  // Keys: the last row, its neighbours one by one, a page, and back to the first.
  await table.row(0).focus()
  await table.scrollScreenToTop()
  await page.keyboard.press('End')
  await table.expectActive(count - 1)
  for (let step = 2; step <= 20; step += 1) {
    await page.keyboard.press('ArrowUp')
    await table.expectActive(count - step)
  }
  await page.keyboard.press('PageUp')
  const paged = count - 20 - (await table.rowsOfPage())
  await table.expectActive(paged)
  await page.keyboard.press('PageDown')
  await table.expectActive(count - 20)
  await page.keyboard.press('Home')
  await table.expectActive(0)

  // The scrollbar: its end is the list's end, its middle the list's middle.
  await table.scrollToShare(1)
  await table.expectInSight(count - 1)
  await table.expectGapless()
  await table.scrollToShare(0.5)
  await expect.poll(async () => await table.firstInSight(), { message: 'the middle of the list' }).toBeCloseTo(5e5, -3)
  await table.expectGapless()

  // The wheel: the list moves by what the wheel turned, not by its share of the scrollbar.
  const watched = (await table.firstInSight()) + 4
  await page.mouse.move(...(await table.centre()))
  for (const turn of [64, 64, 64, -64, -128]) {
    const before = await table.topOf(watched)
    // The wheel turns in pixels of the display.
    await page.mouse.wheel(0, 2 * turn)
    await expect
      .poll(async () => (await table.topOf(watched)) - before, { message: `moved by ${-turn}` })
      .toBeCloseTo(-turn, 0)
  }
  await table.expectGapless()

  // Selection and focus, in the middle of the list.
  await table.row(watched).click()
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Shift+ArrowDown')
  await expect(page.getByRole('toolbar', { name: 'Selected rows' })).toContainText('3 rows selected')
  await table.expectActive(watched + 2)

  // Out of sight the active row keeps its place in the tab order, and shows itself when it gets the focus.
  await page.getByRole('button', { name: 'Columns' }).focus()
  await table.scrollToShare(0.1)
  await expect.poll(async () => await table.firstInSight()).toBeLessThan(count / 5)
  await page.keyboard.press('Tab')
  await table.expectActive(watched + 2)
  await page.getByRole('button', { name: 'Columns' }).focus()
  await table.scrollToShare(0.1)
  await expect.poll(async () => await table.firstInSight()).toBeLessThan(count / 5)
  await page.keyboard.press('j')
  await table.expectActive(watched + 2)

  // Left and come back to, for another list and for another tab.
  const left = await table.topOf(watched + 2)
  await page.getByRole('button', { name: /^Erased/ }).click()
  await expect(table.row(watched + 2)).toHaveCount(0)
  await page.getByRole('button', { name: /^All/ }).click()
  await expect(table.row(watched + 2)).toContainText(await table.textOf(watched + 2))
  expect(await table.topOf(watched + 2)).toBeCloseTo(left, 0)
  await page.getByRole('tab', { name: /^Batches/ }).click()
  await expect(page.getByRole('grid', { name: 'Batches' })).toBeVisible()
  await page.getByRole('tab', { name: /^Identifiers/ }).click()
  await expect(table.row(watched + 2)).toContainText(await table.textOf(watched + 2))
  expect(await table.topOf(watched + 2)).toBeCloseTo(left, 0)
  await table.expectGapless()
})

/** Imports `count` emails, sends them, holds the rest back at once, and shows all of them in the table. */
async function showRequestOf(app: App, sandbox: OwnSandbox, count: number): Promise<RequestId> {
  const connection = await saveOwnConnection(app, sandbox, { identifiersPerCall: 100 })
  const file = await writeCsv(app, emails(count))
  const draft = await draftFrom(app, { connectionId: connection.id, file, name: 'Large' })
  await sendDraft(app, draft.id)
  await app.call('pauseRequest', { requestId: draft.id })
  await app.page.evaluate((address) => {
    window.location.hash = address
  }, `/requests/${draft.id}`)
  await app.page.getByRole('button', { name: /^All/ }).click()
  await expect(app.page.getByRole('grid', { name: 'Identifiers' })).toHaveAttribute('aria-rowcount', `${count + 1}`)
  return draft.id
}

/** The table of identifiers as an eye sees it. */
function tableOf(app: App, requestId: RequestId) {
  const { page } = app
  const scroller = page.locator('.table-scroll')
  const row = (index: number) => page.locator(`[data-index="${index}"]`)
  /** Rows in sight with their place in the table, in pixels, from above. */
  const inSight = async () =>
    await scroller.evaluate((element) => {
      const area = element.getBoundingClientRect()
      const headHeight = element.querySelector('.table-head')?.getBoundingClientRect().height ?? 0
      return [...element.querySelectorAll<HTMLElement>('[data-index]')]
        .map((found) => ({ index: Number(found.dataset['index']), place: found.getBoundingClientRect() }))
        .filter(({ place }) => place.bottom > area.top + headHeight + 1 && place.top < area.bottom - 1)
        .map(({ index, place }) => ({ index, top: place.top - area.top, height: place.height }))
        .toSorted((a, b) => a.top - b.top)
    })
  /** What the history has at this place of the list. */
  const textOf = async (index: number): Promise<string> => {
    const place = { requestId, states: [], search: '', anchor: { index }, limit: 1 }
    return (await app.call('listIdentifiers', place)).rows[0]?.value ?? ''
  }
  /** Until the row is in the window from its upper to its lower edge, below the table's head. */
  const expectInSight = async (index: number) =>
    await expect
      .poll(
        async () =>
          await row(index).evaluate((found) => {
            const around = found.closest('.table-scroll')
            const head = around?.querySelector('.table-head')?.getBoundingClientRect()
            if (around === null || head === undefined) return 'no table'
            const place = found.getBoundingClientRect()
            const lowest = Math.min(around.getBoundingClientRect().top + around.clientHeight, window.innerHeight)
            return place.top > head.bottom - 1 && place.bottom < lowest + 1 ? 'in sight' : `at ${place.top}`
          }),
        { message: `row ${index}` },
      )
      .toBe('in sight')
  return {
    row,
    textOf,
    expectInSight,
    /** Scrolls what is around the table, where the window is too low for all of it. */
    scrollScreenToTop: async () =>
      await scroller.evaluate((element) => {
        for (let around = element.parentElement; around !== null; around = around.parentElement) around.scrollTop = 0
      }),
    scrollHeightInDevicePixels: async () =>
      await scroller.evaluate((element) => element.scrollHeight * window.devicePixelRatio),
    scrollToShare: async (share: number) =>
      await scroller.evaluate((element, part) => {
        element.scrollTop = part * (element.scrollHeight - element.clientHeight)
      }, share),
    firstInSight: async () => (await inSight())[0]?.index ?? -1,
    rowsOfPage: async () =>
      await scroller.evaluate((element) => Math.max(1, Math.floor((element.clientHeight - 30) / 32) - 1)),
    topOf: async (index: number) =>
      await row(index).evaluate((found) => {
        const area = found.closest('.table-scroll')?.getBoundingClientRect()
        return found.getBoundingClientRect().top - (area?.top ?? 0)
      }),
    centre: async (): Promise<[number, number]> => {
      const area = await scroller.boundingBox()
      if (area === null) throw new Error('No table')
      return [area.x + area.width / 2, area.y + area.height / 2]
    },
    /** Until this row has the focus, is in sight as a whole, says its place and holds what the history has there. */
    expectActive: async (index: number) => {
      await expect(row(index)).toBeFocused()
      await expectInSight(index)
      await expect(row(index)).toHaveAttribute('aria-rowindex', `${index + 2}`)
      await expect(row(index)).toContainText(await textOf(index))
    },
    /** The rows in sight follow one another in number and in place, from the head to the lower edge. */
    expectGapless: async () => {
      const rows = await inSight()
      expect(rows.length).toBeGreaterThan(2)
      for (const [place, { index, top, height }] of rows.entries()) {
        const before = rows[place - 1]
        if (before === undefined) continue
        expect(index).toBe(before.index + 1)
        expect(top).toBeCloseTo(before.top + before.height, 0)
        expect(height).toBeCloseTo(32, 0)
      }
    },
  }
}

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
    const { bottom } = scroller.getBoundingClientRect()
    const top = scroller.querySelector('.table-head')?.getBoundingClientRect().bottom ?? 0
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
