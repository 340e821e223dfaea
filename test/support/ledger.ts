/** The judge of every test that sends: the vendor's own list of calls, held against the journal. */
import assert from 'node:assert/strict'
import type { AttemptRow } from '../../src/shared/model/request.ts'
import type { LedgerEntry } from '../../src/sandbox/ledger.ts'

type JudgedEntry = Pick<LedgerEntry, 'sequence' | 'call' | 'jti'>
type JudgedAttempt = Pick<AttemptRow, 'jti' | 'kind' | 'ending'>
type Judged = Readonly<{ ledgerEntries: readonly JudgedEntry[]; attempts: readonly JudgedAttempt[] }>

/** The vendor's calls that each kind of attempt makes; a test makes one of the status call, and may look up as well. */
const callsOf: Readonly<Record<AttemptRow['kind'], readonly LedgerEntry['call'][]>> = {
  erase: ['erase'],
  status: ['status'],
  test: ['status', 'users-info'],
  'look-up': ['users-info'],
  cancel: ['cancel'],
  retrieve: ['retrieve'],
  'retrieval status': ['retrieval-status'],
}

/**
 * Every call in the ledger matches exactly one attempt by its token id and is of the same kind, and no attempt recorded
 * as never sent is in it. Throws an AssertionError that lists what does not match.
 *
 * @example expectLedgerMatches({ ledgerEntries: sandbox.ledger(), attempts: rows })
 */
export function expectLedgerMatches(judged: Judged): void {
  assert.deepEqual(ledgerMismatches(judged), [], 'The ledger and the journal do not match')
}

/** The same as a list: a line for every call that does not match, empty where all do. */
export function ledgerMismatches({ ledgerEntries, attempts }: Judged): readonly string[] {
  return ledgerEntries.flatMap((entry) => {
    // A copy's link is followed like any link: without credentials, and without a place in the limits.
    if (entry.call === 'download')
      return entry.jti === null ? [] : [`call ${entry.sequence} follows a link with a token`]
    const matching = attempts.filter(({ jti }) => jti === entry.jti)
    const sameToken = ledgerEntries.filter(({ jti }) => jti === entry.jti)
    const says = (words: string) => [`call ${entry.sequence} (${entry.call}, ${entry.jti ?? 'no token id'}) ${words}`]
    if (matching.length !== 1) return says(`matches ${matching.length} attempts`)
    if (sameToken.length !== 1) return says(`has a token that ${sameToken.length} calls bear`)
    const [attempt] = matching
    if (attempt?.ending === 'not sent') return says('is recorded as never sent')
    return attempt !== undefined && callsOf[attempt.kind].includes(entry.call)
      ? []
      : says(`is recorded as ${attempt?.kind}`)
  })
}
