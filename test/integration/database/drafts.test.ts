import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database } from '../../../src/main/core/ports.ts'
import type { Connection } from '../../../src/shared/model/connection.ts'
import type { ImportId, RequestId } from '../../../src/shared/model/ids.ts'
import type { Scope } from '../../../src/shared/model/scope.ts'
import {
  addConnection,
  emptyDraft,
  must,
  openBeside,
  openIn,
  putImport,
  scan,
  sendDraft,
  start,
  temporaryFolder,
} from './support.ts'

let place = temporaryFolder()
let database: Database
let connection: Connection

beforeEach(async () => {
  place = temporaryFolder()
  database = await openIn(place.folder)
  connection = await addConnection(database)
})

afterEach(async () => {
  await database.close()
  place.remove()
})

function bot(botId: string): Scope {
  return { kind: 'bots', botIds: [botId] }
}

async function setScope(requestId: RequestId, scope: Scope): Promise<void> {
  must(await database.updateDraft({ requestId, scope, now: start + 1 }))
}

type Line = Readonly<{ line: number; value: string }>
type Repeat = Readonly<{ line: number; reason: string; of: number; identifier: number | null }>

function identifierLines(requestId: RequestId): readonly Line[] {
  return scan<Line>(place.folder, 'SELECT line, value FROM identifier WHERE request_id = ? ORDER BY line', requestId)
}

/** The duplicates of an import, each with the line of the identifier that stands for it now. */
function repeats(importId: ImportId): readonly Repeat[] {
  return scan<Repeat>(
    place.folder,
    `SELECT r.line, r.reason, r.duplicate_of_line AS "of", i.line AS identifier
     FROM import_row r LEFT JOIN identifier i ON i.id = r.identifier_id WHERE r.import_id = ? ORDER BY r.line`,
    importId,
  )
}

/** Product rule 9: what the import counts is what is there, and its rows are all of them. */
function checkSums(requestId: RequestId, importId: ImportId): void {
  const [counted] = scan<{ row_count: number; identifier_count: number; duplicate_count: number }>(
    place.folder,
    'SELECT row_count, identifier_count, duplicate_count FROM import WHERE id = ?',
    importId,
  )
  const identifiers = scan(place.folder, 'SELECT 1 FROM identifier WHERE import_id = ?', importId).length
  const duplicates = scan(place.folder, 'SELECT 1 FROM import_row WHERE import_id = ?', importId).length
  expect(counted).toEqual({
    row_count: identifiers + duplicates,
    identifier_count: identifiers,
    duplicate_count: duplicates,
  })
  const [kept] = scan<{ count: number }>(
    place.folder,
    'SELECT count FROM identifier_count WHERE request_id = ? AND state = 2 AND decided = 0',
    requestId,
  )
  expect(kept?.count).toBe(identifierLines(requestId).length)
}

/** Where everything stands, to be compared before and after. */
function everything(requestId: RequestId, importId: ImportId) {
  const spellings = scan(
    place.folder,
    `SELECT i.line AS identifier, a.line, a.value FROM identifier_alias a JOIN identifier i ON i.id = a.identifier_id
     WHERE i.request_id = ? ORDER BY a.line`,
    requestId,
  )
  return { identifiers: identifierLines(requestId), repeats: repeats(importId), spellings }
}

test("a row that names the request's own scope repeats the row that leaves it open; another scope brings it back", async () => {
  const requestId = await emptyDraft(database, connection)
  const importId = putImport(place.folder, requestId, [
    { line: 2, value: 'ann@example.org' },
    { line: 3, value: 'ANN@example.org', bot: 'st-1' },
    { line: 4, value: 'Ann@example.org', repeats: 3 },
    { line: 5, value: 'ann@example.org', bot: 'st-2' },
    { line: 6, value: 'bea@example.org', bot: 'st-1' },
  ])
  const before = everything(requestId, importId)

  await setScope(requestId, bot('st-1'))
  expect(identifierLines(requestId).map(({ line }) => line)).toEqual([2, 5, 6])
  expect(repeats(importId)).toEqual([
    { line: 3, reason: "same scope as the request's", of: 2, identifier: 2 },
    { line: 4, reason: 'same identifier', of: 3, identifier: 2 },
  ])
  checkSums(requestId, importId)

  await setScope(requestId, bot('st-2'))
  expect(identifierLines(requestId).map(({ line }) => line)).toEqual([2, 3, 6])
  expect(repeats(importId)).toEqual([
    { line: 4, reason: 'same identifier', of: 3, identifier: 3 },
    { line: 5, reason: "same scope as the request's", of: 2, identifier: 2 },
  ])
  checkSums(requestId, importId)

  await setScope(requestId, { kind: 'all bots' })
  expect(everything(requestId, importId)).toEqual(before)
  checkSums(requestId, importId)
})

