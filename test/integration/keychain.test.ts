import { randomUUID } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { createSecretStore } from '../../src/main/adapters/secrets/keychain.ts'
import { must } from '../support/engine.ts'

/** Entries of their own, so that a keychain in real use keeps everything it has. */
const store = createSecretStore({ suffix: `test ${randomUUID()}` })
const written = new Set<string>()

afterEach(async () => {
  for (const name of written) must(await store.remove(name))
  written.clear()
})

async function write(name: string, secret: string): Promise<void> {
  written.add(name)
  must(await store.write(name, secret))
}

test('the keychain of this machine works', async () => {
  expect(await store.check()).toEqual({ ok: true, value: null })
})

test('a secret comes back as it was written, whatever is in it', async () => {
  const secrets = ['c2VjcmV0LXRoYXQtbG9va3MtbGlrZS1iYXNlNjQ=', ' spaces ', 'ümläut “quoted” 🔑', 'x'.repeat(2000)]
  for (const [index, secret] of secrets.entries()) {
    await write(`secret ${index}`, secret)
    expect(await store.read(`secret ${index}`)).toEqual({ ok: true, value: secret })
  }
})

test('writing again replaces; removing forgets; a name that was never written is null', async () => {
  await write('secret', 'first')
  await write('secret', 'second')
  expect(must(await store.read('secret'))).toBe('second')
  must(await store.remove('secret'))
  expect(must(await store.read('secret'))).toBeNull()
  expect(must(await store.remove('secret'))).toBeNull()
  expect(must(await store.read('never written'))).toBeNull()
})

test('another suffix does not see it', async () => {
  await write('secret', 'mine')
  expect(must(await createSecretStore({ suffix: `test ${randomUUID()}` }).read('secret'))).toBeNull()
})
