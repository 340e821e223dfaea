import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../../src/main/adapters/database/client.ts'
import { damaged } from '../../src/main/adapters/database/failures.ts'
import { deriveKeys } from '../../src/main/adapters/database/keys.ts'
import { migrations, type Migration } from '../../src/main/adapters/database/migrations/index.ts'
import { dropOldBackups, migrate } from '../../src/main/adapters/database/migrations/migrate.ts'
import { openFile, openMemory } from '../../src/main/adapters/database/open-file.ts'
import type { Sql } from '../../src/main/adapters/database/sql.ts'
import type { Failure } from '../../src/shared/failure.ts'
import type { AccountId, RequestId } from '../../src/shared/model/ids.ts'
import {
  addConnection,
  addDraft,
  key,
  moment,
  must,
  openBeside,
  openIn,
  sendDraft,
  start,
  temporaryFolder,
  workerUrl,
} from '../integration/database/support.ts'
import { reportFromSmallDisk } from '../support/small-disk.ts'
import { everything, putConnection } from './support.ts'

const cipherKey = deriveKeys(key).cipher
const page = { search: '', sort: 'newest', anchor: { index: 0 }, limit: 50 } as const
const latest = migrations.at(-1)?.number ?? 0
/** A step as a later version might bring it: a new column with a value for every row that is there. */
const later: Migration = {
  number: latest + 10,
  name: 'made up for this test',
  sql: `ALTER TABLE request ADD COLUMN colour TEXT NOT NULL DEFAULT 'none';
        UPDATE request SET colour = 'blue' WHERE phase = 'open';`,
}
const failing: Migration = {
  number: latest + 20,
  name: 'fails half way',
  sql: `ALTER TABLE request ADD COLUMN shape TEXT; INSERT INTO no_such_table VALUES (1);`,
}

let place = temporaryFolder()
const opened: Sql[] = []

beforeEach(() => {
  place = temporaryFolder()
})

afterEach(() => {
  for (const sql of opened.splice(0)) sql.close()
  place.remove()
})

function openHistoryFile(path = join(place.folder, 'history.db')): Sql {
  const sql = openFile(path, cipherKey, 'writer')
  opened.push(sql)
  return sql
}

function where() {
  return { folder: place.folder, cipherKey, now: start }
}

/** A history of this version in use: a draft, and a request whose first call was sent. */
async function historyInUse(): Promise<void> {
  const database = await openIn(place.folder)
  const connection = await addConnection(database)
  await addDraft(database, place.folder, connection, 3)
  await sendDraft(database, await addDraft(database, place.folder, connection, 5))
  const epoch = must(await database.takeSenderLock(moment(start)))?.epoch ?? 0
  const { accountId } = connection
  must(await database.reserveCall({ accountId, epoch, ...moment(start), jti: 'jti-1', allowErase: true }))
  await database.close()
}

test('the migrations are numbered by tens, in order', () => {
  const numbers = migrations.map(({ number }) => number)
  expect(numbers).toEqual([...new Set(numbers)].toSorted((one, other) => one - other))
  expect(numbers.filter((number) => number % 10 !== 0)).toEqual([])
})

