/** Nothing moves without a reason: while numbers run, every fixed part of a screen stays where it is. */
import type { Page } from 'playwright/test'
import { draftFrom, emails, saveOwnConnection, sendDraft, writeCsv } from './support/job.ts'
import { expect, test } from './support/test.ts'

/** Enough that the counts pass from one digit to four and back, in calls that take some seconds in all. */
const count = 1_200
const perCall = 24
const callsPerSecond = 8

for (const screen of ['request', 'overview'] as const) {
  test(`the ${screen} screen keeps its parts in place from the first call to the last`, async ({
    launchApp,
    startSandbox,
  }) => {
    const sandbox = await startSandbox()
    const app = await launchApp()
    const connection = await saveOwnConnection(app, sandbox, { identifiersPerCall: perCall }, callsPerSecond)
    const file = await writeCsv(app, emails(count))
    const draft = await draftFrom(app, { connectionId: connection.id, file, name: 'Steady' })
    await app.call('updateDraft', { requestId: draft.id, caseFacts: { answerDue: '2030-01-31' } })
    await sendDraft(app, draft.id)
    await app.page.evaluate(
      (address) => {
        window.location.hash = address
      },
      screen === 'request' ? `/requests/${draft.id}` : '/',
    )
    const watched = await watchPlaces(app.page, screen === 'request' ? '.state-legend' : '.overview-numbers')
    await app.untilRequest('Steady', 'everything is sent, and part of it erased', ({ counts }) => {
      const { queued = 0, sending = 0, erased = 0 } = counts
      return queued + sending === 0 && erased >= 1_000
    })
    const seen = await watched.end()
    expect(seen.numbers, 'the numbers that were on screen one after another').toBeGreaterThan(10)
    expect(seen.parts, 'parts that were watched').toBeGreaterThan(screen === 'request' ? 25 : 15)
    expect(seen, 'what moved or changed its size').toMatchObject({ moved: [], shifts: [] })
  })
}

/** What must not move: whatever names, holds or starts something. Rows and sentences may change their words. */
const fixedParts = [
  'nav a',
  '.nav-gauge-words > :first-child',
  '.screen-header',
  'h1',
  'h2',
  '.screen-actions button',
  '.state-bar.big',
  '.legend-entry',
  '.legend-entry > span:last-child',
  '.request-standing',
  '.standing-sending',
  '.standing-next',
  '[role=tablist]',
  '[role=tab]',
  '.search',
  '.filter',
  '.table-scroll',
  '[role=columnheader]',
  '.overview-numbers dt',
  '.overview-columns',
  '.overview-column',
  '.days-chart',
  'main .line > :first-child',
].join(', ')

/** Notes, at every change of the page, where each fixed part is, by its name; and what Chromium counts as shifts. */
async function watchPlaces(page: Page, numbers: string) {
  await expect(page.locator(numbers)).toBeVisible()
  const watch = await page.evaluateHandle(
    ([parts, numberArea]) => {
      const places = new Map<string, Set<string>>()
      const texts = new Set<string>()
      const shifts: string[] = []
      const nameOf = (part: Element) => {
        const words = (part.getAttribute('aria-label') ?? part.textContent ?? '').replaceAll(/[\d.,:]+/g, '#')
        return `${part.tagName.toLowerCase()}.${part.className} ${words.slice(0, 40)}`
      }
      const look = () => {
        texts.add(document.querySelector(numberArea)?.textContent ?? '')
        const seen = new Map<string, number>()
        for (const part of document.querySelectorAll(parts)) {
          const name = nameOf(part)
          const turn = (seen.get(name) ?? 0) + 1
          seen.set(name, turn)
          const { x, y, width, height } = part.getBoundingClientRect()
          const place = [x, y, width, height].map((value) => value.toFixed(1)).join(' ')
          const key = `${name} (${turn})`
          places.set(key, (places.get(key) ?? new Set()).add(place))
        }
      }
      let wanted = false
      const changes = new MutationObserver(() => {
        if (wanted) return
        wanted = true
        requestAnimationFrame(() => {
          wanted = false
          look()
        })
      })
      changes.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true })
      type Shift = PerformanceEntry & {
        readonly value: number
        readonly sources: readonly { readonly node: Node | null }[]
      }
      const describe = (node: Node | null) => {
        const element = node instanceof Element ? node : (node?.parentElement ?? null)
        return element === null ? 'gone' : nameOf(element)
      }
      const shiftsSeen = new PerformanceObserver((list) => {
        for (const { value, sources } of list.getEntries() as Shift[]) {
          // The segments of a state bar are what the numbers look like.
          const nodes = sources
            .map(({ node }) => node)
            .filter((node) => (node?.parentElement?.closest('.state-bar') ?? null) === null)
          if (nodes.length > 0) shifts.push(`${value.toFixed(4)}: ${nodes.map(describe).join(' | ')}`)
        }
      })
      shiftsSeen.observe({ type: 'layout-shift' })
      look()
      return {
        end: () => {
          look()
          changes.disconnect()
          shiftsSeen.disconnect()
          const moved = [...places].filter(([, found]) => found.size > 1)
          return {
            parts: places.size,
            numbers: texts.size,
            moved: moved.map(([name, found]) => `${name}: ${[...found].slice(0, 4).join(' → ')}`),
            shifts,
          }
        },
      }
    },
    [fixedParts, numbers] as const,
  )
  return { end: async () => await watch.evaluate(({ end }) => end()) }
}
