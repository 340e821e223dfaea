/** Sees in the history's file, beside the threads that write it, that a step has come. */
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { deriveKeys } from '../../../src/main/adapters/database/keys.ts'
import { migrations } from '../../../src/main/adapters/database/migrations/index.ts'
import { openFile } from '../../../src/main/adapters/database/open-file.ts'
import { number, one, run, type Sql } from '../../../src/main/adapters/database/sql.ts'
import { stateNumbers } from '../../../src/shared/model/state.ts'
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
  const runsBefore = versionBefore < 80 ? 0 : runs(sql)
  const heldBefore = held(sql)
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
    case 'in a comparison, before any repeat is kept back':
      return () => runs(sql) > runsBefore && held(sql) === 0
    case 'in a comparison, while repeats are kept back':
      return () => held(sql) > 0 && stamps(sql) === 0
    case 'in a decision about repeats, while they are let go':
      return () => held(sql) < heldBefore && held(sql) > 0
    case 'in leaving repeats out, after the request is sent':
      return () => cancelling(sql).open > 0
    case 'in leaving repeats out, while they are cancelled':
      return () => cancelling(sql).open > 0 && cancelling(sql).cancelled > 0
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

/** Comparisons that were begun. */
function runs(sql: Sql): number {
  return number(sql, 'SELECT sum(repeats_run) AS value FROM request')
}

/** Comparisons that are valid. */
function stamps(sql: Sql): number {
  return number(sql, 'SELECT count(repeats_stamp) AS value FROM request')
}

/** Identifiers of drafts that are kept back. */
function held(sql: Sql): number {
  return number(sql, 'SELECT sum(count) AS value FROM identifier_count WHERE state = 1')
}

/** Requests that were sent and still keep anybody back, and how many they have cancelled. */
function cancelling(sql: Sql): Readonly<{ open: number; cancelled: number }> {
  const kept = `SELECT r.id FROM request r JOIN identifier_count n ON n.request_id = r.id AND n.state = 1 AND n.count > 0
    WHERE r.phase = 'open'`
  return {
    open: number(sql, `SELECT count(*) AS value FROM (${kept})`),
    cancelled: number(
      sql,
      `SELECT sum(count) AS value FROM identifier_count WHERE state = ${stateNumbers.cancelled} AND request_id IN (${kept})`,
    ),
  }
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
