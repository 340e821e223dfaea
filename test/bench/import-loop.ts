/** The import as a plain loop: csv-parse, one INSERT OR IGNORE a row, one transaction; no check, no encryption. */
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import SqliteDatabase from 'better-sqlite3'
import { parse } from 'csv-parse'

const [file = '', folder = ''] = process.argv.slice(2)
const database = new SqliteDatabase(join(folder, 'loop.db'))
database.exec(`CREATE TABLE identifier (
  id INTEGER PRIMARY KEY, user_id TEXT, channel_id TEXT, channel_user_id TEXT, bot_ids TEXT, case_reference TEXT,
  UNIQUE (user_id, channel_id, channel_user_id, bot_ids)
)`)
const insert = database.prepare(
  `INSERT OR IGNORE INTO identifier (user_id, channel_id, channel_user_id, bot_ids, case_reference) VALUES (?, ?, ?, ?, ?)`,
)

const began = performance.now()
const records = createReadStream(file).pipe(
  parse({ bom: true, relax_quotes: true, record_delimiter: ['\r\n', '\n', '\r'], from_line: 2 }),
)
database.exec('BEGIN')
let rows = 0
for await (const cells of records as AsyncIterable<readonly string[]>) {
  insert.run(cells[0], cells[1], cells[2], cells[3], cells[4])
  rows += 1
}
database.exec('COMMIT')
const milliseconds = performance.now() - began
process.send?.({ rows, milliseconds, peakBytes: process.resourceUsage().maxRSS * 1024 })
