import { chmodSync, closeSync, existsSync, openSync, statSync } from 'node:fs'
import SqliteDatabase from 'better-sqlite3'
import type { Sql } from './sql.ts'

/**
 * Opens the history's file encrypted with `cipherKey` (32 bytes, SQLCipher version 4), readable by this user alone.
 * Throws SQLITE_NOTADB where the key does not open it.
 */
export function openFile(path: string, cipherKey: Uint8Array, role: 'writer' | 'reader'): Sql {
  // Created here with its mode, so that no moment exists in which others could open it.
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
  keepToOwner(path)
  const wasEmpty = statSync(path).size === 0
  try {
    return openKeyed(path, cipherKey, role)
  } catch (error) {
    // Another process wrote the first page meanwhile, under a salt of its own; this connection had drawn another.
    if (wasEmpty && isNoDatabase(error)) return openKeyed(path, cipherKey, role)
    throw error
  }
}

/** Takes from everybody else what they may do with it; what its owner may do stays: read-only is read-only. */
export function keepToOwner(path: string): void {
  const mode = statSync(path).mode & 0o777
  if ((mode & 0o077) !== 0) chmodSync(path, mode & 0o700)
}

function isNoDatabase(error: unknown): boolean {
  return error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_NOTADB')
}

function openKeyed(path: string, cipherKey: Uint8Array, role: 'writer' | 'reader'): Sql {
  const sql = new SqliteDatabase(path, { timeout: 5000 })
  try {
    sql.pragma(`cipher = 'sqlcipher'`)
    sql.pragma(`key = "x'${Buffer.from(cipherKey).toString('hex')}'"`)
    sql.prepare('SELECT count(*) FROM sqlite_master').get()
    if (role === 'writer') {
      sql.pragma('journal_mode = WAL')
      sql.pragma('synchronous = FULL')
      sql.pragma('journal_size_limit = 67108864')
      // Beyond what the reading thread moves into the file while an import runs (client.ts).
      sql.pragma('wal_autocheckpoint = 4000')
    } else {
      sql.pragma('query_only = ON')
    }
    sql.pragma(`cache_size = ${role === 'writer' ? -16_384 : -32_768}`)
    setCommonPragmas(sql)
    return sql
  } catch (error) {
    sql.close()
    throw error
  }
}

/** Opens a history that lives in memory alone. */
export function openMemory(): Sql {
  const sql = new SqliteDatabase(':memory:')
  setCommonPragmas(sql)
  return sql
}

function setCommonPragmas(sql: Sql): void {
  sql.pragma('foreign_keys = ON')
  // SQLite's temporary files would not be encrypted.
  sql.pragma('temp_store = MEMORY')
  sql.pragma('secure_delete = FAST')
  sql.pragma('cell_size_check = ON')
  sql.pragma('trusted_schema = OFF')
}
