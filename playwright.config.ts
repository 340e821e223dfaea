import { defineConfig } from 'playwright/test'

/** The end-to-end tests drive one real app each; `npm run test:e2e` gives them a display, a keychain and a home. */
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results/e2e',
  fullyParallel: false,
  // Each test starts an Electron of its own: more at once only make one another slow.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
})
