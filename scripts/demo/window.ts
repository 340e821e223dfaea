/** The demo's hands and eyes: the app's real window, its buttons, and pictures of it in light and dark. */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright/test'
import type { ChannelName, ErasureDeskBridge, Input, Output, Value } from '../../src/shared/contract.ts'

export type DemoWindow = Readonly<{
  electron: ElectronApplication
  page: Page
  /** Presses the button with these words, as the visitor would. */
  press: (words: string | RegExp) => Promise<void>
  /** Reads from the app what its page reads. */
  ask: <C extends ChannelName>(channel: C, input: Input<C>) => Promise<Value<C>>
  /** Saves `name-light.png` and `name-dark.png`. */
  picture: (name: string) => Promise<void>
}>

/** Width and height of the page, in CSS pixels. */
const pageSize = { width: 1280, height: 800 }
const watchablePause = 900

/**
 * Starts the built app with `userData` as its folder. `watchable`: slow enough for a visitor's eyes, and without the
 * pictures' change of theme while something moves.
 */
export async function openDemoWindow(
  options: Readonly<{ projectFolder: string; userData: string; pictures: string; watchable: boolean }>,
): Promise<DemoWindow> {
  await mkdir(options.pictures, { recursive: true })
  const electron = await _electron.launch({
    args: ['.', `--user-data-dir=${options.userData}`],
    cwd: options.projectFolder,
    chromiumSandbox: true,
    timeout: 60_000,
  })
  const page = await electron.firstWindow()
  page.setDefaultTimeout(30_000)
  await page.waitForLoadState('domcontentloaded')
  await electron.evaluate(({ BrowserWindow }, { width, height }) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(width, height)
  }, pageSize)

  const ask = async <C extends ChannelName>(channel: C, input: Input<C>): Promise<Value<C>> => {
    const answer = (await page.evaluate(
      async ([name, value]) => {
        const bridge = (window as unknown as { readonly erasureDesk: ErasureDeskBridge }).erasureDesk
        return await bridge[name](value as never)
      },
      [channel, input] as const,
    )) as Output<C>
    if (!answer.ok) throw new Error([answer.failure.message, answer.failure.next].filter(Boolean).join(' '))
    return (answer as unknown as { readonly value: Value<C> }).value
  }

  const press = async (words: string | RegExp): Promise<void> => {
    if (options.watchable) await page.waitForTimeout(watchablePause)
    await page
      .getByRole('button', { name: words, ...(typeof words === 'string' ? { exact: true } : {}) })
      .first()
      .click()
  }

  const picture = async (name: string): Promise<void> => {
    // Neither the mouse nor a line told in passing is part of the screen.
    await page.mouse.move(0, 0)
    await closeToast(page)
    for (const theme of ['dark', 'light'] as const) {
      await ask('setAppearance', { theme, zoom: 1 })
      await page.waitForFunction((wanted) => document.documentElement.dataset['theme'] === wanted, theme)
      await page.screenshot({ path: path.join(options.pictures, `${name}-${theme}.png`), animations: 'disabled' })
    }
  }
  return { electron, page, press, ask, picture }
}

/** A message in passing is no part of a screen. */
async function closeToast(page: Page): Promise<void> {
  const dismiss = page.getByRole('region', { name: 'Message' }).getByRole('button', { name: 'Dismiss' })
  if (await dismiss.isVisible()) await dismiss.click()
}
