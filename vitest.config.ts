import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/**
 * Node 24 now and then aborts (`Check failed: jit_page.has_value()`) where many worker threads come and go and V8 makes and
 * frees machine code for each. Without machine code there is nothing to free; these tests wait for disks and sockets, and
 * take as long as with it.
 */
const withoutMachineCode = ['--no-opt', '--no-sparkplug', '--no-maglev', '--regexp-interpret-all']

/** One project a folder of test/, so that each can be run alone: `vitest run --project unit`. */
export default defineConfig({
  test: {
    reporters: ['default'],
    passWithNoTests: false,
    // The user who runs the tests writes nothing into the checkout.
    fsModuleCache: false,
    // Most tests wait for disks, sockets and processes more than they work.
    maxWorkers: 2 * availableParallelism(),
    // Histories whose processes are killed side by side; each waits for clocks and disks more than it works.
    maxConcurrency: 3,
    projects: [
      project('unit', { testTimeout: 10_000 }, false),
      project('migrations', { testTimeout: 30_000 }, true),
      project('integration', { testTimeout: 120_000, hookTimeout: 120_000 }, true),
    ],
  },
})

/** `threads`: its tests start worker threads of their own. */
function project(
  name: string,
  limits: { readonly testTimeout: number; readonly hookTimeout?: number },
  threads: boolean,
) {
  return {
    test: {
      name,
      include: [`test/${name}/**/*.test.{ts,tsx}`],
      environment: 'node',
      // Child processes, not threads: native add-ons (SQLite, keychain) and process signals behave as they do in the app.
      pool: 'forks' as const,
      execArgv: threads ? withoutMachineCode : [],
      globalSetup: threads ? ['test/support/build-once.ts'] : [],
      unstubGlobals: true,
      restoreMocks: true,
      ...limits,
    },
  }
}
