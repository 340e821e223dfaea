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
  /** Every batch it was in, the vendor's request id of that batch, and whether that is a task of somebody else's. */
  batches: readonly Readonly<{ batchId: number; vendorRequestId: string | null; adopted?: boolean }>[]
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
  /** Everybody is to be looked up before they are erased; absent: nobody is. */
  lookUpFirst?: boolean
}>

/**
 * Compares the vendor's ledger with the history by `jti`. Gives a line for every call without its attempt, every
 * identifier that is lost, every one that was sent twice though nobody chose that, every state and every ending that
 * claims more than the ledger bears out, everybody sent without the look-up that was to come first, and every call beyond
 * the vendor's limits. Empty: the history tells the truth.
 *
 * @example expect(compareLedgerWithHistory({ ...readHistory(file), submitted, ledger: sandbox.ledger(), choices: 0, moment: 'finished' })).toEqual([])
 */
export function compareLedgerWithHistory(judged: Judged): readonly string[] {
  const known = knowledgeOf(judged)
  return [
    ...ledgerMismatches({ ledgerEntries: judged.ledger, attempts: judged.attempts }),
    ...limitsOverrun(judged),
    ...lost(judged),
    ...notLookedUp(judged),
    ...judged.identifiers.flatMap((identifier) => [
      ...sentTwice(judged, known, identifier),
      ...claimsTooMuch(known, identifier),
    ]),
    ...judged.attempts.flatMap((attempt) => endingClaimsTooMuch(known, attempt)),
  ]
}

/** What the ledger bears out, by what it is asked for. */
type Knowledge = Readonly<{
  byJti: ReadonlyMap<string | null, SeenCall>
  /** Erase calls that named an identifier, read to their end. */
  byName: ReadonlyMap<string, readonly SeenCall[]>
  /** Erase calls that were cut off, by the batch that they are known to have carried. */
  cutOffByBatch: ReadonlyMap<number | null, readonly SeenCall[]>
  /** Erase calls of a batch that may have counted, as far as the history can know. */
  triedByBatch: ReadonlyMap<number | null, readonly JudgedAttempt[]>
  /** Answered status calls by the request id they asked about. */
  answersByRequest: ReadonlyMap<string | null, readonly SeenCall[]>
  /** Requests that a call has taken back. */
  takenBack: ReadonlySet<string | null>
}>

function knowledgeOf({ ledger, attempts }: Judged): Knowledge {
  const batchOf = new Map(attempts.map(({ jti, batchId }) => [jti, batchId]))
  const erases = ledger.filter(({ call }) => call === 'erase')
  const named = erases.flatMap((call) => call.identifiers.map((name) => ({ name: asName(name), call })))
  const cutOff = erases.filter(
    ({ verdict, tookEffect }) =>
      !tookEffect && (verdict === 'receiving' || verdict === 'incomplete' || verdict === 'fault'),
  )
  return {
    byJti: new Map(ledger.map((call) => [call.jti, call])),
    byName: new Map(
      [...Map.groupBy(named, ({ name }) => name)].map(([name, all]) => [name, all.map(({ call }) => call)]),
    ),
    cutOffByBatch: Map.groupBy(cutOff, ({ jti }) => batchOf.get(jti ?? '') ?? null),
    triedByBatch: Map.groupBy(
      attempts.filter(
        ({ kind, ending }) =>
          kind === 'erase' && (ending === null || ending === 'accepted' || ending === 'outcome unknown'),
      ),
      ({ batchId }) => batchId,
    ),
    answersByRequest: Map.groupBy(
      ledger.filter(({ call, verdict, ended }) => call === 'status' && verdict === 'accepted' && ended === 'answered'),
      ({ requestId }) => requestId,
    ),
    takenBack: new Set(
      ledger.filter(({ call, tookEffect }) => call === 'cancel' && tookEffect).map(({ requestId }) => requestId),
    ),
  }
}

