/** The judge of a history whose process was killed: what it says, held against what the vendor saw. */
import type { AttemptRow } from '../../../src/shared/model/request.ts'
import type { IdentifierState } from '../../../src/shared/model/state.ts'
import type { LedgerEntry } from '../../../src/sandbox/ledger.ts'
import { ledgerMismatches } from '../ledger.ts'

/** What the vendor saw of a call. */
export type SeenCall = Pick<
  LedgerEntry,
  'sequence' | 'call' | 'jti' | 'verdict' | 'tookEffect' | 'requestId' | 'identifiers' | 'ended'
>

/** What the history says of one call. */
export type JudgedAttempt = Pick<AttemptRow, 'jti' | 'kind' | 'ending'> & Readonly<{ batchId: number | null }>

/** What the history says of one identifier, which `name` alone tells from the others. */
export type JudgedIdentifier = Readonly<{
  name: string
  state: IdentifierState
  /** An operator decided that it be as it is. */
  decided: boolean
  /** Every batch it was in, and the vendor's request id of that batch. */
  batches: readonly Readonly<{ batchId: number; vendorRequestId: string | null }>[]
  /** How often an operator chose to have it sent again. */
  sentAgain: number
}>

export type Judged = Readonly<{
  /** The names of all that were to be sent. */
  submitted: readonly string[]
  ledger: readonly SeenCall[]
  attempts: readonly JudgedAttempt[]
  identifiers: readonly JudgedIdentifier[]
  /** How often an operator chose to send anything again. */
  choices: number
  /** `killed`: as the dead process left it; `finished`: restarted, and nothing is left that happens by itself. */
  moment: 'killed' | 'finished'
}>

/**
 * Compares the vendor's ledger with the history by `jti`. Gives a line for every call without its attempt, every
 * identifier that is lost, every one that was sent twice though nobody chose that, every state and every ending that
 * claims more than the ledger bears out, and every call beyond the vendor's limits. Empty: the history tells the truth.
 *
 * @example expect(compareLedgerWithHistory({ ...readHistory(file), submitted, ledger: sandbox.ledger(), choices: 0, moment: 'finished' })).toEqual([])
 */
export function compareLedgerWithHistory(judged: Judged): readonly string[] {
  return [
    ...ledgerMismatches({ ledgerEntries: judged.ledger, attempts: judged.attempts }),
    ...limitsOverrun(judged),
    ...lost(judged),
    ...judged.identifiers.flatMap((identifier) => [
      ...sentTwice(judged, identifier),
      ...claimsTooMuch(judged, identifier),
    ]),
    ...judged.attempts.flatMap((attempt) => endingClaimsTooMuch(judged, attempt)),
  ]
}

function limitsOverrun({ ledger }: Judged): readonly string[] {
  return ledger
    .filter(({ verdict }) => verdict === 'rate-limited')
    .map(({ sequence }) => `call ${sequence} was beyond the vendor's limits`)
}

const goesOnByItself: readonly IdentifierState[] = ['queued', 'sending', 'accepted']

function lost({ submitted, identifiers, moment }: Judged): readonly string[] {
  const rows = Map.groupBy(identifiers, ({ name }) => name)
  return submitted.flatMap((name) => {
    const found = rows.get(name) ?? []
    if (found.length !== 1) return [`${name} is lost: the history has it ${found.length} times`]
    const state = found[0]?.state ?? 'queued'
    return moment === 'finished' && goesOnByItself.includes(state)
      ? [`${name} is lost: it stays ${state}, and nothing moves it`]
      : []
  })
}

