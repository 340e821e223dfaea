import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../../src/main/adapters/clock/clock.ts'
import { createHttp } from '../../../src/main/adapters/http/http.ts'
import { jwtSigner } from '../../../src/main/adapters/signing/signer.ts'
import type { ConnectionForCall } from '../../../src/main/core/ports.ts'
import { kore } from '../../../src/main/vendors/kore/index.ts'
import { startSandbox, type RunningSandbox } from '../../../src/sandbox/server.ts'
import { connectionSettingsSchema } from '../../../src/shared/model/connection.ts'

const running: RunningSandbox[] = []
afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.close()
})

const http = createHttp({
  clock: systemClock,
  online: () => false,
  resolveProxy: async () => 'DIRECT',
  certificates: null,
})

async function eraseOne(value: string, secret?: string) {
  const sandbox = await startSandbox({ latencyMilliseconds: { minimum: 0, maximum: 0 } })
  running.push(sandbox)
  const app = sandbox.ready.apps[0]!
  const settings = connectionSettingsSchema.parse({})
  const connection = { origin: sandbox.ready.origin, clientId: app.clientId, settings } as ConnectionForCall
  const call = kore.eraseCall(connection, [{ kind: 'email', value, channelId: null }], {
    kind: 'bots',
    botIds: ['st-1'],
  })
  const claims = { appId: app.clientId, jti: 'jti-1', now: systemClock.now() }
  const token = await jwtSigner.sign(claims, settings.signing, secret ?? app.clientSecret)
  if (!call.ok || !token.ok) throw new Error('no call')
  const report = await http.send({
    ...kore.authorize(call.value, { token: token.value, jti: 'jti-1' }),
    timeoutMilliseconds: 1000,
    maximumBodyBytes: 100_000,
  })
  return { report, verdict: kore.readErase(report), ledger: sandbox.ledger() }
}

test('a signed erase call is accepted and stands once in the ledger under its jti', async () => {
  const { report, verdict, ledger } = await eraseOne('joanna@example.com')
  expect(report).toMatchObject({ stage: 'body', trouble: null })
  expect(verdict).toMatchObject({ kind: 'accepted', vendorRequestId: ledger[0]?.requestId })
  expect(ledger.map(({ jti }) => jti)).toEqual(['jti-1'])
})

test('a wrong secret stops the line', async () => {
  const { verdict, ledger } = await eraseOne('joanna@example.com', 'not the secret')
  expect(verdict).toMatchObject({ kind: 'stop the line', cause: { title: 'Kore.ai does not accept the signature' } })
  expect(ledger).toMatchObject([{ tookEffect: false }])
})

test.each([
  ['cut-before-recorded'],
  ['cut-after-recorded'],
  ['cut-mid-body'],
  ['no-answer'],
  ['500-before'],
  ['500-after'],
  ['502-after'],
  ['503-before'],
  ['html-after'],
  ['no-request-id'],
  ['redirect'],
])('%s is an unknown outcome, sent once', async (behaviour) => {
  const { verdict, ledger } = await eraseOne(`sandbox-${behaviour}@example.com`)
  expect(verdict.kind).toBe('outcome unknown')
  expect(ledger).toHaveLength(1)
})

test('an account owner is a rejection', async () => {
  const { verdict } = await eraseOne('sandbox-account-owner-rejected@example.com')
  expect(verdict.kind).toBe('rejected')
})
