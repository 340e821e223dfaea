/** Small typed steps over better-sqlite3: prepared statements are kept per connection, transactions end with a Result. */
import type SqliteDatabase from 'better-sqlite3'
import type { Result } from '../../../shared/failure.ts'

export type Sql = SqliteDatabase.Database
export type SqlValue = string | number | Uint8Array | null
type Values = readonly SqlValue[] | readonly [Readonly<Record<string, SqlValue>>]
type Prepared = SqliteDatabase.Statement

const preparedByConnection = new WeakMap<Sql, Map<string, Prepared>>()

function prepared(sql: Sql, text: string): Prepared {
  let statements = preparedByConnection.get(sql)
  if (statements === undefined) {
    statements = new Map()
    preparedByConnection.set(sql, statements)
  }
  let statement = statements.get(text)
  if (statement === undefined) {
    statement = sql.prepare(text)
    statements.set(text, statement)
  }
  return statement
}

const numberedMark = /\?[1-9]/

/** Values as better-sqlite3 binds them: it takes numbered marks (`?1`, each for all its places) for names. */
function bound(text: string, values: readonly SqlValue[]): Values {
  if (!numberedMark.test(text)) return values
  return [Object.fromEntries(values.map((value, index) => [String(index + 1), value]))]
}

/** Every row of a query; `Row` must name its columns as the query does. */
export function all<Row>(sql: Sql, text: string, ...values: readonly SqlValue[]): readonly Row[] {
  return prepared(sql, text).all(...bound(text, values)) as Row[]
}

/** Every row as a tuple of its columns: much less work than objects where there are very many. */
export function tuples<Row extends readonly SqlValue[]>(
  sql: Sql,
  text: string,
  ...values: readonly SqlValue[]
): readonly Row[] {
  return prepared(sql, text)
    .raw(true)
    .all(...bound(text, values)) as unknown as Row[]
}

/** The first row of a query. */
export function one<Row>(sql: Sql, text: string, ...values: readonly SqlValue[]): Row | undefined {
  return prepared(sql, text).get(...bound(text, values)) as Row | undefined
}

/** The single number a query gives (`SELECT … AS value`); 0 where it gives none. */
export function number(sql: Sql, text: string, ...values: readonly SqlValue[]): number {
  return one<{ value: number | null }>(sql, text, ...values)?.value ?? 0
}

/** Runs a statement; gives the number of rows changed. */
export function run(sql: Sql, text: string, ...values: readonly SqlValue[]): number {
  return prepared(sql, text).run(...bound(text, values)).changes
}

/** Runs an INSERT; gives the new row's id. */
export function insert<Id extends number>(sql: Sql, text: string, ...values: readonly SqlValue[]): Id {
  return Number(prepared(sql, text).run(...bound(text, values)).lastInsertRowid) as Id
}

/**
 * Does `work` as one transaction that holds the writer from its first step on. A failed Result or a thrown error takes
 * everything back; a success is on disk when this returns (`synchronous=FULL`).
 */
export function inTransaction<T>(sql: Sql, work: () => Result<T>): Result<T> {
  run(sql, 'BEGIN IMMEDIATE')
  try {
    const result = work()
    run(sql, result.ok ? 'COMMIT' : 'ROLLBACK')
    return result
  } catch (error) {
    if (sql.inTransaction) run(sql, 'ROLLBACK')
    throw error
  }
}

/** Does `work` on the history as it is now, whatever others write meanwhile. Must not write, nor wait for anything. */
export function asOfOneMoment<T>(sql: Sql, work: () => T): T {
  if (sql.inTransaction) return work()
  run(sql, 'BEGIN')
  try {
    return work()
  } finally {
    run(sql, 'COMMIT')
  }
}

/**
 * The same for work that may be lost in a power cut, since the next start takes it back or does it again: rows of an import
 * under way. The next transaction that must last brings this one to disk with it (one write-ahead log, synced as a whole).
 */
export function inPassingTransaction<T>(sql: Sql, work: () => Result<T>): Result<T> {
  sql.pragma('synchronous = NORMAL')
  try {
    return inTransaction(sql, work)
  } finally {
    sql.pragma('synchronous = FULL')
  }
}

/** "?, ?, ?" for a list of values. */
export function marks(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ')
}
