/** Processes that are killed while they read a file in: after the restart the file is in as a whole, or nothing of it. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { all, one, type Sql } from '../../../src/main/adapters/database/sql.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import { checkHistory } from '../../integration/database/invariants.ts'
import { addConnection, emptyDraft, start } from '../../integration/database/support.ts'
import { must, openHistoryIn, withHistory } from '../engine.ts'
import { killAfter } from './desk.ts'
import type { Kill, Order } from './engine-process.ts'
import { copyHistory, restartHistory } from './history.ts'
import type { Round } from './plan.ts'
import type { Engines } from './processes.ts'
import { seerOf, type Step } from './steps.ts'

const firstRows = 1000
/** More than one batch of the reading thread. */
const secondRows = 12_000
/** An import that came to its end before it was killed is begun anew, killed sooner; so often at most. */
const mostTries = 12
const takeBack: Step = 'in an import, while rows are taken back'

/** What stands in a history of the rows that were read in, apart from how the database numbered them. */
type Rows = string

/** A history with one file in its draft, a second file, and what the history holds once that one is in as well. */
export type ImportPlace = Readonly<{
  base: string
  /** Before the second file. */
  clean: string
  work: Order['work']
  without: Rows
  whole: Rows
}>

/** Makes the place; `whole` comes from an import that nobody disturbs. */
export async function makeImportPlace(engines: Engines): Promise<ImportPlace> {
  const base = mkdtempSync(join(tmpdir(), 'erasure-desk-import-'))
  const clean = join(base, 'clean')
  const database = await openHistoryIn(clean, engines.databaseWorker)
  const requestId = await emptyDraft(database, await addConnection(database))
  must(await database.updateDraft({ requestId, scope: { kind: 'bots', botIds: ['st-1'] }, now: start }))
  await database.close()
  const first = writeRows(join(base, 'first.csv'), 0, firstRows)
  await readWhole(engines, clean, { kind: 'import', requestId, path: first })
  const path = writeRows(join(base, 'second.csv'), firstRows / 2, secondRows)
  const work = { kind: 'import', requestId, path } as const
  const done = join(base, 'done')
  copyHistory(clean, done)
  await readWhole(engines, done, work)
  return { base, clean, work, without: rowsIn(clean, requestId), whole: rowsIn(done, requestId) }
}

/** Plays a round of imports that die. */
export async function playImports(engines: Engines, { kills }: Round): Promise<void> {
  const place = await makeImportPlace(engines)
  try {
    for (const kill of kills) {
      const dead = join(place.base, 'dead')
      if (kill.step === takeBack) {
        await killImport(engines, place, place.clean, dead, { ...kill, step: 'in an import, while tokens are entered' })
        await killImport(engines, { ...place, work: { kind: 'open' } }, dead, join(place.base, 'dead again'), kill)
        await checkRestart(join(place.base, 'dead again'), place)
      } else {
        await killImport(engines, place, place.clean, dead, kill)
        await checkRestart(dead, place)
      }
    }
    // The last one is let finish: what was taken back may be read in again.
    const last = join(place.base, 'last')
    copyHistory(place.clean, last)
    await readWhole(engines, last, place.work)
    assert.equal(rowsIn(last, requestOf(place)), place.whole)
  } finally {
    rmSync(place.base, { recursive: true, force: true })
  }
}

async function killImport(
  engines: Engines,
  { work }: Pick<ImportPlace, 'work'>,
  from: string,
  folder: string,
  kill: Kill,
): Promise<void> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    copyHistory(from, folder)
    const sooner = { ...kill, microseconds: kill.microseconds / 2 ** tries }
    const engine = engines.start({ folder, work, kill: sooner })
    if (seerOf(kill.step) === 'clock') await killAfter(engine, sooner)
    if ((await engine.ended) === 'SIGKILL') return
  }
  throw new Error(`Killed ${kill.step}: ${mostTries} imports came to their end before`)
}

async function readWhole(engines: Engines, folder: string, work: Order['work']): Promise<void> {
  assert.equal(await engines.start({ folder, work, kill: null }).ended, 'done')
}

/**
 * Opens the history as the next start does: it is sound, and the file is in as a whole or nothing of it is left. Gives the
 * import's status then, or undefined where it had not begun.
 */
export async function checkRestart(folder: string, place: ImportPlace): Promise<string | undefined> {
  await restartHistory(folder)
  const status = withHistory(folder, (sql) => {
    assert.equal(sql.pragma('integrity_check', { simple: true }), 'ok')
    checkHistory(sql)
    return all<{ status: string }>(sql, 'SELECT status FROM import ORDER BY id').at(1)?.status
  })
  // Killed before the import was begun, the history has no second one.
  assert.ok(status === undefined || status === 'cancelled' || status === 'done', `The import is ${status}`)
  assert.equal(rowsIn(folder, requestOf(place)), status === 'done' ? place.whole : place.without)
  return status
}

function requestOf({ work }: ImportPlace): RequestId {
  if (work.kind !== 'import') throw new Error('An import belongs to a draft')
  return work.requestId
}

function rowsIn(folder: string, requestId: RequestId): Rows {
  return withHistory(folder, (sql) => digestOfRows(sql, requestId))
}

function digestOfRows(sql: Sql, requestId: RequestId): Rows {
  const digest = createHash('sha256')
  const tables = [
    `SELECT line, kind, value, channel_id, hex(token), scope_id, state, import_id IS NULL FROM identifier
     WHERE request_id = ? ORDER BY import_id, line`,
    `SELECT r.line, r.end_line, r.disposition, r.reason, r.duplicate_of_line, r.raw, i.line, i.value FROM import_row r
     JOIN import m ON m.id = r.import_id LEFT JOIN identifier i ON i.id = r.identifier_id
     WHERE m.request_id = ? ORDER BY r.import_id, r.line`,
    `SELECT line, hex(token), scope_id, value FROM folded_row WHERE request_id = ? ORDER BY import_id, line`,
    `SELECT a.value, a.source, a.line, i.line FROM identifier_alias a JOIN identifier i ON i.id = a.identifier_id
     WHERE i.request_id = ? ORDER BY a.import_id, a.line`,
    `SELECT state, decided, count FROM identifier_count WHERE request_id = ? AND count > 0 ORDER BY 1, 2`,
    `SELECT hex(token), scope_id FROM identifier_token WHERE request_id = ? ORDER BY 1, 2`,
  ]
  for (const table of tables) digest.update(JSON.stringify(all(sql, table, requestId)))
  const scope = one<{ folding: number }>(sql, 'SELECT scope_folding AS folding FROM request WHERE id = ?', requestId)
  return `${digest.digest('hex')} ${scope?.folding}`
}

/**
 * A file whose rows repeat each other, in other spellings and under bots of their own, and from `from` on those of another
 * file; some are rejects.
 */
function writeRows(path: string, from: number, rows: number): string {
  const lines = Array.from({ length: rows }, (_, index) => {
    const number = from + (index % 7 === 6 ? index - 3 : index)
    if (index % 50 === 49) return ',st-1'
    const bot = index % 7 === 6 ? 'st-1' : index % 11 === 0 ? 'st-2' : ''
    return `${index % 13 === 0 ? 'Person' : 'person'}-${number}@example.org,${bot}`
  })
  writeFileSync(path, `email,bot id\n${lines.join('\n')}\n`)
  return path
}