test('the plan groups rows of one effective scope, folded or not', async () => {
  const requestId = await emptyDraft(database, connection)
  putImport(place.folder, requestId, [
    { line: 2, value: 'ann@example.org' },
    { line: 3, value: 'ann@example.org', bot: 'st-1' },
    { line: 4, value: 'bea@example.org', bot: 'st-1' },
    { line: 5, value: 'cat@example.org', bot: 'st-2' },
  ])
  await setScope(requestId, bot('st-1'))
  const basis = must(await database.planBasis({ requestId, now: start, samplePerGroup: 5 }))
  const groups = basis.groups.map(({ scope, identifiers }) => ({ scope, identifiers }))
  expect(groups).toEqual([
    { scope: bot('st-1'), identifiers: 2 },
    { scope: bot('st-2'), identifiers: 1 },
  ])
})

test('rows beyond one slice fold and come back whole', async () => {
  const requestId = await emptyDraft(database, connection)
  const people = Array.from({ length: 2500 }, (_, index) => `p${index}@e.org`)
  const importId = putImport(place.folder, requestId, [
    ...people.map((value, index) => ({ line: 2 + index, value })),
    ...people.map((value, index) => ({ line: 2502 + index, value, bot: 'st-1' })),
  ])
  await setScope(requestId, bot('st-1'))
  expect(identifierLines(requestId)).toHaveLength(2500)
  checkSums(requestId, importId)
  await setScope(requestId, bot('st-2'))
  expect(identifierLines(requestId)).toHaveLength(5000)
  expect(repeats(importId)).toEqual([])
  checkSums(requestId, importId)
})

test('a fold that was interrupted is finished at the next start; until then nothing can be sent', async () => {
  const requestId = await emptyDraft(database, connection)
  const importId = putImport(place.folder, requestId, [
    { line: 2, value: 'ann@example.org' },
    { line: 3, value: 'ann@example.org', bot: 'st-1' },
  ])
  await setScope(requestId, bot('st-2'))
  // As a process leaves it that died right after the scope was written.
  const file = openBeside(place.folder)
  file
    .prepare(`UPDATE request SET scope_folding = 1, scope_id = (SELECT id FROM scope WHERE canonical LIKE '%st-1%')`)
    .run()
  file.close()
  const sent = await database.openRequest({ requestId, planDigest: 'p', fingerprint: 'f', now: start })
  expect(sent).toMatchObject({ ok: false, failure: { code: 'wrong-state' } })
  await database.close()
  database = await openIn(place.folder)
  expect(identifierLines(requestId).map(({ line }) => line)).toEqual([2])
  checkSums(requestId, importId)
  await sendDraft(database, requestId)
})

test('a file taken out of a draft leaves nothing behind, and other files untouched', async () => {
  const requestId = await emptyDraft(database, connection)
  const first = putImport(place.folder, requestId, [
    { line: 2, value: 'ann@example.org' },
    { line: 3, value: 'ANN@example.org', repeats: 2 },
  ])
  const second = putImport(place.folder, requestId, [{ line: 2, value: 'bea@example.org' }])
  must(await database.removeImport({ importId: first, now: start + 1 }))
  expect(identifierLines(requestId)).toEqual([{ line: 2, value: 'bea@example.org' }])
  for (const table of ['import_row', 'identifier_alias', 'folded_row'])
    expect(scan(place.folder, `SELECT * FROM ${table}`)).toEqual([])
  expect(scan(place.folder, 'SELECT id FROM import')).toEqual([{ id: second }])
  checkSums(requestId, second)
  expect(await database.removeImport({ importId: first, now: start + 2 })).toMatchObject({
    ok: false,
    failure: { code: 'not-found' },
  })
})

