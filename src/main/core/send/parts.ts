import type { Topic } from '../../../shared/contract.ts'
import { fail, type Failure, type Result } from '../../../shared/failure.ts'
import type { StopCause } from '../../../shared/model/connection.ts'
import type { AttemptId, Timestamp } from '../../../shared/model/ids.ts'
import type { AttemptEnding } from '../../../shared/model/request.ts'
import type {
  AttemptResult,
  Clock,
  Database,
  Epoch,
  Http,
  HttpReport,
  Log,
  Moment,
  Random,
  SecretStore,
  Signer,
  Vendors,
} from '../ports.ts'

/** Calls of one account that may be under way side by side. */
export const usualCallsAtOnce = 4

/** What the engine and the connection test are made of. */
export type CallParts = Readonly<{
  database: Database
  http: Http
  secrets: SecretStore
  signer: Signer
  vendors: Vendors
  clock: Clock
  random: Random
  log: Log
  /** Something under this topic changed; `id` is its row, null where it is none in particular. */
  onChange: (topic: Topic, id: number | null) => void
}>

/** Reads every clock at once. */
export function momentOf(clock: Clock): Moment {
  return { now: clock.now(), steady: clock.steady(), uptime: clock.uptime?.() ?? null }
}

/** A command of the database as a Result, whatever became of its thread. */
export async function attempted<T>(command: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await command()
  } catch {
    return fail('internal', 'The history did not answer.', {
      kept: 'What was written before is kept.',
      next: 'Start Erasure Desk again.',
      retryable: true,
    })
  }
}

/** The parts, with a window and a log that may be gone: what they throw never ends a call. */
export function shielded<P extends CallParts>(parts: P): P {
  const shield =
    <A extends readonly unknown[]>(tell: (...input: A) => void) =>
    (...input: A) => {
      try {
        tell(...input)
      } catch {
        // Nobody is left to be told.
      }
    }
  const log = { info: shield(parts.log.info), problem: shield(parts.log.problem) }
  return { ...parts, log, onChange: shield(parts.onChange) }
}

/** The failure where something broke that nobody foresaw, before anything of a call left. */
export function brokeBeforeCall(): Failure {
  return {
    code: 'internal',
    message: 'Erasure Desk could not prepare a call.',
    kept: 'Nothing was sent.',
    next: 'Look at the settings of this connection and at the identifiers of the batch; if they are right, report it.',
    retryable: true,
  }
}

/** What a call's report says of how far it got. */
type Got = Pick<HttpReport, 'stage' | 'answer'>

/** How far a call got that left, and whose report nobody could take in. */
export const gotLost: Got = { stage: 'first byte', answer: null }

/** How a call ended, at this moment, for the journal. One that was not sent weighs on no window. */
export function resultOf(
  { now, steady }: Moment,
  { attemptId }: Readonly<{ attemptId: AttemptId }>,
  epoch: Epoch,
  ending: AttemptEnding,
  vendorWords: string | null,
  { stage, answer }: Got,
): AttemptResult {
  const neverCounted = ending === 'not sent'
  const httpStatus = answer?.status ?? null
  return { attemptId, epoch, endedAt: now, steady, stage, ending, httpStatus, vendorWords, neverCounted }
}

/** The end of a call that certainly did not leave. */
export function neverLeft(
  { clock }: CallParts,
  reserved: Readonly<{ attemptId: AttemptId }>,
  epoch: Epoch,
  words: string,
): AttemptResult {
  return resultOf(momentOf(clock), reserved, epoch, 'not sent', words, { stage: 'none', answer: null })
}

/** A failure of our own as the reason why a connection stands still. */
export function causeOfFailure(failure: Failure, at: Timestamp): StopCause {
  return {
    at,
    title: failure.message,
    explanation: failure.kept ?? 'Nothing was sent.',
    steps: [...(failure.next === undefined ? [] : [failure.next]), 'Then resume the connection here.'],
    vendorWords: null,
  }
}
