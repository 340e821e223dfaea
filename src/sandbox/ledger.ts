/**
 * The calls the simulators know by path; `other` is every path they do not know. `bots` and `users-info` are Kore.ai's
 * alone; `cancel`, `retrieve`, `retrieval-status` and `download` are Mixpanel's.
 */
export type LedgerCall =
  'erase' | 'status' | 'bots' | 'users-info' | 'cancel' | 'retrieve' | 'retrieval-status' | 'download' | 'other'

/** What the vendor made of a call. */
export type Verdict =
  | 'receiving'
  | 'incomplete'
  | 'accepted'
  | 'rate-limited'
  | 'token-refused'
  | 'scope-refused'
  | 'method-refused'
  | 'body-refused'
  | 'too-large'
  | 'identifier-refused'
  | 'unknown-request'
  | 'unknown-path'
  | 'fault'
  /** The project token is none of the bearer token's. */
  | 'project-refused'
  /** The project belongs to another residency: answered as if all were well, and nothing done. */
  | 'wrong-residency'
  /** Some of the identifiers are in a task that is running, and the whole call was refused. */
  | 'conflict'
  /** The task has begun or ended and cannot be cancelled. */
  | 'too-late'
  /** The link was wrong, or has expired. */
  | 'link-refused'

/** One entry of `userIds` or `distinct_ids`, as it was received. */
export type UserIdEntry = string | { readonly channel_id: string; readonly channel_user_id: string }

/** One call, as the vendor saw it. Times are epoch milliseconds. */
export type LedgerEntry = {
  readonly sequence: number
  readonly receivedAt: number
  readonly method: string
  /** Path and query, as they were asked for. */
  readonly path: string
  readonly vendor: 'kore' | 'mixpanel'
  readonly call: LedgerCall
  /** From the token as it was sent, verified or not. Mixpanel's tokens name no call: there it is `x-request-id`. */
  readonly jti: string | null
  /** Kore.ai's client id, from the token as it was sent. */
  readonly appId: string | null
  /** Mixpanel's `token` in the query, as it was sent. */
  readonly projectToken: string | null
  readonly accountId: string | null
  readonly verdict: Verdict
  /** Whether the call changed anything (recorded an erasure, cancelled a task), whatever the caller was told. */
  readonly tookEffect: boolean
  /** Kore.ai's request id, Mixpanel's tracking id. */
  readonly requestId: string | null
  readonly removeDataFromAllBots: boolean | null
  readonly botIds: readonly string[]
  readonly complianceType: string | null
  readonly disclosureType: string | null
  /** The status of its task, as Mixpanel's answer to a status call gave it. */
  readonly taskStatus: string | null
  readonly identifierCount: number
  readonly identifiers: readonly UserIdEntry[]
  /** Names of the recognised behaviours among the identifiers. */
  readonly behaviours: readonly string[]
  /** The HTTP status sent, `cut` where the simulator cut the connection, null while open or when the caller left first. */
  readonly status: number | 'cut' | null
  readonly ended: 'open' | 'answered' | 'cut' | 'client-gone'
  readonly endedAt: number | null
}

export type LedgerChange = Partial<Omit<LedgerEntry, 'sequence' | 'receivedAt'>>

export type Ledger = {
  /** Writes a call down the moment its headers arrive and gives its sequence number, which rises by one a call. */
  readonly open: (
    head: Pick<
      LedgerEntry,
      'receivedAt' | 'method' | 'path' | 'vendor' | 'call' | 'jti' | 'appId' | 'projectToken' | 'accountId'
    >,
  ) => number
  readonly change: (sequence: number, change: LedgerChange) => void
  readonly entries: () => readonly LedgerEntry[]
  /** Resolves with the first entry, present or to come, that `matches`. */
  readonly waitFor: (matches: (entry: LedgerEntry) => boolean) => Promise<LedgerEntry>
  /** Forgets every entry; sequence numbers go on rising, so that a call still open cannot be taken for a new one. */
  readonly reset: () => void
}

/** A ledger in memory. */
export function createLedger(): Ledger {
  const entries = new Map<number, LedgerEntry>()
  const waiting = new Set<(entry: LedgerEntry) => void>()
  let lastSequence = 0

  const put = (entry: LedgerEntry) => {
    entries.set(entry.sequence, entry)
    for (const look of waiting) look(entry)
  }

  return {
    open: (head) => {
      lastSequence += 1
      put({
        ...head,
        sequence: lastSequence,
        verdict: 'receiving',
        tookEffect: false,
        requestId: null,
        removeDataFromAllBots: null,
        botIds: [],
        complianceType: null,
        disclosureType: null,
        taskStatus: null,
        identifierCount: 0,
        identifiers: [],
        behaviours: [],
        status: null,
        ended: 'open',
        endedAt: null,
      })
      return lastSequence
    },
    change: (sequence, change) => {
      const entry = entries.get(sequence)
      if (entry !== undefined) put({ ...entry, ...change })
    },
    entries: () => [...entries.values()],
    waitFor: (matches) => {
      const present = [...entries.values()].find(matches)
      if (present !== undefined) return Promise.resolve(present)
      return new Promise((resolve) => {
        const look = (entry: LedgerEntry) => {
          if (!matches(entry)) return
          waiting.delete(look)
          resolve(entry)
        }
        waiting.add(look)
      })
    },
    reset: () => entries.clear(),
  }
}
