/** Tests a connection with a signed, harmless call or two inside the budget. */
import { fail, succeed, type Failure, type Result } from '../../../shared/failure.ts'
import type { ConnectionTest } from '../../../shared/model/connection.ts'
import type { AttemptId, ConnectionId, Timestamp } from '../../../shared/model/ids.ts'
import { stoppedWords } from '../send/erase-call.ts'
import { momentOf } from '../send/parts.ts'
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
  VendorCall,
  Vendors,
} from '../ports.ts'
import { beforeFirstByte, sendPrepared, tokenFor } from '../send/signed-call.ts'
import { findVendor, lowerFirst } from '../vendors.ts'

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
  vendors: Vendors
  clock: Clock
  random: Random
}>

/** A call that the journal holds. */
type Reserved = Readonly<{
  kind: 'reserved'
  attemptId: AttemptId
  epoch: Epoch
  jti: string
  connection: ConnectionForCall
  vendor: Vendor
  secret: Result<string>
}>
/** The budget has no room for so many milliseconds. */
type Wait = Readonly<{ kind: 'wait'; milliseconds: number }>

/**
 * Journals the call like every other, makes it, and puts the answer into words; where the connection looks up before it
 * sends, a made-up address is looked up as well, with a call of its own. Fails with `not-the-sender`,
 * `secret-missing`, the keychain's failures, or `wrong-state` where the budget has no room before some moment.
 */
export async function testConnection(
  ports: TestConnectionPorts,
  connectionId: ConnectionId,
): Promise<Result<ConnectionTest>> {
  const reserved = await reserve(ports, connectionId)
  if (!reserved.ok) return reserved
  if (reserved.value.kind === 'wait') return noRoom(reserved.value.milliseconds)
  const { connection, vendor } = reserved.value
  const { report, cure } = await send(ports, reserved.value, vendor.testCall(connection))
  const read = vendor.readTest(report, connection)
  const steps = cure === null ? read.steps : [cure, 'Test again.']
  const test: ConnectionTest = { ...read, steps, at: ports.clock.now() }
  const isWhole = test.verdict !== 'accepted' || !connection.settings.lookUpFirst || vendor.lookUp === undefined
  if (isWhole) return await finish(ports, reserved.value, report, test)

  const next = await reserve(ports, connectionId)
  const isReserved = next.ok && next.value.kind === 'reserved'
  const first = await finish(ports, reserved.value, report, isReserved ? test : withoutLookUp(test, next))
  if (!first.ok || !next.ok || next.value.kind === 'wait') return first
  const { report: lookedUp } = await send(ports, next.value, vendor.lookUp.testCall(connection))
  const found = vendor.lookUp.readTest(lookedUp, connection)
  return await finish(ports, next.value, lookedUp, withLookUp(test, found, ports.clock.now(), lookedUp))
}

/** The test where its look-up could not even be journalled. */
function withoutLookUp(test: ConnectionTest, next: Result<Reserved | Wait>): ConnectionTest {
  const why = !next.ok
    ? next.failure.message
    : next.value.kind === 'wait'
      ? noRoomWords(next.value.milliseconds)
      : 'It was not made.'
  return { ...test, explanation: `${test.explanation} Whether the app may look up was not tested: ${why}` }
}

/** The test with what the look-up of a made-up address shows. What it does not show is said. */
function withLookUp(
  test: ConnectionTest,
  found: Omit<ConnectionTest, 'at'>,
  at: Timestamp,
  report: HttpReport,
): ConnectionTest {
  const lookedUp = !beforeFirstByte(report)
  switch (found.verdict) {
    case 'accepted':
      return { ...test, at, lookedUp, explanation: `${test.explanation} ${found.explanation}` }
    case 'refused':
      return { ...found, at, lookedUp }
    case 'unreachable':
    case 'unclear': {
      const words = `Whether the app may look up is not known: ${found.explanation}`
      return { ...test, at, lookedUp, explanation: `${test.explanation} ${words}` }
    }
  }
}

