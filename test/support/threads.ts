/**
 * The files of the app's threads for tests: built, where the run has built them (build-once.ts), else their source.
 * A thread of sources reads and translates some hundred files at every start, which takes longer than most tests.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Names the folder of the built files in the environment of the tests' processes. */
export const builtFolderVariable = 'ERASURE_DESK_BUILT_THREADS'

export const databaseWorker = thread('database-worker', '../../src/main/adapters/database/worker.ts')
export const csvWorker = thread('csv-worker', '../../src/main/adapters/csv/worker.ts')

function thread(name: string, source: string): URL {
  const folder = process.env[builtFolderVariable]
  return folder === undefined ? new URL(source, import.meta.url) : pathToFileURL(join(folder, `${name}.js`))
}
