/** The calls the simulator knows by path; `other` is every path it does not know. */
export type LedgerCall = 'erase' | 'status' | 'bots' | 'users-info' | 'other'

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

/** One entry of `userIds`, as it was received. */
export type UserIdEntry = string | { readonly channel_id: string; readonly channel_user_id: string }

/** One call, as the vendor saw it. Times are epoch milliseconds. */
export type LedgerEntry = {
  readonly sequence: number
  readonly receivedAt: number
  readonly method: string
  /** Path and query, as they were asked for. */
  readonly path: string
  readonly call: LedgerCall
  /** From the token as it was sent, verified or not. */
  readonly jti: string | null
  readonly appId: string | null
  readonly accountId: string | null
  readonly verdict: Verdict
  /** Whether the erasure was recorded, whatever the caller was told. */
  readonly tookEffect: boolean
  readonly requestId: string | null
  readonly removeDataFromAllBots: boolean | null
  readonly botIds: readonly string[]
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
    head: Pick<LedgerEntry, 'receivedAt' | 'method' | 'path' | 'call' | 'jti' | 'appId' | 'accountId'>,
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
