import { fork } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import type { ImportId } from '../../../src/shared/model/ids.ts'
import { checkTokens } from '../database/invariants.ts'
import { must, openBeside, openIn, start } from '../database/support.ts'
import { openDesk } from './support.ts'

test('a process killed while it takes rows in leaves no identifier once the history is opened again', async () => {
  const child = fork(new URL('crash-child.ts', import.meta.url))
  const exited = once(child, 'exit')
  const [{ history, importId }] = (await once(child, 'message')) as [{ history: string; importId: ImportId }]
  child.kill('SIGKILL')
  await exited
  const before = openBeside(history)
  expect(before.prepare('SELECT status FROM import').get()).toEqual({ status: 'running' })
  expect(before.prepare('SELECT count(*) > 0 AS taken FROM identifier').get()).toEqual({ taken: 1 })
  before.close()

  const database = await openIn(history)

  expect(must(await database.read('getImport', { importId }, start))).toMatchObject({
    status: 'cancelled',
    identifiers: 0,
    duplicates: 0,
    rejects: 0,
  })
  await database.close()
  const after = openBeside(history)
  expect(after.prepare('SELECT count(*) AS n FROM identifier').get()).toEqual({ n: 0 })
  expect(after.prepare('SELECT coalesce(sum(count), 0) AS n FROM identifier_count').get()).toEqual({ n: 0 })
  checkTokens(after)
  after.close()
  rmSync(dirname(history), { recursive: true })
})

test('closing the app while a file is read in takes it back at the next start', async () => {
  const desk = await openDesk()
  const requestId = await desk.newDraft()
  const path = desk.write('rows.csv', `user_id\n${Array.from({ length: 300_000 }, (_, row) => `u-${row}\n`).join('')}`)
  const { format, roles } = must(await desk.imports.inspect(path, {}))
  const { id: importId } = must(await desk.imports.start({ requestId, path, format, roles: [...roles] }))
  await desk.until(importId, ({ identifiers }) => identifiers > 0)
  await desk.database.close()

  const database = await openIn(desk.history)
  expect(must(await database.read('getImport', { importId }, start))).toMatchObject({
    status: 'cancelled',
    identifiers: 0,
    duplicates: 0,
    rejects: 0,
  })
  await database.close()
  const file = openBeside(desk.history)
  expect(file.prepare('SELECT count(*) AS n FROM identifier').get()).toEqual({ n: 0 })
  checkTokens(file)
  expect(file.pragma('integrity_check', { simple: true })).toBe('ok')
  file.close()
  await desk.close()
})
