/** The copy of a history before it is brought to a new version: made, verified, and known again when it is put back. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fail, succeed, type Failed, type Result } from '../../../../shared/failure.ts'
import { codeOf } from '../failures.ts'
import { openFile } from '../open-file.ts'
import { number, one, type Sql } from '../sql.ts'

export const backupFolder = 'backups'
/** Stands in the header of a copy (SQLite's application id) and in no other history: "EDCP". */
const copyMark = 0x45_44_43_50
const mostTries = 3
/** Ends the name of a copy until it is whole and checked. */
export const unfinished = '.part'

/** The number of the last migration this history has seen. */
export function versionOf(sql: Sql): number {
  return Number(sql.pragma('user_version', { simple: true }))
}

/** True where this history is a copy that somebody has put back. */
export function isCopy(sql: Sql): boolean {
  return Number(sql.pragma('application_id', { simple: true })) === copyMark
}

/** From here on the copy is the history itself; within the caller's transaction. */
export function takeForHistory(sql: Sql): void {
  sql.pragma('application_id = 0')
}

/**
 * Copies the history of version `from` into its backup folder and gives the copy's path. The copy is encrypted with the
 * same key, is opened with it, passes SQLite's integrity check, and holds as many rows of every table. Where one of
 * these does not hold nothing of the copy is left; fails with `history-damaged`, or `disk-full`. What it gives is on disk
 * under its name.
 */
export function copyBefore(
  sql: Sql,
  from: number,
  place: Readonly<{ folder: string; cipherKey: Uint8Array; now: number }>,
): Result<string> {
  mkdirSync(join(place.folder, backupFolder), { recursive: true, mode: 0o700 })
  const path = join(place.folder, backupFolder, `history-version-${from}-${place.now}.db`)
  const part = `${path}${unfinished}`
  for (let tries = 1; ; tries += 1) {
    const writtenByOthers = changesByOthers(sql)
    try {
      removeCopy(part)
      // SQLite writes the copy with the cipher and key of the connection.
      sql.prepare('VACUUM INTO ?').run(part)
      if (isFaithful(sql, part, from, place.cipherKey)) {
        renameSync(part, path)
        syncFolder(join(place.folder, backupFolder))
        return succeed(path)
      }
      removeCopy(part)
    } catch (error) {
      removeCopy(part)
      if (codeOf(error).startsWith('SQLITE_FULL')) return noRoom(sql)
      throw error
    }
    // What another process wrote meanwhile is in one of the two alone.
    if (tries === mostTries || changesByOthers(sql) === writtenByOthers) return unfaithful()
  }
}

/** What SQLite keeps beside a file while it is written. */
const beside = ['-journal', '-wal', '-shm'] as const

/** Removes a copy, and what SQLite keeps beside it while it is written. */
export function removeCopy(path: string): void {
  for (const end of ['', ...beside]) rmSync(path + end, { force: true })
}

/** True for the name of a copy that is being made or was never finished, and of what lies beside it. */
export function isUnfinished(name: string): boolean {
  return ['', ...beside].some((end) => name.endsWith(`.db${unfinished}${end}`))
}

/** Brings the names in a folder to disk; Windows opens no folder for that. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

function isFaithful(sql: Sql, path: string, from: number, cipherKey: Uint8Array): boolean {
  const copy = openFile(path, cipherKey, 'writer')
  try {
    copy.pragma(`application_id = ${copyMark}`)
    return (
      copy.pragma('integrity_check', { simple: true }) === 'ok' &&
      versionOf(copy) === from &&
      JSON.stringify(rowCounts(copy)) === JSON.stringify(rowCounts(sql))
    )
  } finally {
    copy.close()
  }
}

function rowCounts(sql: Sql): readonly (readonly [string, number])[] {
  const tables = sql
    .prepare<[], { name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
    .all()
  return tables.map(({ name }) => [name, number(sql, `SELECT count(*) AS value FROM "${name}"`)])
}

/** A number that changes with every write of another connection. */
function changesByOthers(sql: Sql): number {
  return one<{ data_version: number }>(sql, 'PRAGMA data_version')?.data_version ?? 0
}

function unfaithful(): Failed {
  return fail(
    'history-damaged',
    'The history could not be copied faithfully before it is brought to the new version.',
    {
      kept: 'The history was not changed.',
      next: 'Check the disk that holds the history, then start Erasure Desk again.',
    },
  )
}

function noRoom(sql: Sql): Failed {
  const bytes = Number(sql.pragma('page_count', { simple: true })) * Number(sql.pragma('page_size', { simple: true }))
  const mebibytes = Math.ceil(bytes / 1_048_576) + 1
  return fail(
    'disk-full',
    'The disk has no room for the copy that is made before the history is brought to the new version.',
    {
      kept: 'The history was not changed.',
      next: `Free at least ${mebibytes} MB on the disk that holds the history, then try again.`,
      retryable: true,
    },
  )
}
