/** Processes that are killed while they bring a history to the present schema: after the restart it is there, whole. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deriveKeys } from '../../../src/main/adapters/database/keys.ts'
import { migrations } from '../../../src/main/adapters/database/migrations/index.ts'
import { migrate } from '../../../src/main/adapters/database/migrations/migrate.ts'
import { openFile } from '../../../src/main/adapters/database/open-file.ts'
import { all, number, type Sql } from '../../../src/main/adapters/database/sql.ts'
import { checkHistory } from '../../integration/database/invariants.ts'
import { historyKey, must, withHistory } from '../engine.ts'
import { killAfter } from './desk.ts'
import { copyHistory, restartHistory } from './history.ts'
import type { Round } from './plan.ts'
import type { Engines } from './processes.ts'
import { seerOf } from './steps.ts'
import type { Kill } from './engine-process.ts'

const rows = 10_000
const mostTries = 12
const latest = migrations.at(-1)?.number ?? 0

/** Plays a round of migrations that die, each of a history of the first version. */
export async function playMigrations(engines: Engines, { kills }: Round): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), 'erasure-desk-migration-'))
  try {
    const old = join(base, 'old')
    makeOldHistory(old)
    const undisturbed = join(base, 'undisturbed')
    copyHistory(old, undisturbed)
    const expected = await restart(undisturbed)
    for (const kill of kills) {
      const dead = join(base, 'dead')
      await killMigration(engines, old, dead, kill)
      assert.deepEqual(await restart(dead), expected)
      checkCopies(dead)
    }
  } finally {
    rmSync(base, { recursive: true, force: true })
  }
}

async function killMigration(engines: Engines, old: string, folder: string, kill: Kill): Promise<void> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    copyHistory(old, folder)
    const sooner = { ...kill, microseconds: kill.microseconds / 2 ** tries }
    const engine = engines.start({ folder, work: { kind: 'open' }, kill: sooner })
    if (seerOf(kill.step) === 'clock') await killAfter(engine, sooner)
    if ((await engine.ended) === 'SIGKILL') return
  }
  throw new Error(`Killed ${kill.step}: ${mostTries} migrations came to their end before`)
}

/** Opens the history as the next start does; gives every row of every table. */
async function restart(folder: string): Promise<unknown> {
  await restartHistory(folder)
  return withHistory(folder, (sql) => {
    assert.equal(sql.pragma('user_version', { simple: true }), latest)
    assert.equal(sql.pragma('integrity_check', { simple: true }), 'ok')
    assert.deepEqual(sql.pragma('foreign_key_check'), [])
    checkHistory(sql)
    return everything(sql)
  })
}

function everything(sql: Sql): unknown {
  const tables = all<{ name: string }>(sql, `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
  return tables.map(({ name }) => [name, sql.prepare(`SELECT * FROM "${name}"`).raw().all()])
}

/** Whatever is called a copy of the history is one: sound, and with every row. */
function checkCopies(folder: string): void {
  const copies = join(folder, 'backups')
  const names = readdirSync(copies).filter((name) => name.endsWith('.db'))
  assert.ok(names.length > 0, 'There is no copy of the history as it was')
  for (const name of names) {
    const copy = openFile(join(copies, name), deriveKeys(historyKey).cipher, 'reader')
    try {
      assert.equal(copy.pragma('integrity_check', { simple: true }), 'ok', name)
      assert.equal(number(copy, 'SELECT count(*) AS value FROM identifier'), rows, name)
    } finally {
      copy.close()
    }
  }
}

/** A history as the first version left it, with a draft in it. */
function makeOldHistory(folder: string): void {
  mkdirSync(folder, { recursive: true })
  withHistory(folder, (sql) => {
    must(migrate(sql, migrations.slice(0, 1), null))
    sql.exec(`
      INSERT INTO account VALUES (1, 'kore', 'Account', '[]', 0, NULL);
      INSERT INTO connection (id, account_id, vendor, name, environment, origin, client_id, secret_reference, settings,
        created_at) VALUES (1, 1, 'kore', 'Connection', 'sandbox', 'http://127.0.0.1:9', 'cs-1', 'none', '{}', 0);
      INSERT INTO request (id, connection_id, name, phase, regulation, channel, reference, created_at)
        VALUES (7, 1, 'Request', 'draft', 'other', 'other', '', 0);
      WITH RECURSIVE line(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM line WHERE n <= ${rows})
      INSERT INTO identifier (request_id, line, kind, value, token, scope_id, state, state_at)
        SELECT 7, n, 1, 'person-' || n || '@example.org', CAST(printf('%016x', n * 2654435761 % 4294967296) AS BLOB), 0, 2, 0
        FROM line;
      INSERT INTO identifier_count VALUES (7, 2, 0, ${rows});
    `)
  })
}
