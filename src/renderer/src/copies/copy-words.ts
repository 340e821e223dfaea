/** How a copy of people's data is spoken of on screen. */
import type { RetrievalRow, RetrievalStatus } from '../../../shared/model/retrieval.ts'
import type { Scope } from '../../../shared/model/scope.ts'
import type { IdentifierState } from '../../../shared/model/state.ts'
import type { VendorProfile } from '../../../shared/model/vendor.ts'
import { countOf, formatBytes, formatRelative, formatStamp } from '../ui/index.ts'

type Capability = NonNullable<VendorProfile['retrieval']>
export type Disclosure = Capability['disclosures'][number]

/** Words for a status, with the mark of an identifier's state that says the same; null: a neutral one. */
export const statusLooks: Readonly<Record<RetrievalStatus, Readonly<{ words: string; mark: IdentifierState | null }>>> =
  {
    queued: { words: 'queued', mark: 'queued' },
    sending: { words: 'being asked for', mark: 'sending' },
    accepted: { words: 'being made', mark: 'accepted' },
    ready: { words: 'ready', mark: null },
    failed: { words: 'failed', mark: 'failed' },
    'outcome unknown': { words: 'outcome unknown', mark: 'outcome unknown' },
    left: { words: 'left', mark: 'cancelled' },
  }

/** What may be chosen for a copy of a request with this scope; null: nothing. */
export function disclosureOf(capability: Capability, scope: Scope | null): Disclosure | null {
  if (scope?.kind !== 'choice') return null
  return capability.disclosures.find((one) => one.scope === scope.value) ?? null
}

/** What is known of the link of a copy. */
export function linkWords(row: RetrievalRow, now: number): string {
  if (row.status !== 'ready') return '—'
  if (row.linkRefusedAt !== null) return `refused ${formatRelative(row.linkRefusedAt, now)}`
  if (row.linkExpiresAt === null) return 'end not said'
  return row.linkExpiresAt <= now ? 'over' : `until ${formatStamp(row.linkExpiresAt)}`
}

/** What was done with the file, or how far it is. */
export function fileWords(row: RetrievalRow, now: number): string {
  if (row.saving !== null) return `saving: ${progressWords(row.saving)}`
  if (row.used === null) return '—'
  const verb = row.used.how === 'saved' ? 'saved' : 'opened in the browser'
  return `${verb} ${formatRelative(row.used.at, now)}`
}

/** "1.2 MB of 3.4 MB", or what is here where nobody says how much there is. */
export function progressWords({ bytes, total }: NonNullable<RetrievalRow['saving']>): string {
  return total === null ? formatBytes(bytes) : `${formatBytes(bytes)} of ${formatBytes(total)}`
}

/** That nobody knows whether so many copies were asked for, and what is to be decided. */
export function doubtWords(copies: number): Readonly<{ title: string; words: string }> {
  const [it, call, was] = copies === 1 ? ['it', 'call', 'was'] : ['them', 'calls', 'were']
  return {
    title: `Nobody knows whether ${countOf(copies, 'copy', 'copies')} of these people’s data ${was} asked for`,
    words: `The ${call} may have arrived all the same: the vendor may or may not make ${it}. Nothing is asked for again by itself. Decide: ask again, which may make a second, or leave ${it}. Nobody is erased by either.`,
  }
}
