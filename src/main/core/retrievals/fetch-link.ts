/** The link of a copy, for the moment in which the operator wants its file: asked of the vendor once more, and never kept. */
import { fail, succeed, type Result } from '../../../shared/failure.ts'
import type { RequestId, RetrievalId, Timestamp } from '../../../shared/model/ids.ts'
import type { Epoch, ReservedRetrievalStatus, RetrievalStatusOutcome } from '../ports.ts'
import { momentOf, type CallParts } from '../send/parts.ts'
import { makeRetrievalStatusCall } from '../send/retrieval-status-call.ts'
import { checkLink, expiryOfLink, type CheckedLink } from './link.ts'

export type FetchLinkParts = CallParts &
  Readonly<{
    /** The sender's epoch; null where this process does not send. */
    epoch: () => Epoch | null
    /** Asked at the last moment before the first byte: false, and the call does not leave. */
    mayLeave: () => boolean
  }>

export type FetchedLink = CheckedLink & Readonly<{ expiresAt: Timestamp | null }>

type Subject = Readonly<{ requestId: RequestId; retrievalId: RetrievalId }>

/** So long an operator waits for room in the account's limits. */
const longestWaitMilliseconds = 20_000

/**
 * Makes one status call inside the budget, waiting up to 20 s for its turn, and checks the link that its answer holds.
 * Fails with `not-the-sender`, `connection-stopped`, `wrong-state` where there is no link, `not-allowed` where it leads
 * where no link may.
 */
export async function fetchLink(parts: FetchLinkParts, subject: Subject): Promise<Result<FetchedLink>> {
  const epoch = parts.epoch()
  if (epoch === null)
    return fail('not-the-sender', 'Another window of Erasure Desk sends from this history.', {
      kept: 'Nothing was sent.',
      next: 'Do it there, or close that window first.',
    })
  const reserved = await reserve(parts, subject, epoch)
  if (!reserved.ok) return reserved
  const end = await makeRetrievalStatusCall(parts, reserved.value, {
    epoch,
    mayLeave: parts.mayLeave,
    retryAfter: () => 0,
  })
  const finished = await parts.database.finishRetrievalStatus(end.result, end.outcome)
  if (!finished.ok) return finished
  if (end.link === null) return withoutLink(end.outcome)
  const checked = checkLink(end.link, reserved.value.connection.origin)
  return checked.ok ? succeed({ ...checked.value, expiresAt: expiryOfLink(end.link) }) : checked
}

async function reserve(
  parts: FetchLinkParts,
  subject: Subject,
  epoch: Epoch,
): Promise<Result<ReservedRetrievalStatus>> {
  const began = parts.clock.steady()
  for (;;) {
    const moment = momentOf(parts.clock)
    const jti = parts.random.uuid()
    const reserved = await parts.database.reserveRetrievalStatus({ ...moment, ...subject, epoch, jti })
    if (!reserved.ok) return reserved
    if (reserved.value.kind !== 'wait') return { ok: true, value: reserved.value }
    const wait = Math.max(5, reserved.value.until - moment.now)
    if (parts.clock.steady() - began + wait > longestWaitMilliseconds)
      return fail('wrong-state', 'The account’s limit has no room for the call that asks for the link.', {
        kept: 'Nothing was sent.',
        next: `Try again in about ${Math.ceil(wait / 1000)} s.`,
        retryable: true,
      })
    await parts.clock.sleep(wait)
  }
}

function withoutLink(outcome: RetrievalStatusOutcome): Result<never> {
  switch (outcome.kind) {
    case 'failed':
    case 'not found':
      return fail('wrong-state', `The vendor has no copy under this id any more: “${outcome.words}”.`, {
        kept: 'What was saved before stays where it is.',
        next: 'Ask for a new copy.',
      })
    case 'stop the line':
      return fail('connection-stopped', outcome.cause.title, {
        kept: 'The copy stays as it is.',
        next: 'Open the connection, see why it stands still, and resume it.',
      })
    case 'ready':
    case 'running':
    case 'again':
      return fail('wrong-state', 'The vendor gave no link this time.', {
        kept: 'The copy stays as it is.',
        next: 'Try again in a minute.',
        retryable: true,
      })
  }
}
