/**
 * Processes that are killed while a draft is compared with the history, while its repeats are kept back or let go, and
 * while they are cancelled after the rest was sent: nobody is lost or left out for nothing, and what follows comes to the
 * same as where nobody was killed.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dayOf } from '../../../src/main/adapters/database/commands/moves.ts'
import { all, one, type Sql } from '../../../src/main/adapters/database/sql.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import { stateNumbers } from '../../../src/shared/model/state.ts'
import { checkHistory } from '../../integration/database/invariants.ts'
import { addConnection, emptyDraft, start } from '../../integration/database/support.ts'
import { must, openHistoryIn, withHistory } from '../engine.ts'
import { killAfter } from './desk.ts'
import type { Kill, Order } from './engine-process.ts'
import { copyHistory, restartHistory } from './history.ts'
import type { Round } from './plan.ts'
import type { Engines } from './processes.ts'
import { seerOf, type Step } from './steps.ts'

/** Of the earlier request, all erased; the draft has most of them and some of its own. */
const earlierRows = 14_000
const sharedRows = 13_000
const draftRows = 15_000
/** Work that came to its end before it was killed is begun anew, killed sooner; so often at most. */
const mostTries = 12

type Work = Extract<Order['work'], { kind: 'repeats' }>
type Upto = Work['upto']

/** What each step belongs to: the work is done as far as the part before, undisturbed, and killed in this one. */
const parts: Readonly<Partial<Record<Step, Upto>>> = {
  'in a comparison, before any repeat is kept back': 'compared',
  'in a comparison, while repeats are kept back': 'compared',
  'in a comparison, at a random moment': 'compared',
  'in a decision about repeats, while they are let go': 'let go',
  'in leaving repeats out, after the request is sent': 'sent',
  'in leaving repeats out, while they are cancelled': 'sent',
}
const before: Readonly<Record<Upto, Upto | null>> = { compared: null, 'let go': 'compared', sent: 'compared' }

/** What the history says of the draft and its repeats, without dates. */
type Said = string

type Place = Readonly<{
  base: string
  requestId: RequestId
  /** The history and what it says with the work done as far, nobody killed; null: nothing is compared yet. */
  folders: Readonly<Record<Upto | 'clean', string>>
  said: Readonly<Record<Upto, Said>>
}>

/** Plays a round of comparisons that die. */
export async function playRepeats(engines: Engines, { kills }: Round): Promise<void> {
  const place = await makePlace(engines)
  try {
    for (const kill of kills) {
      const upto = parts[kill.step]
      if (upto === undefined) throw new Error(`${kill.step} is no step of a comparison`)
      const dead = join(place.base, 'dead')
      await killWork(engines, place, upto, dead, kill)
      await checkDead(engines, dead, place, upto)
    }
  } finally {
    rmSync(place.base, { recursive: true, force: true })
  }
}

async function makePlace(engines: Engines): Promise<Place> {
  const base = mkdtempSync(join(tmpdir(), 'erasure-desk-repeats-'))
  const folder = (name: string): string => join(base, name)
  const folders = {
    clean: folder('clean'),
    compared: folder('compared'),
    'let go': folder('let-go'),
    sent: folder('sent'),
  }
  const requestId = await makeHistory(folders.clean, engines)
  const done = async (upto: Upto): Promise<Said> => {
    copyHistory(folders[before[upto] ?? 'clean'], folders[upto])
    assert.equal(await startWork(engines, folders[upto], requestId, upto, null).ended, 'done')
    return withHistory(folders[upto], (sql) => saidOf(sql, requestId))
  }
  const compared = await done('compared')
  return { base, requestId, folders, said: { compared, 'let go': await done('let go'), sent: await done('sent') } }
}

