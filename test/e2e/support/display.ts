/** A display for each process that runs tests: windows of one display take the focus and the clipboard from each other. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test as base } from 'playwright/test'
import { startDisplay } from '../../../scripts/run/display.mjs'

/** Playwright's own test, on a display that no other test uses meanwhile; on a person's own screen where there is one. */
export const test = base.extend<object, { display: null }>({
  display: [
    // Playwright reads from this pattern that the fixture needs no other.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      if (process.env['ERASURE_DESK_DISPLAY'] !== 'virtual') return await use(null)
      const folder = await mkdtemp(path.join(tmpdir(), 'erasure-desk-display-'))
      const { display, cookieFile, stop } = await startDisplay({ identity: undefined, env: process.env, folder })
      process.env['DISPLAY'] = display
      process.env['XAUTHORITY'] = cookieFile
      await use(null)
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
    { scope: 'worker', auto: true },
  ],
})
