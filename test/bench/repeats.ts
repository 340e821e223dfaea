/**
 * Comparing a draft with a history that has every one of its rows already, leaving the repeats out, letting them go, and
 * cancelling them when the rest is sent: by the app's own threads and messages, on an encrypted file, beside a write that
 * asks for the history twenty times a second. The comparison is held against one statement over the same rows in a plain
 * file, in the same run. Exit code 1 where it takes more than five times the processor's time, where another write waits
 * more than 200 ms, where the main thread is late by more than 50 ms, or where a row is missing. The waits want a quiet
 * machine: how long the same write waits beside nothing is printed first.
 *
 *   npm run bench:repeats [-- ROWS]
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import SqliteDatabase from 'better-sqlite3'
import { migrations } from '../../src/main/adapters/database/migrations/index.ts'
import { migrate } from '../../src/main/adapters/database/migrations/migrate.ts'
import type { Database } from '../../src/main/core/ports.ts'
import { succeed, type Result } from '../../src/shared/failure.ts'
import type { RequestId } from '../../src/shared/model/ids.ts'
import { stateNumbers } from '../../src/shared/model/state.ts'
import {
  addConnection,
  emptyDraft,
  must,
  openBeside,
  openIn,
  sendDraft,
  start,
  temporaryFolder,
} from '../integration/database/support.ts'

const rows = Number(process.argv[2] ?? 1_000_000)
const mostRatio = 5
const idleMilliseconds = 3000
/** Milliseconds that another write, and the main thread, may wait. */
const mostWait = 200
const mostDelay = 50
const delayResolution = 5
const earlier = 1 as RequestId
const draft = 2 as RequestId
/** Rows of the draft that the history does not have. */
const fresh = 1000

type Measured = Readonly<{
  name: string
  milliseconds: number
  processor: number
  longestWrite: number
  longestDelay: number
}>

/** An earlier request whose `rows` identifiers are erased, and a draft with the same and some new ones, as imports leave them. */
function fill(sql: SqliteDatabase.Database): void {
  sql.pragma('cache_size = -262144')
  sql.exec(`
    BEGIN;
    WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${2 * rows + fresh - 1})
    INSERT INTO identifier (id, request_id, line, kind, value, token, state, state_at)
      SELECT i + 1, iif(i < ${rows}, ${earlier}, ${draft}), p + 2, 1, 'person' || p || '@example.org', CAST(printf('%08x%08x', p * 2654435761 & 4294967295, p) AS BLOB),
        iif(i < ${rows}, ${stateNumbers.erased}, ${stateNumbers.queued}), ${start}
      FROM (SELECT i, iif(i < ${rows}, i, i - ${rows}) AS p FROM n);
    INSERT INTO identifier_token SELECT token, request_id, scope_id, id FROM identifier ORDER BY token, request_id;
    INSERT INTO identifier_count SELECT request_id, state, 0, count(*) FROM identifier GROUP BY 1, 2;
    UPDATE request SET phase = 'open', sent_at = ${start} WHERE id = ${earlier};
    COMMIT;`)
}

async function prepare(folder: string): Promise<void> {
  const database = await openIn(folder)
  const connection = await addConnection(database)
  for (const expected of [earlier, draft]) {
    const requestId = await emptyDraft(database, connection)
    if (requestId !== expected) throw new Error(`Expected request ${expected}, got ${requestId}`)
    must(await database.updateDraft({ requestId, scope: { kind: 'bots', botIds: ['st-1'] }, now: start }))
  }
  await database.close()
  const file = openBeside(folder)
  fill(file)
  file.pragma('wal_checkpoint(TRUNCATE)')
  file.close()
}

/** Milliseconds of the processor's that this process, all its threads, has used since it began. */
function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** The same rows in a plain file: what each repeats is found and written by one statement, and moved by another. */
function reference(folder: string): Readonly<{ milliseconds: number; processor: number }> {
  mkdirSync(folder, { recursive: true })
  const sql = new SqliteDatabase(join(folder, 'plain.db'))
  sql.pragma('journal_mode = WAL')
  must(migrate(sql, migrations, null))
  sql.exec(`
    INSERT INTO account VALUES (1, 'kore', 'Main', '[]', 0, NULL);
    INSERT INTO connection (id, account_id, vendor, name, environment, origin, client_id, secret_reference, settings,
      created_at) VALUES (1, 1, 'kore', 'Main', 'sandbox', 'http://127.0.0.1:9', 'cs-1', 'none', '{}', 1);
    INSERT INTO request (id, connection_id, name, phase, regulation, channel, reference, created_at)
      VALUES (${earlier}, 1, 'Earlier', 'draft', 'other', 'other', '', 1), (${draft}, 1, 'Draft', 'draft', 'other', 'other', '', 1);`)
  fill(sql)
  const begun = performance.now()
  const usedBefore = processorTime()
  sql.exec(`
    BEGIN;
    INSERT INTO history_repeat (request_id, identifier_id, earlier_id, earlier_request_id, earlier_state, earlier_at)
      SELECT i.request_id, i.id, e.id, e.request_id, e.state, e.state_at FROM identifier i
      JOIN identifier_token t ON t.token = i.token AND t.request_id <> i.request_id
      JOIN identifier e ON e.id = t.identifier_id WHERE i.request_id = ${draft};
    UPDATE identifier SET state = ${stateNumbers.held}, decided = 1
      WHERE id IN (SELECT identifier_id FROM history_repeat WHERE request_id = ${draft});
    COMMIT;`)
  const measured = { milliseconds: performance.now() - begun, processor: processorTime() - usedBefore }
  sql.close()
  return measured
}

