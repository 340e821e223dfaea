/**
 * The test of every spec that sends: apps and sandboxes are started through it, it ends them, and then holds every
 * sandbox's ledger against the journals. No spec has to remember to.
 */
import { test as base } from './display.ts'
import { createStage, type Stage } from './stage.ts'

export { expect } from 'playwright/test'

export const test = base.extend<Pick<Stage, 'launchApp' | 'startSandbox'> & { stage: Stage }>({
  // Playwright reads from this pattern that the fixture needs no other.
  // oxlint-disable-next-line no-empty-pattern
  stage: async ({}, use) => {
    const stage = createStage()
    try {
      await use(stage)
    } finally {
      await stage.end()
    }
  },
  launchApp: async ({ stage }, use) => await use(stage.launchApp),
  startSandbox: async ({ stage }, use) => await use(stage.startSandbox),
})
