import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkTokens } from '../database/invariants.ts'
import { must, openBeside, start } from '../database/support.ts'
import { importFile, openDesk, type Desk } from './support.ts'

const example = fileURLToPath(new URL('../../../examples/erasure-requests.csv', import.meta.url))

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(async () => await desk.close())

test('the example is read in: every row an identifier, a duplicate or a reject', async () => {
  const requestId = await desk.newDraft()
  const preview = must(await desk.imports.inspect(example, {}))
  expect(preview.format).toEqual({ encoding: 'utf-8', delimiter: ',', hasHeader: true })
  expect(preview.roles).toEqual([
    'user id',
    'channel id',
    'channel user id',
    'bot ids',
    'case reference',
    'ignore',
    'ignore',
  ])

  const done = must(await importFile(desk, requestId, example))

  expect(done).toMatchObject({ status: 'done', progress: 1, failure: null })
  expect(done.rows).toBeGreaterThanOrEqual(1000)
  expect(done.identifiers + done.duplicates + done.rejects).toBe(done.rows)
  expect(done.duplicates).toBeGreaterThan(0)
  expect(done.rejects).toBeGreaterThan(0)
  expect(done.findings.map(({ kind }) => kind)).toContain('other spellings')

  const request = must(await desk.database.read('getRequest', { requestId }, start))
  expect(request.imports).toEqual([done])
  const file = openBeside(desk.history)
  expect(file.prepare('SELECT count(*) AS n FROM identifier').get()).toEqual({ n: done.identifiers })
  expect(file.prepare('SELECT state, count FROM identifier_count').all()).toEqual([
    { state: 2, count: done.identifiers },
  ])
  checkTokens(file)
  file.close()
  expect(existsSync(example)).toBe(true)
})