test('a file whose rows another file repeats stays until that one is gone', async () => {
  const requestId = await emptyDraft(database, connection)
  const first = putImport(place.folder, requestId, [{ line: 2, value: 'ann@example.org' }])
  const second = putImport(place.folder, requestId, [{ line: 2, value: 'ann@example.org', bot: 'st-1' }])
  await setScope(requestId, bot('st-1'))
  const refused = await database.removeImport({ importId: first, now: start + 2 })
  expect(refused).toMatchObject({ ok: false, failure: { code: 'not-allowed', kept: 'Nothing was removed.' } })
  checkSums(requestId, second)
  must(await database.removeImport({ importId: second, now: start + 3 }))
  must(await database.removeImport({ importId: first, now: start + 4 }))
  expect(identifierLines(requestId)).toEqual([])
})

test('a discarded draft is gone with every row; what was done is in the log', async () => {
  const requestId = await emptyDraft(database, connection)
  putImport(place.folder, requestId, [
    { line: 2, value: 'ann@example.org' },
    { line: 3, value: 'ANN@example.org', bot: 'st-1' },
    { line: 4, value: 'Ann@example.org', repeats: 2 },
  ])
  await setScope(requestId, bot('st-1'))
  must(await database.discardDraft({ requestId, now: start + 2 }))
  const tables = ['request', 'identifier', 'identifier_alias', 'identifier_count', 'import', 'import_row', 'folded_row']
  for (const table of tables) expect([table, scan(place.folder, `SELECT * FROM ${table}`)]).toEqual([table, []])
  const events = scan<{ kind: string }>(place.folder, 'SELECT kind FROM event WHERE request_id = ?', requestId)
  expect(events.at(-1)?.kind).toBe('draft discarded')
  expect(await database.updateDraft({ requestId, name: 'x', now: start })).toMatchObject({
    ok: false,
    failure: { code: 'not-found' },
  })
})

test('a request that was sent can be neither changed nor discarded', async () => {
  const requestId = await emptyDraft(database, connection)
  const importId = putImport(place.folder, requestId, [{ line: 2, value: 'ann@example.org' }])
  await setScope(requestId, bot('st-1'))
  await sendDraft(database, requestId)
  const refused = { ok: false, failure: { code: 'wrong-state', kept: 'Nothing was changed.' } }
  expect(await database.updateDraft({ requestId, scope: bot('st-2'), now: start })).toMatchObject(refused)
  expect(await database.discardDraft({ requestId, now: start })).toMatchObject(refused)
  expect(await database.removeImport({ importId, now: start })).toMatchObject(refused)
  expect(identifierLines(requestId)).toHaveLength(1)
})

test('the columns chosen for a header are remembered for that header alone', async () => {
  const requestId = await emptyDraft(database, connection)
  const header = ['Mail', 'Bot']
  const format = { encoding: 'utf-8', delimiter: ',', hasHeader: true } as const
  const importId = must(
    await database.startImport({
      requestId,
      fileName: 'a.csv',
      byteSize: 1,
      format,
      header,
      roles: ['user id', 'bot ids'],
      now: start,
    }),
  )
  expect(must(await database.rememberedRoles(header))).toEqual(['user id', 'bot ids'])
  expect(must(await database.rememberedRoles(['Bot', 'Mail']))).toBeNull()
  expect(await database.discardDraft({ requestId, now: start })).toMatchObject({
    ok: false,
    failure: { code: 'import-running' },
  })
  must(await database.endImport({ importId, status: 'cancelled', failure: null, now: start + 1 }))
  must(await database.discardDraft({ requestId, now: start + 2 }))
  // The header stands in the history by its keyed token alone.
  expect(JSON.stringify(scan(place.folder, 'SELECT * FROM column_memory'))).not.toContain('Mail')
})
