import { createHash } from 'node:crypto'
import { findBehaviours, type Behaviour, type Effect, type NamedAs } from '../behaviours.ts'
import type { InProgressStyle, SandboxConfig } from '../config.ts'
import type { UserIdEntry } from '../ledger.ts'

/** One erase call that took effect. Times are epoch milliseconds. */
export type Erasure = {
  readonly requestId: string
  readonly accountId: string
  readonly recordedAt: number
  /** Its place among all recorded calls, from 0. */
  readonly ordinal: number
  readonly entries: readonly UserIdEntry[]
  readonly removeDataFromAllBots: boolean
}

/** The documented answer of the status call; `response` may be missing or null while the request is under way. */
export type StatusAnswer = {
  readonly _id: string
  readonly createdOn: string
  readonly lastUpdatedOn: string
  readonly RemoveDataFromAllBots: boolean
  readonly response?: readonly { readonly userId: UserIdEntry; readonly status?: string }[] | null
}

type Processing = SandboxConfig['processing']
type Naming = Pick<SandboxConfig, 'processing' | 'pairNaming'>
type NamedEntry = { readonly userId: UserIdEntry; readonly status: string; readonly doneAt: number }
type NamingEffect = Extract<Effect, { at: 'naming' }>

/** Every text an entry is made of: itself, or both halves of a channel pair. */
function textsOf(entry: UserIdEntry): readonly string[] {
  return typeof entry === 'string' ? [entry] : [entry.channel_id, entry.channel_user_id]
}

/** The behaviours an entry asks for, in the table's order. */
export function behavioursOf(entry: UserIdEntry): readonly Behaviour[] {
  return textsOf(entry).flatMap(findBehaviours)
}

/** The `u-…` id under which the vendor knows an entry; always the same one. Letter case of an email does not matter. */
export function vendorUserId(entry: UserIdEntry): string {
  const [first = '', ...rest] = textsOf(entry)
  const text = first.includes('@') ? first.toLowerCase() : [first, ...rest].join('\n')
  return `u-${nameBasedUuid(text)}`
}

/** When every identifier is done, those that are late apart. */
export function settledAt(erasure: Erasure, processing: Processing): number {
  return doneAt(erasure, erasure.entries.length, processing)
}

/**
 * What the status call says at `now`. Shape: the vendor's page "Delete Customer Data Status". The page shows finished
 * requests only, so the looks of an unfinished one are chosen by configuration; none of them marks the end.
 *
 * @param asked how often this request's status was answered before
 */
export function statusAnswer(erasure: Erasure, asked: number, now: number, naming: Naming): StatusAnswer {
  const { processing } = naming
  const all = namedEntries(erasure, naming)
  const done = all.filter((entry) => entry.doneAt <= now)
  const head = {
    _id: erasure.requestId,
    createdOn: new Date(erasure.recordedAt).toISOString(),
    lastUpdatedOn: new Date(done.at(-1)?.doneAt ?? erasure.recordedAt).toISOString(),
    RemoveDataFromAllBots: erasure.removeDataFromAllBots,
  }
  const finals = done.map(({ userId, status }) => ({ userId, status }))
  const settled = settledAt(erasure, processing)
  if (now >= settled) return { ...head, response: finals }

  const style = inProgressStyle(
    erasure.ordinal + (processing.inProgressChosen === 'per-answer' ? asked : 0),
    processing,
  )
  const unfinished = all.filter(({ doneAt: at }) => at > now && at <= settled).map(({ userId }) => userId)
  switch (style) {
    case 'response-missing':
      return head
    case 'response-null':
      return { ...head, response: null }
    case 'response-empty':
      return { ...head, response: [] }
    case 'partial-list':
      return { ...head, response: finals }
    case 'status-missing':
      return { ...head, response: [...finals, ...unfinished.map((userId) => ({ userId }))] }
    case 'status-empty':
      return { ...head, response: [...finals, ...unfinished.map((userId) => ({ userId, status: '' }))] }
    case 'status-in-progress':
      return { ...head, response: [...finals, ...unfinished.map((userId) => ({ userId, status: 'IN_PROGRESS' }))] }
    case 'status-pending':
      return { ...head, response: [...finals, ...unfinished.map((userId) => ({ userId, status: 'PENDING' }))] }
    default:
      return style satisfies never
  }
}

function inProgressStyle(turn: number, { inProgress }: Processing): InProgressStyle {
  return inProgress[turn % inProgress.length] ?? 'response-empty'
}

/** Everybody the finished answer names, in the order in which they are done. An entry sent twice is named once. */
function namedEntries(erasure: Erasure, { processing, pairNaming }: Naming): readonly NamedEntry[] {
  const distinct = new Map(erasure.entries.map((entry) => [JSON.stringify(entry), entry]))
  return [...distinct.values()]
    .flatMap((entry, index) => {
      const effect = behavioursOf(entry)
        .map((behaviour) => behaviour.effect)
        .find(isNaming)
      const usual = doneAt(erasure, index + 1, processing)
      const names = effect?.names ?? [{ as: 'itself' as const, status: 'SUCCESS' }]
      return names.map(({ as, status }) => ({
        userId: nameOf(entry, as, pairNaming),
        status,
        doneAt: effect?.late === true ? settledAt(erasure, processing) + processing.lateMilliseconds : usual,
      }))
    })
    .toSorted((one, other) => one.doneAt - other.doneAt)
}

function doneAt(erasure: Erasure, count: number, processing: Processing): number {
  return erasure.recordedAt + processing.batchMilliseconds + count * processing.perIdentifierMilliseconds
}

function isNaming(effect: Effect): effect is NamingEffect {
  return effect.at === 'naming'
}

function nameOf(entry: UserIdEntry, as: NamedAs, pairNaming: SandboxConfig['pairNaming']): UserIdEntry {
  if (as === 'u-id') return vendorUserId(entry)
  if (as === 'stranger') return `u-${nameBasedUuid(`stranger beside ${textsOf(entry).join('\n')}`)}`
  if (typeof entry === 'string' || pairNaming === 'as-sent') return entry
  return pairNaming === 'slash' ? textsOf(entry).join('/') : entry.channel_user_id
}

/** A version 5 UUID (RFC 9562) in an all-zero name space, the kind of UUID the vendor's samples show. */
function nameBasedUuid(name: string): string {
  const bytes = createHash('sha1').update(Buffer.alloc(16)).update(name).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
