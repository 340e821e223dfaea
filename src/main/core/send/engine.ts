/** The engine: takes the sender lock, works off every account, and lets go without aborting a call. */
import type { Failure } from '../../../shared/failure.ts'
import type { AccountId } from '../../../shared/model/ids.ts'
import { createSecretRemover } from '../connections/left-secrets.ts'
import type { Epoch } from '../ports.ts'
import { runAccount, type Sender } from './account-loop.ts'
import { createBackoff, type Backoff } from './backoff.ts'
import { attempted, momentOf, shielded, usualCallsAtOnce, type CallParts } from './parts.ts'
import { createWaker, type Waker } from './wake.ts'

export type EngineParts = CallParts &
  Readonly<{
    /** Whether this machine has a network. */
    online: () => boolean
    /** Calls of one account that may be under way side by side; 4 unless told. */
    callsAtOnce?: number
  }>

export type EngineStatus = Readonly<{
  /** This process holds the sender lock. */
  sends: boolean
  /** Why it does not send, or why nothing moves although it holds the lock; null: it does. */
  reason: string | null
  callsUnderWay: number
  stopping: boolean
  /** The history cannot be written, for one account at least, or by anybody: what cannot be journalled is not sent until it can. */
  trouble: Failure | null
  /** Null while this process is not the sender. */
  epoch: Epoch | null
}>

export type Engine = Readonly<{
  /** No new call starts; settles when those under way are written down and the lock is free. */
  stop: () => Promise<void>
  /** Looks at once for what is due, and tries again what was not reached: after a change of the operator's, or of the network. */
  wake: () => void
  /**
   * True: the machine is about to sleep, so no new call begins, since it would be cut off and be in doubt; what is under
   * way is awaited. False: it is awake again, and what is due is looked for. Ends by itself a minute later.
   */
  rest: (resting: boolean) => void
  status: () => EngineStatus
  /** Makes a call that is not of the queue, a connection test: `stop` awaits it like every other. */
  alongside: <T>(work: () => Promise<T>) => Promise<T>
}>

const brokeOff: Failure = {
  code: 'internal',
  message: 'A part of Erasure Desk that sends broke off; it begins anew within half a minute.',
  kept: 'Every call that was under way has its end on record.',
  next: 'If this stays, restart Erasure Desk and report it.',
  retryable: true,
}

const lockRetryMilliseconds = 3000
const lookAroundMilliseconds = 30_000
/** A machine that said it would sleep and did not tell when it woke: steady time, which stands still meanwhile. */
const longestRestMilliseconds = 60_000

