import { appendFileSync, rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Failure } from '../../../src/shared/failure.ts'
import { must, openBeside } from '../database/support.ts'
import { importFile, openDesk, type Desk } from './support.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(async () => {
  const file = openBeside(desk.history)
  const left = (table: string): number =>
    (file.prepare(`SELECT count(*) AS rows FROM ${table}`).get() as { rows: number }).rows
  const full = ['identifier', 'identifier_token', 'import_row', 'identifier_alias'].filter((table) => left(table) > 0)
  file.close()
  await desk.close()
  if (full.length > 0) throw new Error(`Rows are left in ${full.join(', ')}`)
})

/** What the operator is told: before the import begins, or as its end. */
async function failureOfImport(
  content: string | Uint8Array,
  chosen: Parameters<typeof importFile>[3] = {},
): Promise<Failure | null> {
  const requestId = await desk.newDraft()
  const ended = await importFile(desk, requestId, desk.write('rows.csv', content), chosen)
  return ended.ok ? ended.value.failure : ended.failure
}

describe('a file that cannot be imported leaves nothing behind and says why', () => {
  test('an empty file', async () => {
    expect(await failureOfImport('')).toMatchObject({
      code: 'file-empty',
      message: 'The file is empty: it has no row and no header.',
    })
  })

  test('a header and nothing else', async () => {
    expect(await failureOfImport('user_id,bot_ids\r\n')).toMatchObject({
      code: 'file-header-only',
      message: 'The file has a header and no row below it.',
    })
  })

  test('no column with identifiers', async () => {
    expect(await failureOfImport('name,town\r\nA,B\r\n')).toMatchObject({
      code: 'column-missing',
      message: 'No column holds identifiers.',
      field: 'roles',
    })
  })

  test('a quote that is never closed, with the line where it opened', async () => {
    expect(await failureOfImport('user_id,name\nu-1,A\nu-2,"B\nu-3,C\n')).toMatchObject({
      code: 'quote-not-closed',
      message: 'A quotation mark opened on line 3 is never closed, so the rows after it cannot be told apart.',
    })
  })

  test('a NUL byte far down, with its line', async () => {
    const rows = Array.from({ length: 40_000 }, (_, row) => `u-${row},A\n`).join('')
    expect(await failureOfImport(`user_id,name\n${rows}u-\0,B\n`)).toMatchObject({
      code: 'file-has-nul',
      message: 'The file holds a NUL byte on line 40002: it is damaged, or not text in this encoding.',
    })
  })

  test('a spreadsheet that calls itself .csv', async () => {
    expect(await failureOfImport(Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 6, 0))).toMatchObject({
      code: 'file-is-spreadsheet',
      message: 'The file is a spreadsheet or a zip archive, whatever its name says; it is not CSV text.',
    })
  })

  test('bytes that are no text in the chosen encoding', async () => {
    const rows = Buffer.concat([Buffer.from('user_id\nu-1\n'), Buffer.from([0xff, 0xe9, 0x0a])])
    expect(await failureOfImport(rows, { format: { encoding: 'utf-8' } })).toMatchObject({ code: 'file-encoding' })
  })

  test('a file that is gone when the import begins', async () => {
    const path = desk.write('rows.csv', 'user_id\nu-1\n')
    rmSync(path)
    expect(await desk.imports.inspect(path, {})).toMatchObject({
      ok: false,
      failure: { code: 'file-gone', message: 'The file is no longer there, or its disk is not connected.' },
    })
  })
})

describe('while it is read', () => {
  const manyRows = `user_id\n${Array.from({ length: 200_000 }, (_, row) => `u-${row}\n`).join('')}`

  test.each([
    ['grows', 'file-changed', (path: string) => appendFileSync(path, 'u-x\n')],
    ['vanishes', 'file-gone', (path: string) => rmSync(path)],
  ])('a file that %s ends the import', async (_, code, change) => {
    const requestId = await desk.newDraft()
    const path = desk.write('rows.csv', manyRows)
    const { format, roles } = must(await desk.imports.inspect(path, {}))
    const started = must(await desk.imports.start({ requestId, path, format, roles: [...roles] }))
    change(path)
    const ended = await desk.until(started.id, ({ status }) => status !== 'running')
    expect(ended).toMatchObject({ status: 'failed', identifiers: 0, duplicates: 0, rejects: 0, failure: { code } })
  })

  test('a cancel takes back what was taken in', async () => {
    const requestId = await desk.newDraft()
    const path = desk.write('rows.csv', manyRows)
    const { format, roles } = must(await desk.imports.inspect(path, {}))
    const started = must(await desk.imports.start({ requestId, path, format, roles: [...roles] }))
    await desk.until(started.id, ({ identifiers }) => identifiers > 0)
    expect(must(await desk.imports.cancel(started.id))).toMatchObject({
      status: 'cancelled',
      identifiers: 0,
      failure: null,
    })
  })
})
