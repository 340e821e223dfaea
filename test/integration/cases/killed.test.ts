/** The app is killed in the middle of what it does with a case: what the next start makes of it. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { deriveKeys } from '../../../src/main/adapters/database/keys.ts'
import { openFile } from '../../../src/main/adapters/database/open-file.ts'
import type { Sql } from '../../../src/main/adapters/database/sql.ts'
import { vendors } from '../../../src/main/vendors/index.ts'
import type { CaseId, RequestId } from '../../../src/shared/model/ids.ts'
import { createMemorySecrets } from '../../support/engine.ts'
import { openWholeDesk } from '../third-vendor/whole-desk.ts'
import { checkHistory } from '../database/invariants.ts'
import type { Death } from './crash-child.ts'
import { checkPeople } from './invariants.ts'

type Told = Readonly<{
  folder: string
  secrets: Readonly<Record<string, string>>
  caseId: CaseId
  requestIds: readonly RequestId[]
  rows: number
}>

const endings: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

/** Opens what the dead process left, as the next start does. `look` reads the history's file. */
async function killedWhile(death: Death) {
  const child = fork(new URL('crash-child.ts', import.meta.url), [death])
  const exited = once(child, 'exit')
  const [told] = (await once(child, 'message')) as [Told]
  endings.push(() => rmSync(path.dirname(told.folder), { recursive: true }))
  child.send('go on')
  expect(await exited).toEqual([null, 'SIGKILL'])
  const look = <T>(read: (sql: Sql) => T): T => {
    const [key = ''] = Object.values(told.secrets)
    const sql = openFile(path.join(told.folder, 'history.db'), deriveKeys(Buffer.from(key, 'hex')).cipher, 'writer')
    try {
      return read(sql)
    } finally {
      sql.close()
    }
  }
  const before = look((sql) => counts(sql))
  const desk = await openWholeDesk(told.folder, vendors, createMemorySecrets(told.secrets))
  endings.push(async () => await desk.close())
  const check = () =>
    look((sql) => {
      checkHistory(sql)
      checkPeople(sql)
    })
  return { ...told, desk, before, after: () => look((sql) => counts(sql)), check }
}

function counts(sql: Sql): Readonly<Record<string, number>> {
  const tables = ['case', 'person', 'person_line', 'request', 'import', 'import_row', 'identifier']
  const count = (table: string) => sql.prepare(`SELECT count(*) FROM "${table}"`).pluck().get() as number
  return Object.fromEntries(tables.map((table) => [table, count(table)]))
}

test('between two readings: the case is incomplete at the next start, and nothing of it hangs', async () => {
  const { desk, caseId, requestIds, check } = await killedWhile('between two readings')
  check()
  const detail = await desk.get('getCase', { caseId })
  expect(detail).toMatchObject({ reading: 'incomplete', progress: 0.5, people: 2 })
  expect(detail.parts.map(({ readings }) => readings.map(({ summary }) => summary?.status ?? null))).toEqual([
    ['done'],
    [null],
  ])
  const [requestId = 0] = requestIds
  const plan = await desk.get('getPlan', { requestId })
  expect(plan.obstacles.map(({ code }) => code)).toContain('case-incomplete')
  expect(await desk.ask('sendRequest', { requestId, planDigest: plan.digest })).toMatchObject({ ok: false })
  expect(await desk.get('discardCase', { caseId })).toEqual({})
})

test('while the case is discarded: its rows are gone after the next start', async () => {
  const { desk, caseId, before, after, check } = await killedWhile('discarding')
  check()
  expect(before['identifier'], 'killed with rows still there').toBeGreaterThan(0)
  expect(await desk.ask('getCase', { caseId })).toMatchObject({ ok: false, failure: { code: 'not-found' } })
  expect(new Set(Object.values(after()))).toEqual(new Set([0]))
})

test('while a connection is left out: it is out after the next start, and every row is told of by the other', async () => {
  const { desk, caseId, rows, before, check } = await killedWhile('leaving a connection out')
  check()
  expect(before['identifier'], 'killed with rows of it still there').toBeGreaterThan(rows / 2)
  const { parts, people, reading } = await desk.get('getCase', { caseId })
  expect({ people, reading }).toEqual({ people: rows / 2, reading: 'done' })
  expect(parts[0]).toMatchObject({ request: null, leftOutAt: expect.any(Number) })
  expect(parts[1]?.readings[0]?.summary).toMatchObject({ rows, identifiers: rows / 2, rejects: rows / 2, elsewhere: 0 })
})

test('while rows are handed over before that: both connections stay, every row is told of once, and it can be done again', async () => {
  const { desk, caseId, rows, check } = await killedWhile('handing rows over')
  const { parts } = await desk.get('getCase', { caseId })
  const summaries = parts.map(({ readings }) => readings[0]?.summary)
  expect(summaries.reduce((sum, summary) => sum + (summary?.rejects ?? 0), 0)).toBe(rows / 2)
  for (const summary of summaries) expect(summary?.rejects ?? 0).toBeGreaterThan(0)
  const [first] = parts
  if (first === undefined) throw new Error('The case has its connections')
  const { connectionId } = first
  const left = await desk.get('leaveOutPart', { caseId, connectionId, reason: 'No bot is in use.' })
  expect(left.parts[1]?.readings[0]?.summary).toMatchObject({ rows, rejects: rows / 2, elsewhere: 0 })
  check()
})