/** Journals one call, for which the secret is there. */
async function reserve(ports: TestConnectionPorts, connectionId: ConnectionId): Promise<Result<Reserved | Wait>> {
  const { database, clock, random } = ports
  const epoch = ports.epoch()
  if (epoch === null) {
    return fail('not-the-sender', 'Another window of Erasure Desk sends from this history.', {
      kept: 'Nothing was sent.',
      next: 'Test the connection there, or close that window first.',
    })
  }
  const stored = await database().storedConnection(connectionId)
  if (!stored.ok) return stored
  const found = findVendor(ports.vendors, stored.value.connection.vendor)
  if (!found.ok) return found
  const vendor = found.value
  const secret = await readSecret(ports.secrets, vendor, stored.value.secretReference)
  if (!secret.ok) return secret

  const jti = random.uuid()
  const moment = momentOf(clock)
  const reserved = await database().reserveTest({ ...moment, connectionId, epoch, jti })
  if (!reserved.ok) return reserved
  if (reserved.value.kind === 'wait') return succeed({ kind: 'wait', milliseconds: reserved.value.until - moment.now })
  const { attemptId, connection } = reserved.value

  // Saved anew since it was read: the call is made with what is in use now.
  const isCurrent = connection.secretReference === stored.value.secretReference
  const current = isCurrent ? secret : await readSecret(ports.secrets, vendor, connection.secretReference)
  return succeed({ kind: 'reserved', attemptId, epoch, jti, connection, vendor, secret: current })
}

/** What became of a call. `cure`: what the operator can do where it was not even made; null: it was, or nothing can be said. */
type Sent = Readonly<{ report: HttpReport; cure: string | null }>

async function send(
  ports: TestConnectionPorts,
  { connection, vendor, jti, secret }: Reserved,
  call: VendorCall,
): Promise<Sent> {
  const { clock } = ports
  if (!secret.ok) return notMade(clock, secret.failure)
  const token = await tokenFor(ports, vendor, connection, jti, secret.value)
  if (!token.ok) return notMade(clock, token.failure)
  if (!ports.mayLeave()) return notMade(clock, { message: stoppedWords })
  const authorized = vendor.authorize(call, { token: token.value, jti })
  const prepared = { connection, call: authorized, confidential: [token.value, secret.value] }
  const report = await sendPrepared(ports, prepared, maximumBodyBytes, async () => ports.mayLeave())
  const heldBack = beforeFirstByte(report) && !ports.mayLeave()
  return heldBack ? notMade(clock, { message: stoppedWords }) : { report, cure: null }
}

/** Writes how the call ended and what the test shows; gives the test. */
async function finish(
  { database, clock }: TestConnectionPorts,
  { attemptId, epoch }: Reserved,
  report: HttpReport,
  test: ConnectionTest,
): Promise<Result<ConnectionTest>> {
  const { now, steady } = momentOf(clock)
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

function notMade(clock: Clock, { message, next }: Pick<Failure, 'message' | 'next'>): Sent {
  const now = clock.now()
  const trouble = { kind: 'other', words: message } as const
  return { report: { stage: 'none', startedAt: now, endedAt: now, answer: null, trouble }, cure: next ?? null }
}

async function readSecret(secrets: SecretStore, vendor: Vendor, reference: string): Promise<Result<string>> {
  const secret = await secrets.read(reference)
  if (!secret.ok) return secret
  if (secret.value !== null) return succeed(secret.value)
  return fail(
    'secret-missing',
    `The keychain holds no ${lowerFirst(vendor.profile.secret.label)} for this connection.`,
    {
      kept: 'Nothing was sent.',
      next: 'Enter it again, then test.',
      field: 'secret',
    },
  )
}

function noRoomWords(milliseconds: number): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000))
  return `The account’s limit has no room for another call for about ${seconds} s.`
}

function noRoom(milliseconds: number): Result<never> {
  return fail('wrong-state', noRoomWords(milliseconds), {
    kept: 'Nothing was sent.',
    next: 'Test again then.',
    retryable: true,
  })
}
