/** Works off what is due for one account, a few calls at a time, inside the budget that the database keeps. */
import { assertNever, type Failure, type Result } from '../../../shared/failure.ts'
import type { AccountId } from '../../../shared/model/ids.ts'
import { isUnclear } from '../../../shared/model/unclear-calls.ts'
import { pollWait } from '../poll/spacing.ts'
import { makeStatusCall, type PollEnd } from '../poll/status-call.ts'
import type { AttemptResult, Epoch, PollOutcome, Reservation, ReservedPoll } from '../ports.ts'
import type { Backoff } from './backoff.ts'
import { makeCancelCall } from './cancel-call.ts'
import { makeEraseCall } from './erase-call.ts'
import { makeLookUpCall } from './look-up-call.ts'
import { attempted, momentOf, type CallParts } from './parts.ts'
import { makeRetrievalStatusCall } from './retrieval-status-call.ts'
import { makeRetrieveCall } from './retrieve-call.ts'
import type { Waker } from './wake.ts'

/** What the loops of a sender share. */
export type Sender = Readonly<{
  epoch: Epoch
  /** False as soon as the engine is told to stop or the lock is gone. */
  mayStart: () => boolean
  /** Milliseconds in which nothing begins since the machine is about to sleep; 0: it is awake. */
  restLeft: () => number
  /** Another sender took over, or the lock is gone. */
  onLost: () => void
  /** The history cannot be written (null: it can again): nothing more is sent until it can. */
  onTrouble: (trouble: Failure | null) => void
  trouble: () => Failure | null
  /** The next call of an account cannot be journalled (null: it can again): the others go on. */
  onStuck: (accountId: AccountId, failure: Failure | null) => void
  /** Calls under way, one more or one less. */
  onCall: (change: 1 | -1) => void
  isStopping: () => boolean
  callsAtOnce: number
}>

/** A call that is journalled and may leave. */
type ReservedCall = Extract<Reservation, { attemptId: unknown }>

/** How a call of any kind ended: what is to be written, and whether it reached anybody. */
type CallEnd = Readonly<{ result: AttemptResult; outcome: object; reached: boolean }>

/** No sleep is longer: the machine may have slept, or its clock been set. */
const longestSleepMilliseconds = 60_000

const triesOfAnswer = 3

/**
 * Runs until the sender may start nothing more; settles when the calls under way are written down, also where it
 * breaks off.
 */
export async function runAccount(
  parts: CallParts,
  accountId: AccountId,
  sender: Sender,
  waker: Waker,
  backoff: Backoff,
): Promise<void> {
  const underWay = new Set<Promise<void>>()
  try {
    await startCalls(parts, accountId, sender, waker, backoff, underWay)
  } finally {
    await Promise.all(underWay)
  }
}

async function startCalls(
  parts: CallParts,
  accountId: AccountId,
  sender: Sender,
  waker: Waker,
  backoff: Backoff,
  underWay: Set<Promise<void>>,
): Promise<void> {
  let failures = 0
  while (sender.mayStart()) {
    if (sender.trouble() !== null || underWay.size >= sender.callsAtOnce) {
      await waker.sleep(1000)
      continue
    }
    const rest = Math.max(backoff.left(), sender.restLeft())
    if (rest > 0) {
      await waker.sleep(Math.min(rest, longestSleepMilliseconds))
      continue
    }
    const jti = parts.random.uuid()
    const moment = momentOf(parts.clock)
    const reservation = await attempted(() =>
      parts.database.reserveCall({ ...moment, accountId, epoch: sender.epoch, jti, allowErase: true }),
    )
    if (!reservation.ok) {
      if (reservation.failure.code === 'not-the-sender') {
        sender.onLost()
        break
      }
      parts.log.problem('reserve failed', { account: accountId, code: reservation.failure.code })
      sender.onStuck(accountId, reservation.failure)
      await waker.sleep(Math.min(1000 * 2 ** failures, 30_000))
      failures = Math.min(failures + 1, 5)
      continue
    }
    failures = 0
    sender.onStuck(accountId, null)
    const next = reservation.value
    if (next.kind === 'wait' || next.kind === 'idle') {
      const wait = next.until === null ? longestSleepMilliseconds : next.until - moment.now
      await waker.sleep(Math.min(Math.max(wait, 5), longestSleepMilliseconds))
      continue
    }
    const call = makeCall(parts, next, sender, backoff)
      .catch(() => parts.log.problem('call broke off', { attempt: next.attemptId }))
      .finally(() => {
        sender.onCall(-1)
        underWay.delete(call)
        announce(parts, accountId, next)
        waker.poke()
      })
    sender.onCall(1)
    underWay.add(call)
    announce(parts, accountId, next)
  }
}

