/** Opens the history for one thread: file, schema, locks, and what a dead process left half done. */
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { succeed, type Result } from '../../../shared/failure.ts'
import { finishInterrupted } from './commands/interrupted.ts'
import { pauseWhatWasPutBack } from './commands/put-back.ts'
import { openingFailureOf } from './failures.ts'
import { createFileLock } from './file-lock.ts'
import type { History } from './history.ts'
import { deriveKeys, type HistoryKeys } from './keys.ts'
import { migrations } from './migrations/index.ts'
import { dropOldBackups, migrate } from './migrations/migrate.ts'
import { keepToOwner, openFile, openMemory } from './open-file.ts'
import type { WorkerStart } from './protocol.ts'
import type { Sql } from './sql.ts'

export const historyFile = 'history.db'

/** Opens or creates the history in `start.folder`, or one in memory; the failures of opening it have words. */
export async function openHistory(start: WorkerStart): Promise<Result<History>> {
  try {
    return start.folder === null ? await openInMemory() : await openInFolder(start, start.folder)
  } catch (error) {
    return openingFailureOf(error)
  }
}

async function openInMemory(): Promise<Result<History>> {
  const sql = openMemory()
  const migrated = migrate(sql, migrations, null)
  if (!migrated.ok) return migrated
  const keys = deriveKeys(randomBytes(32))
  return succeed({ sql, keys, folder: null, senderLock: null, importLock: null, pause })
}

async function openInFolder(start: WorkerStart, folder: string): Promise<Result<History>> {
  if (start.key === null) throw new Error('A history on disk needs a key')
  const keys = deriveKeys(start.key)
  const path = join(folder, historyFile)
  if (start.role === 'reader') {
    return succeed({
      sql: openFile(path, keys.cipher, 'reader'),
      keys,
      folder,
      senderLock: null,
      importLock: null,
      pause,
    })
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  keepToOwner(folder)
  const sql = openFile(path, keys.cipher, 'writer')
  try {
    const opened = await openMigrated(sql, keys, folder, start.now)
    if (!opened.ok) sql.close()
    return opened
  } catch (error) {
    // Closed in order, or files of SQLite's would stay behind at each try.
    sql.close()
    throw error
  }
}

async function openMigrated(sql: Sql, keys: HistoryKeys, folder: string, now: number): Promise<Result<History>> {
  const migrated = migrate(sql, migrations, { folder, cipherKey: keys.cipher, now })
  if (!migrated.ok) return migrated
  pauseWhatWasPutBack(sql, now)
  dropOldBackups(folder, now)
  const history: History = {
    sql,
    keys,
    folder,
    senderLock: createFileLock(join(folder, 'sender.lock')),
    importLock: createFileLock(join(folder, 'import.lock')),
    pause,
  }
  await finishInterrupted(history, now)
  return succeed(history)
}

async function pause(): Promise<void> {
  await nextTurn()
}
