import { fork } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import type { ImportId } from '../../../src/shared/model/ids.ts'
import { checkTokens } from '../database/invariants.ts'
import { must, openBeside, openIn, start } from '../database/support.ts'

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
