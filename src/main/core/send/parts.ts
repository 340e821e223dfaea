import type { Topic } from '../../../shared/contract.ts'
import { fail, type Failure, type Result } from '../../../shared/failure.ts'
import type { StopCause, VendorId } from '../../../shared/model/connection.ts'
import type { Timestamp } from '../../../shared/model/ids.ts'
import type { Clock, Database, Http, Log, Moment, Random, SecretStore, Signer, Vendor } from '../ports.ts'

/** What the engine and the connection test are made of. */
export type CallParts = Readonly<{
  database: Database
  http: Http
  secrets: SecretStore
  signer: Signer
  vendors: Readonly<Record<VendorId, Vendor>>
  clock: Clock
  random: Random
  log: Log
  /** Something under this topic changed; `id` is its row, null where it is none in particular. */
  onChange: (topic: Topic, id: number | null) => void
}>

/** Reads both clocks at once. */
export function momentOf(clock: Clock): Moment {
  return { now: clock.now(), steady: clock.steady() }
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
