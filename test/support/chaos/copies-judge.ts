/** The judge of copies of people's data in a history whose process was killed, held against what the vendor saw. */
import type { AttemptRow } from '../../../src/shared/model/request.ts'
import type { RetrievalStatus } from '../../../src/shared/model/retrieval.ts'
import type { LedgerEntry } from '../../../src/sandbox/ledger.ts'
import type { Judged } from './judge.ts'

/** What the vendor saw of a call. */
export type SeenCopyCall = Pick<
  LedgerEntry,
  'sequence' | 'call' | 'jti' | 'verdict' | 'tookEffect' | 'requestId' | 'identifiers' | 'ended' | 'taskStatus'
>

/** What the history says of one copy. */
export type JudgedCopy = Readonly<{
  id: number
  status: RetrievalStatus | 'preparing'
  vendorRequestId: string | null
  /** An operator chose to ask for it in place of another. */
  isAgain: boolean
  /** An operator chose to ask for another in its place. */
  wasAskedAgain: boolean
  /** The values of its identifiers. */
  names: readonly string[]
  attempts: readonly Pick<AttemptRow, 'jti' | 'kind' | 'ending'>[]
}>

/**
 * Gives a line for every copy that was asked for twice though nobody chose that, that holds others than it was asked for,
 * that is lost, or whose state claims more than the ledger bears out. Empty: the history tells the truth.
 */
export function compareLedgerWithCopies(
  copies: readonly JudgedCopy[],
  ledger: readonly SeenCopyCall[],
  moment: Judged['moment'],
): readonly string[] {
  const byJti = new Map(ledger.map((call) => [call.jti, call]))
  return [
    ...copies.flatMap((copy) => {
      const asks = copy.attempts.filter(({ kind }) => kind === 'retrieve')
      const seen = asks.flatMap(({ jti }) => byJti.get(jti) ?? [])
      return [
        ...askedTwice(copy, asks, seen),
        ...ofOthers(copy, seen),
        ...lost(copy, moment),
        ...claimsTooMuch(copy, seen, ledger),
      ]
    }),
    ...madeTwice(copies, ledger),
  ]
}

/** A call that may have made a copy: one that did, or one that nobody read to its end. */
function mayCount({ tookEffect, verdict }: SeenCopyCall): boolean {
  return tookEffect || verdict === 'receiving' || verdict === 'incomplete'
}

function askedTwice(
  { id }: JudgedCopy,
  asks: JudgedCopy['attempts'],
  seen: readonly SeenCopyCall[],
): readonly string[] {
  const tried = asks.filter(({ ending }) => ending === null || ending === 'accepted' || ending === 'outcome unknown')
  const arrived = seen.filter(mayCount)
  return [
    ...(tried.length > 1 ? [`copy ${id} was asked for ${tried.length} times in doubt`] : []),
    ...(arrived.length > 1 ? [`copy ${id} was asked for ${arrived.length} times`] : []),
  ]
}

function ofOthers({ id, names }: JudgedCopy, seen: readonly SeenCopyCall[]): readonly string[] {
  return seen
    .filter(({ verdict }) => verdict !== 'receiving' && verdict !== 'incomplete')
    .flatMap(({ sequence, identifiers }) => {
      const asked = identifiers.map((name) => (typeof name === 'string' ? name : JSON.stringify(name)))
      return asked.join('\n') === names.join('\n') ? [] : [`call ${sequence} asked for others than copy ${id} is of`]
    })
}

const goesOnByItself: readonly JudgedCopy['status'][] = ['preparing', 'queued', 'sending', 'accepted']

function lost({ id, status }: JudgedCopy, moment: Judged['moment']): readonly string[] {
  return moment === 'finished' && goesOnByItself.includes(status)
    ? [`copy ${id} is lost: it stays ${status}, and nothing moves it`]
    : []
}

function claimsTooMuch(
  { id, status, vendorRequestId, wasAskedAgain }: JudgedCopy,
  seen: readonly SeenCopyCall[],
  ledger: readonly SeenCopyCall[],
): readonly string[] {
  const claims = (what: string) => [`copy ${id} claims too much: ${status}, ${what}`]
  const isAccepted = seen.some(
    ({ tookEffect, ended, requestId }) => tookEffect && ended === 'answered' && requestId === vendorRequestId,
  )
  const answered = (...statuses: readonly string[]) =>
    ledger.some(
      ({ call, ended, requestId, taskStatus }) =>
        call === 'retrieval-status' &&
        ended === 'answered' &&
        requestId === vendorRequestId &&
        statuses.includes(taskStatus ?? ''),
    )
  switch (status) {
    case 'preparing':
    case 'queued':
      return seen.some(mayCount) ? claims('though the vendor may have been asked for it') : []
    case 'accepted':
      return isAccepted ? [] : claims('though no call for it was answered so')
    case 'ready':
      return isAccepted && answered('SUCCESS') ? [] : claims('though no status call about it was answered so')
    case 'failed':
      return answered('FAILURE', 'REVOKED', 'NOT_FOUND') ? [] : claims('though the vendor did not say so')
    case 'left':
      return wasAskedAgain ? [] : claims('though nobody chose that')
    case 'sending':
    case 'outcome unknown':
      return []
  }
}

/** Whom the vendor made more copies of than an operator chose. */
function madeTwice(copies: readonly JudgedCopy[], ledger: readonly SeenCopyCall[]): readonly string[] {
  const made = ledger
    .filter(({ call, tookEffect }) => call === 'retrieve' && tookEffect)
    .flatMap(({ identifiers }) => identifiers.map(String))
  return [...Map.groupBy(made, (name) => name)].flatMap(([name, all]) => {
    const chosen = copies.filter(({ isAgain, names }) => isAgain && names.includes(name)).length
    return all.length > 1 + chosen
      ? [`${name} was copied ${all.length} times, and ${chosen} times again by choice`]
      : []
  })
}
