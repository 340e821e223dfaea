/** Trouble with the history's file, on the real thing: a safe state, words that a person wrote, and nothing lost. */
import { createHash } from 'node:crypto'
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../../../src/main/adapters/database/client.ts'
import { deriveKeys } from '../../../src/main/adapters/database/keys.ts'
import type { FailureCode } from '../../../src/shared/failure.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import { holdInAnotherProcess } from '../../support/holder.ts'
import { reportFromReadOnlyDisk } from '../../support/small-disk.ts'
import {
  addConnection,
  addDraft,
  key,
  moment,
  must,
  openBeside,
  openIn,
  sendDraft,
  start,
  temporaryFolder,
  workerUrl,
} from './support.ts'

let place = temporaryFolder()
let requestId: RequestId
const ending: (() => Promise<void> | void)[] = []

beforeEach(async () => {
  place = temporaryFolder()
  const database = await openIn(place.folder)
  requestId = await addDraft(database, place.folder, await addConnection(database), 5)
  await sendDraft(database, requestId)
  await database.close()
})

afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
  chmodSync(place.folder, 0o700)
  place.remove()
})

async function opening(withKey = key) {
  return await openDatabase({ workerUrl, folder: place.folder, key: withKey, now: start })
}

/** What is in the folder, as a digest of each file. */
function contents(): Record<string, string> {
  const names = readdirSync(place.folder).filter((name) => name !== 'backups')
  return Object.fromEntries(names.map((name) => [name, digestOf(join(place.folder, name))]))
}

function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

/** The history opens, and is what it was. */
async function expectWhole(): Promise<void> {
  const database = must(await opening())
  const detail = must(await database.read('getRequest', { requestId }, start))
  expect(detail).toMatchObject({ phase: 'open', counts: { queued: 5 } })
  await database.close()
}

/** A failure in the three parts that every one has. */
function inWords(code: FailureCode, next: RegExp) {
  const text = expect.stringMatching(/^[A-Z].+\.$/)
  return {
    ok: false,
    failure: expect.objectContaining({ code, message: text, kept: text, next: expect.stringMatching(next) }),
  }
}

const tellsToGiveTheRight = /^Give your account the right to write/

test('a folder made read-only is left so: the words say what to do, and then everything is there', async () => {
  chmodSync(place.folder, 0o500)
  const before = contents()
  expect(await opening()).toMatchObject(inWords('history-read-only', tellsToGiveTheRight))
  expect(statSync(place.folder).mode & 0o777).toBe(0o500)
  expect(contents()).toEqual(before)
  chmodSync(place.folder, 0o700)
  await expectWhole()
})

test('a file made read-only is shown, and nothing is sent from it until it can be written', async () => {
  const file = join(place.folder, 'history.db')
  chmodSync(file, 0o400)
  const database = must(await opening())
  expect(must(await database.read('getRequest', { requestId }, start))).toMatchObject({ counts: { queued: 5 } })
  expect(await database.takeSenderLock(moment(start))).toMatchObject(inWords('history-read-only', tellsToGiveTheRight))
  expect(await database.setPaused({ requestId, paused: true, now: start })).toMatchObject(
    inWords('history-read-only', tellsToGiveTheRight),
  )
  await database.close()
  expect(statSync(file).mode & 0o777).toBe(0o400)
  chmodSync(file, 0o600)
  await expectWhole()
})

test('a disk that is mounted read-only is said, and the history on it is what it was', async () => {
  const before = contents()
  const failure = await reportFromReadOnlyDisk(new URL('read-only-child.ts', import.meta.url), place.folder)
  expect({ ok: false, failure }).toMatchObject(inWords('history-read-only', tellsToGiveTheRight))
  expect(contents()).toEqual(before)
  await expectWhole()
})

test('what others may do with the files is taken from them', async () => {
  chmodSync(place.folder, 0o755)
  chmodSync(join(place.folder, 'history.db'), 0o644)
  await expectWhole()
  expect(statSync(place.folder).mode & 0o777).toBe(0o700)
  expect(statSync(join(place.folder, 'history.db')).mode & 0o777).toBe(0o600)
})

