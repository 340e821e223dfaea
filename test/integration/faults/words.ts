import type { Fault } from '../../support/faults.ts'
import type { FaultRun } from './bench.ts'

/** The time-out of a run's calls, as the app writes it. */
export function limitOf({ settings }: FaultRun): string {
  return `${Math.round((settings.callTimeoutMilliseconds ?? 60_000) / 1000)} seconds`
}

/** Fills in what the words of a case leave open: the status that the fault gives, and the time-out. */
export function inWords(fault: Fault, limit: string): (words: string) => string {
  const status = fault.kind === 'answer' && 'status' in fault.answer ? String(fault.answer.status) : ''
  return (words) => words.replaceAll('{status}', status).replaceAll('{limit}', limit)
}
