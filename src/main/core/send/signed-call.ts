/** One signed call: the secret comes from the keychain for it alone, and neither it nor the token comes back. */
import { fail, succeed, type Failure, type Result } from '../../../shared/failure.ts'
import type {
  Clock,
  ConnectionForCall,
  Database,
  Http,
  HttpReport,
  Moment,
  Signer,
  Vendor,
  VendorCall,
} from '../ports.ts'
import { expiryFailure } from '../connections/expiry.ts'
import { lowerFirst } from '../vendors.ts'
import { attempted, momentOf, type CallParts } from './parts.ts'

/** A call ready to leave. It holds the token: it is handed to the Http port and to nothing else. */
export type PreparedCall = Readonly<{
  connection: ConnectionForCall
  call: VendorCall
  confidential: readonly string[]
}>

export const mostBytesOfAnswer = { erase: 262_144, status: 16_777_216, lookUp: 16_777_216 } as const

/** Signs a call with the jti that the journal holds. Fails where the secret is not there or cannot sign. */
export async function prepareCall(
  parts: CallParts,
  vendor: Vendor,
  connection: ConnectionForCall,
  jti: string,
  call: VendorCall,
): Promise<Result<PreparedCall>> {
  const secret = await parts.secrets.read(connection.secretReference)
  if (!secret.ok) return secret
  if (secret.value === null) {
    const label = lowerFirst(vendor.profile.secret.label)
    return fail('secret-missing', `The ${label} of this connection is not in the keychain.`, {
      kept: 'Nothing was sent.',
      next: `Edit the connection and save the ${label} once more.`,
    })
  }
  const token = await tokenFor(parts, vendor, connection, jti, secret.value)
  if (!token.ok) return token
  return succeed({
    connection,
    call: vendor.authorize(call, { token: token.value, jti }),
    confidential: [token.value, secret.value],
  })
}

/** What authorises one call: a token signed for it alone, or the secret where the vendor takes that as it is. */
export async function tokenFor(
  parts: Readonly<{ signer: Signer; clock: Clock }>,
  vendor: Vendor,
  connection: ConnectionForCall,
  jti: string,
  secret: string,
): Promise<Result<string>> {
  const now = parts.clock.now()
  const expired = expiryFailure(vendor.profile, connection.settings, now)
  if (expired !== null) return expired
  if (vendor.authorization === 'the secret itself') return asHeaderText(vendor, secret)
  return await parts.signer.sign({ appId: connection.clientId, jti, now }, connection.settings.signing, secret)
}

/**
 * A secret that stands in a header as it is, without blanks around it. One that no header can hold is refused here: once
 * the call has been begun, its outcome would be in doubt.
 */
function asHeaderText({ profile }: Vendor, secret: string): Result<string> {
  const text = secret.trim()
  if (/^[\x21-\x7e]+$/.test(text)) return succeed(text)
  return fail('invalid-input', `The ${lowerFirst(profile.secret.label)} holds characters that no call can carry.`, {
    kept: 'Nothing was sent.',
    next: `Copy it from ${profile.name} once more, then edit the connection and save it.`,
    field: 'secret',
  })
}

/** A call that has not left, and why: null, since this process may not send; else what the history said. */
export type HeldBack = Readonly<{ heldBack: Failure | null }>

/** What was checked before a call began to connect is checked again where that took longer than this. */
const freshMilliseconds = 500

/**
 * Notes a call on disk and sends it once, unless it may not leave: paused or stopped since it was reserved, also while
 * the connection came about. `onLeave` is called when the call is handed over.
 */
export async function noteAndSend(
  parts: CallParts,
  prepared: PreparedCall,
  maximumBodyBytes: number,
  note: Omit<Parameters<Database['noteCall']>[0], keyof Moment>,
  mayLeave: () => boolean,
  onLeave: () => void,
): Promise<HeldBack | Readonly<{ report: HttpReport }>> {
  const write = async (sentForms: readonly string[]) =>
    await attempted(() => parts.database.noteCall({ ...note, ...momentOf(parts.clock), sentForms }))
  const noted = await write(note.sentForms)
  if (!noted.ok) return { heldBack: noted.failure }
  if (!mayLeave()) return { heldBack: null }
  const since = parts.clock.steady()
  const late: { refusal: HeldBack | null } = { refusal: null }
  const mayStillLeave = async (): Promise<boolean> => {
    if (mayLeave() && parts.clock.steady() - since > freshMilliseconds) {
      const again = await write([])
      if (!again.ok) late.refusal = { heldBack: again.failure }
    }
    if (!mayLeave()) late.refusal ??= { heldBack: null }
    return late.refusal === null
  }
  onLeave()
  const report = await sendPrepared(parts, prepared, maximumBodyBytes, mayStillLeave)
  // Only where the report too says that nothing left was it held back.
  return late.refusal !== null && beforeFirstByte(report) ? late.refusal : { report }
}

/** True where not one byte of the call reached anybody. */
export function beforeFirstByte({ answer, stage }: HttpReport): boolean {
  return answer === null && ['none', 'resolved', 'connected'].includes(stage)
}

/** Sends a prepared call once. The report never holds the token or the secret, even where the vendor echoes them. */
export async function sendPrepared(
  parts: Readonly<{ http: Http; clock: Clock }>,
  prepared: PreparedCall,
  maximumBodyBytes: number,
  mayLeave: () => Promise<boolean>,
): Promise<HttpReport> {
  const { connection, call, confidential } = prepared
  const { callTimeoutMilliseconds: timeoutMilliseconds } = connection.settings
  const startedAt = parts.clock.now()
  try {
    const report = await parts.http.send({ ...call, timeoutMilliseconds, maximumBodyBytes }, undefined, mayLeave)
    return scrubReport(report, confidential)
  } catch {
    // A port that breaks its promise may have sent something: the doubt stays with the call.
    const trouble = { kind: 'other', words: 'The call ended unexpectedly.' } as const
    return { stage: 'first byte', startedAt, endedAt: parts.clock.now(), answer: null, trouble }
  }
}

/** Takes every confidential text out of an answer, as it stands and as JSON writes it. */
export function scrubReport(report: HttpReport, confidential: readonly string[]): HttpReport {
  if (report.answer === null) return report
  const forms = confidential
    .flatMap((text) => [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text), escapeSlashes(text)])
    .filter((text) => text.length >= 4)
    .toSorted((one, other) => other.length - one.length)
  const scrub = (text: string) => forms.reduce((left, form) => left.replaceAll(form, '[removed]'), text)
  const headers = Object.entries(report.answer.headers).map(([name, value]) => [name, scrub(value)] as const)
  return {
    ...report,
    answer: { ...report.answer, body: scrub(report.answer.body), headers: Object.fromEntries(headers) },
  }
}

function escapeSlashes(text: string): string {
  return text.replaceAll('/', String.raw`\/`)
}
