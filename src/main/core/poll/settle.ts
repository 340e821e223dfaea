/**
 * What a status answer settles: a pure function of what was sent, what the vendor says and what is known already.
 * Product rule: an identifier is erased only where the vendor names it and every entry about it says success.
 */
import { lookedUpBasis, namedBasis, unnamedBasis, vanishedDigest } from '../../../shared/model/basis.ts'
import type { ConnectionSettings } from '../../../shared/model/connection.ts'
import type { Timestamp } from '../../../shared/model/ids.ts'
import { mayBecome, type IdentifierState } from '../../../shared/model/state.ts'
import type { DeliveryChange, DeliveryState, PollOutcome, ReservedPoll, StatusEntry } from '../ports.ts'
import { pollWait, slowPollAt } from './spacing.ts'

/**
 * A delivery with the names under which an answer names it for certain (`Vendor.namesOf`), and those of the vendor's own
 * ids that were looked up for it before it was sent.
 */
export type NamedDelivery = DeliveryState & Readonly<{ names: readonly string[]; lookedUpNames?: readonly string[] }>

export type SettleInput = Readonly<{
  deliveries: readonly NamedDelivery[]
  entries: readonly StatusEntry[]
  digest: string
  /** The vendor says that nothing more will come: no quiet time is awaited, and nobody is asked again. */
  ended: boolean
  /** The vendor's word for the request as a whole, where it has one. */
  word?: string
  previous: ReservedPoll['previous']
  now: Timestamp
  settings: ConnectionSettings
  /** 0 up to 1: spreads the next calls of many batches. */
  fraction: number
}>

type Answered = Extract<PollOutcome, { kind: 'answer' }>
type Vanished = Extract<PollOutcome, { kind: 'vanished' }>

const vanishedBasis = 'the vendor no longer knows the request'

/**
 * The outcome of one status answer.
 *
 * Finished: the vendor says so; or every entry is final, and either every submitted identifier is named or the answer has
 * been the same for the quiet time. An empty answer has no entry that runs, so it finishes by the quiet time alone, with all of its
 * identifiers unconfirmed; a later answer that names one still makes it erased.
 */
export function settle(input: SettleInput): Answered {
  const { deliveries, entries, digest, ended, word, previous, now, settings, fraction } = input
  const quietSince = quietSinceOf(digest, previous, now)
  const claims = matchEntries(deliveries, entries)
  const answered = deliveries.map((delivery) => ({ delivery, ...claims.of(delivery) }))

  const everyEntryIsFinal = entries.every(({ meaning }) => meaning !== 'running')
  const everyoneIsNamed = answered.every((one) => one.entries.length > 0 || isSettledByName(one.delivery.state))
  const finished = everyEntryIsFinal && (ended || everyoneIsNamed || now - quietSince >= settings.quietMilliseconds)

  const changes = answered.flatMap((one) => changeOf(one, finished, word ?? null))
  const stateAfter = new Map(changes.map(({ position, state }) => [position, state]))
  const unnamed = deliveries.some(({ position, state }) => (stateAfter.get(position) ?? state) === 'unconfirmed')
  const polls = previous.polls + 1
  const running = entries.filter(({ meaning }) => meaning === 'running')
  const words = [...new Set(running.map((entry) => entry.word))]
  return {
    kind: 'answer',
    digest,
    quietSince,
    changes,
    named: answered.filter((one) => one.entries.length > 0).map(({ delivery }) => delivery.position),
    said: answered.flatMap(({ delivery, entries: named }) =>
      isSettledByName(delivery.state) || stateAfter.has(delivery.position)
        ? []
        : [{ position: delivery.position, vendorWords: wordsOf(named) }].filter(
            ({ vendorWords }) => vendorWords !== '',
          ),
    ),
    strangers: strangersOf(entries.filter((entry) => !claims.isClaimed(entry))),
    finished,
    ended: ended && finished,
    nextPollAt: finished
      ? unnamed && !ended
        ? slowPollAt(now, previous.acceptedAt, settings, fraction)
        : null
      : nextPollWhileRunning(now, quietSince, everyEntryIsFinal, polls, input),
    vendorWords:
      words.length === 0
        ? (word ?? null)
        : words
            .map((one) => (one === '' ? '(no status)' : one))
            .join(', ')
            .slice(0, 500),
    ...lessonOf(everyEntryIsFinal && 2 * entries.length > deliveries.length, previous),
  }
}

/** The vendor is done with a batch when nothing runs and most of it is named; a few it never names wait for the quiet time. */
function lessonOf(ready: boolean, { polls, readyBy }: SettleInput['previous']): Pick<Answered, 'lesson'> {
  if (polls < 0) return {}
  return { lesson: ready ? { ready, step: readyBy ?? null } : { ready, step: polls } }
}

/**
 * Ids that nobody submitted, each once however often it is named: their number decides whether a batch may be paired.
 * One named twice was a success only where every entry says so; an entry that could not be read stands for itself.
 */
function strangersOf(entries: readonly StatusEntry[]): Answered['strangers'] {
  const byName = new Map<unknown, readonly StatusEntry[]>()
  for (const entry of entries) {
    const name = entry.names.at(-1) ?? entry
    byName.set(name, [...(byName.get(name) ?? []), entry])
  }
  return [...byName.values()].map((same) => ({
    value: same[0]?.raw ?? '',
    status: [...new Set(same.map(({ word }) => word))].join(', ').slice(0, 500),
    success: same.every(({ meaning }) => meaning === 'success'),
  }))
}

/** Since when the answer has been the same. A clock that was set back dates it in the future: then since now. */
function quietSinceOf(digest: string, previous: SettleInput['previous'], now: Timestamp): Timestamp {
  return digest === previous.digest ? Math.min(previous.quietSince ?? now, now) : now
}

