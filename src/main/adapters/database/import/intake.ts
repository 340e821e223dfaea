/**
 * Takes the rows of a file into a draft. Rows are appended in the order of the file, batch by batch; then the tokens of a
 * whole run are entered sorted, so that a page of their table is written once and not once a row. A row whose token an
 * earlier run or file has entered is taken out again and counted as a duplicate.
 */
import { succeed } from '../../../../shared/failure.ts'
import type { CaseId, ImportId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import type { Finding } from '../../../../shared/model/import.ts'
import { stateNumbers } from '../../../../shared/model/state.ts'
import type { FileBatch, FilePeople, FileRepeats, FileRun, RepeatedRow } from '../../../core/ports.ts'
import { addToRequest } from '../commands/moves.ts'
import type { History } from '../history.ts'
import { inSlices } from '../slices.ts'
import { all, inPassingTransaction, number, run, type Sql } from '../sql.ts'
import { notePeople } from './people.ts'
import { createRowIds, type RowIds } from './row-ids.ts'
import { orderOfTokens, tokensAt } from './token-order.ts'

export type IntakeInput = Readonly<{
  importId: ImportId
  requestId: RequestId
  /** The case whose file this is a reading of: its rows belong to people; null: the file is the request's own. */
  caseId: CaseId | null
  now: Timestamp
  /** Asked between two slices; true ends the work there. */
  isStopped: () => boolean
}>

export type Intake = Readonly<{
  /** Notes who is named by which record of a case's file. */
  addPeople: (message: FilePeople) => void
  addBatch: (batch: FileBatch) => void
  /** Ends a run: enters its tokens, and takes out what repeats an earlier run or file. */
  enterRun: (run: FileRun) => Promise<void>
  /** Rows that repeat others of the run just entered. */
  addRepeats: (repeats: FileRepeats) => void
  /** Rows that repeat an identifier in another spelling, where there are any. */
  findings: () => readonly Finding[]
}>

const shownLines = 5
const queued = stateNumbers.queued
const decoder = new TextDecoder()

/** The intake of one file. */
export function createIntake(history: History, input: IntakeInput): Intake {
  const { sql } = history
  const { importId, requestId, caseId, isStopped } = input
  const spellings: { count: number; lines: number[] } = { count: 0, lines: [] }
  let runUnderWay = emptyRun()
  let runEntered = emptyRun()
  prepareTables(sql)

  function addPeople(message: FilePeople): void {
    if (caseId !== null) inPassingTransaction(sql, () => succeed(notePeople(sql, caseId, message)))
  }

  function addBatch(batch: FileBatch): void {
    inPassingTransaction(sql, () => {
      noteScopes(sql, importId, batch.newScopes, runUnderWay.scopeIds)
      const first = number(sql, 'SELECT max(id) AS value FROM identifier') + 1
      const added = run(
        sql,
        appendRows[caseId === null ? 'of nobody' : 'of people'],
        first,
        requestId,
        importId,
        batch.tokens,
        queued,
        input.now,
        batch.rows,
        caseId,
      )
      runUnderWay.rows.add(first, added)
      const rejected = run(
        sql,
        `INSERT INTO import_row (import_id, line, end_line, disposition, reason, raw)
         SELECT ?1, value ->> 0, value ->> 1, 'reject', value ->> 2, value ->> 3 FROM json_each(CAST(?2 AS TEXT))`,
        importId,
        batch.rejects,
      )
      addToRequest(sql, requestId, queued, 0, added)
      addToImport(sql, importId, { identifiers: added, duplicates: 0, rejects: rejected })
      return succeed(null)
    })
  }

  async function enterRun({ tokens, scopes }: FileRun): Promise<void> {
    runEntered = runUnderWay
    runUnderWay = emptyRun()
    const { rows, scopeIds } = runEntered
    const repeats: Readonly<{ own: number; standing: number }>[] = []
    const order = orderOfTokens(tokens)
    let entered = 0
    const enterSlice = (limit: number): number => {
      const places = order(entered, entered + limit)
      const entries = Array.from(places, (place) => rows.idAt(place) * scopeIds.length + (scopes[place] ?? 0))
      const taken = enterTokens(sql, input, tokensAt(tokens, places), entries, scopeIds.length)
      for (const [index, standing] of taken) {
        const place = places[index] ?? 0
        repeats.push({ own: rows.idAt(place), standing })
        rows.replace(place, standing)
      }
      entered += places.length
      return places.length
    }
    await inSlices(history, enterSlice, isStopped)
    run(sql, 'DELETE FROM temp.run_scope WHERE import_id = ?', importId)
    repeats.sort((one, other) => one.own - other.own)
    let done = 0
    const takeOutSlice = (limit: number): number => {
      const slice = repeats.slice(done, done + limit)
      takeOut(slice.map(({ own, standing }) => [own, standing] as const))
      done += slice.length
      return slice.length
    }
    await inSlices(history, takeOutSlice, isStopped)
  }

  /** Pairs of an identifier's id and of the one it repeats. */
  function takeOut(pairs: readonly (readonly [number, number])[]): void {
    if (pairs.length === 0) return
    const json = JSON.stringify(pairs)
    run(
      sql,
      `INSERT INTO temp.repeat SELECT i.line, i.value, s.id, s.line, s.value IS NOT i.value
       FROM json_each(?1) p CROSS JOIN identifier i ON i.id = p.value ->> 0 CROSS JOIN identifier s ON s.id = p.value ->> 1`,
      json,
    )
    run(sql, 'DELETE FROM identifier WHERE id IN (SELECT value ->> 0 FROM json_each(?))', json)
    addToRequest(sql, requestId, queued, 0, -pairs.length)
    addToImport(sql, importId, { identifiers: -pairs.length, duplicates: pairs.length, rejects: 0 })
    keepRepeats(sql, input, spellings)
  }

  function addRepeats(message: FileRepeats): void {
    const rows = JSON.parse(decoder.decode(message.rows)) as readonly RepeatedRow[]
    const { rows: ids } = runEntered
    const resolved = rows.map(([line, value, place, ownLine, isOtherSpelling]) =>
      // What the reading thread knows is of its own run; another identifier's line and spelling are read here.
      ids.isOwn(place)
        ? [line, value, ids.idAt(place), ownLine, isOtherSpelling]
        : [line, value, ids.idAt(place), null, null],
    )
    inPassingTransaction(sql, () => {
      run(
        sql,
        `INSERT INTO temp.repeat SELECT value ->> 0, value ->> 1, value ->> 2,
           coalesce(value ->> 3, (SELECT i.line FROM identifier i WHERE i.id = r.value ->> 2)),
           coalesce(value ->> 4, (SELECT i.value FROM identifier i WHERE i.id = r.value ->> 2) IS NOT value ->> 1)
         FROM json_each(?1) r`,
        JSON.stringify(resolved),
      )
      addToImport(sql, importId, { identifiers: 0, duplicates: rows.length, rejects: 0 })
      keepRepeats(sql, input, spellings)
      return succeed(null)
    })
  }

  return { addPeople, addBatch, enterRun, addRepeats, findings: () => spellingFindings(spellings) }
}

/** Append the rows of a batch; where the file is a case's (?8), each belongs to the person of its line. */
const appendRows = {
  'of nobody': appending('NULL'),
  'of people': appending('(SELECT person_id FROM person_line WHERE case_id = ?8 AND line = value ->> 0)'),
} as const

function appending(person: string): string {
  return `INSERT INTO identifier
      (id, request_id, person_id, import_id, line, kind, value, channel_id, token, scope_id, state, case_reference, state_at)
    SELECT ?1 + key, ?2, ${person}, ?3, value ->> 0, value ->> 1, value ->> 2, value ->> 3, substr(?4, key * 16 + 1, 16),
      CASE value ->> 4 WHEN 0 THEN 0 ELSE (SELECT id FROM temp.run_scope WHERE import_id = ?3 AND number = value ->> 4) END,
      ?5, value ->> 5, ?6
    FROM jsonb_each(CAST(?7 AS TEXT))`
}

/** Ids of a run's scope numbers, and of its first rows. */
type RunIds = Readonly<{ scopeIds: number[]; rows: RowIds }>

function emptyRun(): RunIds {
  return { scopeIds: [0], rows: createRowIds() }
}

/**
 * In memory. Several files may be read in at once, so that scopes are those of one import; what one left that did not come
 * to its end goes here. Repeats are there within a transaction alone.
 */
function prepareTables(sql: Sql): void {
  sql.exec(`
    CREATE TEMP TABLE IF NOT EXISTS run_scope (
      import_id INTEGER NOT NULL, number INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (import_id, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TEMP TABLE IF NOT EXISTS repeat (
      line INTEGER NOT NULL, value TEXT NOT NULL, identifier_id INTEGER NOT NULL, identifier_line INTEGER NOT NULL,
      is_other_spelling INTEGER NOT NULL
    ) STRICT;
    DELETE FROM temp.run_scope WHERE import_id NOT IN (SELECT id FROM import WHERE status = 'running');
    DELETE FROM temp.repeat;
  `)
}

function noteScopes(sql: Sql, importId: ImportId, canonicals: readonly string[], scopeIds: number[]): void {
  for (const canonical of canonicals) {
    run(sql, 'INSERT INTO scope (canonical) VALUES (?) ON CONFLICT (canonical) DO NOTHING', canonical)
    const id = number(sql, 'SELECT id AS value FROM scope WHERE canonical = ?', canonical)
    run(sql, 'INSERT INTO temp.run_scope (import_id, number, id) VALUES (?, ?, ?)', importId, scopeIds.length, id)
    scopeIds.push(id)
  }
}

/**
 * Enters tokens. An entry is the row's id times `scopes` plus its scope's number in the run: one number for each row is
 * read much faster than two. Gives the rows whose token is entered already, as index and the id that it stands for.
 */
function enterTokens(
  sql: Sql,
  { requestId, importId }: IntakeInput,
  tokens: Uint8Array,
  entries: readonly number[],
  scopes: number,
): readonly (readonly [number, number])[] {
  const values = [tokens, requestId, `[${entries.join(',')}]`, scopes, importId] as const
  const scopeId = `CASE e.value % ?4 WHEN 0 THEN 0
    ELSE (SELECT id FROM temp.run_scope WHERE import_id = ?5 AND number = e.value % ?4) END`
  const entered = run(
    sql,
    `INSERT INTO identifier_token (token, request_id, scope_id, identifier_id)
     SELECT substr(?1, e.key * 16 + 1, 16), ?2, ${scopeId}, e.value / CAST(?4 AS INTEGER) FROM json_each(?3) e WHERE true
     ON CONFLICT DO NOTHING`,
    ...values,
  )
  if (entered === entries.length) return []
  return all<{ index: number; standing: number }>(
    sql,
    `SELECT e.key AS "index", t.identifier_id AS standing FROM json_each(?3) e
     CROSS JOIN identifier_token t ON t.token = substr(?1, e.key * 16 + 1, 16) AND t.request_id = ?2
       AND t.scope_id = ${scopeId}
     WHERE t.identifier_id <> e.value / CAST(?4 AS INTEGER)`,
    ...values,
  ).map(({ index, standing }) => [index, standing] as const)
}

/** Writes down what stands in `temp.repeat`, and empties it. */
function keepRepeats(sql: Sql, { importId, now }: IntakeInput, spellings: { count: number; lines: number[] }): void {
  run(
    sql,
    `INSERT INTO import_row (import_id, line, end_line, disposition, reason, identifier_id, duplicate_of_line, raw)
     SELECT ?, line, line, 'duplicate', 'same identifier', identifier_id, identifier_line, value FROM temp.repeat
     ORDER BY line`,
    importId,
  )
  spellings.count += run(
    sql,
    `INSERT INTO identifier_alias (identifier_id, value, source, import_id, line, recorded_at)
     SELECT identifier_id, value, 'other spelling', ?, line, ? FROM temp.repeat WHERE is_other_spelling ORDER BY line`,
    importId,
    now,
  )
  const lines = all<{ line: number }>(
    sql,
    `SELECT line FROM temp.repeat WHERE is_other_spelling ORDER BY line LIMIT ${shownLines}`,
  )
  spellings.lines = [...spellings.lines, ...lines.map(({ line }) => line)]
    .toSorted((a, b) => a - b)
    .slice(0, shownLines)
  run(sql, 'DELETE FROM temp.repeat')
}

function addToImport(
  sql: Sql,
  importId: ImportId,
  { identifiers, duplicates, rejects }: Readonly<{ identifiers: number; duplicates: number; rejects: number }>,
): void {
  run(
    sql,
    `UPDATE import SET identifier_count = identifier_count + ?, duplicate_count = duplicate_count + ?,
       reject_count = reject_count + ? WHERE id = ?`,
    identifiers,
    duplicates,
    rejects,
    importId,
  )
}

function spellingFindings({ count, lines }: Readonly<{ count: number; lines: readonly number[] }>): readonly Finding[] {
  if (count === 0) return []
  const words =
    'These rows repeat an email in other letter case. Each is counted as a duplicate; what is sent is the first spelling.'
  return [{ kind: 'other spellings', count, lines: [...lines], words }]
}
