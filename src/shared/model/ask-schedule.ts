/**
 * When a batch is asked about: after a first wait, then after waits half as long again each, never beyond the longest.
 * The calls of this schedule are numbered from 0, and a batch may begin it late: at the call by which earlier batches of
 * its connection were ready.
 */
import type { ConnectionSettings } from './connection.ts'

export type AskSettings = Pick<ConnectionSettings, 'firstPollMilliseconds' | 'longestPollMilliseconds'>

const growth = 1.5
/** By then every wait that settings allow has grown to the longest. */
const mostSteps = 200

/** Milliseconds between the status call before and the one with this number; from the acceptance to number 0. */
export function askWait(step: number, settings: AskSettings): number {
  const longest = Math.max(settings.longestPollMilliseconds, settings.firstPollMilliseconds)
  return Math.min(settings.firstPollMilliseconds * growth ** Math.min(step, mostSteps), longest)
}

/** Milliseconds from the acceptance to the status call with this number. */
export function askAge(step: number, settings: AskSettings): number {
  let age = 0
  for (let each = 0; each <= step; each += 1) age += askWait(each, settings)
  return Math.round(age)
}

/** The latest call that a batch may begin with: no first status call comes later than the longest wait. */
export function latestFirstStep(settings: AskSettings): number {
  let step = 0
  while (step < mostSteps && askAge(step + 1, settings) <= settings.longestPollMilliseconds) step += 1
  return step
}