test('a key that does not fit changes nothing, and the words name both causes', async () => {
  const before = contents()
  expect(await opening(new Uint8Array(32).fill(8))).toMatchObject(
    inWords('history-key-wrong', /keychain.+the beginning of history\.db is damaged/),
  )
  expect(contents()).toEqual(before)
  await expectWhole()
})

/** Turns some bytes of a page of the file around, and back when it is done again. */
function flip(pageNumber: number): void {
  const path = join(place.folder, 'history.db')
  const bytes = readFileSync(path)
  for (let at = (pageNumber - 1) * 4096 + 200; at < (pageNumber - 1) * 4096 + 240; at += 1) {
    bytes[at] = (bytes[at] ?? 0) ^ 0xff
  }
  writeFileSync(path, bytes)
}

/** The page of the file at which a table or index begins. */
function rootOf(name: string): number {
  const file = openBeside(place.folder)
  try {
    return file.prepare<[string], number>('SELECT rootpage FROM sqlite_master WHERE name = ?').pluck().get(name) ?? 0
  } finally {
    file.close()
  }
}

test('a damaged first page looks like another key, is said to be one of both, and stays as it is', async () => {
  flip(1)
  const before = contents()
  expect(await opening()).toMatchObject(inWords('history-key-wrong', /the beginning of history\.db is damaged/))
  expect(contents()).toEqual(before)
  flip(1)
  await expectWhole()
})

test('a damaged page that is met at the start is said, and stays as it is', async () => {
  // Opening looks for what a dead process left half done.
  const page = rootOf('request')
  flip(page)
  const before = contents()
  expect(await opening()).toMatchObject(inWords('history-damaged', /move history\.db, .+ "backups"/))
  expect(contents()).toEqual(before)
  flip(page)
  await expectWhole()
})

test('once a screen has met a damaged page, no call begins any more', async () => {
  const page = rootOf('event_by_request')
  flip(page)
  const database = must(await opening())
  const [connection] = must(await database.read('listConnections', { retired: false }, start))
  const sender = must(await database.takeSenderLock(moment(start)))
  const reserve = async (jti: string) =>
    await database.reserveCall({
      accountId: connection?.accountId ?? (0 as never),
      epoch: sender?.epoch ?? 0,
      ...moment(start),
      jti,
      allowErase: true,
    })
  const damagedWords = inWords('history-damaged', /move history\.db/)
  expect(must(await reserve('jti-1'))).toMatchObject({ kind: 'erase' })
  expect(await database.read('listEvents', { requestId, anchor: { index: 0 }, limit: 50 }, start)).toMatchObject(
    damagedWords,
  )
  expect(await reserve('jti-2')).toMatchObject(damagedWords)
  // What is sound is still shown.
  expect(must(await database.read('getRequest', { requestId }, start))).toMatchObject({
    counts: { sending: 2, queued: 3 },
  })
  await database.close()
  flip(page)
  const again = must(await opening())
  expect(
    must(await again.read('listEvents', { requestId, anchor: { index: 0 }, limit: 50 }, start)).total,
  ).toBeGreaterThan(0)
  await again.close()
})

test('a history that another program keeps to itself is said, and opens once that lets go', async () => {
  const letGo = await holdInAnotherProcess(
    place.folder,
    deriveKeys(key).cipher,
    'PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE sender SET epoch = epoch',
  )
  ending.push(letGo)
  const failure = await opening()
  expect(failure).toMatchObject(inWords('history-locked', /^Try it again in a moment/))
  expect(failure).toMatchObject({ failure: { retryable: true } })
  await letGo()
  await expectWhole()
})

test('while another program writes for long, what is there is shown, and a step that cannot be done is taken back whole', async () => {
  const database = must(await opening())
  ending.push(database.close)
  const letGo = await holdInAnotherProcess(place.folder, deriveKeys(key).cipher, 'BEGIN IMMEDIATE')
  ending.push(letGo)
  expect(await database.setPaused({ requestId, paused: true, now: start })).toMatchObject(
    inWords('history-locked', /^Try it again in a moment/),
  )
  expect(must(await database.read('getRequest', { requestId }, start))).toMatchObject({ paused: false })
  await letGo()
  must(await database.setPaused({ requestId, paused: true, now: start }))
  expect(must(await database.read('getRequest', { requestId }, start))).toMatchObject({ paused: true })
})
