/** A vendor that repeats in every answer how it was called: neither token is kept anywhere. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { all } from '../../../src/main/adapters/database/sql.ts'
import { must, secretReference, withHistory, type EngineBench } from '../../support/engine.ts'
import { answering, conflictAnswer } from './between.ts'
import { batchesOf, engineFor, eventsOf, ids, judgeAfterEach, newBench, settled, windowOver } from './support.ts'

judgeAfterEach()

/** Every value in every table, but for the two columns that are there to hold what names the connection. */
function everythingIn({ folder }: EngineBench): string {
  return withHistory(folder, (sql) => {
    const tables = all<{ name: string }>(sql, `SELECT name FROM sqlite_master WHERE type = 'table'`)
    const rows = tables.flatMap(({ name }) => all<Record<string, unknown>>(sql, `SELECT * FROM "${name}"`))
    return JSON.stringify(rows.map(({ client_id: _clientId, secret_reference: _reference, ...row }) => row))
  })
}

test('neither token is in the history, the log or anything that can be read from it', async () => {
  const logged: string[] = []
  const note = (...line: readonly unknown[]) => void logged.push(JSON.stringify(line))
  let statusCalls = 0
  const between = answering(({ method, path, distinctIds, secrets }) => {
    const words = `You sent ${secrets.join(' and ')} to ${path}`
    if (method === 'DELETE') return { status: 405, body: { status: 'error', error: `Too late. ${words}` } }
    if (method === 'GET') {
      statusCalls += 1
      if (statusCalls === 1) return { status: 400, body: `<html><head><title>${words}</title></head></html>` }
      return statusCalls === 2 ? { status: 500, body: { status: 'error', error: words } } : null
    }
    if (distinctIds.includes('refused'))
      return { status: 400, body: { status: 'error', error: `No such id. ${words}` } }
    if (distinctIds.includes('doubtful')) return { status: 200, body: { status: 'ok', results: {}, words } }
    if (!distinctIds.includes('in conflict')) return null
    const { status, body } = conflictAnswer(['in conflict'], ['task-1'])
    return { status, body: { ...body, error: { ...body.error, error: words } } }
  })
  const processing = { pendingMilliseconds: 0, stagingMilliseconds: 0, startedMilliseconds: 2500 }
  const bench = await newBench({ perCall: 1, between, mixpanel: { processing } })
  const requestId = await bench.sendRequest(ids('ana', 'refused', 'doubtful', 'in conflict'))
  const engine = await engineFor(bench, () => ({ log: { info: note, problem: note }, callsAtOnce: 1 }))
  const window = windowOver(bench, engine)
  const accepted = await engine.until(async () =>
    (await window.batches(requestId)).find(({ status, adopted }) => status === 'accepted' && !adopted),
  )
  must(await window.cancel(requestId, accepted.id))
  await settled(engine, requestId)
  expect(bench.states(requestId)).toEqual({
    ana: 'erased',
    refused: 'refused',
    doubtful: 'outcome unknown',
    'in conflict': 'unconfirmed',
  })

  const shown = JSON.stringify([
    await window.batches(requestId),
    await batchesOf(engine.database, requestId),
    await eventsOf(engine.database, requestId),
    await engine.database.read('getRequest', { requestId }, Date.now()),
    await engine.database.read('listAttempts', { requestId, anchor: { index: 0 }, limit: 500 }, Date.now()),
  ])
  const oauthToken = must(await bench.secrets.read(secretReference)) ?? ''
  const projectToken = bench.connection.clientId
  expect(oauthToken.length).toBeGreaterThan(20)
  expect(projectToken).toMatch(/^[0-9a-f]{32}$/)
  // The vendor's words are kept, without what it repeated.
  expect(shown).toContain('No such id. You sent [token] and Bearer [removed] to')
  const kept = everythingIn(bench)
  expect(kept).toContain('Too late. You sent')
  const files = readdirSync(bench.folder).map((name) => join(bench.folder, name))
  const bytes = files.flatMap((name) => {
    try {
      return [readFileSync(name).toString('latin1')]
    } catch {
      return []
    }
  })
  expect(bytes.length).toBeGreaterThan(0)
  for (const text of [shown, kept, logged.join('\n'), ...bytes]) {
    expect(text.includes(oauthToken.slice(0, 12))).toBe(false)
    expect(text.includes(projectToken.slice(0, 12))).toBe(false)
  }
})
