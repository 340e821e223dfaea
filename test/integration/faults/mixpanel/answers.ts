/** Answers in Mixpanel's own shape, as faults. */
import { answered, type Fault } from '../../../support/faults.ts'

/** The text that third parties have seen under 429. */
export const rateText = 'Too Many Requests, this API is limited to 1 req/s'

/** The vendor's error body. */
export function mixpanelError(error: string | object): string {
  return JSON.stringify({ status: 'error', error })
}

/** A status with the vendor's error body. */
export function mixpanelSays(status: number, words: string): Fault {
  return answered(status, mixpanelError(words), `${status} in the vendor’s shape, “${words}”`)
}

/** A refusal because of running tasks, as third parties have seen it. */
export function conflictWith(distinctIds: readonly string[], taskIds: readonly string[], name: string): Fault {
  const error = {
    conflicting_distinct_ids: distinctIds,
    conflicting_task_ids: taskIds,
    error: 'Some distinct_ids are in conflict',
  }
  return answered(409, mixpanelError(error), name)
}

/** An answer about a task. */
export function taskSays(results: object | readonly object[], name: string, status = 200): Fault {
  return answered(status, JSON.stringify({ status: 'ok', results }), name)
}
