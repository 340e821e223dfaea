/** The main job's screens as an operator goes through them: by mouse, or by keyboard alone. */
import { expect, type Page } from 'playwright/test'
import { someBot } from './job.ts'

/** How a control is reached and used. Both kinds find it by its role and name. */
export type Hand = Readonly<{
  press: (role: 'button' | 'link' | 'radio' | 'tab' | 'checkbox', name: string | RegExp) => Promise<void>
  write: (name: string | RegExp, text: string) => Promise<void>
}>

/** Clicks. */
export function byMouse(page: Page): Hand {
  return {
    press: async (role, name) => {
      const control = page.getByRole(role, { name }).first()
      // A radio button's own input is out of sight; its words are what an operator clicks.
      await (role === 'radio' || role === 'checkbox' ? control.locator('xpath=ancestor::label[1]') : control).click()
    },
    write: async (name, text) => {
      const field = page.getByLabel(name).first()
      await field.click()
      await field.fill(text)
    },
  }
}

const mostTabs = 120

/** Tab, Enter, Space and letters; nothing is ever clicked, and nothing gets the focus but by the Tab key. */
export function byKeyboard(page: Page): Hand {
  const reach = async (what: string, isThere: () => Promise<boolean>): Promise<void> => {
    for (let presses = 0; presses < mostTabs; presses += 1) {
      if (await isThere()) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`The Tab key does not reach ${what}.`)
  }
  return {
    press: async (role, name) => {
      const control = page.getByRole(role, { name }).first()
      await expect(control).toBeEnabled()
      await reach(`${role} ${String(name)}`, async () => await hasFocus(control))
      await page.keyboard.press(role === 'radio' || role === 'tab' || role === 'checkbox' ? 'Space' : 'Enter')
    },
    write: async (name, text) => {
      const field = page.getByLabel(name).first()
      await expect(field).toBeVisible()
      await reach(`field ${String(name)}`, async () => await hasFocus(field))
      await page.keyboard.press('Control+A')
      await page.keyboard.type(text)
    },
  }
}

async function hasFocus(control: ReturnType<Page['getByRole']>): Promise<boolean> {
  return await control.evaluate((element) => element === document.activeElement)
}

/** From the file's step to the request's page. The file dialog has to be answered before. */
export async function makeRequest(page: Page, hand: Hand, name: string): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Choose a file' })).toBeVisible()
  await hand.press('button', /^Choose a file$/)
  await hand.press('button', /^Import$/)
  await expect(page.getByRole('heading', { name: 'Columns and check' })).toBeVisible()
  await hand.press('button', /^Continue/)
  await expect(page.getByRole('heading', { name: 'From which bots' })).toBeVisible()
  await hand.write('Bot ids', `${someBot},`)
  await hand.press('button', /^Continue/)
  await expect(page.getByRole('heading', { name: 'Case facts' })).toBeVisible()
  await hand.write('Name', name)
  await hand.write('Reference', 'DSR-1')
  await hand.press('button', /^Continue/)
  await expect(page.getByRole('heading', { name: 'Plan', level: 2 })).toBeVisible()
  await hand.press('button', /^Dry run$/)
  await expect(page.getByRole('region', { name: 'Dry run' })).toBeVisible()
  await hand.press('button', /^Send \d+ identifiers? to /)
  await expect(page.getByRole('tab', { name: /^Identifiers/ })).toBeVisible()
}