test('a new history gets the present schema, sound and without a copy', () => {
  const sql = openMemory()
  opened.push(sql)
  expect(must(migrate(sql, migrations, null))).toEqual({ from: 0, to: migrations.at(-1)?.number, backup: null })
  expect(sql.pragma('user_version', { simple: true })).toBe(migrations.at(-1)?.number)
  expect(sql.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(must(migrate(sql, migrations, null)).backup).toBeNull()
})

test('a next step keeps every row, and leaves an encrypted, sound copy of what was there before', async () => {
  await historyInUse()
  const sql = openHistoryFile()
  const before = everything(sql)
  expect(before['identifier']).toHaveLength(8)
  const { from, to, backup } = must(migrate(sql, [...migrations, later], where()))
  expect({ from, to }).toEqual({ from: latest, to: latest + 10 })

  expect(sql.pragma('user_version', { simple: true })).toBe(latest + 10)
  expect(sql.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(sql.pragma('foreign_key_check')).toEqual([])
  expect(sql.prepare('SELECT phase, colour FROM request ORDER BY id').all()).toEqual([
    { phase: 'draft', colour: 'none' },
    { phase: 'open', colour: 'blue' },
  ])
  const { request: _changed, ...unchanged } = before
  expect(everything(sql)).toMatchObject(unchanged)

  const path = backup ?? ''
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(join(place.folder, 'backups')).mode & 0o777).toBe(0o700)
  const bytes = readFileSync(path)
  expect(bytes.includes('SQLite format 3')).toBe(false)
  expect(bytes.includes('example.org')).toBe(false)
  expect(everything(openHistoryFile(path))).toEqual(before)
})

/** What the words for a damaged history tell an operator to do, with the copy that Erasure Desk made itself. */
function putBackAsToldBy(failure: Failure, copy: string): void {
  const aside = join(place.folder, '..', 'aside')
  mkdirSync(aside)
  const names: readonly string[] = failure.next?.match(/history\.db(-[a-z]+)?/g) ?? []
  expect(new Set(names)).toEqual(new Set(['history.db', 'history.db-wal', 'history.db-shm']))
  for (const name of readdirSync(place.folder).filter((file) => names.includes(file)))
    renameSync(join(place.folder, name), join(aside, name))
  expect(failure.next).toContain('"backups"')
  copyFileSync(copy, join(place.folder, 'history.db'))
}

test('put back as the words say, the copy is the history it was before, and nothing of it is sent by itself', async () => {
  await historyInUse()
  const sql = openHistoryFile()
  const before = everything(sql)
  const backup = must(migrate(sql, [...migrations, later], where())).backup ?? ''
  // The newer version went on: a copy put back knows nothing of this call.
  sql.exec(`UPDATE identifier SET state = 3 WHERE state = 2; DELETE FROM identifier_count`)
  sql.close()
  putBackAsToldBy(damaged().failure, backup)

  const database = must(await openDatabase({ workerUrl, folder: place.folder, key, now: start + 1000 }))
  const { request, event, ...others } = everything(openHistoryFile())
  const { request: requestBefore, event: eventsBefore, ...othersBefore } = before
  expect(others).toEqual(othersBefore)
  expect(event?.slice(0, eventsBefore?.length)).toEqual(eventsBefore)
  expect(request).toHaveLength(requestBefore?.length ?? 0)

  const open = must(await database.read('listRequests', { ...page, filter: 'open' }, start)).rows
  expect(open).toMatchObject([{ paused: true, counts: { sending: 2, queued: 3 } }])
  const requestId = open[0]?.id as RequestId
  const events = must(await database.read('listEvents', { requestId, ...page }, start)).rows
  expect(events.filter(({ words }) => words.startsWith('An earlier copy of the history was put back.'))).toHaveLength(1)
  // Its sender finds the call that was under way when it was made, and begins nothing else.
  const sender = must(await database.takeSenderLock(moment(start + 2000)))
  expect(sender).toMatchObject({ recovered: 1 })
  const [connection] = must(await database.read('listConnections', { retired: false }, start))
  const reserve = async (now: number) =>
    must(
      await database.reserveCall({
        accountId: connection?.accountId as AccountId,
        epoch: sender?.epoch ?? 0,
        ...moment(now),
        jti: `jti-${now}`,
        allowErase: true,
      }),
    )
  expect(await reserve(start + 3000)).toMatchObject({ kind: 'idle' })
  must(await database.setPaused({ requestId, paused: false, now: start + 4000 }))
  expect(await reserve(start + 100_000)).toMatchObject({ kind: 'erase' })
  await database.close()

  // Opened again it is the history, not a copy: what was resumed stays so.
  const again = must(await openDatabase({ workerUrl, folder: place.folder, key, now: start + 200_000 }))
  expect(must(await again.read('listRequests', { ...page, filter: 'open' }, start)).rows).toMatchObject([
    { paused: false },
  ])
  await again.close()
})

test('a damaged history is not brought to a new version: it stays as it is, and no copy is left', async () => {
  await historyInUse()
  const path = join(place.folder, 'history.db')
  const sound = openHistoryFile(path)
  const pageSize = Number(sound.pragma('page_size', { simple: true }))
  const [root = 0] = sound
    .prepare<[], number>(`SELECT rootpage FROM sqlite_master WHERE name = 'delivery'`)
    .pluck()
    .all()
  sound.close()
  const bytes = readFileSync(path)
  // A page that no step of opening reads.
  const begin = (root - 1) * pageSize
  bytes.fill(0xff, begin + 1000, begin + 1100)
  writeFileSync(path, bytes)
  const sql = openHistoryFile(path)
  expect(() => migrate(sql, [...migrations, later], where())).toThrow('malformed')
  expect(sql.pragma('user_version', { simple: true })).toBe(latest)
  expect(readdirSync(join(place.folder, 'backups'))).toEqual([])
  sql.close()
  expect(readFileSync(path).equals(bytes)).toBe(true)
})

test('a step that cannot begin leaves no pile of copies behind', async () => {
  await historyInUse()
  const sql = openHistoryFile()
  const holder = openHistoryFile()
  sql.pragma('busy_timeout = 1')
  holder.exec('BEGIN IMMEDIATE')
  for (const now of [start, start + 1, start + 2])
    expect(() => migrate(sql, [...migrations, later], { ...where(), now })).toThrow('locked')
  expect(readdirSync(join(place.folder, 'backups'))).toEqual([])
  holder.exec('ROLLBACK')
  must(migrate(sql, [...migrations, later], where()))
  expect(readdirSync(join(place.folder, 'backups'))).toHaveLength(1)
})

test('where the disk has no room for the copy, nothing is changed, the words say how much is needed, and with room it goes on', async () => {
  mkdirSync(place.folder, { recursive: true })
  const report = await reportFromSmallDisk(new URL('full-disk-child.ts', import.meta.url), place.folder, 16)
  expect(report).toMatchObject({
    refused: {
      ok: false,
      failure: {
        code: 'disk-full',
        kept: 'The history was not changed.',
        next: expect.stringMatching(/^Free at least \d+ MB/),
      },
    },
    unchanged: true,
    leftOvers: [],
    migrated: { from: latest, to: latest + 10 },
    rows: 20_000,
    copies: 1,
  })
})

test('20 enters the token of every identifier that is there', () => {
  const sql = openMemory()
  opened.push(sql)
  must(migrate(sql, migrations.slice(0, 1), null))
  sql.exec(`
    INSERT INTO account VALUES (1, 'kore', 'Account', '[]', 0, NULL);
    INSERT INTO connection (id, account_id, vendor, name, environment, origin, client_id, secret_reference, settings,
      created_at) VALUES (1, 1, 'kore', 'Connection', 'sandbox', 'http://127.0.0.1:9', 'cs-1', 'none', '{}', 0);
    INSERT INTO scope (id, canonical) VALUES (5, '{"kind":"all bots"}');
    INSERT INTO request (id, connection_id, name, phase, regulation, channel, reference, created_at)
      VALUES (7, 1, 'Request', 'draft', 'other', 'other', '', 0), (8, 1, 'Other', 'open', 'other', 'other', '', 0);
    INSERT INTO identifier (id, request_id, line, kind, value, token, scope_id, state, state_at) VALUES
      (1, 7, 2, 2, 'u-1', x'02', 0, 2, 0), (2, 7, 3, 2, 'u-1', x'02', 5, 2, 0), (3, 8, 2, 2, 'u-1', x'02', 0, 6, 0),
      (4, 7, 4, 2, 'u-2', x'01', 0, 2, 0);
  `)
  const before = everything(sql)

  must(migrate(sql, migrations.slice(0, 2), null))

  const { identifier_token: entered, ...others } = everything(sql)
  expect(others).toMatchObject(before)
  expect(entered).toEqual([
    [Buffer.from([1]), 7, 0, 4],
    [Buffer.from([2]), 7, 0, 1],
    [Buffer.from([2]), 7, 5, 2],
    [Buffer.from([2]), 8, 0, 3],
  ])
  expect(sql.pragma('integrity_check', { simple: true })).toBe('ok')
})

test('40 counts what was settled anew, by the calendar of the machine and apart for the sandbox', () => {
  const sql = openMemory()
  opened.push(sql)
  must(migrate(sql, migrations.slice(0, 3), null))
  const at = new Date(2026, 10, 23, 23, 30).getTime()
  sql.exec(`
    INSERT INTO account VALUES (1, 'kore', 'Account', '[]', 0, NULL);
    INSERT INTO connection (id, account_id, vendor, name, environment, origin, client_id, secret_reference, settings,
      created_at) VALUES (1, 1, 'kore', 'Sandbox', 'sandbox', 'http://127.0.0.1:9', 'cs-1', 'none', '{}', 0),
      (2, 1, 'kore', 'Real', 'production', 'https://kore.example', 'cs-1', 'none', '{}', 0);
    INSERT INTO request (id, connection_id, name, phase, regulation, channel, reference, created_at)
      VALUES (7, 1, 'Practice', 'open', 'other', 'other', '', 0), (8, 2, 'Real', 'open', 'other', 'other', '', 0);
    INSERT INTO identifier (request_id, line, kind, value, token, scope_id, state, state_at) VALUES
      (7, 2, 2, 'u-1', x'01', 0, 6, ${at}), (8, 2, 2, 'u-1', x'01', 0, 6, ${at}), (8, 3, 2, 'u-2', x'02', 0, 6, ${at}),
      (8, 4, 2, 'u-3', x'03', 0, 4, ${at});
    INSERT INTO daily_count VALUES ('2026-11-24', 6, 3);
  `)
  must(migrate(sql, migrations, null))
  expect(sql.prepare('SELECT day, state, sandbox, count FROM daily_count ORDER BY sandbox').all()).toEqual([
    { day: '2026-11-23', state: 6, sandbox: 0, count: 2 },
    { day: '2026-11-23', state: 6, sandbox: 1, count: 1 },
  ])
})

test('70 leaves every batch where it is in the schedule of its status calls, and knows nothing yet', () => {
  const sql = historyBefore(70)
  sql.exec(`
    INSERT INTO scope (id, canonical) VALUES (5, '{"kind":"all bots"}');
    INSERT INTO request (id, connection_id, name, phase, regulation, channel, reference, created_at)
      VALUES (7, 1, 'Request', 'open', 'other', 'other', '', 0);
    INSERT INTO batch (id, request_id, connection_id, number, scope_id, status, size, created_at, next_poll_at, polls) VALUES
      (1, 7, 1, 1, 5, 'queued', 1, 0, NULL, 0), (2, 7, 1, 2, 5, 'accepted', 1, 0, 900, 0),
      (3, 7, 1, 3, 5, 'accepted', 1, 0, 800, 4);
  `)
  must(migrate(sql, migrations.slice(0, 7), where()))
  expect(sql.prepare('SELECT id, next_poll_at, polls, ask_step, ask_now FROM batch ORDER BY id').raw().all()).toEqual([
    [1, null, 0, 0, 0],
    [2, 900, 0, 0, 0],
    [3, 800, 4, 4, 0],
  ])
  expect(sql.prepare('SELECT ready_step, ready_batch_id FROM connection').raw().all()).toEqual([[0, 0]])
})

test('130 keeps every place in the schedule of status calls where it is, in finer numbers, and tries no batch', () => {
  const sql = historyBefore(130)
  sql.exec(`
    INSERT INTO scope (id, canonical) VALUES (5, '{"kind":"all bots"}');
    INSERT INTO request (id, connection_id, name, phase, regulation, channel, reference, created_at)
      VALUES (7, 1, 'Request', 'open', 'other', 'other', '', 0);
    INSERT INTO batch (id, request_id, connection_id, number, scope_id, status, size, created_at, next_poll_at, polls,
      ask_step, ask_now) VALUES (2, 7, 1, 2, 5, 'accepted', 1, 0, 900, 0, 0, 0), (3, 7, 1, 3, 5, 'accepted', 1, 0, 800, 4, 4, 1);
    UPDATE connection SET ready_step = 3, ready_batch_id = 2;
  `)
  const { batch: _batch, connection: _connection, ...others } = everything(sql)
  must(migrate(sql, migrations, where()))
  expect(sql.prepare('SELECT id, next_poll_at, polls, ask_step, ask_now FROM batch ORDER BY id').raw().all()).toEqual([
    [2, 900, 0, 0, 0],
    [3, 800, 4, 960, 1],
  ])
  expect(sql.prepare('SELECT ready_step, ready_batch_id, tried_step FROM connection').raw().all()).toEqual([
    [720, 2, null],
  ])
  expect(everything(sql)).toMatchObject(others)
})

test('a step that fails takes itself back and leaves the steps before it', async () => {
  await historyInUse()
  const sql = openHistoryFile()
  expect(() => migrate(sql, [...migrations, later, failing], where())).toThrow('no_such_table')
  expect(sql.inTransaction).toBe(false)
  expect(sql.pragma('user_version', { simple: true })).toBe(latest + 10)
  const columns = sql.prepare<[], { name: string }>(`SELECT name FROM pragma_table_info('request')`).all()
  expect(columns.map(({ name }) => name)).toContain('colour')
  expect(columns.map(({ name }) => name)).not.toContain('shape')
})

/** A history of the version before step `number`, with a connection in it. */
function historyBefore(number: number): Sql {
  mkdirSync(place.folder, { recursive: true })
  const sql = openHistoryFile()
  const before = migrations.filter((migration) => migration.number < number)
  expect(must(migrate(sql, before, null)).to).toBe(before.at(-1)?.number)
  putConnection(sql)
  return sql
}

test.each([
  { name: 'nothing sent', attempts: [], seenAt: 500 },
  { name: 'a last call without an end', attempts: [[600, null]], seenAt: 600 },
  { name: 'a last call that ended', attempts: [[600, 700]], seenAt: 700 },
  // The clock was a year ahead, then set right.
  {
    name: 'a call before the last with a later date',
    attempts: [
      [9000, 9100],
      [600, 650],
    ],
    seenAt: 650,
  },
])('step 30 knows when a sender wrote last: $name', ({ attempts, seenAt }) => {
  const sql = historyBefore(30)
  sql.exec('UPDATE sender SET epoch = 3, taken_at = 500')
  const put = sql.prepare(
    `INSERT INTO attempt (jti, kind, account_id, connection_id, epoch, reserved_at, ended_at, timeout_milliseconds)
     VALUES (?, 'test', 1, 1, 3, ?, ?, 1000)`,
  )
  for (const [index, [reservedAt, endedAt]] of attempts.entries()) put.run(`jti-${index}`, reservedAt, endedAt)
  must(migrate(sql, migrations, where()))
  expect(sql.prepare('SELECT epoch, taken_at, seen_at FROM sender').all()).toEqual([
    { epoch: 3, taken_at: 500, seen_at: seenAt },
  ])
  expect(sql.prepare('SELECT count(*) AS count FROM attempt').get()).toEqual({ count: attempts.length })
  expect(sql.pragma('foreign_key_check')).toEqual([])
})

test('80 leaves what is repeated out of every request that is there, and has compared none of them', () => {
  const sql = historyBefore(80)
  sql.exec(`
    INSERT INTO request (id, connection_id, name, phase, regulation, channel, reference, created_at)
      VALUES (7, 1, 'Draft', 'draft', 'other', 'other', '', 0), (8, 1, 'Sent', 'open', 'other', 'other', '', 0);
    INSERT INTO identifier (id, request_id, line, kind, value, token, scope_id, state, state_at) VALUES
      (1, 7, 2, 2, 'u-1', x'02', 0, 2, 0), (2, 8, 2, 2, 'u-1', x'02', 0, 6, 0);
  `)
  const { identifier, event } = everything(sql)
  must(migrate(sql, migrations, where()))
  expect(
    sql.prepare('SELECT id, repeats_decision, repeats_run, repeats_stamp, repeats_sent FROM request').raw().all(),
  ).toEqual([
    [7, 'leave out', 0, null, null],
    [8, 'leave out', 0, null, null],
  ])
  expect(everything(sql)).toMatchObject({ identifier, event, history_repeat: [], history_repeat_count: [] })
  expect(() => sql.exec(`UPDATE request SET repeats_decision = 'perhaps'`)).toThrow('CHECK')
  expect(sql.pragma('foreign_key_check')).toEqual([])
})

const upTo = (number: number) => migrations.filter((migration) => migration.number <= number)

test('90 keeps every call under its id, and takes the new kinds', () => {
  const sql = historyBefore(90)
  sql.exec(`
    INSERT INTO scope (id, canonical) VALUES (5, '{"kind":"all bots"}');
    INSERT INTO request (id, connection_id, name, phase, regulation, channel, reference, created_at)
      VALUES (7, 1, 'Request', 'open', 'other', 'other', '', 0);
    INSERT INTO batch (id, request_id, connection_id, number, scope_id, status, size, created_at)
      VALUES (3, 7, 1, 1, 5, 'accepted', 1, 0);
    INSERT INTO attempt VALUES
      (2, 'jti-2', 'erase', 1, 1, 7, 3, 4, 100, 1000, 200, 'abc', 'body', 200, 'accepted', 200, 'in-progress'),
      (9, 'jti-9', 'status', 1, 1, 7, 3, 4, 300, 1000, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
      (10, 'jti-10', 'test', 1, 1, NULL, NULL, 5, 400, 1000, 500, NULL, 'sent', 500, 'no answer', NULL, 'cut');
  `)
  const before = everything(sql)
  expect(() => sql.exec(`UPDATE attempt SET kind = 'look-up' WHERE id = 10`)).toThrow('CHECK')
  const indexes = () =>
    sql
      .prepare<[], { name: string }>(
        `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'attempt' ORDER BY name`,
      )
      .all()
  const indexesBefore = indexes()

  must(migrate(sql, upTo(90), where()))

  const { batch: [row] = [], ...others } = before
  expect(everything(sql)).toMatchObject(others)
  expect(everything(sql)['batch']).toEqual([[...(row as readonly unknown[]), 'none', 0, 0]])
  expect(indexes().filter(({ name }) => !name.startsWith('sqlite_'))).toEqual(
    indexesBefore.filter(({ name }) => !name.startsWith('sqlite_')),
  )
  for (const kind of ['look-up', 'cancel', 'retrieve', 'retrieval status']) {
    sql.exec(`UPDATE attempt SET kind = '${kind}' WHERE id = 10`)
  }
  expect(() => sql.exec(`UPDATE attempt SET kind = 'guess'`)).toThrow('CHECK')
  expect(() => sql.exec(`UPDATE attempt SET jti = 'jti-2'`)).toThrow('UNIQUE')
  expect(() => sql.exec(`UPDATE batch SET looked_up = 'perhaps'`)).toThrow('CHECK')
  expect(sql.pragma('foreign_key_check')).toEqual([])
  expect(sql.pragma('integrity_check', { simple: true })).toBe('ok')
})

test('a copy that can not be written stops the migration before it changes anything', async () => {
  await historyInUse()
  const sql = openHistoryFile()
  // A folder where the copy would go: it can be neither replaced nor written.
  mkdirSync(join(place.folder, 'backups', `history-version-${latest}-${start}.db`), { recursive: true })
  expect(() => migrate(sql, [...migrations, later], where())).toThrow(/EISDIR|directory/i)
  expect(sql.pragma('user_version', { simple: true })).toBe(latest)
})

test('a history from the future is refused with words and left byte for byte as it is', async () => {
  await historyInUse()
  const file = openBeside(place.folder)
  must(migrate(file, [...migrations, later], null))
  file.pragma('wal_checkpoint(TRUNCATE)')
  file.close()
  const path = join(place.folder, 'history.db')
  const before = readFileSync(path)
  const refused = await openDatabase({ workerUrl, folder: place.folder, key, now: start })
  expect(refused).toMatchObject({
    ok: false,
    failure: { code: 'history-from-newer-version', kept: expect.stringContaining('Nothing was changed') },
  })
  expect(JSON.stringify(refused)).not.toMatch(/delet|remov/i)
  expect(readFileSync(path).equals(before)).toBe(true)
  expect(existsSync(join(place.folder, 'backups'))).toBe(false)
})

test('two that open one new history at the same time both find it made once', async () => {
  const options = { workerUrl, folder: place.folder, key, now: start }
  const both = await Promise.all([openDatabase(options), openDatabase(options), openDatabase(options)])
  for (const database of both.map(must)) await database.close()
  const sql = openHistoryFile()
  expect(sql.pragma('user_version', { simple: true })).toBe(migrations.at(-1)?.number)
  expect(sql.prepare('SELECT count(*) AS count FROM sender').get()).toEqual({ count: 1 })
  expect(existsSync(join(place.folder, 'backups'))).toBe(false)
})

test('two that bring one history to this version at the same time both find it there, with its rows', async () => {
  historyBefore(30).close()
  const options = { workerUrl, folder: place.folder, key }
  const both = await Promise.all([1, 2, 3].map((after) => openDatabase({ ...options, now: start + after })))
  for (const database of both.map(must)) await database.close()
  const sql = openHistoryFile()
  expect(sql.pragma('user_version', { simple: true })).toBe(latest)
  expect(sql.prepare('SELECT name FROM connection').all()).toEqual([{ name: 'Main' }])
})

test('a copy is called one once it is whole, and nothing else is left of making it', async () => {
  await historyInUse()
  const sql = openHistoryFile()
  const { backup } = must(migrate(sql, [...migrations, later], where()))
  expect(readdirSync(join(place.folder, 'backups'))).toEqual([basename(backup ?? '')])
})

test('copies go after 30 days, those that were not finished after an hour, and nothing else in their folder', () => {
  const folder = join(place.folder, 'backups')
  mkdirSync(folder, { recursive: true })
  const hours = 3_600_000
  for (const [name, age] of [
    ['old.db', 31 * 24],
    ['fresh.db', 29 * 24],
    ['left.db.part', 2],
    ['left.db.part-journal', 2],
    ['left.db.part-wal', 2],
    ['left.db.part-shm', 2],
    ['being-made.db.part', 0.5],
    ['being-made.db.part-wal', 0.5],
    ['old.txt', 31 * 24],
  ] as const) {
    const path = join(folder, name)
    writeFileSync(path, '')
    utimesSync(path, (start - age * hours) / 1000, (start - age * hours) / 1000)
  }
  expect(dropOldBackups(place.folder, start)).toBe(5)
  expect(readdirSync(folder).toSorted()).toEqual([
    'being-made.db.part',
    'being-made.db.part-wal',
    'fresh.db',
    'old.txt',
  ])
  expect(dropOldBackups(join(place.folder, 'elsewhere'), start)).toBe(0)
})

test('60 lets every connection go at full speed and leaves no request paused by the app', () => {
  const sql = openMemory()
  opened.push(sql)
  must(migrate(sql, migrations.slice(0, 5), null))
  sql.exec(`
    INSERT INTO account VALUES (1, 'kore', 'Account', '[]', 0, NULL);
    INSERT INTO connection (id, account_id, vendor, name, environment, origin, client_id, secret_reference, settings,
      created_at, stopped) VALUES (1, 1, 'kore', 'Connection', 'sandbox', 'http://127.0.0.1:9', 'cs-1', 'none', '{}', 0,
      '{"title":"Kore.ai does not accept the signature"}');
    INSERT INTO scope (id, canonical) VALUES (5, '{"kind":"all bots"}');
    INSERT INTO request (id, connection_id, name, phase, regulation, channel, reference, created_at, paused_at)
      VALUES (7, 1, 'Request', 'open', 'other', 'other', '', 0, 9);
    INSERT INTO batch (id, request_id, connection_id, number, scope_id, status, size, created_at)
      VALUES (1, 7, 1, 1, 5, 'resolved', 2, 0);
    INSERT INTO batch (id, request_id, connection_id, number, scope_id, parent_id, reason, status, size, created_at)
      VALUES (2, 7, 1, 2, 5, 1, 'split', 'queued', 1, 0), (3, 7, 1, 3, 5, 1, 'split', 'queued', 1, 0);
  `)
  const before = everything(sql)

  must(migrate(sql, migrations.slice(0, 6), null))

  const { connection, request, ...others } = everything(sql)
  const { connection: connectionBefore, request: requestBefore, ...unchanged } = before
  expect(others).toEqual(unchanged)
  expect(connection).toEqual(connectionBefore?.map((row) => [...(row as unknown[]), 'full', 0, 0, null]))
  expect(request).toEqual(requestBefore?.map((row) => [...(row as unknown[]), null, null]))
  expect(sql.prepare('EXPLAIN QUERY PLAN SELECT number FROM batch WHERE parent_id = 1').all()).toMatchObject([
    { detail: expect.stringContaining('batch_by_parent') },
  ])
  expect(() => sql.exec(`UPDATE connection SET pace = 'twice'`)).toThrow(/CHECK/)
  expect(sql.pragma('integrity_check', { simple: true })).toBe('ok')
})

test('110 keeps what a connection had counted, as erase calls, and knows of no call that was too large', () => {
  const sql = historyBefore(110)
  sql.exec(`UPDATE connection SET pace = 'one by one', hold_until = 700, server_errors = 3, server_errors_since = 500`)
  must(migrate(sql, migrations, where()))
  expect(
    sql
      .prepare('SELECT pace, hold_until, unclear_calls, unclear_erases, unclear_since, too_large FROM connection')
      .all(),
  ).toEqual([
    { pace: 'one by one', hold_until: 700, unclear_calls: 3, unclear_erases: 3, unclear_since: 500, too_large: null },
  ])
})

test('120 knows of no copies, and every attempt stays as it was, about none', () => {
  const sql = historyBefore(120)
  sql.exec(`INSERT INTO attempt (id, jti, kind, account_id, connection_id, epoch, reserved_at, timeout_milliseconds)
    VALUES (4, 'jti-4', 'test', 1, 1, 1, 100, 1000)`)
  const before = everything(sql)
  must(migrate(sql, upTo(120), where()))
  const { attempt, retrieval, retrieval_member: members, ...others } = everything(sql)
  expect(others).toMatchObject(Object.fromEntries(Object.entries(before).filter(([table]) => table !== 'attempt')))
  expect(attempt).toEqual(before['attempt']?.map((row) => [...(row as readonly unknown[]), null]))
  expect([retrieval, members]).toEqual([[], []])
  expect(() =>
    sql.exec(`INSERT INTO retrieval (request_id, connection_id, number, scope_id, status, size, asked_at)
      VALUES (1, 1, 1, 1, 'perhaps', 1, 1)`),
  ).toThrow('CHECK')
  expect(sql.pragma('foreign_key_check')).toEqual([])
})

test('140 keeps every row: no identifier is a person’s, no request a case’s, and no row of a file elsewhere', () => {
  const sql = historyBefore(140)
  sql.exec(`INSERT INTO request (id, connection_id, name, phase, regulation, channel, reference, created_at)
    VALUES (1, 1, 'Draft', 'draft', 'GDPR', '', '', 1);
    INSERT INTO import (id, request_id, file_name, byte_size, format, roles, status, row_count, started_at)
    VALUES (3, 1, 'people.csv', 1, '{}', '[]', 'done', 1, 1);
    INSERT INTO identifier (id, request_id, import_id, line, kind, value, token, state, state_at)
    VALUES (5, 1, 3, 2, 1, 'a@example.org', x'01', 2, 1);`)
  const { import: imports, ...before } = everything(sql)
  must(migrate(sql, upTo(140), where()))
  const after = everything(sql)
  expect(after).toMatchObject(before)
  expect(after['import']).toEqual(imports?.map((row) => [...(row as readonly unknown[]), 0]))
  expect([after['case'], after['person'], after['person_line'], after['case_part'], after['case_reading']]).toEqual([
    [],
    [],
    [],
    [],
    [],
  ])
  // Keys are enforced again: a person is of a case that is there, and an identifier of a person that is.
  expect(() => sql.exec('INSERT INTO person (case_id, line) VALUES (9, 2)')).toThrow('FOREIGN KEY')
  expect(() => sql.exec('UPDATE identifier SET person_id = 9')).toThrow('FOREIGN KEY')
  expect(sql.pragma('foreign_key_check')).toEqual([])
})
