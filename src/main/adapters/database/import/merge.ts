/**
 * Moves staged rows into the history, slice by slice: each slice is a transaction that holds the writer for a moment, and
 * between two of them every other command of the thread gets its turn.
 */
import { performance } from 'node:perf_hooks'
import { succeed } from '../../../../shared/failure.ts'
import type { ImportId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import { stateNumbers } from '../../../../shared/model/state.ts'
import { addToRequest } from '../commands/moves.ts'
import type { History } from '../history.ts'
import { all, inTransaction, run, type Sql } from '../sql.ts'

export type MergeInput = Readonly<{
  importId: ImportId
  requestId: RequestId
  now: Timestamp
  /** The sealed staging file and its key. */
  path: string
  key: string
  /** Asked between two slices; true ends the merge there. */
  isStopped: () => boolean
  /** Rows and rejects merged so far. */
  onSlice: (done: number) => void
}>

/** Rows that repeat an identifier in another spelling: how many, and the first lines. */
export type OtherSpellings = Readonly<{ count: number; lines: readonly number[] }>

const shownLines = 5
const sliceMilliseconds = 60
const smallestSlice = 500
const largestSlice = 20_000
/** Slices write many pages again and again; each checkpoint copies them into the file (16 MB at most while merging). */
const pagesBetweenCheckpoints = { merging: 4000, otherwise: 1000 }

/** Attaches the staging file, merges all of it unless stopped, and detaches it. One merge at a time per connection. */
export async function mergeStaging(history: History, input: MergeInput): Promise<OtherSpellings> {
  const { sql } = history
  run(sql, 'ATTACH ? AS staging KEY ?', input.path, input.key)
  try {
    sql.pragma(`wal_autocheckpoint = ${pagesBetweenCheckpoints.merging}`)
    prepareLosers(sql)
    await mergeScopes(history, input)
    return await mergeRows(history, input)
  } finally {
    sql.exec('DETACH staging')
    sql.pragma(`wal_autocheckpoint = ${pagesBetweenCheckpoints.otherwise}`)
  }
}

/** Rows of the slice at hand that repeat an identifier; in memory, empty between two slices. */
function prepareLosers(sql: Sql): void {
  sql.exec(`CREATE TEMP TABLE IF NOT EXISTS loser (
    line INTEGER NOT NULL, value TEXT NOT NULL, identifier_id INTEGER NOT NULL, winner_line INTEGER NOT NULL,
    is_other_spelling INTEGER NOT NULL
  ) STRICT`)
}

async function mergeScopes(history: History, { isStopped }: MergeInput): Promise<void> {
  const { sql } = history
  await inSlices(history, isStopped, 'scope', 'id', (after, last) => {
    run(
      sql,
      `INSERT INTO scope (canonical) SELECT canonical FROM staging.scope WHERE id > ? AND id <= ?
       ON CONFLICT (canonical) DO NOTHING`,
      after,
      last,
    )
  })
}

async function mergeRows(history: History, input: MergeInput): Promise<OtherSpellings> {
  const { sql } = history
  const { isStopped, onSlice } = input
  const spellings: { count: number; lines: number[] } = { count: 0, lines: [] }
  let done = 0
  await inSlices(history, isStopped, 'staged', 'position', (after, last, rows) => {
    mergeSlice(sql, input, after, last, rows, spellings)
    done += rows
    onSlice(done)
  })
  await inSlices(history, isStopped, 'rejected', 'line', (after, last, rows) => {
    run(
      sql,
      `INSERT INTO import_row (import_id, line, end_line, disposition, reason, raw)
       SELECT ?, line, end_line, 'reject', reason, raw FROM staging.rejected WHERE line > ? AND line <= ? ORDER BY line`,
      input.importId,
      after,
      last,
    )
    run(sql, 'UPDATE import SET reject_count = reject_count + ? WHERE id = ?', rows, input.importId)
    done += rows
    onSlice(done)
  })
  return spellings
}

/** The first of equal rows becomes the identifier, be it of an earlier file; the others are kept as its duplicates. */
function mergeSlice(
  sql: Sql,
  input: MergeInput,
  after: number,
  last: number,
  rows: number,
  spellings: { count: number; lines: number[] },
): void {
  const { importId, requestId, now } = input
  const inserted = run(
    sql,
    `INSERT INTO identifier (request_id, import_id, line, kind, value, channel_id, token, scope_id, state, case_reference, state_at)
     SELECT ?1, ?2, s.line, s.kind, s.value, s.channel_id, s.token, coalesce(m.id, 0), ?3, s.case_reference, ?4
     FROM staging.staged s LEFT JOIN staging.scope t ON t.id = s.scope LEFT JOIN main.scope m ON m.canonical = t.canonical
     WHERE s.position > ?5 AND s.position <= ?6 ORDER BY s.position
     ON CONFLICT (token, request_id, scope_id) DO NOTHING`,
    requestId,
    importId,
    stateNumbers.queued,
    now,
    after,
    last,
  )
  addToRequest(sql, requestId, stateNumbers.queued, 0, inserted)
  if (inserted < rows) keepLosers(sql, input, after, last, spellings)
  run(
    sql,
    'UPDATE import SET identifier_count = identifier_count + ?, duplicate_count = duplicate_count + ? WHERE id = ?',
    inserted,
    rows - inserted,
    importId,
  )
}

function keepLosers(
  sql: Sql,
  { importId, requestId, now }: MergeInput,
  after: number,
  last: number,
  spellings: { count: number; lines: number[] },
): void {
  run(
    sql,
    `INSERT INTO temp.loser SELECT s.line, s.value, i.id, i.line, i.value IS NOT s.value
     FROM staging.staged s LEFT JOIN staging.scope t ON t.id = s.scope LEFT JOIN main.scope m ON m.canonical = t.canonical
     CROSS JOIN identifier i ON i.token = s.token AND i.request_id = ?1 AND i.scope_id = coalesce(m.id, 0)
     WHERE s.position > ?3 AND s.position <= ?4 AND (i.import_id IS NOT ?2 OR i.line <> s.line)`,
    requestId,
    importId,
    after,
    last,
  )
  run(
    sql,
    `INSERT INTO import_row (import_id, line, end_line, disposition, reason, identifier_id, duplicate_of_line, raw)
     SELECT ?, line, line, 'duplicate', 'same identifier', identifier_id, winner_line, value FROM temp.loser ORDER BY line`,
    importId,
  )
  spellings.count += run(
    sql,
    `INSERT INTO identifier_alias (identifier_id, value, source, import_id, line, recorded_at)
     SELECT identifier_id, value, 'other spelling', ?, line, ? FROM temp.loser WHERE is_other_spelling ORDER BY line`,
    importId,
    now,
  )
  const lines = all<{ line: number }>(
    sql,
    `SELECT line FROM temp.loser WHERE is_other_spelling ORDER BY line LIMIT ${shownLines}`,
  )
  spellings.lines = [...spellings.lines, ...lines.map(({ line }) => line)]
    .toSorted((a, b) => a - b)
    .slice(0, shownLines)
  run(sql, 'DELETE FROM temp.loser')
}

/** Walks a staged table by its key in slices that take about `sliceMilliseconds` each. */
async function inSlices(
  history: History,
  isStopped: () => boolean,
  table: 'staged' | 'rejected' | 'scope',
  key: 'position' | 'line' | 'id',
  slice: (after: number, last: number, rows: number) => void,
): Promise<void> {
  const { sql } = history
  let after = -1
  let size = smallestSlice
  while (!isStopped()) {
    const bounds = all<{ rows: number; last: number | null }>(
      sql,
      `SELECT count(*) AS rows, max(${key}) AS last
       FROM (SELECT ${key} FROM staging.${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ?)`,
      after,
      size,
    )[0]
    if (bounds === undefined || bounds.last === null) return
    const { rows, last } = bounds
    const began = performance.now()
    inTransaction(sql, () => succeed(slice(after, last, rows)))
    size = nextSize(size, performance.now() - began)
    after = last
    await history.pause()
  }
}

/** Towards slices of the wanted duration, at most doubling. */
function nextSize(size: number, milliseconds: number): number {
  const wanted = Math.floor((size * sliceMilliseconds) / Math.max(1, milliseconds))
  return Math.min(largestSlice, size * 2, Math.max(smallestSlice, wanted))
}
