/** What every command and query of the database's threads is given. */
import type { FileLock } from './file-lock.ts'
import type { HistoryKeys } from './keys.ts'
import type { Sql } from './sql.ts'

export type History = Readonly<{
  sql: Sql
  keys: HistoryKeys
  /** Null: the history is in memory and nothing of it lasts. */
  folder: string | null
  /** Null in memory and in the reading thread: no call can be sent from there. */
  senderLock: FileLock | null
  /** Held while files are read in, so that another process never takes such an import for a left-over. */
  importLock: FileLock | null
  /** Lets other messages of this thread be answered between two slices of a long command. */
  pause: () => Promise<void>
}>
