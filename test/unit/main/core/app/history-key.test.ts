import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fail, succeed } from '../../../../../src/shared/failure.ts'
import { createHistoryFolder } from '../../../../../src/main/adapters/files/history-folder.ts'
import { findHistoryKey, historyKeyName } from '../../../../../src/main/core/app/history-key.ts'
import type { SecretStore } from '../../../../../src/main/core/ports.ts'

const random = {
  uuid: () => randomUUID() as string,
  bytes: (count: number) => new Uint8Array(randomBytes(count)),
  fraction: () => 0.5,
}
let place: string

beforeEach(async () => {
  place = path.join(await mkdtemp(path.join(tmpdir(), 'history-key-')), 'history')
})
afterEach(async () => {
  await rm(path.dirname(place), { recursive: true })
})

function createSecrets(entries = new Map<string, string>()): SecretStore & { entries: Map<string, string> } {
  return {
    entries,
    check: async () => succeed(null),
    read: async (name) => succeed(entries.get(name) ?? null),
    write: async (name, secret) => {
      entries.set(name, secret)
      return succeed(null)
    },
    remove: async (name) => {
      entries.delete(name)
      return succeed(null)
    },
  }
}

async function find(secrets: SecretStore) {
  return await findHistoryKey({ secrets, folder: createHistoryFolder(place), random })
}

test('makes a key once, 256 bits, and finds it again by the id in the folder', async () => {
  const secrets = createSecrets()
  const first = await find(secrets)
  expect(first.ok && first.value.length).toBe(32)
  expect(await find(secrets)).toEqual(first)
  const id = (await readFile(path.join(place, 'history-id'), 'utf8')).trim()
  expect([...secrets.entries.keys()]).toEqual([historyKeyName(id)])
  expect(await readFile(path.join(place, 'history-id'), 'utf8')).not.toContain([...secrets.entries.values()][0])
})

test('two instances that begin at once end with one key', async () => {
  const secrets = createSecrets()
  const found = await Promise.all([find(secrets), find(secrets), find(secrets)])
  expect(new Set(found.map((key) => (key.ok ? Buffer.from(key.value).toString('hex') : key.failure.code))).size).toBe(1)
  expect(secrets.entries.size).toBe(1)
})

test('a history without its key stays as it is', async () => {
  await find(createSecrets())
  await writeFile(path.join(place, 'history.db'), 'encrypted')
  const id = await readFile(path.join(place, 'history-id'), 'utf8')
  const empty = createSecrets()
  expect(await find(empty)).toMatchObject({ ok: false, failure: { code: 'history-key-missing' } })
  expect(empty.entries.size).toBe(0)
  expect(await readFile(path.join(place, 'history-id'), 'utf8')).toBe(id)
})

test('a history whose id is gone gets no new key', async () => {
  await find(createSecrets())
  await writeFile(path.join(place, 'history.db'), 'encrypted')
  await rm(path.join(place, 'history-id'))
  expect(await find(createSecrets())).toMatchObject({ ok: false, failure: { code: 'history-key-missing' } })
})

test('a new keychain before there is any history begins anew', async () => {
  const first = await find(createSecrets())
  const second = await find(createSecrets())
  expect(second.ok).toBe(true)
  expect(second).not.toEqual(first)
})

test('a keychain that keeps nothing, or fails, makes no history', async () => {
  const forgetful: SecretStore = { ...createSecrets(), write: async () => succeed(null) }
  expect(await find(forgetful)).toMatchObject({ ok: false, failure: { code: 'keychain-missing' } })
  const locked: SecretStore = {
    ...createSecrets(),
    write: async () => fail('keychain-locked', 'The keychain is locked.'),
  }
  expect(await find(locked)).toMatchObject({ ok: false, failure: { code: 'keychain-locked' } })
  await expect(readFile(path.join(place, 'history-id'))).rejects.toThrow('ENOENT')
})

test('an entry that is no key, or an id that is none, is said and left alone', async () => {
  const secrets = createSecrets()
  await find(secrets)
  for (const name of secrets.entries.keys()) secrets.entries.set(name, 'not a key')
  expect(await find(secrets)).toMatchObject({ ok: false, failure: { code: 'history-key-wrong' } })
  await writeFile(path.join(place, 'history-id'), '../../elsewhere')
  expect(await find(secrets)).toMatchObject({ ok: false, failure: { code: 'history-damaged' } })
})
