/** What the history says the moment the end of a call is on disk, before the engine does anything more. */
import { systemClock } from '../../../src/main/adapters/clock/clock.ts'
import type { AttemptResult, Database } from '../../../src/main/core/ports.ts'
import type { Result } from '../../../src/shared/failure.ts'
import type { StopCause } from '../../../src/shared/model/connection.ts'
import type { AttemptId, RequestId } from '../../../src/shared/model/ids.ts'
import type { AttemptRow, BatchRow, RequestDetail } from '../../../src/shared/model/request.ts'
import type { RetrievalRow } from '../../../src/shared/model/retrieval.ts'
import { must } from '../../support/engine.ts'

/** What the history says when the end of a call is on disk. */
export type CallEnd = Readonly<{
  attempt: AttemptRow
  detail: RequestDetail
  /** The request's batches in their order, and its copies, the latest first. */
  batches: readonly BatchRow[]
  copies: readonly RetrievalRow[]
  stopped: StopCause | null
  /** Milliseconds for which the account is to call nobody. */
  hold: number
}>

export type Watch = Readonly<{
  /** The database, looked at after every call that it writes the end of. */
  wrap: (database: Database) => Database
  /** The ends of a request's calls so far. */
  ends: (requestId: RequestId) => readonly CallEnd[]
  /** Calls `look` at every end; what it gives stops that. */
  onEnd: (look: () => void) => () => void
}>

export function createWatch(): Watch {
  const requests = new Map<AttemptId, RequestId>()
  const ends = new Map<RequestId, CallEnd[]>()
  const looks = new Set<() => void>()
  return {
    wrap: (database) => {
      const note = async ({ attemptId, endedAt }: AttemptResult, outcome: object): Promise<void> => {
        const requestId = requests.get(attemptId)
        if (requestId === undefined) throw new Error('A call ended that was never reserved')
        const until = 'accountHoldUntil' in outcome ? outcome.accountHoldUntil : undefined
        const end = await endOf(database, requestId, typeof until === 'number' ? until - endedAt : 0)
        ends.set(requestId, [...(ends.get(requestId) ?? []), end])
        for (const look of looks) look()
      }
      const noted =
        <Outcome extends object>(write: (result: AttemptResult, outcome: Outcome) => Promise<Result<null>>) =>
        async (result: AttemptResult, outcome: Outcome): Promise<Result<null>> => {
          const written = await write(result, outcome)
          if (written.ok) await note(result, outcome)
          return written
        }
      return {
        ...database,
        reserveCall: async (input) => {
          const reserved = await database.reserveCall(input)
          if (reserved.ok && 'attemptId' in reserved.value)
            requests.set(reserved.value.attemptId, reserved.value.requestId)
          return reserved
        },
        finishErase: noted(database.finishErase),
        finishLookUp: noted(database.finishLookUp),
        finishPoll: noted(database.finishPoll),
        finishCancel: noted(database.finishCancel),
        finishRetrieve: noted(database.finishRetrieve),
        finishRetrievalStatus: noted(database.finishRetrievalStatus),
      }
    },
    ends: (requestId) => ends.get(requestId) ?? [],
    onEnd: (look) => {
      looks.add(look)
      return () => looks.delete(look)
    },
  }
}

async function endOf(database: Database, requestId: RequestId, hold: number): Promise<CallEnd> {
  const now = systemClock.now()
  const detail = must(await database.read('getRequest', { requestId }, now))
  const { connectionId } = detail
  const { stopped } = must(await database.read('getConnection', { connectionId }, now))
  const page = { requestId, anchor: { index: 0 }, limit: 1 } as const
  const attempt = must(await database.read('listAttempts', page, now)).rows[0]
  if (attempt === undefined) throw new Error('A call ended that the journal does not hold')
  const all = { requestId, anchor: { index: 0 }, limit: 20 } as const
  const batches = must(await database.read('listBatches', all, now)).rows
  const copies = must(await database.read('listRetrievals', all, now)).rows
  return { attempt, detail, batches, copies, stopped, hold }
}
