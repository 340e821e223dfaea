/** Brings a history to the schema of this version; keeps a verified copy of what was there before. */
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { succeed, type Result } from '../../../../shared/failure.ts'
import { fromNewerVersion } from '../failures.ts'
import type { Sql } from '../sql.ts'
import { backupFolder, copyBefore, isUnfinished, removeCopy, versionOf } from './copy.ts'
import type { Migration } from './index.ts'

/** Copies hold identifiers too; they go after this time. */
const backupLifetime = 30 * 86_400_000
/** What a dead process left of a copy goes after this time. */
const unfinishedLifetime = 3_600_000

type Place = Readonly<{ folder: string; cipherKey: Uint8Array; now: number }>
export type Migrated = Readonly<{ from: number; to: number; backup: string | null }>

/**
 * Runs the migrations that `sql` has not seen, each in a transaction of its own (a new history in one).
 * An existing history is first copied, and the copy verified (`copyBefore`). A history with a later number than the last migration is refused
 * and left as it is.
 */
export function migrate(sql: Sql, migrations: readonly Migration[], place: Place | null): Result<Migrated> {
  const from = versionOf(sql)
  const to = migrations.at(-1)?.number ?? 0
  if (from > to) return fromNewerVersion()
  const missing = migrations.filter((migration) => migration.number > from)
  if (missing.length === 0) return succeed({ from, to, backup: null })
  let backup: string | null = null
  if (from > 0 && place !== null) {
    const copied = copiedUnlessOvertaken(sql, from, place)
    if (copied === 'overtaken') return migrate(sql, migrations, place)
    if (!copied.ok) return copied
    backup = copied.value
  }
  try {
    // A new history is made in one go: nobody finds it half made and takes it for one to be copied.
    if (from === 0) runSteps(sql, missing)
    else for (const migration of missing) runSteps(sql, [migration])
  } catch (error) {
    // The next try makes a copy of its own: without this one they would pile up, each as large as the history.
    if (backup !== null && versionOf(sql) === from) removeCopy(backup)
    throw error
  }
  return succeed({ from, to, backup })
}

/** The path of a verified copy; `overtaken` where another process was faster: what it made is what there is now. */
function copiedUnlessOvertaken(sql: Sql, from: number, place: Place): Result<string> | 'overtaken' {
  try {
    const copied = copyBefore(sql, from, place)
    return copied.ok || versionOf(sql) === from ? copied : 'overtaken'
  } catch (error) {
    if (versionOf(sql) === from) throw error
    return 'overtaken'
  }
}

/** Deletes copies older than 30 days, and what a dead process left of making one; tells how many files. */
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
  return isUnfinished(name) ? unfinishedLifetime : null
}

function runSteps(sql: Sql, steps: readonly Migration[]): void {
  const rebuilds = steps.some((step) => step.rebuilds)
  // Only outside a transaction can they be switched.
  if (rebuilds) sql.pragma('foreign_keys = OFF')
  try {
    runInTransaction(sql, steps)
  } finally {
    if (rebuilds) sql.pragma('foreign_keys = ON')
  }
}

function runInTransaction(sql: Sql, steps: readonly Migration[]): void {
  sql.exec('BEGIN EXCLUSIVE')
  try {
    for (const step of steps) {
      // Another process may have run it while this one waited its turn.
      if (versionOf(sql) >= step.number) continue
      sql.exec(step.sql)
      if (step.rebuilds === true && (sql.pragma('foreign_key_check') as readonly unknown[]).length > 0) {
        throw new Error(`Migration ${step.number} left rows that refer to nothing`)
      }
      sql.pragma(`user_version = ${step.number}`)
    }
    sql.exec('COMMIT')
  } catch (error) {
    if (sql.inTransaction) sql.exec('ROLLBACK')
    throw error
  }
}
