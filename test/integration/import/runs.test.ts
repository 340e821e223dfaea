/** The two halves of an import, joined in one thread with runs of a few rows, held against a plain reading of the file. */
import { statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createChannel, readFile } from '../../../src/main/adapters/csv/read-file.ts'
import type { RunLimits } from '../../../src/main/adapters/csv/run.ts'
import { createTokenWriter } from '../../../src/main/adapters/csv/token.ts'
import { removeImportRows } from '../../../src/main/adapters/database/commands/remove-rows.ts'
import type { History } from '../../../src/main/adapters/database/history.ts'
import { createIntake } from '../../../src/main/adapters/database/import/intake.ts'
import { deriveKeys } from '../../../src/main/adapters/database/keys.ts'
import { openHistory } from '../../../src/main/adapters/database/open-history.ts'
import { all, insert, one, run } from '../../../src/main/adapters/database/sql.ts'
import { createFindingCollector } from '../../../src/main/core/import/findings.ts'
import { createRowReader } from '../../../src/main/core/import/row.ts'
import type { ImportMessage } from '../../../src/main/core/ports.ts'
import type { ImportId, RequestId } from '../../../src/shared/model/ids.ts'
import { checkTokens } from '../database/invariants.ts'
import { addConnection, emptyDraft, key, must, openIn, start, temporaryFolder } from '../database/support.ts'

let place: ReturnType<typeof temporaryFolder>
let history: History
let requestId: RequestId

beforeEach(async () => {
  place = temporaryFolder()
  const database = await openIn(place.folder)
  requestId = await emptyDraft(database, await addConnection(database))
  await database.close()
  history = must(await openHistory({ role: 'writer', folder: place.folder, key, now: start }))
})
afterEach(() => {
  history.sql.close()
  history.senderLock?.release()
  history.importLock?.release()
  place.remove()
})

type Row = Readonly<{ email: string; bot: string }>

async function importRows(rows: readonly Row[], runLimits: RunLimits): Promise<ImportId> {
  const path = join(dirname(place.folder), 'rows.csv')
  writeFileSync(path, `email,bot_ids\n${rows.map(({ email, bot }) => `${email},${bot}\n`).join('')}`)
  const facts = statSync(path)
  const importId = insert<ImportId>(
    history.sql,
    `INSERT INTO import (request_id, file_name, byte_size, format, roles, status, started_at)
     VALUES (?, 'rows.csv', ?, '{}', '[]', 'done', ?)`,
    requestId,
    facts.size,
    start,
  )
  const intake = createIntake(history, { importId, requestId, caseId: null, now: start, isStopped: () => false })
  let taken = Promise.resolve()
  const channel = createChannel((message) => {
    taken = taken.then(async () => {
      await take(message)
      if ('sequence' in message) channel.acknowledge(message.sequence)
    })
  })
  const take = async (message: ImportMessage): Promise<void> => {
    if (message.type === 'batch') intake.addBatch(message)
    else if (message.type === 'run') await intake.enterRun(message)
    else if (message.type === 'repeats') intake.addRepeats(message)
  }
  must(
    await readFile({
      path,
      sample: {
        fileName: 'rows.csv',
        byteSize: facts.size,
        modifiedAt: facts.mtimeMs,
        format: { encoding: 'utf-8', delimiter: ',', hasHeader: true },
        columns: ['email', 'bot_ids'],
        sample: [],
      },
      roles: ['user id', 'bot ids'],
      channel,
      readRow: createRowReader(['user id', 'bot ids']),
      writeToken: createTokenWriter(deriveKeys(key).token),
      runLimits,
      findings: createFindingCollector(),
      isCancelled: () => false,
    }),
  )
  await taken
  return importId
}

type Standing = Readonly<{ line: number; email: string }>

/** What the rows of one file come to: the first of each email (in any letter case) and bot, else a duplicate of it. */
function expectedOf(rows: readonly Row[], standing: Map<string, Standing>) {
  const firsts: (readonly [number, string])[] = []
  const duplicates: (readonly [number, number, string])[] = []
  const spellings: (readonly [number, string])[] = []
  for (const [index, { email, bot }] of rows.entries()) {
    const line = index + 2
    const name = `${email.toLowerCase()} ${bot}`
    const known = standing.get(name)
    if (known === undefined) {
      standing.set(name, { line, email })
      firsts.push([line, email])
    } else {
      duplicates.push([line, known.line, email])
      if (known.email !== email) spellings.push([line, email])
    }
  }
  return { firsts, duplicates, spellings }
}

function foundOf(importId: ImportId) {
  const { sql } = history
  return {
    firsts: all<{ line: number; value: string }>(
      sql,
      'SELECT line, value FROM identifier WHERE import_id = ? ORDER BY id',
      importId,
    ).map(({ line, value }) => [line, value]),
    duplicates: all<{ line: number; first: number; raw: string }>(
      sql,
      `SELECT r.line, r.duplicate_of_line AS first, r.raw FROM import_row r JOIN identifier i ON i.id = r.identifier_id
       WHERE r.import_id = ? AND i.line = r.duplicate_of_line ORDER BY r.line`,
      importId,
    ).map(({ line, first, raw }) => [line, first, raw]),
    spellings: all<{ line: number; value: string }>(
      sql,
      'SELECT line, value FROM identifier_alias WHERE import_id = ? ORDER BY line',
      importId,
    ).map(({ line, value }) => [line, value]),
  }
}

const email = fc.constantFrom('ann@x.example', 'Ann@x.example', 'bob@x.example', 'BOB@x.example', 'cy@x.example')
const row = fc.record({ email, bot: fc.constantFrom('', 'st-1', 'st-2') })
const file = fc.array(row, { minLength: 1, maxLength: 40 })
const limits = fc.record({ rows: fc.integer({ min: 1, max: 6 }), repeats: fc.integer({ min: 1, max: 3 }) })

test('wherever runs end, and whatever an earlier file holds, the first row stands, every other names it, and all can be taken away', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 3 }), limits, async (files, runLimits) => {
      const { sql } = history
      const standing = new Map<string, Standing>()
      for (const rows of files) {
        const importId = await importRows(rows, runLimits)
        const expected = expectedOf(rows, standing)
        expect(foundOf(importId)).toEqual(expected)
        expect(
          one(sql, 'SELECT identifier_count, duplicate_count, reject_count FROM import WHERE id = ?', importId),
        ).toEqual({
          identifier_count: expected.firsts.length,
          duplicate_count: expected.duplicates.length,
          reject_count: 0,
        })
      }
      expect(one(sql, 'SELECT coalesce(sum(count), 0) AS count FROM identifier_count')).toEqual({
        count: standing.size,
      })
      checkTokens(sql)
      // The journal's own transactions are synced one by one again.
      expect(sql.pragma('synchronous', { simple: true })).toBe(2)
      for (const { id } of all<{ id: ImportId }>(sql, 'SELECT id FROM import ORDER BY id DESC')) {
        await removeImportRows(history, id)
        checkTokens(sql)
      }
      for (const table of ['identifier', 'identifier_token', 'import_row', 'identifier_alias']) {
        expect(all(sql, `SELECT * FROM ${table}`)).toEqual([])
      }
      expect(all(sql, 'SELECT * FROM identifier_count WHERE count <> 0')).toEqual([])
      run(sql, 'DELETE FROM import')
    }),
    { numRuns: 25 },
  )
})
