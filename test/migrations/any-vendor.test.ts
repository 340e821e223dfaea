/** Step 100 makes `scope` anew under rows that refer to it, so that a scope may be a choice, or everything. */
import { cpSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/main/adapters/database/client.ts'
import { deriveKeys } from '../../src/main/adapters/database/keys.ts'
import { anyVendor } from '../../src/main/adapters/database/migrations/0100-any-vendor.ts'
import { migrations } from '../../src/main/adapters/database/migrations/index.ts'
import { migrate } from '../../src/main/adapters/database/migrations/migrate.ts'
import { openFile } from '../../src/main/adapters/database/open-file.ts'
import type { Sql } from '../../src/main/adapters/database/sql.ts'
import type { RequestId } from '../../src/shared/model/ids.ts'
import { canonicalScope } from '../../src/shared/model/scope.ts'
import { key, must, start, temporaryFolder, workerUrl } from '../integration/database/support.ts'
import { everything, putConnection } from './support.ts'

const cipherKey = deriveKeys(key).cipher
const before = migrations.filter(({ number }) => number < anyVendor.number)
const including = migrations.filter(({ number }) => number <= anyVendor.number)

let place = temporaryFolder()
const opened: Sql[] = []

beforeEach(() => {
  place = temporaryFolder()
  mkdirSync(place.folder, { recursive: true })
})

afterEach(() => {
  for (const sql of opened.splice(0)) sql.close()
  place.remove()
})

function openIn(folder: string): Sql {
  const sql = openFile(join(folder, 'history.db'), cipherKey, 'writer')
  opened.push(sql)
  return sql
}

function migrated(sql: Sql, folder: string): Sql {
  must(migrate(sql, including, { folder, cipherKey, now: start }))
  return sql
}

/** A history of the step before, in which requests, batches and identifiers have scopes. */
function historyInUse(): Sql {
  const sql = openIn(place.folder)
  must(migrate(sql, before, null))
  putConnection(sql)
  sql.exec(`
    INSERT INTO scope (id, canonical) VALUES (3, '{"kind":"bots","botIds":["st-1"]}'), (5, '{"kind":"all bots"}'),
      (9, '{"kind":"bots","botIds":["st-1","st-2"]}');
    INSERT INTO request (id, connection_id, name, phase, scope_id, regulation, channel, reference, created_at) VALUES
      (7, 1, 'Sent', 'open', 3, 'GDPR', '', '', 0), (8, 1, 'Draft', 'draft', 5, 'GDPR', '', '', 0),
      (9, 1, 'Without a scope', 'draft', NULL, 'GDPR', '', '', 0);
    INSERT INTO identifier (id, request_id, line, kind, value, token, scope_id, state, state_at, batch_id) VALUES
      (1, 7, 2, 1, 'a@example.org', x'01', 0, 4, 0, 4), (2, 7, 3, 1, 'b@example.org', x'02', 9, 6, 0, 6),
      (3, 8, 2, 1, 'a@example.org', x'01', 0, 2, 0, NULL);
    INSERT INTO batch (id, request_id, connection_id, number, scope_id, status, size, vendor_request_id, created_at) VALUES
      (4, 7, 1, 1, 3, 'accepted', 1, 'eud-1', 0), (6, 7, 1, 2, 9, 'finished', 1, 'eud-2', 0);
    INSERT INTO delivery (batch_id, position, identifier_id, result) VALUES (4, 0, 1, NULL), (6, 0, 2, 6);
  `)
  return sql
}

test('every scope stays under its id with all that refers to it, and batches follow no task and are not to be taken back', () => {
  const sql = historyInUse()
  const { batch: batches = [], ...others } = everything(sql)
  migrated(sql, place.folder)

  expect(everything(sql)).toMatchObject(others)
  expect(everything(sql)['batch']).toEqual(batches.map((row) => [...(row as readonly unknown[]), null, null]))
  expect(sql.pragma('foreign_key_check')).toEqual([])
  expect(sql.pragma('integrity_check', { simple: true })).toBe('ok')
  const references = sql
    .prepare<[], string>(
      `SELECT m.name || '.' || f."from" FROM sqlite_master m, pragma_foreign_key_list(m.name) f
       WHERE m.type = 'table' AND f."table" LIKE 'scope%' ORDER BY 1`,
    )
    .pluck()
    .all()
  expect(references).toEqual(['batch.scope_id', 'request.scope_id'])
})

test('keys are enforced again afterwards: a scope in use stays, and one that is not there is not referred to', () => {
  const sql = migrated(historyInUse(), place.folder)
  expect(sql.pragma('foreign_keys', { simple: true })).toBe(1)
  expect(() => sql.exec('DELETE FROM scope WHERE id = 3')).toThrow('FOREIGN KEY')
  expect(() => sql.exec('UPDATE request SET scope_id = 77 WHERE id = 8')).toThrow('FOREIGN KEY')
  expect(() => sql.exec(`INSERT INTO scope (canonical) VALUES ('{"kind":"all bots"}')`)).toThrow('UNIQUE')
})

test('a row that refers to no scope stops the step, which then leaves everything as it was', () => {
  const sql = historyInUse()
  sql.pragma('foreign_keys = OFF')
  sql.exec('UPDATE batch SET scope_id = 77 WHERE id = 6')
  const damaged = everything(sql)
  expect(() => migrated(sql, place.folder)).toThrow('Migration 100 left rows that refer to nothing')
  expect(everything(sql)).toEqual(damaged)
  expect(sql.pragma('user_version', { simple: true })).toBe(before.at(-1)?.number)
  expect(sql.pragma('foreign_keys', { simple: true })).toBe(1)
})

test('later steps keep choices, tasks still to be asked and wishes to take back, and the history is read as it was', async () => {
  const sql = migrated(historyInUse(), place.folder)
  sql.exec(`
    INSERT INTO connection (id, account_id, vendor, name, environment, origin, client_id, secret_reference, settings,
      created_at) VALUES (2, 1, 'mixpanel', 'Project', 'production', 'https://eu.mixpanel.com', 'token-1', 'reference-2',
      '{"own":{"dataGroups":3,"mostPerTask":500},"secretExpiresOn":"2027-11-01"}', 1);
    INSERT INTO scope (id, canonical) VALUES (11, '{"kind":"choice","value":"CCPA"}');
    INSERT INTO request (id, connection_id, name, phase, scope_id, regulation, channel, reference, created_at)
      VALUES (21, 2, 'Project', 'open', 11, 'CCPA', '', '', 0);
    INSERT INTO identifier (id, request_id, line, kind, value, token, scope_id, state, state_at, batch_id) VALUES
      (31, 21, 2, 5, 'distinct-1', x'31', 0, 4, 0, 41), (32, 21, 3, 5, 'distinct-2', x'32', 0, 4, 0, 42);
    INSERT INTO batch (id, request_id, connection_id, number, scope_id, origin, status, size, vendor_request_id, created_at,
      other_tasks, cancel_asked_at) VALUES
      (41, 21, 2, 1, 11, 'adopted', 'accepted', 1, '11', 0, '["12","13"]', NULL),
      (42, 21, 2, 2, 11, 'ours', 'accepted', 1, '14', 0, NULL, 900);
    INSERT INTO delivery (batch_id, position, identifier_id, result) VALUES (41, 0, 31, NULL), (42, 0, 32, NULL);
  `)
  const taskColumns = 'SELECT id, scope_id, origin, other_tasks, cancel_asked_at FROM batch ORDER BY id'
  const batches = sql.prepare(taskColumns).all()
  sql.close()
  opened.splice(opened.indexOf(sql), 1)

  const database = must(await openDatabase({ workerUrl, folder: place.folder, key, now: start }))
  const requestId = 21 as RequestId
  const page = { anchor: { index: 0 }, limit: 10 } as const
  expect(must(await database.read('getRequest', { requestId }, start))).toMatchObject({
    vendor: 'mixpanel',
    scope: { kind: 'choice', value: 'CCPA' },
  })
  expect(must(await database.read('listBatches', { requestId, ...page }, start)).rows).toMatchObject(
    [
      { number: 1, adopted: true, cancelAsked: false },
      { number: 2, adopted: false, cancelAsked: true },
    ].map((row) => ({ ...row, scope: { kind: 'choice', value: 'CCPA' } })),
  )
  expect(must(await database.read('listConnections', { retired: false }, start))[1]?.settings).toMatchObject({
    own: { dataGroups: 3, mostPerTask: 500 },
    secretExpiresOn: '2027-11-01',
  })
  await database.close()
  expect(openIn(place.folder).prepare(taskColumns).all()).toEqual(batches)
})

const statements = anyVendor.sql.split(/;\n/).filter((statement) => statement.trim() !== '')

test.each(statements.map((_, index) => index + 1))(
  'died after %i of its statements, it begins anew at the next start and comes to the same',
  (count) => {
    const sql = historyInUse()
    const dead = join(place.folder, '..', 'dead')
    const undisturbed = join(place.folder, '..', 'undisturbed')
    cpSync(place.folder, undisturbed, { recursive: true })
    sql.pragma('foreign_keys = OFF')
    // Nothing of the step waits in memory: what has been done so far is in the write-ahead log.
    sql.pragma('cache_size = 1')
    const log = join(place.folder, 'history.db-wal')
    const logBefore = statSync(log).size
    sql.exec('BEGIN EXCLUSIVE')
    for (const statement of statements.slice(0, count)) sql.exec(statement)
    // What lies on disk at this moment is what a dead process leaves.
    cpSync(place.folder, dead, { recursive: true })
    sql.exec('ROLLBACK')
    expect(statSync(join(dead, 'history.db-wal')).size).toBeGreaterThan(logBefore)

    const restarted = migrated(openIn(dead), dead)
    expect(everything(restarted)).toEqual(everything(migrated(openIn(undisturbed), undisturbed)))
    expect(restarted.pragma('integrity_check', { simple: true })).toBe('ok')
  },
)

describe('scopes that can be written down', () => {
  const put = (sql: Sql, canonical: string) =>
    sql.prepare<[string]>('INSERT INTO scope (canonical) VALUES (?)').run(canonical)

  test('are those that a vendor may leave to choose', () => {
    const sql = migrated(historyInUse(), place.folder)
    const scopes = [
      canonicalScope({ kind: 'choice', value: 'GDPR' }),
      canonicalScope({ kind: 'everything' }),
      canonicalScope({ kind: 'bots', botIds: ['st-9'] }),
    ]
    for (const canonical of scopes) put(sql, canonical)
    const written = sql.prepare<[], string>('SELECT canonical FROM scope ORDER BY id DESC LIMIT 3').pluck().all()
    expect(written.toReversed()).toEqual(scopes)
  })

  test.each([
    '{"kind":"bots","botIds":[]}',
    '{"kind":"bots","botIds":[""]}',
    '{"kind":"bots","botIds":[null]}',
    '{"kind":"bots","botIds":"st-1"}',
    '{"kind":"bots","botIds":null}',
    '{"kind":"bots"}',
    '{"kind":"choice","value":""}',
    '{"kind":"choice","value":null}',
    '{"kind":"choice"}',
    '{"kind":"everything","value":"GDPR"}',
    '{"kind":"something else"}',
    '{"kind":null}',
    '{}',
    '[]',
    'null',
  ])('are never %s', (canonical) => {
    const sql = migrated(historyInUse(), place.folder)
    expect(() => put(sql, canonical)).toThrow('CHECK')
  })
})