/**
 * The outcome where the vendor does not know the request. Once alone it settles nobody: a vendor may take a moment to
 * know what it has just accepted. When the next answer is the same, what was not settled waits for a person; slow
 * polling goes on, as for every identifier that was not named.
 */
export function settleVanished(
  input: Omit<SettleInput, 'deliveries' | 'entries' | 'digest' | 'ended' | 'word'> &
    Readonly<{ deliveries: readonly DeliveryState[]; words: string }>,
): Vanished {
  const { deliveries, words, previous, now, settings, fraction } = input
  const finished = previous.digest === vanishedDigest
  const changes = deliveries
    .filter(({ state }) => finished && state === 'accepted')
    .map((delivery) => change(delivery, 'unconfirmed', vanishedBasis, words))
  const waits = changes.length > 0 || deliveries.some(({ state }) => state === 'unconfirmed')
  const slow = waits ? slowPollAt(now, previous.acceptedAt, settings, fraction) : null
  return {
    kind: 'vanished',
    digest: vanishedDigest,
    quietSince: quietSinceOf(vanishedDigest, previous, now),
    changes,
    finished,
    nextPollAt: finished ? slow : now + pollWait(previous.polls + 1, settings, fraction),
    words,
  }
}

/** Once nothing runs any more, the batch is asked about at the end of its quiet time, not long after it. */
function nextPollWhileRunning(
  now: Timestamp,
  quietSince: Timestamp,
  everyEntryIsFinal: boolean,
  polls: number,
  { settings, fraction }: SettleInput,
): Timestamp {
  const usual = now + pollWait(polls, settings, fraction)
  if (!everyEntryIsFinal) return usual
  return Math.min(usual, Math.max(quietSince + settings.quietMilliseconds, now + settings.firstPollMilliseconds))
}

function isSettledByName(state: IdentifierState): boolean {
  return state !== 'accepted' && state !== 'unconfirmed'
}

function changeOf(
  { delivery, entries, basis }: Claimed & { delivery: NamedDelivery },
  finished: boolean,
  wordForAll: string | null,
): readonly DeliveryChange[] {
  const next = nextState(delivery.state, entries, finished)
  if (next === null || !mayBecome(delivery.state, next)) return []
  const words = wordsOf(entries)
  return [change(delivery, next, basis, words === '' ? wordForAll : words)]
}

/** The different words of some entries, as one text. */
function wordsOf(entries: readonly StatusEntry[]): string {
  return [...new Set(entries.map(({ word }) => word))].join(', ').slice(0, 500)
}

function nextState(state: IdentifierState, entries: readonly StatusEntry[], finished: boolean): IdentifierState | null {
  if (entries.length === 0) return finished && state === 'accepted' ? 'unconfirmed' : null
  if (entries.every(({ meaning }) => meaning === 'success')) return 'erased'
  const isFailure = entries.some(({ meaning }) => meaning === 'failure')
  const isRunning = entries.some(({ meaning }) => meaning === 'running')
  // A success that was believed falls with the first denial; anything else waits until every entry is final.
  if (isFailure && (!isRunning || state === 'erased')) return 'failed'
  if (entries.every(({ meaning }) => meaning === 'revoked')) return 'revoked'
  return null
}

function change(
  { position, identifierId }: DeliveryState,
  state: IdentifierState,
  basis: string,
  vendorWords: string | null,
): DeliveryChange {
  return { position, identifierId, state, basis, vendorWords }
}

/** What an answer says of one delivery, and why that is about it. */
type Claimed = Readonly<{ entries: readonly StatusEntry[]; basis: string }>

/**
 * Ties entries to deliveries by name. Where pairs of different channels answer to one name and the vendor gave it fewer
 * times than that, it cannot be said which of them is meant: the name ties none of them. So it is with an id that was
 * looked up: it ties nobody where another delivery answers to it too, unless the vendor names it as often.
 */
function matchEntries(deliveries: readonly NamedDelivery[], entries: readonly StatusEntry[]) {
  const entriesByName = groupByName(entries, ({ names }) => names)
  const deliveriesByName = groupByName(deliveries, ({ names }) => names)
  const lookedUpByName = groupByName(deliveries, ({ lookedUpNames }) => lookedUpNames ?? [])
  const isCertain = (name: string) => {
    const channels = new Set((deliveriesByName.get(name) ?? []).map(({ channelId }) => channelId))
    return channels.size <= (entriesByName.get(name)?.length ?? 0)
  }
  const isPaired = (name: string) => {
    const answering = new Set([...(deliveriesByName.get(name) ?? []), ...(lookedUpByName.get(name) ?? [])])
    return answering.size <= (entriesByName.get(name)?.length ?? 0)
  }
  return {
    of: ({ names, lookedUpNames = [] }: NamedDelivery): Claimed => {
      const named = names.filter(isCertain).flatMap((name) => entriesByName.get(name) ?? [])
      const paired = lookedUpNames.filter(isPaired).flatMap((name) => entriesByName.get(name) ?? [])
      const basis = named.length > 0 ? namedBasis : paired.length > 0 ? lookedUpBasis : unnamedBasis
      return { entries: [...new Set([...named, ...paired])], basis }
    },
    isClaimed: (entry: StatusEntry): boolean =>
      entry.names.some(
        (name) => (deliveriesByName.has(name) && isCertain(name)) || (lookedUpByName.has(name) && isPaired(name)),
      ),
  }
}

function groupByName<T>(
  items: readonly T[],
  namesOf: (item: T) => readonly string[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items)
    for (const name of namesOf(item)) {
      const group = groups.get(name)
      if (group === undefined) groups.set(name, [item])
      else group.push(item)
    }
  return groups
}
