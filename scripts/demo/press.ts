import type { DemoWindow } from './window.ts'

/** A radio button's own input is out of sight; its words are what a visitor clicks. */
export async function pressRadio({ page }: DemoWindow, name: RegExp): Promise<void> {
  await page.getByRole('radio', { name }).locator('xpath=ancestor::label[1]').click()
}