/** Erase calls that carried it and may have counted: those that did, and those whose end the caller cannot know. */
function countingCalls({ ledger, attempts }: Judged, { name, batches }: JudgedIdentifier): readonly SeenCall[] {
  const batchOf = new Map(attempts.map(({ jti, batchId }) => [jti, batchId]))
  const itsBatches = batches.map(({ batchId }) => batchId)
  return ledger.filter((call) => {
    if (call.call !== 'erase') return false
    if (call.tookEffect) return call.identifiers.includes(name)
    const isCutOff = call.verdict === 'receiving' || call.verdict === 'incomplete' || call.verdict === 'fault'
    return isCutOff && itsBatches.includes(batchOf.get(call.jti ?? '') ?? -1)
  })
}

function sentTwice(judged: Judged, identifier: JudgedIdentifier): readonly string[] {
  const { name, batches, sentAgain } = identifier
  const seen = countingCalls(judged, identifier).length
  const itsBatches = batches.map(({ batchId }) => batchId)
  const tried = judged.attempts.filter(
    ({ kind, ending, batchId }) =>
      kind === 'erase' &&
      itsBatches.includes(batchId ?? -1) &&
      (ending === null || ending === 'accepted' || ending === 'outcome unknown'),
  ).length
  return [
    ...(seen > 1 + sentAgain ? [`${name} was sent ${seen} times, and ${sentAgain} times by choice`] : []),
    ...(tried > 1 + sentAgain ? [`${name} was tried ${tried} times in doubt, and ${sentAgain} times by choice`] : []),
    ...(sentAgain > judged.choices ? [`${name} was sent again by a choice that nobody made`] : []),
  ]
}

function claimsTooMuch(judged: Judged, identifier: JudgedIdentifier): readonly string[] {
  const { name, state, decided, batches, sentAgain } = identifier
  const claims = (what: string) => [`${name} claims too much: ${state}, ${what}`]
  const calls = judged.ledger.filter(({ call, identifiers }) => call === 'erase' && identifiers.includes(name))
  const taken = calls.filter(({ tookEffect }) => tookEffect)
  const known = batches.map(({ vendorRequestId }) => vendorRequestId)
  switch (state) {
    case 'erased':
    case 'failed':
      return isAskedAbout(judged, taken) ? [] : claims('though no status call about it was answered')
    case 'unconfirmed':
      return decided || isAskedAbout(judged, taken) ? [] : claims('though nobody said so')
    case 'revoked':
      return claims('though nothing was revoked')
    case 'accepted':
      return taken.some(({ requestId, ended }) => ended === 'answered' && known.includes(requestId))
        ? []
        : claims('though no call with it was answered so')
    case 'refused':
      return calls.some(({ ended, tookEffect }) => ended === 'answered' && !tookEffect)
        ? []
        : claims('though the vendor refused no call with it')
    case 'queued':
    case 'held':
    case 'cancelled':
      return countingCalls(judged, identifier).length > sentAgain ? claims('though it may have arrived') : []
    case 'sending':
    case 'outcome unknown':
      return []
  }
}

/** True where a status call about one of these erasures came after it and was answered. */
function isAskedAbout({ ledger }: Judged, erasures: readonly SeenCall[]): boolean {
  return erasures.some((erasure) =>
    ledger.some(
      ({ call, requestId, sequence, verdict, ended }) =>
        call === 'status' &&
        verdict === 'accepted' &&
        requestId === erasure.requestId &&
        sequence > erasure.sequence &&
        ended === 'answered',
    ),
  )
}

function endingClaimsTooMuch({ ledger }: Judged, { jti, ending }: JudgedAttempt): readonly string[] {
  const call = ledger.find((entry) => entry.jti === jti)
  const claims = (what: string) => [`attempt ${jti} claims too much: ${ending}, ${what}`]
  switch (ending) {
    case null:
    case 'not sent':
    case 'no answer':
    case 'outcome unknown':
      return []
    case 'accepted':
      return call?.tookEffect === true && call.ended === 'answered' ? [] : claims('though the vendor did not say so')
    case 'answered':
    case 'rate limited':
    case 'rejected':
    case 'stopped the line':
    case 'too large':
      return call?.ended === 'answered' && !call.tookEffect ? [] : claims('though the vendor did not answer so')
  }
}
