/** Sees in the history's file, beside the threads that write it, that a step has come. */
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { deriveKeys } from '../../../src/main/adapters/database/keys.ts'
import { migrations } from '../../../src/main/adapters/database/migrations/index.ts'
import { openFile } from '../../../src/main/adapters/database/open-file.ts'
import { number, one, run, type Sql } from '../../../src/main/adapters/database/sql.ts'
import type { Step } from './steps.ts'

type Watched = Readonly<{ step: Step; microseconds: number }>
type HasCome = () => boolean

const latest = migrations.at(-1)?.number ?? 0

/** Calls `onStep` once the step has come and `microseconds` have passed since; looks in every turn of this thread, to its end. */
export function watchFile(path: string, key: Uint8Array, { step, microseconds }: Watched, onStep: () => void): void {
  const sql = openFile(path, deriveKeys(key).cipher, 'reader')
  const hasCome = watcherOf(step, sql, dirname(path))
  if (hasCome === null) {
    sql.close()
    return
  }
  let due: bigint | null = null
  const look = () => {
    const now = process.hrtime.bigint()
    if (due === null && hasCome()) due = now + BigInt(Math.round(microseconds * 1000))
    if (due !== null && now >= due) onStep()
    else setImmediate(look)
  }
  look()
}

/** Null: this step is not to be seen in the file. */
function watcherOf(step: Step, sql: Sql, folder: string): HasCome | null {
  const rowsBefore = number(sql, 'SELECT count(*) AS value FROM identifier')
  const rows = () => number(sql, 'SELECT count(*) AS value FROM identifier')
  const tokens = () => number(sql, 'SELECT count(*) AS value FROM identifier_token')
  const version = () => Number(sql.pragma('user_version', { simple: true }))
  const versionBefore = version()
  const tokensBefore = versionBefore < 20 ? 0 : tokens()
  switch (step) {
    case 'in an import, while rows are appended':
      return () => (running(sql)?.identifiers ?? 0) > 0 && tokens() === tokensBefore
    case 'in an import, while tokens are entered':
      return () => running(sql) !== undefined && tokens() > tokensBefore && tokens() < rows()
    case 'in an import, while repeated rows are taken out':
      return () => (running(sql)?.duplicates ?? 0) > 0
    case 'in an import, while rows are folded into the scope':
      return () => number(sql, 'SELECT count(*) AS value FROM request WHERE scope_folding = 1') > 0
    case 'in an import, while rows are taken back':
      return () => rows() < rowsBefore || tokens() < tokensBefore
    case 'in a migration, while the copy is made':
      return () => copies(folder) > 0 && version() === versionBefore
    case 'in a migration, in a step':
      return () => copies(folder) > 0 && version() < latest && isBeingWritten(sql)
    case 'in a migration, between two steps':
      return () => version() > versionBefore && version() < latest
    default:
      return null
  }
}

function running(sql: Sql): Readonly<{ identifiers: number; duplicates: number }> | undefined {
  return one(
    sql,
    `SELECT identifier_count AS identifiers, duplicate_count AS duplicates FROM import WHERE status = 'running'`,
  )
}

function copies(folder: string): number {
  try {
    return readdirSync(join(folder, 'backups')).length
  } catch {
    return 0
  }
}

/** Whether somebody writes at this moment: one writer at a time is let in. */
function isBeingWritten(sql: Sql): boolean {
  sql.pragma('busy_timeout = 0')
  try {
    run(sql, 'BEGIN IMMEDIATE')
    run(sql, 'ROLLBACK')
    return false
  } catch {
    return true
  }
}
