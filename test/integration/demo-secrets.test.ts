import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { removeSecrets } from '../../scripts/demo/secrets.ts'
import { createHistoryFolder } from '../../src/main/adapters/files/history-folder.ts'
import { createSecretStore } from '../../src/main/adapters/secrets/keychain.ts'
import { findHistoryKey, historyKeyName } from '../../src/main/core/app/history-key.ts'
import { openDatabase } from '../../src/main/adapters/database/client.ts'
import { systemRandom } from '../../src/main/adapters/clock/clock.ts'
import { addConnection, must, start, temporaryFolder, workerUrl } from './database/support.ts'

const store = createSecretStore({ suffix: `test ${randomUUID()}` })

test('the demo takes its own entries out of the keychain, and leaves every other', async () => {
  const place = temporaryFolder()
  const folder = createHistoryFolder(place.folder)
  const historyKey = must(await findHistoryKey({ secrets: store, folder, random: systemRandom }))
  const database = must(await openDatabase({ workerUrl, folder: place.folder, key: historyKey, now: start }))
  await addConnection(database)
  await database.close()
  must(await store.write('reference-1', 'the secret of the demo’s connection'))
  must(await store.write('connection-of-the-visitor', 'somebody else’s'))
  const keyName = historyKeyName(must(await folder.readId()) ?? '')
  expect(must(await store.read(keyName))).not.toBeNull()

  expect(await removeSecrets(place.folder, store)).toEqual([])

  expect(must(await store.read('reference-1'))).toBeNull()
  expect(must(await store.read(keyName))).toBeNull()
  expect(must(await store.read('connection-of-the-visitor'))).toBe('somebody else’s')
  expect(await removeSecrets(place.folder, store)).toEqual([])
  must(await store.remove('connection-of-the-visitor'))
  place.remove()
})

test('where no history was made there is nothing to take out', async () => {
  const place = temporaryFolder()
  expect(await removeSecrets(place.folder, store)).toEqual([])
  place.remove()
})