/** A request of which everybody is erased, and a draft that has most of them again. */
async function makeHistory(folder: string, engines: Engines): Promise<RequestId> {
  const database = await openHistoryIn(folder, engines.databaseWorker)
  const connection = await addConnection(database)
  const ids: RequestId[] = []
  for (const _each of ['earlier', 'draft']) {
    const requestId = await emptyDraft(database, connection)
    must(await database.updateDraft({ requestId, scope: { kind: 'bots', botIds: ['st-1'] }, now: start }))
    ids.push(requestId)
  }
  await database.close()
  const [earlier, draft] = ids
  if (earlier === undefined || draft === undefined) throw new Error('Two requests were made')
  const firstOfDraft = earlierRows - sharedRows
  withHistory(folder, (sql) => {
    sql.exec(`
      WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${earlierRows + draftRows - 1})
      INSERT INTO identifier (id, request_id, line, kind, value, token, state, state_at)
        SELECT i + 1, iif(i < ${earlierRows}, ${earlier}, ${draft}), p + 2, 1, 'person-' || p || '@example.org',
          CAST(printf('%08x%08x', p * 2654435761 & 4294967295, p) AS BLOB),
          iif(i < ${earlierRows}, ${stateNumbers.erased}, ${stateNumbers.queued}), ${start}
        FROM (SELECT i, iif(i < ${earlierRows}, i, i - ${earlierRows} + ${firstOfDraft}) AS p FROM n);
      INSERT INTO identifier_token SELECT token, request_id, scope_id, id FROM identifier;
      INSERT INTO identifier_count SELECT request_id, state, 0, count(*) FROM identifier GROUP BY 1, 2;
      UPDATE request SET phase = 'closed', sent_at = ${start}, closed_at = ${start} WHERE id = ${earlier};
      INSERT INTO daily_count (day, state, sandbox, count) SELECT '${dayOf(start)}', ${stateNumbers.erased},
        environment = 'sandbox', ${earlierRows} FROM connection;`)
    checkHistory(sql)
  })
  return draft
}

function startWork(engines: Engines, folder: string, requestId: RequestId, upto: Upto, kill: Kill | null) {
  return engines.start({ folder, work: { kind: 'repeats', requestId, upto }, kill })
}

async function killWork(engines: Engines, place: Place, upto: Upto, folder: string, kill: Kill): Promise<void> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    copyHistory(place.folders[before[upto] ?? 'clean'], folder)
    const sooner = { ...kill, microseconds: kill.microseconds / 2 ** tries }
    const engine = startWork(engines, folder, place.requestId, upto, sooner)
    if (seerOf(kill.step) === 'clock') await killAfter(engine, sooner)
    if ((await engine.ended) === 'SIGKILL') return
  }
  throw new Error(`Killed ${kill.step}: ${mostTries} times it came to its end before`)
}

/**
 * Opens the history as the next start does: it is sound, nobody is lost, and a draft has lost nobody to cancelling. Then
 * the same work again comes to what it comes to undisturbed; what was sent is finished by the start alone.
 */
async function checkDead(engines: Engines, folder: string, place: Place, upto: Upto): Promise<void> {
  const { requestId, said } = place
  await restartHistory(folder)
  const phase = withHistory(folder, (sql) => {
    assert.equal(sql.pragma('integrity_check', { simple: true }), 'ok')
    checkHistory(sql)
    return checkRows(sql, requestId)
  })
  if (phase === 'draft') assert.equal(await startWork(engines, folder, requestId, upto, null).ended, 'done')
  assert.equal(
    withHistory(folder, (sql) => saidOf(sql, requestId)),
    said[upto],
  )
}

/** Gives the phase of the request. */
function checkRows(sql: Sql, requestId: RequestId): string | undefined {
  const phase = one<{ phase: string }>(sql, 'SELECT phase FROM request WHERE id = ?', requestId)?.phase
  const counts = all<{ state: number; count: number }>(
    sql,
    'SELECT state, count(*) AS count FROM identifier WHERE request_id = ? GROUP BY 1',
    requestId,
  )
  const total = counts.reduce((sum, { count }) => sum + count, 0)
  assert.equal(total, draftRows, 'A row of the draft is lost')
  const cancelled = counts.find(({ state }) => state === stateNumbers.cancelled)?.count ?? 0
  assert.equal(cancelled, phase === 'draft' ? 0 : sharedRows, `Cancelled in a request that is ${phase}`)
  const forNothing = all(
    sql,
    `SELECT id FROM identifier WHERE request_id = ?1 AND state IN (?2, ?3) AND value NOT IN
       (SELECT value FROM identifier WHERE request_id <> ?1)`,
    requestId,
    stateNumbers.held,
    stateNumbers.cancelled,
  )
  assert.deepEqual(forNothing, [], 'Left out, and in no earlier request')
  return phase
}

function saidOf(sql: Sql, requestId: RequestId): Said {
  const tables = [
    'SELECT id, line, value, state, decided, batch_id FROM identifier WHERE request_id = ? ORDER BY id',
    `SELECT identifier_id, earlier_id, earlier_request_id, earlier_state FROM history_repeat WHERE request_id = ?
     ORDER BY identifier_id`,
    `SELECT earlier_request_id, erased, under_way FROM history_repeat_count WHERE request_id = ? ORDER BY 1`,
    'SELECT phase, repeats_decision, repeats_stamp IS NULL FROM request WHERE id = ?',
    'SELECT state, decided, count FROM identifier_count WHERE request_id = ? AND count <> 0 ORDER BY 1, 2',
  ]
  const digest = createHash('sha256')
  for (const table of tables) digest.update(JSON.stringify(all(sql, table, requestId)))
  return digest.digest('hex')
}
