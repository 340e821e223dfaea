/** Builds the app's threads, and other programs of the tests, as the app is built: a built one starts in a fraction of the time. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'vite'

const source = (path: string) => resolve(import.meta.dirname, '../..', path)

/** SQLite's add-on stays where it is, as in the packaged app. */
const addOn: Plugin = {
  name: 'add-on',
  enforce: 'pre',
  resolveId: (id) =>
    id === 'better-sqlite3' ? { id: source('node_modules/better-sqlite3/lib/index.js'), external: true } : null,
}

export type BuiltThreads = Readonly<{
  folder: string
  /** The built file of a thread or program, by its name. */
  file: (name: string) => URL
}>

/**
 * Builds `database-worker` and `csv-worker` into a new temporary folder, and with them the programs of `more` (a source
 * file from the project's root, by name). Who asked removes the folder.
 */
export async function buildThreads(more: Readonly<Record<string, string>> = {}): Promise<BuiltThreads> {
  const folder = mkdtempSync(join(tmpdir(), 'erasure-desk-built-'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  const sources = {
    'database-worker': 'src/main/adapters/database/worker.ts',
    'csv-worker': 'src/main/adapters/csv/worker.ts',
    ...more,
  }
  await build({
    configFile: false,
    logLevel: 'error',
    root: source('.'),
    plugins: [addOn],
    ssr: { noExternal: true },
    build: {
      ssr: true,
      minify: false,
      target: 'node24',
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(sources).map(([name, path]) => [name, source(path)])),
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  })
  return { folder, file: (name) => pathToFileURL(join(folder, `${name}.js`)) }
}
