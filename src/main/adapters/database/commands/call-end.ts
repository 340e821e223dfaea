/** How a call ended that nobody knows the outcome of, in words. */
import type { CallStage } from '../../../../shared/model/request.ts'

/**
 * What goes after "Batch 7": "was answered with 502, which says neither yes nor no". `stage` is null where the app ended
 * while the call was under way.
 */
export function howItEnded(stage: CallStage | null, httpStatus: number | null): string {
  if (httpStatus !== null) {
    return stage === 'body'
      ? `was answered with ${httpStatus}, which says neither yes nor no`
      : `got an answer (${httpStatus}) that was cut off`
  }
  switch (stage) {
    case null:
      return 'was under way when Erasure Desk ended'
    case 'sent':
      return 'was sent whole and got no answer'
    case 'headers':
    case 'body':
      return 'was cut off in the middle of its answer'
    default:
      return 'was cut off after its first byte'
  }
}

/** What may or may not be so after such an end. */
export function doubtAfter(httpStatus: number | null): string {
  return httpStatus === null ? 'may or may not have arrived' : 'may or may not have taken effect'
}
