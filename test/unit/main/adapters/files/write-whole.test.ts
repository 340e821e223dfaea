import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeWhole } from '../../../../../src/main/adapters/files/write-whole.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'write-whole-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

async function* chunksThen(error: Error | null): AsyncIterable<string> {
  yield 'first,'
  yield 'second'
  if (error !== null) throw error
}

test('writes text or chunks, readable by the user alone', async () => {
  const file = path.join(folder, 'rejects.csv')
  await writeWhole(file, chunksThen(null))
  expect(await readFile(file, 'utf8')).toBe('first,second')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  await writeWhole(file, 'replaced')
  expect(await readFile(file, 'utf8')).toBe('replaced')
})

test('leaves what was there, and nothing beside it, when it fails half way', async () => {
  const file = path.join(folder, 'rejects.csv')
  await writeWhole(file, 'before')
  await expect(writeWhole(file, chunksThen(new Error('no space')))).rejects.toThrow('no space')
  expect(await readFile(file, 'utf8')).toBe('before')
  expect(await readdir(folder)).toEqual(['rejects.csv'])
})
