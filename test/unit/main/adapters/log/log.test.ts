import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLog } from '../../../../../src/main/adapters/log/log.ts'
import { createVirtualClock } from '../../../../fakes/clock.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erasure-desk-log-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const clock = createVirtualClock(Date.UTC(2026, 10, 23, 9))

test('writes lines of JSON that only their owner can read', () => {
  const path = join(folder, 'logs', 'main.log')
  createLog({ path, clock }).info('call ended', { attempt: 7, ending: 'accepted', status: null, late: false })
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
    at: '2026-11-23T09:00:00.000Z',
    level: 'info',
    event: 'call ended',
    attempt: 7,
    ending: 'accepted',
    status: null,
    late: false,
  })
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('leaves out what could be an identifier, a token or a path', () => {
  const path = join(folder, 'main.log')
  const log = createLog({ path, clock })
  log.problem('ana@example.org', { id: 'ana@example.org', path: '/home/ana', token: `eyJ${'a'.repeat(80)}` })
  expect(readFileSync(path, 'utf8')).not.toMatch(/ana|eyJ/)
})

test('begins anew at 1 MB and keeps three older files', () => {
  const path = join(folder, 'main.log')
  for (let turn = 0; turn < 6; turn += 1) {
    writeFileSync(path, 'x'.repeat(1_000_000))
    createLog({ path, clock }).info('next')
  }
  expect(readdirSync(folder).toSorted()).toEqual(['main.log', 'main.log.1', 'main.log.2', 'main.log.3'])
  expect(statSync(path).size).toBeLessThan(1000)
})

test('a log that cannot be written stops nothing', () => {
  writeFileSync(join(folder, 'file'), '')
  expect(() => createLog({ path: join(folder, 'file', 'main.log'), clock }).info('lost')).not.toThrow()
})