/** Erase calls with somebody whose look-up was not answered before. */
function notLookedUp({ ledger, lookUpFirst }: Judged): readonly string[] {
  if (lookUpFirst !== true) return []
  const answered = ledger.filter(
    ({ call, verdict, ended }) => call === 'users-info' && verdict === 'accepted' && ended === 'answered',
  )
  return ledger
    .filter(({ call }) => call === 'erase')
    .flatMap(({ sequence, identifiers }) => {
      const before = answered.filter((lookUp) => lookUp.sequence < sequence).flatMap((lookUp) => lookUp.identifiers)
      return identifiers
        .filter((name) => !before.includes(name))
        .map((name) => `${asName(name)} was sent in call ${sequence} without being looked up`)
    })
}

function asName(entry: SeenCall['identifiers'][number]): string {
  return typeof entry === 'string' ? entry : JSON.stringify(entry)
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
function countingCalls(known: Knowledge, { name, batches }: JudgedIdentifier): number {
  const taken = (known.byName.get(name) ?? []).filter(({ tookEffect }) => tookEffect)
  const cutOff = batches.flatMap(({ batchId }) => known.cutOffByBatch.get(batchId) ?? [])
  return taken.length + cutOff.length
}

function sentTwice({ choices }: Judged, known: Knowledge, identifier: JudgedIdentifier): readonly string[] {
  const { name, batches, sentAgain } = identifier
  const seen = countingCalls(known, identifier)
  const tried = batches.flatMap(({ batchId }) => known.triedByBatch.get(batchId) ?? []).length
  return [
    ...(seen > 1 + sentAgain ? [`${name} was sent ${seen} times, and ${sentAgain} times by choice`] : []),
    ...(tried > 1 + sentAgain ? [`${name} was tried ${tried} times in doubt, and ${sentAgain} times by choice`] : []),
    ...(sentAgain > choices ? [`${name} was sent again by a choice that nobody made`] : []),
  ]
}

function claimsTooMuch(known: Knowledge, identifier: JudgedIdentifier): readonly string[] {
  const { name, state, decided, batches, sentAgain } = identifier
  const claims = (what: string) => [`${name} claims too much: ${state}, ${what}`]
  const calls = known.byName.get(name) ?? []
  const taken = calls.filter(({ tookEffect }) => tookEffect)
  const followed = batches.filter(({ adopted }) => adopted === true)
  const isAskedAbout =
    taken.some((erasure) =>
      (known.answersByRequest.get(erasure.requestId) ?? []).some(({ sequence }) => sequence > erasure.sequence),
    ) || followed.some(({ vendorRequestId }) => known.answersByRequest.has(vendorRequestId))
  const vendorRequestIds = batches.map(({ vendorRequestId }) => vendorRequestId)
  switch (state) {
    case 'erased':
    case 'failed':
      return isAskedAbout ? [] : claims('though no status call about it was answered')
    case 'unconfirmed':
      return decided || isAskedAbout ? [] : claims('though nobody said so')
    case 'revoked':
      return vendorRequestIds.some((requestId) => known.takenBack.has(requestId))
        ? []
        : claims('though nothing was revoked')
    case 'accepted':
      return isInConflict(calls, followed.length) ||
        taken.some(({ requestId, ended }) => ended === 'answered' && vendorRequestIds.includes(requestId))
        ? []
        : claims('though no call with it was answered so')
    case 'refused':
      return calls.some(({ ended, tookEffect }) => ended === 'answered' && !tookEffect)
        ? []
        : claims('though the vendor refused no call with it')
    case 'queued':
    case 'held':
    case 'cancelled':
      return countingCalls(known, identifier) > sentAgain ? claims('though it may have arrived') : []
    case 'sending':
    case 'outcome unknown':
      return []
  }
}

/** It was in a call that was answered with a conflict, and follows the task of somebody else since. */
function isInConflict(calls: readonly SeenCall[], followed: number): boolean {
  return followed > 0 && calls.some(({ verdict, ended }) => verdict === 'conflict' && ended === 'answered')
}

function endingClaimsTooMuch({ byJti }: Knowledge, { jti, kind, ending }: JudgedAttempt): readonly string[] {
  const call = byJti.get(jti)
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
      return call?.ended === 'answered' && (kind === 'cancel' || !call.tookEffect)
        ? []
        : claims('though the vendor did not answer so')
    case 'rate limited':
    case 'rejected':
    case 'stopped the line':
    case 'too large':
      return call?.ended === 'answered' && !call.tookEffect ? [] : claims('though the vendor did not answer so')
  }
}
