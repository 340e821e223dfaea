import { defineConfig } from 'vitest/config'

/** One project a folder of test/, so that each can be run alone: `vitest run --project unit`. */
export default defineConfig({
  test: {
    reporters: ['default'],
    passWithNoTests: false,
    // Two cores are common where this runs; real SQLite and real HTTP in more workers only slow each other down.
    maxWorkers: 2,
    projects: [
      project('unit', { testTimeout: 10_000 }),
      project('migrations', { testTimeout: 30_000 }),
      project('integration', { testTimeout: 60_000, hookTimeout: 60_000 }),
    ],
  },
})

function project(name: string, limits: { readonly testTimeout: number; readonly hookTimeout?: number }) {
  return {
    test: {
      name,
      include: [`test/${name}/**/*.test.{ts,tsx}`],
      environment: 'node',
      // Child processes, not threads: native add-ons (SQLite, keychain) and process signals behave as they do in the app.
      pool: 'forks' as const,
      // Node 24 now and then aborts (`Check failed: jit_page.has_value()`) where many worker threads come and go while V8
      // frees machine code in the background: V8 frees it in the foreground here, and keeps no protection keys.
      execArgv: ['--single-threaded-gc', '--no-memory-protection-keys'],
      unstubGlobals: true,
      restoreMocks: true,
      ...limits,
    },
  }
}
