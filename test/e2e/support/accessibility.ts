import { AxeBuilder } from '@axe-core/playwright'
import { expect } from 'playwright/test'
import type { App } from './app.ts'

/** Fails where what is on the screen has an accessibility fault in the dark or in the light theme. */
export async function expectNoFaults(app: App, screen: string): Promise<void> {
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