async function makeCall(parts: CallParts, reserved: ReservedCall, sender: Sender, backoff: Backoff): Promise<void> {
  const situation = {
    epoch: sender.epoch,
    mayLeave: () => sender.mayStart() && sender.restLeft() === 0 && sender.trouble() === null,
    retryAfter: () => backoff.failed(reserved.connection.settings.jitter),
  }
  const finish = async (end: CallEnd, command: (tries: number) => Promise<Result<null>>): Promise<void> => {
    if (end.reached) backoff.clear()
    await write(parts, sender, end.result, command)
    // Unclear calls in a row stop a connection; that is decided where the end of the call is written.
    if ('cause' in end.outcome || isUnclear(end.result.ending)) parts.onChange('connections', reserved.connection.id)
  }
  const { database } = parts
  switch (reserved.kind) {
    case 'erase': {
      const end = await makeEraseCall(parts, reserved, situation)
      return await finish(end, () => database.finishErase(end.result, end.outcome))
    }
    case 'cancel': {
      const end = await makeCancelCall(parts, reserved, situation)
      return await finish(end, () => database.finishCancel(end.result, end.outcome))
    }
    case 'look-up': {
      const end = await makeLookUpCall(parts, reserved, situation)
      return await finish(end, () => database.finishLookUp(end.result, end.outcome))
    }
    case 'retrieve': {
      const end = await makeRetrieveCall(parts, reserved, situation)
      return await finish(end, () => database.finishRetrieve(end.result, end.outcome))
    }
    case 'retrieval status': {
      const end = await makeRetrievalStatusCall(parts, reserved, situation)
      return await finish(end, () => database.finishRetrievalStatus(end.result, end.outcome))
    }
    case 'status': {
      const end = await makeStatusCall(parts, reserved, situation)
      return await finish(end, (tries) =>
        // A status call may be repeated: an answer that the history does not take in holds up nothing for good.
        database.finishPoll(end.result, tries < triesOfAnswer ? end.outcome : withoutAnswer(reserved, end)),
      )
    }
    default:
      return assertNever(reserved)
  }
}

function withoutAnswer({ previous, connection }: ReservedPoll, { result, outcome }: PollEnd): PollOutcome {
  if (outcome.kind !== 'answer' && outcome.kind !== 'vanished') return outcome
  const nextPollAt = result.endedAt + pollWait(previous.polls + 1, connection.settings, 0)
  return { kind: 'again', nextPollAt, words: null }
}

/**
 * Writes what a call came to, again and again until it is written: the answer exists nowhere else, and nothing more is
 * sent meanwhile. Given up only where somebody else is the sender now, or after ten seconds of trying while the app
 * closes; the next sender then finds the call without an end and takes it for an unknown outcome.
 */
async function write(
  parts: CallParts,
  sender: Sender,
  result: AttemptResult,
  command: (tries: number) => Promise<Result<null>>,
): Promise<void> {
  let triesWhileStopping = 0
  for (let tries = 0; ; tries += 1) {
    const written = await attempted(async () => await command(tries))
    if (written.ok) {
      if (tries > 0) sender.onTrouble(null)
      parts.log.info('call ended', {
        attempt: result.attemptId,
        ending: result.ending,
        stage: result.stage,
        status: result.httpStatus,
      })
      return
    }
    const { code } = written.failure
    parts.log.problem('answer not written', { attempt: result.attemptId, code })
    if (code === 'not-the-sender') return sender.onLost()
    // Its end is recorded already: by the command before, whose answer was lost on the way.
    if (code === 'wrong-state') return
    sender.onTrouble(written.failure)
    if (sender.isStopping()) triesWhileStopping += 1
    if (triesWhileStopping > 10) return
    await parts.clock.sleep(sender.isStopping() ? 1000 : Math.min(1000 * 2 ** Math.min(tries, 5), 30_000))
  }
}

function announce(parts: CallParts, accountId: AccountId, reserved: ReservedCall): void {
  parts.onChange('request', reserved.requestId)
  parts.onChange('requests', reserved.requestId)
  parts.onChange('budget', accountId)
}
