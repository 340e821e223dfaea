/**
 * The vendor's own ids of emails, by its page "Get User Information". Nothing is erased by this call. Of the answer only
 * ids of the form `u-…` are taken, each for the email that the answer itself names.
 */
import { z } from 'zod'
import type { ConnectionTest } from '../../../shared/model/connection.ts'
import type { ConnectionForCall, FoundId, HttpReport, LookUpVerdict, Submitted, VendorCall } from '../../core/ports.ts'
import { clockSkewOf, jsonOf, neverLeft, type Answer } from '../common/answer.ts'
import { causeOfStranger, doubtWords, resume, withoutResume, type Words } from '../common/words.ts'
import { vendorErrorOf, wordsOf } from './answer.ts'
import { namesOfAnswered } from './names.ts'
import { rateLimitOf, refusals, rejections, saysNoAlone } from './parse.ts'
import { causeOfRefusal, dialect, isAboutCredentials, openApp } from './words.ts'

const usersInfoPath = '/api/public/usersInfo'
/** Nobody has an address in this domain (RFC 2606). */
const addressOfTests = 'nobody@erasure-desk.invalid'

const turnOff = 'Or turn off the look-up in the settings of this connection: what is queued then leaves without.'

const vendorIdSchema = z.string().regex(/^u-[\w-]{1,100}$/)
const text = z.string().max(1000).nullish()
/** What stands where an email should and is none names nobody. */
const entrySchema = z.object({
  userInfo: z.object({ emailId: text.catch(''), userId: text.catch(null), status: text.catch(null) }),
})
type Entry = z.infer<typeof entrySchema>['userInfo']
const unreadable: Entry = { emailId: '' }

/** `POST {origin}/api/public/usersInfo` with `emailIds`, each once, and users of every status. */
export function lookUpCall(connection: ConnectionForCall, identifiers: readonly Submitted[]): VendorCall {
  return {
    method: 'POST',
    url: `${connection.origin}${usersInfoPath}`,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ emailIds: [...new Set(identifiers.map(({ value }) => value.trim()))], status: 'all' }),
  }
}

/** Looks up an address that nobody has: signed like every call, and nothing depends on it. */
export function lookUpTestCall(connection: ConnectionForCall): VendorCall {
  return lookUpCall(connection, [{ kind: 'email', value: addressOfTests, channelId: null }])
}

/** What a look-up came to. Where the vendor, or whoever answers for it, refuses it for good, the line stops. */
export function readLookUp(report: HttpReport, identifiers: readonly Submitted[]): LookUpVerdict {
  const { answer, trouble } = report
  if (neverLeft(report)) return { kind: 'not sent', words: doubtWords(report, dialect) }
  if (answer === null || trouble !== null) return { kind: 'no answer', words: doubtWords(report, dialect) }
  if (answer.cut && !saysNoAlone(answer.status)) return { kind: 'no answer', words: doubtWords(report, dialect) }
  const limited = rateLimitOf(answer, report.endedAt)
  if (limited !== null) return limited
  const entries = answer.status >= 200 && answer.status < 300 ? entriesOf(answer) : null
  if (entries !== null) return { kind: 'answer', found: foundIn(entries, identifiers) }
  // An erase call would meet the same stranger, and be in doubt.
  const stranger = causeOfStranger(answer, dialect)
  if (stranger !== null) return { kind: 'stop the line', cause: stranger }
  const error = vendorErrorOf(answer)
  const isRefused = error !== null && answer.status < 500 && isAboutCredentials(error.message)
  if (isRefused || refusals.has(answer.status)) return { kind: 'stop the line', cause: causeOfRefusedLookUp(report) }
  if (answer.status === 413 || (rejections.has(answer.status) && error !== null))
    return { kind: 'rejected', words: wordsOf(answer) ?? `Answered ${answer.status}.` }
  return { kind: 'no answer', words: wordsOfNoAnswer(report, answer) }
}

