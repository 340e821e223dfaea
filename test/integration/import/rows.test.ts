import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database } from '../../../src/main/core/ports.ts'
import { checkTokens } from '../database/invariants.ts'
import { moment, must, openBeside, sendDraft, start } from '../database/support.ts'
import { importFile, openDesk, type Desk } from './support.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(async () => await desk.close())

test('ragged, blank and broken rows are rejects with their lines and reasons', async () => {
  const requestId = await desk.newDraft()
  const rows = ['user_id,bot_ids', 'u-1,', 'u-2', 'u-3,,x', '', ' ,st-1', 'u-4,all', '"u-\n5",', 'u-6,st-1;st-2']
  const done = must(await importFile(desk, requestId, desk.write('rows.csv', rows.join('\n'))))
  expect(done).toMatchObject({ status: 'done', rows: 8, identifiers: 2, duplicates: 0, rejects: 6 })
  expect(must(await desk.database.rejectsPage({ importId: done.id, afterLine: 0, limit: 10 }))).toEqual([
    { line: 3, endLine: 3, reason: 'fewer cells than the header', raw: 'u-2' },
    { line: 4, endLine: 4, reason: 'more cells than the header', raw: 'u-3,,x' },
    { line: 5, endLine: 5, reason: 'blank line', raw: '' },
    { line: 6, endLine: 6, reason: 'no identifier in this row', raw: ' ,st-1' },
    { line: 7, endLine: 7, reason: 'not a usable bot id', raw: 'u-4,all' },
    { line: 8, endLine: 9, reason: 'line break inside an identifier', raw: '"u-\n5",' },
  ])
})

test('a cell of 50 MB is one reject and nothing more', async () => {
  const requestId = await desk.newDraft()
  const path = desk.write('rows.csv', `user_id,name\nu-1,A\nu-2,"${'x'.repeat(50_000_000)}"\nu-3,C\n`)
  const done = must(await importFile(desk, requestId, path))
  expect(done).toMatchObject({ status: 'done', rows: 3, identifiers: 2, rejects: 1 })
})

test('a second file repeats the first: duplicates name the line, other spellings are kept', async () => {
  const requestId = await desk.newDraft()
  const first = must(
    await importFile(desk, requestId, desk.write('a.csv', 'email\nAnn@mail.example\nBob@mail.example\n')),
  )
  const second = must(
    await importFile(
      desk,
      requestId,
      desk.write('b.csv', 'email\nann@mail.example\nBob@mail.example\ncy@mail.example\n'),
    ),
  )
  expect(first).toMatchObject({ identifiers: 2, duplicates: 0 })
  expect(second).toMatchObject({ rows: 3, identifiers: 1, duplicates: 2, rejects: 0 })
  expect(second.findings).toMatchObject([{ kind: 'other spellings', count: 1, lines: [2] }])
  const page = must(
    await desk.database.read(
      'listImportRows',
      { importId: second.id, disposition: 'duplicate', anchor: { index: 0 }, limit: 10 },
      start,
    ),
  )
  expect(page.rows).toMatchObject([
    {
      line: 2,
      duplicateOfLine: 2,
      duplicateOfFile: 'a.csv',
      raw: 'ann@mail.example',
      firstSpelling: 'Ann@mail.example',
    },
    { line: 3, duplicateOfLine: 3, duplicateOfFile: 'a.csv', raw: 'Bob@mail.example', firstSpelling: null },
  ])
  const file = openBeside(desk.history)
  expect(file.prepare('SELECT value FROM identifier_alias').all()).toEqual([{ value: 'ann@mail.example' }])
  file.close()
})

test('the same identifier for other bots is another identifier', async () => {
  const requestId = await desk.newDraft()
  const path = desk.write('rows.csv', 'user_id,bot_ids\nu-1,\nu-1,st-1\nu-1,st-1;st-2\nu-1,st-2 st-1\n')
  const done = must(await importFile(desk, requestId, path))
  expect(done).toMatchObject({ rows: 4, identifiers: 3, duplicates: 1 })
  const page = must(
    await desk.database.read(
      'listImportRows',
      { importId: done.id, disposition: 'duplicate', anchor: { index: 0 }, limit: 10 },
      start,
    ),
  )
  expect(page.rows).toMatchObject([{ line: 5, duplicateOfLine: 4, duplicateOfFile: null, firstSpelling: null }])
})

test('rows that name the scope of the request are folded into those that leave it open, and come back with another scope', async () => {
  const requestId = await desk.newDraft()
  const scopeOf = async (botId: string): Promise<void> => {
    must(await desk.database.updateDraft({ requestId, scope: { kind: 'bots', botIds: [botId] }, now: start }))
  }
  await scopeOf('st-1')
  const rows = 'user_id,bot_ids\nu-1,\nu-1,st-1\nu-2,st-1\nu-1,st-1\nu-3,st-2\nu-3,\n'
  const done = must(await importFile(desk, requestId, desk.write('rows.csv', rows)))
  const counts = async () => {
    const {
      identifiers,
      duplicates,
      rows: all,
    } = must(await desk.database.read('getImport', { importId: done.id }, start))
    const request = must(await desk.database.read('getRequest', { requestId }, start))
    const file = openBeside(desk.history)
    checkTokens(file)
    file.close()
    return { identifiers, duplicates, all, counted: request.counts.queued }
  }
  expect(await counts()).toEqual({ identifiers: 4, duplicates: 2, all: 6, counted: 4 })
  await scopeOf('st-2')
  expect(await counts()).toEqual({ identifiers: 4, duplicates: 2, all: 6, counted: 4 })
  await scopeOf('st-3')
  expect(await counts()).toEqual({ identifiers: 5, duplicates: 1, all: 6, counted: 5 })
})