/** How long `work` takes, and how long at worst a write beside it and this thread wait meanwhile. */
async function measure(name: string, database: Database, work: () => Promise<Result<unknown>>): Promise<Measured> {
  const beside = new AbortController()
  const delay = monitorEventLoopDelay({ resolution: delayResolution })
  delay.enable()
  const writes = longestWrite(database, beside.signal)
  const begun = performance.now()
  const usedBefore = processorTime()
  must(await work())
  const milliseconds = performance.now() - begun
  const processor = processorTime() - usedBefore
  beside.abort()
  const longest = await writes
  delay.disable()
  const measured = {
    name,
    milliseconds,
    processor,
    longestWrite: longest,
    longestDelay: Math.max(0, delay.max / 1e6 - delayResolution),
  }
  print(measured)
  return measured
}

async function longestWrite(database: Database, signal: AbortSignal): Promise<number> {
  let longest = 0
  while (!signal.aborted) {
    const asked = performance.now()
    must(await database.writeSetting('bench', String(asked)))
    longest = Math.max(longest, performance.now() - asked)
    await sleep(50)
  }
  return longest
}

function print({ name, milliseconds, processor, longestWrite: write, longestDelay }: Measured): void {
  console.log(
    `  ${name.padEnd(32)}${inSeconds(milliseconds)}, of the processor’s ${inSeconds(processor)}; another write waited at most ` +
      `${write.toFixed(0)} ms, main thread late by at most ${longestDelay.toFixed(0)} ms`,
  )
}

function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2).padStart(7)} s`
}

async function count(database: Database): Promise<Readonly<{ held: number; queued: number; cancelled: number }>> {
  const { counts } = must(await database.read('getRequest', { requestId: draft }, start))
  const { held = 0, queued = 0, cancelled = 0 } = counts
  return { held, queued, cancelled }
}

async function main(): Promise<number> {
  const place = temporaryFolder()
  const short: string[] = []
  const hold = (isHeld: boolean, words: string): void => {
    console.log(`${isHeld ? 'Holds' : 'Falls short'}: ${words}`)
    if (!isHeld) short.push(words)
  }
  try {
    console.log(`${rows.toLocaleString('en-GB')} rows, each in the history already`)
    const plain = reference(join(place.folder, '..', 'plain'))
    const { milliseconds, processor } = plain
    console.log(
      `  ${'one statement, plain file'.padEnd(32)}${inSeconds(milliseconds)}, of the processor’s ${inSeconds(processor)}`,
    )
    await prepare(place.folder)
    const database = await openIn(place.folder)
    const decided = (decision: 'leave out' | 'send again') => async () =>
      await database.decideRepeats({ requestId: draft, decision, now: start })
    await measure('nothing', database, async () => {
      await sleep(idleMilliseconds)
      return succeed(null)
    })
    const compared = await measure('compared and left out', database, () =>
      database.compareWithHistory({ requestId: draft, now: start }),
    )
    const leftOut = await count(database)
    const again = await measure('decided: send again', database, decided('send again'))
    const letGo = await count(database)
    const back = await measure('decided: leave out', database, decided('leave out'))
    const sent = await measure('sent, repeats cancelled', database, async () => {
      await sendDraft(database, draft)
      return succeed(null)
    })
    const cancelled = await count(database)
    await database.close()
    const all = [compared, again, back, sent]
    const ratio = compared.processor / plain.processor
    hold(
      leftOut.held === rows && letGo.queued === rows + fresh && cancelled.cancelled === rows,
      'every row where it belongs',
    )
    hold(
      ratio <= mostRatio,
      `compared in ${ratio.toFixed(2)} of the processor’s time of one statement, at most ${mostRatio}`,
    )
    const [write, delay] = [all.map((one) => one.longestWrite), all.map((one) => one.longestDelay)].map((each) =>
      Math.max(...each),
    ) as [number, number]
    hold(write <= mostWait, `another write waited at most ${mostWait} ms (${write.toFixed(0)})`)
    hold(delay <= mostDelay, `main thread late by at most ${mostDelay} ms (${delay.toFixed(0)})`)
    return short.length === 0 ? 0 : 1
  } finally {
    place.remove()
  }
}

process.exitCode = await main()