/** Starts sending as soon as the lock is free; until then this process shows and does not send. */
export function startEngine(given: EngineParts): Engine {
  const parts = shielded(given)
  const state: State = {
    sender: null,
    stopping: false,
    callsUnderWay: 0,
    trouble: null,
    stuck: new Map(),
    lookFailure: null,
    accountsAtWork: () => accounts.size,
    lockFailure: null,
    asked: false,
    restsUntil: 0,
  }
  const supervisor = createWaker(parts.clock)
  const accounts = new Map<AccountId, Readonly<{ waker: Waker; backoff: Backoff; run: Promise<void> }>>()
  const beside = new Set<Promise<unknown>>()
  const pokeAll = () => {
    supervisor.poke()
    for (const { waker } of accounts.values()) waker.poke()
  }
  const finished = supervise()

  return {
    stop: async () => {
      state.stopping = true
      parts.onChange('app', null)
      pokeAll()
      await finished
    },
    wake,
    rest: (resting) => {
      state.restsUntil = resting ? parts.clock.steady() + longestRestMilliseconds : 0
      if (!resting) wake()
    },
    status: () => ({
      sends: state.sender !== null && !state.stopping,
      reason: reasonOf(state),
      callsUnderWay: state.callsUnderWay,
      stopping: state.stopping,
      trouble: state.trouble ?? stuckFailure(state) ?? state.lockFailure,
      epoch: state.sender?.epoch ?? null,
    }),
    alongside: async (work) => {
      const call = work()
      const ended = call.catch(() => {})
      beside.add(ended)
      state.callsUnderWay += 1
      try {
        return await call
      } finally {
        state.callsUnderWay -= 1
        beside.delete(ended)
        parts.onChange('app', null)
      }
    },
  }

  function wake(): void {
    if (parts.online()) for (const { backoff } of accounts.values()) backoff.clear()
    pokeAll()
  }

  async function supervise(): Promise<void> {
    while (!state.stopping) {
      const taken = await attempted(() => parts.database.takeSenderLock(momentOf(parts.clock)))
      state.asked = true
      state.lockFailure = taken.ok ? null : taken.failure
      if (!taken.ok || taken.value === null) {
        parts.onChange('app', null)
        await supervisor.sleep(lockRetryMilliseconds)
        continue
      }
      const { epoch, recovered } = taken.value
      parts.log.info('sender lock taken', { epoch, recovered })
      await send(epoch)
    }
  }

  async function send(epoch: Epoch): Promise<void> {
    const session = { epoch, lost: false }
    state.sender = session
    state.trouble = null
    state.stuck.clear()
    state.lookFailure = null
    for (const topic of ['app', 'requests', 'budget'] as const) parts.onChange(topic, null)
    const remover = createSecretRemover(parts)
    const sender: Sender = {
      epoch,
      mayStart: () => !state.stopping && !session.lost,
      restLeft: () => Math.max(0, state.restsUntil - parts.clock.steady()),
      onLost: () => {
        session.lost = true
        pokeAll()
      },
      trouble: () => state.trouble,
      onTrouble: (trouble) => {
        state.trouble = trouble
        parts.onChange('app', null)
      },
      onStuck,
      onCall: (change) => {
        state.callsUnderWay += change
        if (change === -1) void remover.look()
      },
      isStopping: () => state.stopping,
      callsAtOnce: parts.callsAtOnce ?? usualCallsAtOnce,
    }
    const noticeClock = async () =>
      await attempted(() => parts.database.noticeClock({ ...momentOf(parts.clock), epoch }))
    while (sender.mayStart()) {
      // Not awaited: a keychain that asks for its password holds up no account.
      void remover.look()
      await noticeClock()
      const atWork = await attempted(() => parts.database.accountsAtWork())
      onLook(atWork.ok ? null : atWork.failure)
      if (atWork.ok) for (const accountId of atWork.value) startAccount(accountId, sender)
      if (sender.mayStart()) await supervisor.sleep(lookAroundMilliseconds)
    }
    await Promise.all([...beside, ...[...accounts.values()].map(({ run }) => run)])
    accounts.clear()
    // What the next sender goes by, where the clock is set while nothing runs.
    await noticeClock()
    await attempted(() => parts.database.releaseSenderLock())
    state.sender = null
    parts.onChange('app', null)
  }

  function onStuck(accountId: AccountId, failure: Failure | null): void {
    if (failure?.message === state.stuck.get(accountId)?.message) return
    if (failure === null) state.stuck.delete(accountId)
    else state.stuck.set(accountId, failure)
    parts.onChange('app', null)
  }

  function onLook(failure: Failure | null): void {
    if (failure?.message === state.lookFailure?.message) return
    state.lookFailure = failure
    parts.onChange('app', null)
  }

  function startAccount(accountId: AccountId, sender: Sender): void {
    if (accounts.has(accountId)) return
    const waker = createWaker(parts.clock)
    const backoff = createBackoff(parts.clock, parts.random)
    // Where it breaks off, the next look around begins it anew.
    const run = runAccount(parts, accountId, sender, waker, backoff).catch(() => {
      parts.log.problem('account broke off', { account: accountId })
      onStuck(accountId, brokeOff)
      accounts.delete(accountId)
    })
    accounts.set(accountId, { waker, backoff, run })
  }
}

type State = {
  sender: Readonly<{ epoch: Epoch }> | null
  stopping: boolean
  callsUnderWay: number
  trouble: Failure | null
  /** Accounts whose next call cannot be journalled. */
  readonly stuck: Map<AccountId, Failure>
  /** It cannot be looked up which accounts have something to send. */
  lookFailure: Failure | null
  readonly accountsAtWork: () => number
  lockFailure: Failure | null
  /** The lock was asked for at least once; before that nothing is known of other senders. */
  asked: boolean
  /** Until then, on the steady clock, no call begins: the machine is about to sleep. */
  restsUntil: number
}

function reasonOf(state: State): string | null {
  if (state.stopping)
    return state.callsUnderWay === 0 ? 'Sending is stopped.' : 'Finishing the call under way; no new call starts.'
  if (state.trouble !== null) return `Nothing is sent: ${inWords(state.trouble)}`
  const stuck = stuckFailure(state)
  if (state.sender !== null && stuck !== null) return `Nothing is sent${forWhom(state)}: ${inWords(stuck)}`
  if (state.sender !== null || !state.asked) return null
  if (state.lockFailure !== null) return inWords(state.lockFailure)
  return 'Another window or program sends from this history. Once it is closed, this one takes over by itself.'
}

function stuckFailure({ stuck, lookFailure }: State): Failure | null {
  return [...stuck.values()][0] ?? lookFailure
}

function forWhom({ stuck, accountsAtWork }: State): string {
  if (stuck.size === accountsAtWork()) return ''
  if (stuck.size === 0) return ' for accounts that have nothing under way yet'
  return stuck.size === 1 ? ' for one account' : ` for ${stuck.size} accounts`
}

function inWords({ message, next }: Failure): string {
  return next === undefined ? message : `${message} ${next}`
}
