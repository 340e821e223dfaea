/** How calls went, in an operator's words. Pure. */
import type { CallEnd, CallStage, Stuck } from '../../../../shared/model/request.ts'
import { countOf, formatDuration, formatStamp } from '../../ui/format.ts'

/** How far a call got. */
export const stageWords: Readonly<Record<CallStage, string>> = {
  none: 'nothing left this machine',
  resolved: 'host found',
  connected: 'connected',
  'first byte': 'first byte sent',
  sent: 'sent whole',
  headers: 'answer begun',
  body: 'answer whole',
}

/** "Answered with 502 · answer whole · 24 Nov 2026, 14:02:11". */
export function describeEnd({ at, stage, httpStatus }: CallEnd): string {
  if (stage === null) return `Erasure Desk ended while it was under way · begun ${formatStamp(at)}`
  const answer = httpStatus === null ? 'No whole answer' : `Answered with ${httpStatus}`
  return [answer, stageWords[stage], formatStamp(at)].join(' · ')
}

/** "No change for 9 days in 2 batches". */
export function describeStuck({ batches, since }: Stuck, now: number): string {
  return `No change for ${formatDuration(now - since)} in ${countOf(batches, 'batch', 'batches')}`
}