/** What the look-up of a made-up address shows of the scope; `unclear` where it shows nothing. */
export function readLookUpTest(report: HttpReport, connection: ConnectionForCall): Omit<ConnectionTest, 'at'> {
  const facts = { httpStatus: report.answer?.status ?? null, clockSkewMilliseconds: clockSkewOf(report) }
  const verdict = readLookUp(report, [])
  switch (verdict.kind) {
    case 'answer':
    case 'rejected':
      return { ...facts, ...acceptedWords, verdict: 'accepted' }
    case 'stop the line':
      return { ...facts, ...withoutResume(causeOfRefusedLookUp(report, connection.origin)), verdict: 'refused' }
    case 'rate limited':
    case 'not sent':
    case 'no answer': {
      const words = verdict.words ?? 'the account’s limit is reached.'
      return { ...facts, title: 'Not looked up', explanation: words, steps: [], vendorWords: null, verdict: 'unclear' }
    }
  }
}

/** A status answer names such an id as it stands. */
export function namesOfLookedUp(vendorId: string): readonly string[] {
  return namesOfAnswered(vendorId)
}

const acceptedWords: Words = {
  title: 'Looking up accepted',
  explanation: 'It took the look-up of a made-up address as well.',
  steps: [],
  vendorWords: null,
}

/** Users of an answer; null for a body of another shape. The page shows a list; one alone is taken too. */
function entriesOf(answer: Answer): readonly Entry[] | null {
  const body = jsonOf(answer)
  const list = Array.isArray(body) ? (body as readonly unknown[]) : [body]
  const entries = list.map((one) => {
    const read = entrySchema.safeParse(one)
    return read.success ? read.data.userInfo : unreadable
  })
  return list.length > 0 && entries.every((entry) => entry === unreadable) ? null : entries
}

/**
 * An id belongs to the email that its entry names, in any letter case; one without an email only where nobody else was
 * asked about and nobody else is in the answer. An email to which the answer gives two ids has none.
 */
function foundIn(entries: readonly Entry[], identifiers: readonly Submitted[]): readonly FoundId[] {
  const emails = identifiers.map(({ value }) => foldEmail(value))
  const onlyEmail = new Set(emails).size === 1 && entries.length === 1 ? emails[0] : undefined
  const idsByEmail = new Map<string, Set<string>>()
  for (const { emailId, userId, status } of entries) {
    const email = emailId === undefined || emailId === null ? onlyEmail : foldEmail(emailId)
    const vendorId = vendorIdSchema.safeParse(userId)
    if (email === undefined || !vendorId.success || status?.toLowerCase() === 'failure') continue
    idsByEmail.set(email, (idsByEmail.get(email) ?? new Set()).add(vendorId.data))
  }
  return emails.flatMap((email, index) => {
    const [vendorId, ...others] = idsByEmail.get(email) ?? []
    return vendorId === undefined || others.length > 0 ? [] : [{ index, vendorId }]
  })
}

function foldEmail(email: string): string {
  return email.trim().toLowerCase()
}

/** Why the vendor does not let a look-up in. Its scope is another one than that of the erase calls. */
function causeOfRefusedLookUp(report: HttpReport, origin: string | null = null): Words {
  const { answer } = report
  const message = answer === null ? null : (vendorErrorOf(answer)?.message ?? null)
  const vendorWords = answer === null ? null : wordsOf(answer)
  if (message !== null && /scope|permission/i.test(message))
    return {
      title: 'The app may not look up users',
      explanation:
        'This connection asks for the vendor’s own id of every email before it is erased. The app lacks the scope for that call; erase calls need another one.',
      steps: [openApp, 'Tick User Management → User Management and save.', turnOff, resume],
      vendorWords,
    }
  if (answer !== null && (answer.status === 404 || answer.status === 405))
    return {
      title: 'The host does not know the look-up',
      explanation: `The host answered the look-up of users with ${answer.status}. Older hosts of the vendor’s, and proxies before it, may not have this call.`,
      steps: ['Open the origin in a browser on this machine and see who answers.', turnOff, resume],
      vendorWords,
    }
  return causeOfRefusal(report, origin)
}

function wordsOfNoAnswer(report: HttpReport, answer: Answer): string {
  const isSuccess = answer.status >= 200 && answer.status < 300
  return isSuccess ? `Answered ${answer.status}, but not with users.` : doubtWords(report, dialect)
}
