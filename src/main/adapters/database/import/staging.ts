/**
 * Where the rows of a file wait until all of it has been read: an encrypted file beside the history whose random key is
 * never written down, so that nothing of an import can be read once the process that made it has ended.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { closeSync, openSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { run, type Sql } from '../sql.ts'

export type Staging = Readonly<{
  /** Adds a batch as the reading thread posts it: JSON of `StagedRow[]` and of `RejectedRow[]`. */
  add: (rows: string, rejects: string) => void
  counts: () => Readonly<{ rows: number; rejects: number }>
  /** Makes the file ready to be attached by another connection. */
  seal: () => void
  /** Closes and deletes the file. Safe to call more than once. */
  remove: () => void
  path: string
  /** The key as SQLCipher takes it after ATTACH … KEY. */
  key: string
}>

const prefix = 'staging-'
const suffix = '.db'

/**
 * Beyond this size rows are laid out by the first byte of their token, so that a slice of the merge touches one part of
 * the unique index; 256 parts, since each has a page that rows are added to and all of them must fit into the page cache.
 * Below it that whole index fits into the cache, and rows keep the order of the file.
 */
const inFileOrderUpTo = 20_000_000

const schema = `
CREATE TABLE staged (
  position INTEGER PRIMARY KEY, -- part of the token space, then the order of the file
  line INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  value TEXT NOT NULL,
  channel_id TEXT,
  token BLOB NOT NULL,
  scope INTEGER NOT NULL,       -- 0: the request's own
  case_reference TEXT
) STRICT;
CREATE TABLE rejected (line INTEGER PRIMARY KEY, end_line INTEGER NOT NULL, reason TEXT NOT NULL, raw TEXT NOT NULL) STRICT;
CREATE TABLE scope (id INTEGER PRIMARY KEY, canonical TEXT NOT NULL UNIQUE) STRICT;
`

const digit = (place: number): string => `(instr('123456789abcdef', substr(value ->> 4, ${place}, 1)))`
const tokenPart = `(${digit(1)} << 4 | ${digit(2)})`

function addRows(part: string): string {
  return `INSERT INTO staged (position, line, kind, value, channel_id, token, scope, case_reference)
    SELECT (${part} << 40) | (?2 + key), value ->> 0, value ->> 1, value ->> 2, value ->> 3, unhex(value ->> 4),
      coalesce((SELECT id FROM scope WHERE canonical = value ->> 5), 0), value ->> 6
    FROM json_each(?1)`
}

/** Makes the staging file of one import in the history's folder, for a CSV file of `byteSize` bytes. */
export function createStaging(folder: string, byteSize: number): Staging {
  const path = join(folder, `${prefix}${randomUUID()}${suffix}`)
  closeSync(openSync(path, 'ax', 0o600))
  const key = `x'${randomBytes(32).toString('hex')}'`
  const sql = openStaging(path, key)
  const insertRows = addRows(byteSize > inFileOrderUpTo ? tokenPart : '0')
  let rows = 0
  let rejects = 0

  function add(batch: string, rejected: string): void {
    run(
      sql,
      `INSERT OR IGNORE INTO scope (canonical) SELECT DISTINCT value ->> 5 FROM json_each(?) WHERE value ->> 5 IS NOT NULL`,
      batch,
    )
    rows += run(sql, insertRows, batch, rows)
    rejects += run(
      sql,
      `INSERT INTO rejected SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)`,
      rejected,
    )
  }

  function remove(): void {
    sql.close()
    removeFile(path)
  }

  return {
    add,
    counts: () => ({ rows, rejects }),
    seal: () => {
      run(sql, 'COMMIT')
      sql.close()
    },
    remove,
    path,
    key,
  }
}

/** One transaction for the whole file: it is read to the end or thrown away. */
function openStaging(path: string, key: string): Sql {
  const sql = new SqliteDatabase(path)
  sql.pragma(`cipher = 'sqlcipher'`)
  sql.pragma(`key = "${key}"`)
  sql.pragma('journal_mode = MEMORY')
  sql.pragma('synchronous = OFF')
  sql.pragma('locking_mode = EXCLUSIVE')
  sql.pragma('temp_store = MEMORY')
  sql.pragma('cache_size = -16384')
  sql.exec(schema)
  run(sql, 'BEGIN')
  return sql
}

/** Deletes what processes that ended in the middle of an import have left; nobody can read it any more. */
export function removeLeftStaging(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(prefix)) removeFile(join(folder, name))
  }
}

function removeFile(path: string): void {
  for (const end of ['', '-journal', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true })
}
