import { availableParallelism } from 'node:os'
import { defineConfig } from 'playwright/test'

/** The end-to-end tests drive one real app each; `npm run test:e2e` gives them a display, a keychain and a home. */
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results/e2e',
  fullyParallel: false,
  // Tests wait more than they work, so that more of them than cores are soon done; on a person's own screen their windows
  // would take the focus from each other.
  workers: process.env['ERASURE_DESK_DISPLAY'] === 'virtual' ? 2 * availableParallelism() : 1,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
})
