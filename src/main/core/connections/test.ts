/** Tests a connection with one signed, harmless call inside the budget. */
import { fail, succeed, type Result } from '../../../shared/failure.ts'
import type { ConnectionTest, VendorId } from '../../../shared/model/connection.ts'
import type { ConnectionId } from '../../../shared/model/ids.ts'
import { stoppedWords } from '../send/erase-call.ts'
import { momentOf } from '../send/parts.ts'
import { beforeFirstByte } from '../send/signed-call.ts'
import type {
  Clock,
  ConnectionForCall,
  Database,
  Epoch,
  Http,
  HttpReport,
  Random,
  SecretStore,
  Signer,
  Vendor,
} from '../ports.ts'

/** A status answer is small; anything longer is not one. */
const maximumBodyBytes = 1024 * 1024

export type TestConnectionPorts = Readonly<{
  database: () => Database
  /** The sender's epoch; null where this process does not send. */
  epoch: () => Epoch | null
  /** Asked at the last moment before the first byte: false, and the call does not leave. */
  mayLeave: () => boolean
  http: Http
  secrets: SecretStore
  signer: Signer
  vendors: Readonly<Record<VendorId, Vendor>>
  clock: Clock
  random: Random
}>

/**
 * Journals the call like every other, makes it, and puts the answer into words. Fails with `not-the-sender`,
 * `secret-missing`, the keychain's failures, or `wrong-state` where the budget has no room before some moment.
 */
export async function testConnection(
  ports: TestConnectionPorts,
  connectionId: ConnectionId,
): Promise<Result<ConnectionTest>> {
  const { database, clock, random, vendors } = ports
  const epoch = ports.epoch()
  if (epoch === null) {
    return fail('not-the-sender', 'Another window of Erasure Desk sends from this history.', {
      kept: 'Nothing was sent.',
      next: 'Test the connection there, or close that window first.',
    })
  }
  const stored = await database().storedConnection(connectionId)
  if (!stored.ok) return stored
  const secret = await readSecret(ports.secrets, stored.value.secretReference)
  if (!secret.ok) return secret

  const jti = random.uuid()
  const moment = momentOf(clock)
  const reserved = await database().reserveTest({ ...moment, connectionId, epoch, jti })
  if (!reserved.ok) return reserved
  if (reserved.value.kind === 'wait') return noRoom(reserved.value.until - moment.now)
  const { attemptId, connection } = reserved.value
  const vendor = vendors[connection.vendor]

  // Saved anew since it was read: the call is made with what is in use now.
  const isCurrent = connection.secretReference === stored.value.secretReference
  const current = isCurrent ? secret : await readSecret(ports.secrets, connection.secretReference)
  const report = current.ok
    ? await call(ports, vendor, connection, jti, current.value)
    : notMade(clock, current.failure.message)
  const { now, steady } = momentOf(clock)
  const test: ConnectionTest = { ...vendor.readTest(report, connection), at: now }
  const finished = await database().finishTest(
    {
      attemptId,
      epoch,
      endedAt: now,
      steady,
      stage: report.stage,
      ending: report.answer !== null ? 'answered' : beforeFirstByte(report) ? 'not sent' : 'no answer',
      httpStatus: report.answer?.status ?? null,
      vendorWords: test.vendorWords,
      neverCounted: beforeFirstByte(report),
    },
    test,
  )
  return finished.ok ? succeed(test) : finished
}

async function call(
  ports: TestConnectionPorts,
  vendor: Vendor,
  connection: ConnectionForCall,
  jti: string,
  secret: string,
): Promise<HttpReport> {
  const { signer, http, clock } = ports
  const now = clock.now()
  const token = await signer.sign({ appId: connection.clientId, jti, now }, connection.settings.signing, secret)
  if (!token.ok) return notMade(clock, token.failure.message)
  if (!ports.mayLeave()) return notMade(clock, stoppedWords)
  const report = await http.send(
    {
      ...vendor.withToken(vendor.testCall(connection), token.value),
      timeoutMilliseconds: connection.settings.callTimeoutMilliseconds,
      maximumBodyBytes,
    },
    undefined,
    async () => ports.mayLeave(),
  )
  return beforeFirstByte(report) && !ports.mayLeave() ? notMade(clock, stoppedWords) : report
}

function notMade(clock: Clock, words: string): HttpReport {
  const now = clock.now()
  return { stage: 'none', startedAt: now, endedAt: now, answer: null, trouble: { kind: 'other', words } }
}

async function readSecret(secrets: SecretStore, reference: string): Promise<Result<string>> {
  const secret = await secrets.read(reference)
  if (!secret.ok) return secret
  if (secret.value !== null) return succeed(secret.value)
  return fail('secret-missing', 'The keychain holds no client secret for this connection.', {
    kept: 'Nothing was sent.',
    next: 'Enter the secret again, then test.',
    field: 'secret',
  })
}

function noRoom(milliseconds: number): Result<never> {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000))
  return fail('wrong-state', `The account’s limit has no room for another call for about ${seconds} s.`, {
    kept: 'Nothing was sent.',
    next: 'Test again then.',
    retryable: true,
  })
}
