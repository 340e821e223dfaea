/**
 * A lock that the operating system releases when its holder dies and keeps while the holder is frozen: an exclusive
 * transaction on a small empty SQLite file. The file holds nothing and is never opened by any other means, since
 * closing a second descriptor of it would drop the lock (POSIX record locks).
 */
import SqliteDatabase from 'better-sqlite3'

export type FileLock = Readonly<{
  /** True when this process holds the lock now, be it from before. */
  take: () => boolean
  release: () => void
  held: () => boolean
}>

/** A lock on the file at `path`, which is created when first taken; not yet taken. */
export function createFileLock(path: string): FileLock {
  let connection: SqliteDatabase.Database | null = null

  function release(): void {
    connection?.close()
    connection = null
  }

  function take(): boolean {
    if (connection !== null) return true
    const candidate = new SqliteDatabase(path, { timeout: 0 })
    try {
      candidate.exec('BEGIN EXCLUSIVE')
      connection = candidate
      return true
    } catch (error) {
      candidate.close()
      if (error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY')) return false
      throw error
    }
  }

  return { take, release, held: () => connection !== null }
}
