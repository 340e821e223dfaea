/** Files that are there whole or not at all. */
import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import path from 'node:path'

/**
 * Writes `chunks` to `file` so that a reader, or a crash, never meets half of it: into a file beside it that is flushed
 * and renamed. Readable by the user alone. Rejects where the file system does, leaving what was there before.
 */
export async function writeWhole(file: string, chunks: string | AsyncIterable<string>): Promise<void> {
  const beside = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}`)
  try {
    const handle = await open(beside, 'wx', 0o600)
    try {
      if (typeof chunks === 'string') await handle.writeFile(chunks)
      else for await (const chunk of chunks) await handle.writeFile(chunk)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(beside, file)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}