test('where two files name the scope that a row leaves open, all that repeats the second comes back with the first', async () => {
  const requestId = await desk.newDraft()
  const scopeTo = async (botId: string): Promise<void> => {
    must(await desk.database.updateDraft({ requestId, scope: { kind: 'bots', botIds: [botId] }, now: start }))
  }
  await scopeTo('st-1')
  must(await importFile(desk, requestId, desk.write('a.csv', 'user_id,bot_ids\nu-1,\nu-1,st-1\n')))
  const second = must(
    await importFile(desk, requestId, desk.write('b.csv', 'user_id,bot_ids\nu-2,\nu-3,\nu-1,st-1\nu-1,st-1\n')),
  )
  const repeats = async () =>
    must(
      await desk.database.read(
        'listImportRows',
        { importId: second.id, disposition: 'duplicate', anchor: { index: 0 }, limit: 10 },
        start,
      ),
    ).rows
  await scopeTo('st-2')
  const standing = { duplicateOfLine: 3, duplicateOfFile: 'a.csv', reason: 'same identifier' }
  const back = await repeats()
  expect(back).toMatchObject([
    { line: 4, ...standing },
    { line: 5, ...standing },
  ])
  expect(back[0]?.identifierId).toBe(back[1]?.identifierId)
  // Folded again and brought back again, they go with it.
  await scopeTo('st-1')
  await scopeTo('st-3')
  expect(await repeats()).toMatchObject([
    { line: 4, ...standing },
    { line: 5, ...standing },
  ])
})

test('two files read into two drafts at the same time keep to their own', async () => {
  const files = await Promise.all(
    ['a', 'b'].map(async (name) => {
      const requestId = await desk.newDraft()
      const rows = Array.from({ length: 30_000 }, (_, row) => `${name}-${row % 25_000}\n`).join('')
      return { requestId, path: desk.write(`${name}.csv`, `user_id\n${rows}`) }
    }),
  )
  const ended = await Promise.all(
    files.map(async ({ requestId, path }) => must(await importFile(desk, requestId, path))),
  )
  for (const summary of ended) {
    expect(summary).toMatchObject({ status: 'done', rows: 30_000, identifiers: 25_000, duplicates: 5000, rejects: 0 })
  }
  const file = openBeside(desk.history)
  checkTokens(file)
  expect(
    file
      .prepare(
        `SELECT count(*) FROM identifier i JOIN import m ON m.id = i.import_id
    WHERE m.request_id <> i.request_id OR substr(i.value, 1, 1) <> substr(m.file_name, 1, 1)`,
      )
      .pluck()
      .get(),
  ).toBe(0)
  file.close()
})

test('two files read in at the same time keep to the bots that their own rows name', async () => {
  const files = await Promise.all(
    ['a', 'b'].map(async (name) => {
      const requestId = await desk.newDraft()
      const rows = Array.from({ length: 60_000 }, (_, row) => `${name}-${row},st-${name}-${row % 50}\n`).join('')
      return { requestId, path: desk.write(`${name}.csv`, `user_id,bot_ids\n${rows}`) }
    }),
  )
  const ended = await Promise.all(
    files.map(async ({ requestId, path }) => must(await importFile(desk, requestId, path))),
  )
  for (const summary of ended) {
    expect(summary).toMatchObject({ status: 'done', rows: 60_000, identifiers: 60_000, failure: null })
  }
  const file = openBeside(desk.history)
  checkTokens(file)
  const strange = file
    .prepare(
      `SELECT count(*) FROM identifier i JOIN scope s ON s.id = i.scope_id
       WHERE s.canonical NOT LIKE '%st-' || substr(i.value, 1, 1) || '-%'`,
    )
    .pluck()
    .get()
  file.close()
  expect(strange).toBe(0)
})

test('what was sent to the account before is known once a file is in, before anybody asks', async () => {
  const sent = await desk.newDraft()
  must(await desk.database.updateDraft({ requestId: sent, scope: { kind: 'all bots' }, now: start }))
  must(await importFile(desk, sent, desk.write('a.csv', 'email\nAnn@mail.example\nbob@mail.example\n')))
  await sendDraft(desk.database, sent)
  await beginCall(desk.database)

  const requestId = await desk.newDraft()
  const told = desk.changed.length
  must(await importFile(desk, requestId, desk.write('b.csv', 'email\ncy@mail.example\nann@MAIL.example\n')))
  await desk.untilTold(() => desk.changed.slice(told).includes('requests'))
  const repeats = must(await desk.database.read('getRepeats', { requestId }, start))
  expect(repeats).toMatchObject({
    count: 1,
    decision: 'leave out',
    compared: true,
    scopeIsOpen: true,
    requests: [{ requestId: sent, underWay: 1 }],
  })
  const { rows } = must(await desk.database.read('listRepeats', { requestId, anchor: { index: 0 }, limit: 5 }, start))
  expect(rows).toMatchObject([{ line: 3, value: 'ann@MAIL.example', earlierState: 'sending' }])
})

/** Takes the first call of what was opened, as the sender does before it sends. */
async function beginCall(database: Database): Promise<void> {
  const epoch = must(await database.takeSenderLock(moment(start)))?.epoch ?? 0
  const [connection] = must(await database.read('listConnections', { retired: false }, start))
  if (connection === undefined) throw new Error('the desk has a connection')
  const { accountId } = connection
  const call = must(await database.reserveCall({ ...moment(start), accountId, epoch, jti: 'jti-1', allowErase: true }))
  expect(call.kind).toBe('erase')
}
