/** A vendor that takes the secret itself: what it echoes is not kept, and a secret that no header can hold never leaves. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { systemClock, systemRandom } from '../../../src/main/adapters/clock/clock.ts'
import { saveConnection } from '../../../src/main/core/connections/save.ts'
import { testConnection } from '../../../src/main/core/connections/test.ts'
import { vendors } from '../../../src/main/vendors/index.ts'
import {
  connectionSettingsSchema,
  type ConnectionSettings,
  type ConnectionTest,
} from '../../../src/shared/model/connection.ts'
import { createMemorySecrets, engineParts, must, runEngine } from '../../support/engine.ts'

const ending: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

/** A Mixpanel that refuses every call and repeats in its words how it was called. */
async function startEcho() {
  const calls: string[] = []
  const server = createServer((request, response) => {
    const seen = `${request.headers.authorization} ${request.url}`
    calls.push(seen)
    response.writeHead(401, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ status: 'error', error: `Unauthorized: ${seen}` }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ending.push(() => new Promise((resolve) => server.close(resolve)))
  return { calls, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

async function testWith(
  secret: string,
  settings: Partial<ConnectionSettings> = {},
): Promise<Readonly<{ calls: readonly string[]; tested: ConnectionTest }>> {
  const { calls, origin } = await startEcho()
  const folder = await mkdtemp(join(tmpdir(), 'bare-secret-'))
  ending.push(() => rm(folder, { recursive: true, force: true }))
  const secrets = createMemorySecrets()
  const engine = await runEngine(folder, secrets)
  ending.push(engine.end)
  const epoch = await engine.until(() => engine.status().epoch ?? undefined)
  const { database } = engine
  const ports = { database: () => database, secrets, vendors, clock: systemClock, random: systemRandom }
  const input = { vendor: 'mixpanel', name: 'Mixpanel', environment: 'staging', margin: 0, origin } as const
  const saved = await saveConnection(ports, {
    ...input,
    clientId: '591b3354bb2bdd96f72f23bf56911673',
    secret,
    settings: connectionSettingsSchema.parse(settings),
  })
  const parts = { ...engineParts(database, secrets), ...ports, epoch: () => epoch, mayLeave: () => true }
  return { calls, tested: must(await testConnection(parts, must(saved).id)) }
}

test('a connection test keeps neither token, even where the vendor repeats both', async () => {
  const { calls, tested } = await testWith('vZcErNw8JCq42BZUJyWoZmDWCKBxXc\n')
  expect(calls).toHaveLength(1)
  expect(calls[0]).toMatch(/^Bearer vZcErNw8JCq42BZUJyWoZmDWCKBxXc .*token=591b3354bb2bdd96f72f23bf56911673$/)
  expect(tested).toMatchObject({ verdict: 'refused', httpStatus: 401 })
  expect(tested.vendorWords).toContain('Unauthorized: Bearer [removed]')
  expect(JSON.stringify(tested)).not.toMatch(/vZcErNw8|591b3354/)
})

test('a secret that no header can hold is said, and nothing is sent', async () => {
  const { calls, tested } = await testWith('two lines\nof a token')
  expect(calls).toEqual([])
  expect(tested).toMatchObject({
    verdict: 'unreachable',
    explanation: 'The GDPR OAuth token holds characters that no call can carry.',
    steps: ['Copy it from Mixpanel once more, then edit the connection and save it.', 'Test again.'],
  })
})

test('a secret past its last day is said with what to do, and nothing is sent', async () => {
  const { calls, tested } = await testWith('vZcErNw8JCq42BZUJyWoZmDWCKBxXc', { secretExpiresOn: '2020-02-29' })
  expect(calls).toEqual([])
  expect(tested).toMatchObject({
    verdict: 'unreachable',
    explanation: 'The GDPR OAuth token of this connection expired on 2020-02-29.',
    steps: ['Make a new one at Mixpanel, then edit the connection and save it with its new last day.', 'Test again.'],
  })
})
