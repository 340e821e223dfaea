/** On a disk of its own that has no room for a second history: migrates, makes room, migrates again, tells its parent. */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { deriveKeys } from '../../src/main/adapters/database/keys.ts'
import { migrations } from '../../src/main/adapters/database/migrations/index.ts'
import { migrate } from '../../src/main/adapters/database/migrations/migrate.ts'
import { openFile } from '../../src/main/adapters/database/open-file.ts'
import { key, must, start } from '../integration/database/support.ts'
import { fillDisk } from '../support/small-disk.ts'

const folder = process.argv[2] ?? ''
const cipherKey = deriveKeys(key).cipher
const latest = migrations.at(-1)?.number ?? 0
const later = { number: latest + 10, name: 'a later step', sql: 'ALTER TABLE setting ADD COLUMN colour TEXT' }
const where = { folder, cipherKey, now: start }

const sql = openFile(join(folder, 'history.db'), cipherKey, 'writer')
must(migrate(sql, migrations, where))
sql.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
  INSERT INTO setting (key, value) SELECT 'key ' || i, hex(randomblob(50)) FROM n`)
sql.pragma('wal_checkpoint(TRUNCATE)')
const ballast = join(folder, 'ballast')
fillDisk(ballast, 300_000)
const refused = migrate(sql, [...migrations, later], where)
const unchanged =
  sql.pragma('user_version', { simple: true }) === latest && sql.pragma('integrity_check', { simple: true }) === 'ok'
const leftOvers = readdirSync(join(folder, 'backups'))
rmSync(ballast)
const migrated = must(migrate(sql, [...migrations, later], where))
const rows = sql.prepare('SELECT count(*) FROM setting').pluck().get()
const copies = readdirSync(join(folder, 'backups')).length
process.send?.({ refused, unchanged, leftOvers, migrated, rows, copies })
sql.close()
process.disconnect()
