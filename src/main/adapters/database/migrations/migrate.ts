/** Brings a history to the schema of this version; keeps a verified copy of what was there before. */
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fail, succeed, type Result } from '../../../../shared/failure.ts'
import { fromNewerVersion } from '../failures.ts'
import { openFile } from '../open-file.ts'
import type { Sql } from '../sql.ts'
import type { Migration } from './index.ts'

const backupFolder = 'backups'
/** Copies hold identifiers too; they go after this time. */
const backupLifetime = 30 * 86_400_000
/** A copy has another name until it is whole and checked; what a dead process left of one goes after this time. */
const unfinished = '.part'
const unfinishedLifetime = 3_600_000

export type Migrated = Readonly<{ from: number; to: number; backup: string | null }>

/**
 * Runs the migrations that `sql` has not seen, each in a transaction of its own (a new history in one). An existing history is first copied,
 * encrypted with the same key, and the copy checked. A history with a later number than the last migration is refused
 * and left as it is.
 */
export function migrate(
  sql: Sql,
  migrations: readonly Migration[],
  place: Readonly<{ folder: string; cipherKey: Uint8Array; now: number }> | null,
): Result<Migrated> {
  const from = versionOf(sql)
  const to = migrations.at(-1)?.number ?? 0
  if (from > to) return fromNewerVersion()
  const missing = migrations.filter((migration) => migration.number > from)
  if (missing.length === 0) return succeed({ from, to, backup: null })
  let backup: string | null = null
  if (from > 0 && place !== null) {
    const copied = copyBefore(sql, from, place)
    // Another process was faster: what it made is what there is now.
    if (!copied.ok) return versionOf(sql) === from ? copied : migrate(sql, migrations, place)
    backup = copied.value
  }
  // A new history is made in one go: nobody finds it half made and takes it for one to be copied.
  if (from === 0) runSteps(sql, missing)
  else for (const migration of missing) runSteps(sql, [migration])
  return succeed({ from, to, backup })
}

/** Deletes copies older than 30 days, and those that a dead process did not finish; tells how many. */
export function dropOldBackups(folder: string, now: number): number {
  const place = join(folder, backupFolder)
  let names: readonly string[]
  try {
    names = readdirSync(place)
  } catch {
    return 0
  }
  const old = names.filter((name) => {
    const lifetime = lifetimeOf(name)
    return lifetime !== null && statSync(join(place, name)).mtimeMs < now - lifetime
  })
  for (const name of old) rmSync(join(place, name), { force: true })
  return old.length
}

function lifetimeOf(name: string): number | null {
  if (name.endsWith('.db')) return backupLifetime
  return name.endsWith(`.db${unfinished}`) ? unfinishedLifetime : null
}

function versionOf(sql: Sql): number {
  return Number(sql.pragma('user_version', { simple: true }))
}

function runSteps(sql: Sql, steps: readonly Migration[]): void {
  sql.exec('BEGIN EXCLUSIVE')
  try {
    for (const step of steps) {
      // Another process may have run it while this one waited its turn.
      if (versionOf(sql) >= step.number) continue
      sql.exec(step.sql)
      sql.pragma(`user_version = ${step.number}`)
    }
    sql.exec('COMMIT')
  } catch (error) {
    if (sql.inTransaction) sql.exec('ROLLBACK')
    throw error
  }
}

function copyBefore(
  sql: Sql,
  from: number,
  place: Readonly<{ folder: string; cipherKey: Uint8Array; now: number }>,
): Result<string> {
  mkdirSync(join(place.folder, backupFolder), { recursive: true, mode: 0o700 })
  const path = join(place.folder, backupFolder, `history-version-${from}-${place.now}.db`)
  const part = `${path}${unfinished}`
  rmSync(part, { force: true })
  try {
    // SQLite writes the copy with the cipher and key of the connection.
    sql.prepare('VACUUM INTO ?').run(part)
    if (isWhole(part, place.cipherKey, from)) {
      renameSync(part, path)
      return succeed(path)
    }
  } finally {
    rmSync(part, { force: true })
  }
  return fail('history-damaged', 'The history could not be copied before it is brought to the new version.', {
    kept: 'The history was not changed.',
    next: 'Check the disk that holds the history, then start Erasure Desk again.',
  })
}

function isWhole(path: string, cipherKey: Uint8Array, version: number): boolean {
  const copy = openFile(path, cipherKey, 'reader')
  try {
    return copy.pragma('quick_check', { simple: true }) === 'ok' && versionOf(copy) === version
  } finally {
    copy.close()
  }
}
