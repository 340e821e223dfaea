/** Before the tests of a run: builds the app's threads once for all of them. See threads.ts. */
import { rmSync } from 'node:fs'
import { buildThreads } from './built-threads.ts'
import { builtFolderVariable } from './threads.ts'

export async function setup(): Promise<() => void> {
  const { folder } = await buildThreads()
  process.env[builtFolderVariable] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
