/**
 * When a batch is asked about: after a first wait, then after waits half as long again each, never beyond the longest.
 * The calls of this schedule are numbered from 0. A batch may begin it late: at the call by which earlier batches of its
 * connection were ready, and that may lie between two (7.25 is a quarter of the wait after number 7).
 */
import type { ConnectionSettings } from './connection.ts'

export type AskSettings = Pick<ConnectionSettings, 'firstPollMilliseconds' | 'longestPollMilliseconds'>

const growth = 1.5
/** By then every wait that settings allow has grown to the longest. */
const mostSteps = 200
/** So many places lie between one call and the next. */
export const placesOfStep = 240
/** The next batch is tried so much of its age later than the one before. */
const shareOfAge = 1 / 72

/** Milliseconds between the status call before and the one with this number; from the acceptance to number 0. */
export function askWait(step: number, settings: AskSettings): number {
  const whole = Math.floor(step)
  const part = step - whole
  const wait = waitOf(whole, settings)
  return part === 0 ? wait : wait + part * (waitOf(whole + 1, settings) - wait)
}

function waitOf(step: number, settings: AskSettings): number {
  const longest = Math.max(settings.longestPollMilliseconds, settings.firstPollMilliseconds)
  return Math.min(settings.firstPollMilliseconds * growth ** Math.min(step, mostSteps), longest)
}

/** Milliseconds from the acceptance to the status call with this number. */
export function askAge(step: number, settings: AskSettings): number {
  const whole = Math.floor(step)
  let age = (step - whole) * waitOf(whole + 1, settings)
  for (let each = 0; each <= whole; each += 1) age += waitOf(each, settings)
  return Math.round(age)
}

/** The first place in the schedule that is not before this age, in milliseconds; from call 0 to call 200. */
export function firstStepFrom(age: number, settings: AskSettings): number {
  let whole = 0
  while (whole < mostSteps && askAge(whole + 1, settings) <= age) whole += 1
  for (let place = whole * placesOfStep; ; place += 1) {
    const step = place / placesOfStep
    if (askAge(step, settings) >= age || whole >= mostSteps) return step
  }
}

/** The last place in the schedule that is not after this age, in milliseconds; from call 0 to call 200. */
export function lastStepBy(age: number, settings: AskSettings): number {
  const from = firstStepFrom(age, settings)
  return askAge(from, settings) <= age ? from : Math.max(0, from - 1 / placesOfStep)
}

/**
 * Where the next batch is tried when one was not ready by `step`: later by the first wait, or by 1.4 % of its age
 * where that is more.
 */
export function nextTry(step: number, settings: AskSettings): number {
  const age = askAge(step, settings)
  return firstStepFrom(age + Math.max(settings.firstPollMilliseconds, age * shareOfAge), settings)
}

/** The latest place at which a batch may begin: no first status call comes later than the longest wait. */
export function latestFirstStep(settings: AskSettings): number {
  return lastStepBy(settings.longestPollMilliseconds, settings)
}
